"""Stack switching (the stack-switching repository's explainer)."""

from linocut_isa.row import Effect, define

_F, _CALLS = "stack-switching", Effect.CALLS_UNKNOWN

define("cont.new", 0xE0, "f:$any -- r:$type", imm="type", feature=_F)
define("cont.bind", 0xE1, "v:$params* c:$type -- r:$other", imm="type type", feature=_F)
define("suspend", 0xE2, "v:$tag* -- v:$results*", imm="tag", feature=_F, effect=_CALLS)
define("resume", 0xE3, "v:$params* c:$type -- v:$results*", imm="type handlers", feature=_F, effect=_CALLS)
define(
    "resume_throw", 0xE4, "v:$tag* c:$type -- v:$results*", imm="type tag handlers", feature=_F, effect=_CALLS
)
define(
    "resume_throw_ref",
    0xE5,
    "e:exnref c:$type -- v:$results*",
    imm="type handlers",
    feature=_F,
    effect=_CALLS,
)
define("switch", 0xE6, "v:$params* c:$type -- v:$results*", imm="type tag", feature=_F, effect=_CALLS)
