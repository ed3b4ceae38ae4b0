"""Tables (§5.4.5)."""

from linocut_isa.row import define
from linocut_isa.types import Imm

define("table.get", 0x25, "i:i32 -- r:$table", imm=Imm.TABLE)
define("table.set", 0x26, "i:i32 v:$table --", imm=Imm.TABLE)
define("table.init", (0xFC, 12), "d:i32 s:i32 n:i32 --", imm=Imm.ELEM_TABLE)
define("elem.drop", (0xFC, 13), "--", imm=Imm.ELEM)
define("table.copy", (0xFC, 14), "d:i32 s:i32 n:i32 --", imm=Imm.TABLE_TABLE)
define("table.grow", (0xFC, 15), "v:$table n:i32 -- r:i32", imm=Imm.TABLE)
define("table.size", (0xFC, 16), "-- r:i32", imm=Imm.TABLE)
define("table.fill", (0xFC, 17), "i:i32 v:$table n:i32 --", imm=Imm.TABLE)
