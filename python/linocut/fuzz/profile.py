"""What one module is made of: every module draws its own proportions (swarm testing).

Uniform proportions would make all modules alike: forty live floats, or a br_table under ten
pending values, only come together when a module has a taste.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.fuzz import vocabulary as v

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linocut.fuzz.dice import Dice

_OFTEN = (0, 1, 2, 4)
_SELDOM = (0, 0, 0, *_OFTEN)  # so that half of all modules have no vectors
REFERENCES = ("funcref", "externref")


@dataclass(frozen=True)
class Profile:
    """The proportions of one module."""

    types: tuple[str, ...]  # repetitions make a type likelier
    locals: int
    params: int
    results: int
    budget: int  # instructions of one function, roughly
    depth: int  # nesting of operand expressions
    nesting: int  # nesting of blocks
    steps: tuple[str, ...]  # statement kinds, repeated by weight
    reuse: float  # how often an operand already on the stack is taken
    wild: float  # how often something that probably traps is left as it is
    show: float  # how often the result of a calculation is folded into what can be seen
    fold: float  # how often a function ends by doing so with its locals
    portable: bool  # whether engines other than linocut run the module
    throws: bool  # whether it has exceptions
    has_exnref: bool  # and references to them

    @property
    def rows(self) -> v.Vocabulary:
        """What there is to calculate with."""
        return v.ALL_ROWS if v.VECTOR in self.types else v.SCALAR_ROWS

    @property
    def foreign_types(self) -> tuple[str, ...]:
        """Those whose values pass to and from Python."""
        return tuple(type_ for type_ in self.types if self.is_foreign((type_,))) or v.SCALARS

    def is_foreign(self, types: tuple[str, ...]) -> bool:
        """Whether all pass to and from Python: no exnref does, and no vector in wasmtime's package."""
        return "exnref" not in types and (v.VECTOR not in types or not self.portable)


_STEPS = {
    "plain": 16,
    "local_set": 10,
    "push": 6,
    "store": 5,
    "block": 3,
    "loop": 3,
    "if": 4,
    "br_if": 4,
    "branch": 1,
    "br_table": 2,
    "call": 3,
    "call_indirect": 2,
    "global_set": 3,
    "drop": 1,
    "select": 3,
    "table": 1,
    "bulk": 1,
    "grow": 1,
    "nop": 1,
    "atomic": 1,
    "move": 2,
}
# Of the two forms of exceptions an engine may know one, or take both but not in one module.
_FORMS = {
    "exnref": {"throw": 5, "try_table": 6},
    "legacy": {"throw": 5, "try": 6},
    "both": {"throw": 5, "try_table": 6, "try": 6},
}
_WITH_EXNREF = ("exnref", "both")


def draw_profile(dice: Dice, portable: bool, forms: Sequence[str]) -> Profile:
    """The proportions for one module."""
    form = dice.pick(forms) if dice.chance(0.4) else None
    return Profile(
        types=_draw_types(dice, form),
        locals=dice.pick((0, 3, 6, 12, 20, 40)),
        params=dice.pick((2, 4, 8, 12)),
        results=dice.pick((1, 1, 2, 4)),
        budget=dice.pick((10, 25, 50, 80, 160)),
        depth=dice.pick((1, 2, 3, 4)),
        nesting=dice.pick((1, 2, 3, 4, 6)),
        steps=_draw_steps(dice, form),
        reuse=dice.pick((0.5, 0.8, 0.95)),
        wild=dice.pick((0.0, 0.01, 0.03, 0.1)),
        show=dice.pick((0.0, 0.1, 0.5, 1.0)),
        fold=dice.pick((0.2, 0.6, 1.0)),
        portable=portable,
        throws=form is not None,
        has_exnref=form in _WITH_EXNREF,
    )


def _draw_types(dice: Dice, form: str | None) -> tuple[str, ...]:
    types: list[str] = []
    for type_ in v.CONST:
        types += [type_] * dice.pick(_SELDOM if type_ == v.VECTOR else _OFTEN)
    if dice.chance(0.3):
        types += REFERENCES
    if form in _WITH_EXNREF and dice.chance(0.5):
        types.append("exnref")
    return tuple(types or v.SCALARS)


def _draw_steps(dice: Dice, form: str | None) -> tuple[str, ...]:
    steps: list[str] = []
    weights = _STEPS | (_FORMS[form] if form else {})
    for name, weight in weights.items():
        steps += [name] * (weight * dice.pick((0, 1, 1, 2, 4)))
    return tuple(steps or _STEPS)
