"""Exceptions of version 3.0 (§5.4.1), and the legacy ones that came before them.

The latter are specified in the exception-handling repository, `proposals/exception-handling/legacy`.
"""

from linocut_isa.row import define

define("throw", 0x08, "v:$tag* -- w:$any*", imm="tag", feature="exception-handling")
define("throw_ref", 0x0A, "e:exnref -- w:$any*", feature="exception-handling")
define("try_table", 0x1F, "v:$params* -- v:$params*", imm="block catches", feature="exception-handling")

define("try", 0x06, "v:$params* -- v:$params*", imm="block", feature="legacy-exceptions")
define("catch", 0x07, "v:$results* -- v:$tag*", imm="tag", feature="legacy-exceptions")
define("rethrow", 0x09, "-- w:$any*", imm="label:catch", feature="legacy-exceptions")
define("delegate", 0x18, "v:$results* -- v:$results*", imm="label", feature="legacy-exceptions")
define("catch_all", 0x19, "v:$results* --", feature="legacy-exceptions")
