"""Locals and globals (§5.4.4)."""

from linocut_isa.row import define

define("local.get", 0x20, "-- r:$local", imm="local:read")
define("local.set", 0x21, "v:$local --", imm="local:write")
define("local.tee", 0x22, "v:$local -- r:$local", imm="local:write")
define("global.get", 0x23, "-- r:$global", imm="global:read", constant=True)
define("global.set", 0x24, "v:$global --", imm="global:write")
