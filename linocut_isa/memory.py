"""Memory (§5.4.6): loads and stores have bodies, the bulk operations call helpers."""

from linocut_isa.row import define

L, S = "memarg:read", "memarg:write"
_B = "bulk-memory-operations"

define("i32.load", 0x28, "p:$address -- r:i32", "r = LOAD(u32, p)", imm=L, align=2)
define("i64.load", 0x29, "p:$address -- r:i64", "r = LOAD(u64, p)", imm=L, align=3)
define("f32.load", 0x2A, "p:$address -- r:f32", "r = LOAD(f32, p)", imm=L, align=2)
define("f64.load", 0x2B, "p:$address -- r:f64", "r = LOAD(f64, p)", imm=L, align=3)
define("i32.load8_s", 0x2C, "p:$address -- r:i32", "r = LOAD(s8, p)", imm=L, align=0)
define("i32.load8_u", 0x2D, "p:$address -- r:i32", "r = LOAD(u8, p)", imm=L, align=0)
define("i32.load16_s", 0x2E, "p:$address -- r:i32", "r = LOAD(s16, p)", imm=L, align=1)
define("i32.load16_u", 0x2F, "p:$address -- r:i32", "r = LOAD(u16, p)", imm=L, align=1)
define("i64.load8_s", 0x30, "p:$address -- r:i64", "r = LOAD(s8, p)", imm=L, align=0)
define("i64.load8_u", 0x31, "p:$address -- r:i64", "r = LOAD(u8, p)", imm=L, align=0)
define("i64.load16_s", 0x32, "p:$address -- r:i64", "r = LOAD(s16, p)", imm=L, align=1)
define("i64.load16_u", 0x33, "p:$address -- r:i64", "r = LOAD(u16, p)", imm=L, align=1)
define("i64.load32_s", 0x34, "p:$address -- r:i64", "r = LOAD(s32, p)", imm=L, align=2)
define("i64.load32_u", 0x35, "p:$address -- r:i64", "r = LOAD(u32, p)", imm=L, align=2)
define("i32.store", 0x36, "p:$address v:i32 --", "STORE(u32, p, v)", imm=S, align=2)
define("i64.store", 0x37, "p:$address v:i64 --", "STORE(u64, p, v)", imm=S, align=3)
define("f32.store", 0x38, "p:$address v:f32 --", "STORE(f32, p, v)", imm=S, align=2)
define("f64.store", 0x39, "p:$address v:f64 --", "STORE(f64, p, v)", imm=S, align=3)
define("i32.store8", 0x3A, "p:$address v:i32 --", "STORE(u8, p, v)", imm=S, align=0)
define("i32.store16", 0x3B, "p:$address v:i32 --", "STORE(u16, p, v)", imm=S, align=1)
define("i64.store8", 0x3C, "p:$address v:i64 --", "STORE(u8, p, v)", imm=S, align=0)
define("i64.store16", 0x3D, "p:$address v:i64 --", "STORE(u16, p, v)", imm=S, align=1)
define("i64.store32", 0x3E, "p:$address v:i64 --", "STORE(u32, p, v)", imm=S, align=2)

define("memory.size", 0x3F, "-- r:$address", imm="memory:read")
define("memory.grow", 0x40, "n:$address -- r:$address", imm="memory:write")
define("memory.init", (0xFC, 8), "d:$address s:i32 n:i32 --", imm="data:read memory:write", feature=_B)
define("data.drop", (0xFC, 9), "--", imm="data:write", feature=_B)
define(
    "memory.copy", (0xFC, 10), "d:$address s:$source n:$length --",
    imm="memory:write memory:read", feature=_B,
)  # fmt: skip
define("memory.fill", (0xFC, 11), "d:$address v:i32 n:$address --", imm="memory:write", feature=_B)
