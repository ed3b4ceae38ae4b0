"""Locals and globals (§5.4.4)."""

from linocut_isa.row import define
from linocut_isa.types import Imm

define("local.get", 0x20, "-- r:$local", imm=Imm.LOCAL)
define("local.set", 0x21, "v:$local --", imm=Imm.LOCAL)
define("local.tee", 0x22, "v:$local -- r:$local", imm=Imm.LOCAL)
define("global.get", 0x23, "-- r:$global", imm=Imm.GLOBAL, constant=True)
define("global.set", 0x24, "v:$global --", imm=Imm.GLOBAL)
