"""Instructions read from the binary format and written as text, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from linocut.text.binary import Reader
from linocut.text.instructions import Scope, instruction_text, read_instructions
from linocut.text.names import identifier
from linocut.wat.code import BRANCHES
from linocut.wat.identifiers import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["LabelNames", "body_lines", "expression", "folded"]

_ENDS: Final = ("end", "delegate")
_DEEPEST: Final = 24  # levels that are shown by white space: more would make the text quadratic
_INDENTS: Final = ["    " + "  " * depth for depth in range(_DEEPEST + 1)]


class LabelNames:
    """The labels that are in scope, by how many blocks each is further out; as `Mapping.get` tells them."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = {number: identifier(name) for number, name in names.items() if 0 < len(name) <= LONGEST}
        """By the number of the block in the function."""
        self._open: list[str | None] = []
        self._depths: dict[str, list[int]] = {}
        self._count = 0

    def get(self, label: int) -> str | None:
        """The identifier, if there is one and no block further in has it too."""
        depth = len(self._open) - 1 - label
        name = self._open[depth] if depth >= 0 else None
        return name if name is not None and self._depths[name][-1] == depth else None

    @property
    def are_open(self) -> bool:
        """Whether there are blocks whose end has not come yet."""
        return bool(self._open)

    def enter(self) -> str | None:
        """Begin a block; its identifier."""
        name = self._names.get(self._count)
        self._count += 1
        if name is not None:
            self._depths.setdefault(name, []).append(len(self._open))
        self._open.append(name)
        return name

    def leave(self) -> None:
        """End the innermost block."""
        name = self._open.pop()
        if name is not None:
            self._depths[name].pop()


def body_lines(reader: Reader, scope: Scope, labels: LabelNames, hints: Mapping[int, str]) -> Iterator[str]:
    """The instructions of a body but for its `end`, behind white space that shows their blocks.

    `labels` are also those of the scope, `hints` annotations by the offset of their instruction.
    """
    is_open = True
    for instruction in read_instructions(reader):
        opcode, depth = instruction.opcode, instruction.depth
        if not is_open:
            raise ValueError("instructions behind the end of a body")
        indent = _INDENTS[depth if depth < _DEEPEST else _DEEPEST]
        if hints and instruction.offset in hints and opcode.keyword in BRANCHES:
            yield indent + hints[instruction.offset]
        if opcode.name in _ENDS:
            if not labels.are_open and opcode.name == "end":
                is_open = False
                continue
            labels.leave()
        text = instruction_text(instruction, scope)
        if opcode.opens_block and (name := labels.enter()):
            text = f"{opcode.keyword} {name}{text.removeprefix(opcode.keyword)}"
        yield indent + text
    if is_open:
        raise ValueError("a body without its end")


def expression(reader: Reader, scope: Scope) -> list[str]:
    """The instructions of a constant expression, which ends the reading."""
    texts: list[str] = []
    depth = 0
    for instruction in read_instructions(reader):
        depth += instruction.opcode.opens_block
        if instruction.opcode.name in _ENDS:
            if depth == 0:
                return texts
            depth -= 1
        texts.append(instruction_text(instruction, scope))
    raise ValueError("an expression without its end")


def folded(keyword: str, texts: list[str]) -> str:
    """An expression where a form is wanted: one instruction is one, of several it is that of a keyword."""
    return f"({texts[0]})" if len(texts) == 1 else f"({' '.join([keyword, *texts])})"
