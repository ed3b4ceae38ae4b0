"""References (§5.4.2)."""

from linocut_isa.row import define
from linocut_isa.types import Imm

define("ref.null", 0xD0, "-- r:$ref", imm=Imm.REF_TYPE, constant=True)
define("ref.is_null", 0xD1, "v:$anyref -- r:i32")
define("ref.func", 0xD2, "-- r:funcref", imm=Imm.FUNC, constant=True)
