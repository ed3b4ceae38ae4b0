"""Control (§5.4.1): rows without bodies, compiled by core/jit."""

from linocut_isa.row import define
from linocut_isa.types import Imm

define("unreachable", 0x00, "v:$any* -- v:$any*")
define("nop", 0x01, "--")
define("block", 0x02, "v:$block* -- v:$block*", imm=Imm.BLOCK)
define("loop", 0x03, "v:$block* -- v:$block*", imm=Imm.BLOCK)
define("if", 0x04, "v:$block* c:i32 -- v:$block*", imm=Imm.BLOCK)
define("else", 0x05, "v:$block* -- v:$block*")
define("end", 0x0B, "v:$block* -- v:$block*", constant=True)
define("br", 0x0C, "v:$label* -- v:$any*", imm=Imm.LABEL)
define("br_if", 0x0D, "v:$label* c:i32 -- v:$label*", imm=Imm.LABEL)
define("br_table", 0x0E, "v:$label* i:i32 -- v:$any*", imm=Imm.LABELS)
define("return", 0x0F, "v:$label* -- v:$any*")
define("call", 0x10, "v:$func* -- v:$func*", imm=Imm.FUNC)
define("call_indirect", 0x11, "v:$type* i:i32 -- v:$type*", imm=Imm.TYPE_TABLE)
define("drop", 0x1A, "v:$any --")
define("select", 0x1B, "a:$any b:$any c:i32 -- r:$any")
define("select_t", 0x1C, "a:$types b:$types c:i32 -- r:$types", imm=Imm.TYPES)
