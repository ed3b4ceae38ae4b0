"""Control (§5.4.1): rows without bodies."""

from linocut_isa.row import Effect, define

define("unreachable", 0x00, "-- v:$any*")
define("nop", 0x01, "--")
define("block", 0x02, "v:$params* -- v:$params*", imm="block")
define("loop", 0x03, "v:$params* -- v:$params*", imm="block")
define("if", 0x04, "v:$params* c:i32 -- v:$params*", imm="block")
define("else", 0x05, "v:$results* -- v:$params*")
define("end", 0x0B, "v:$results* -- v:$results*", constant=True)
define("br", 0x0C, "v:$label* -- w:$any*", imm="label")
define("br_if", 0x0D, "v:$label* c:i32 -- v:$label*", imm="label")
define("br_table", 0x0E, "v:$label* i:i32 -- w:$any*", imm="labels")
define("return", 0x0F, "v:$return* -- w:$any*")
define("drop", 0x1A, "v:$any --")
define("select", 0x1B, "a:$number b:$number c:i32 -- r:$number")
define(
    "select_t", 0x1C, "a:$types b:$types c:i32 -- r:$types",
    imm="types", feature="reference-types", text="select",
)  # fmt: skip

# ── calls ────────────────────────────────────────────────────────────────────
define("call", 0x10, "v:$params* -- v:$results*", imm="func:call")
define(
    "call_indirect",
    0x11,
    "v:$params* i:$address -- v:$results*",
    imm="type table:call",
    effect=Effect.CALLS_UNKNOWN,
)
define("return_call", 0x12, "v:$params* -- w:$any*", imm="func:call", feature="tail-call")
define(
    "return_call_indirect", 0x13, "v:$params* i:$address -- w:$any*",
    imm="type table:call", feature="tail-call", effect=Effect.CALLS_UNKNOWN,
)  # fmt: skip
define(
    "call_ref", 0x14, "v:$params* f:$type -- v:$results*",
    imm="type", feature="function-references", effect=Effect.CALLS_UNKNOWN,
)  # fmt: skip
define(
    "return_call_ref", 0x15, "v:$params* f:$type -- w:$any*",
    imm="type", feature="function-references tail-call", effect=Effect.CALLS_UNKNOWN,
)  # fmt: skip
