"""Where valid modules come from: a source makes one of a seed, and a small one that fails in the same way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from linocut.fuzz.encode import encode
from linocut.fuzz.generate import generate
from linocut.fuzz.minimise import minimise
from linocut.fuzz.wat import to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linocut.fuzz.program import Program


@dataclass(frozen=True)
class Case:
    """A module's bytes, and what must be known to run it: imports, exports, and which calls to make."""

    wasm: bytes
    program: Program


class Source(Protocol):
    """Something that makes modules."""

    def case(self, seed: int) -> Case:
        """The module of a seed; the same again for the same seed."""

    def minimised(self, seed: int, fails: Callable[[Case], bool], seconds: float) -> Case:
        """The smallest one found in that time that still fails, made from the seed's."""

    def text(self, case: Case) -> str:
        """It in the text format."""


class Generator:
    """This package's own: see generate.generate for what the arguments choose."""

    def __init__(self, portable: bool = True, forms: Sequence[str] = ()) -> None:
        self._portable = portable
        self._forms = forms

    def case(self, seed: int) -> Case:
        """A tree, and its bytes."""
        return encoded(self._program(seed))

    def minimised(self, seed: int, fails: Callable[[Case], bool], seconds: float) -> Case:
        """Made small as a tree."""
        return encoded(minimise(self._program(seed), lambda small: fails(encoded(small)), seconds))

    def text(self, case: Case) -> str:
        """With the plan as comments."""
        return to_text(case.program)

    def _program(self, seed: int) -> Program:
        return generate(seed, portable=self._portable, forms=self._forms)


def encoded(program: Program) -> Case:
    """A tree of one's own as a case."""
    return Case(encode(program), program)
