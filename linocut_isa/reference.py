"""References (§5.4.2)."""

from linocut_isa.row import define

define("ref.null", 0xD0, "-- r:$ref", imm="heaptype", constant=True, feature="reference-types")
define("ref.is_null", 0xD1, "v:$reference -- r:i32", feature="reference-types")
define("ref.func", 0xD2, "-- r:funcref", imm="func:refer", constant=True, feature="reference-types")
define("ref.eq", 0xD3, "a:eqref b:eqref -- r:i32", feature="gc")
define("ref.as_non_null", 0xD4, "v:$reference -- r:$nonnull", feature="function-references")
define(
    "br_on_null",
    0xD5,
    "v:$label* o:$reference -- v:$label* r:$nonnull",
    imm="label",
    feature="function-references",
)
define(
    "br_on_non_null", 0xD6, "v:$label* o:$reference -- v:$label*", imm="label", feature="function-references"
)
