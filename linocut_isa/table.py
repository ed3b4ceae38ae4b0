"""Tables (§5.4.5)."""

from linocut_isa.row import define

_B, _R = "bulk-memory-operations", "reference-types"

define("table.get", 0x25, "i:$address -- r:$table", imm="table:read", feature=_R)
define("table.set", 0x26, "i:$address v:$table --", imm="table:write", feature=_R)
define(
    "table.init", (0xFC, 12), "d:$address s:i32 n:i32 --",
    imm="elem:read table:write", feature=_B, requires="0 fits 1",
)  # fmt: skip
define("elem.drop", (0xFC, 13), "--", imm="elem:write", feature=_B)
define(
    "table.copy", (0xFC, 14), "d:$address s:$source n:$length --",
    imm="table:write table:read", feature=_B, requires="1 fits 0",
)  # fmt: skip
define("table.grow", (0xFC, 15), "v:$table n:$address -- r:$address", imm="table:write", feature=_R)
define("table.size", (0xFC, 16), "-- r:$address", imm="table:read", feature=_R)
define("table.fill", (0xFC, 17), "i:$address v:$table n:$address --", imm="table:write", feature=_R)
