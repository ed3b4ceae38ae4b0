"""What linocut says of some bytes, by each of the ways on which it judges them: all must say the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import linocut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NUMBER = re.compile(r"\b(?:0x[0-9A-Fa-f]+|\d+)")


class Verdict(NamedTuple):
    """How a module was judged: an exception's class and what it says, or `valid`."""

    word: str
    message: str = ""
    offset: int | None = None
    function: int | None = None

    @property
    def kind(self) -> str:
        """The verdict without its numbers: what very many broken modules have in common."""
        return f"{self.word}: {without_numbers(self.message)}" if self.message else self.word


VALID = Verdict("valid")
WAYS: Mapping[str, Callable[[bytes], object]] = {
    "validate": linocut.validate,
    "load": linocut.load,
    "load(interpret=True)": lambda wasm: linocut.load(wasm, interpret=True),
}


def judge(way: Callable[[bytes], object], wasm: bytes) -> Verdict:
    """What one way says; an exception of any class is an answer that the others must give, too."""
    try:
        way(wasm)
    except linocut.ModuleError as error:
        return Verdict(type(error).__name__, error.message, error.offset, error.function)
    except Exception as error:
        return Verdict(type(error).__name__, str(error))
    return VALID


def disagreement(verdicts: Mapping[str, Verdict]) -> str | None:
    """Who says what, without numbers, where not all say the same; else None."""
    if len(set(verdicts.values())) == 1:
        return None
    kinds = {name: verdict.kind for name, verdict in verdicts.items()}
    if len(set(kinds.values())) == 1:
        return f"the same words for another place: {_who_differs(verdicts)}: {kinds.popitem()[1]}"
    return "; ".join(f"{name} says {kind}" for name, kind in kinds.items())


def _who_differs(verdicts: Mapping[str, Verdict]) -> str:
    """The ways, those that say the same joined by `=`."""
    groups: dict[Verdict, list[str]] = {}
    for name, verdict in verdicts.items():
        groups.setdefault(verdict, []).append(name)
    return " ≠ ".join(" = ".join(names) for names in groups.values())


def without_numbers(message: str) -> str:
    """A message with each number replaced by `#`, so that messages of one kind are alike."""
    return _NUMBER.sub("#", message)
