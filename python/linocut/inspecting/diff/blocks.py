"""Which pieces of one function's document belong to which of another's, and which of them differ."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linocut.inspecting.schema import Document

_PLACES = {"target", "trap", "constant"}  # holes that say where something is: elsewhere in other code
_MOST_CANDIDATES = 1 << 20  # pairs of the same text: a second of work


class Block(NamedTuple):
    """Pieces of both sides with the same WebAssembly, or one side's that the other has not."""

    section: str
    left: list[Document]
    right: list[Document]
    is_changed: bool


def blocks(left: Document, right: Document) -> Iterator[Block]:
    """In order, section by section."""
    sections = [
        {section["name"]: section["pieces"] for section in side["sections"]} for side in (left, right)
    ]
    for name in dict.fromkeys((*sections[0], *sections[1])):
        for ours, theirs in _joined(sections[0].get(name, []), sections[1].get(name, [])):
            yield Block(name, ours, theirs, _code(ours) != _code(theirs))


def _code(pieces: Sequence[Document]) -> list[tuple[str, bytes]]:
    return [_line(line) for piece in pieces for line in piece["code"]]


def _line(line: Document) -> tuple[str, bytes]:
    """The line without what depends on its place."""
    code = bytearray.fromhex(line["bytes"])
    if line["data"] and line["text"].startswith(".long"):  # an entry of a jump table
        return "", b""
    for hole in line["holes"]:
        if hole["kind"] in _PLACES:
            code[hole["offset"] : hole["offset"] + hole["size"]] = bytes(hole["size"])
    return line["stencil"] or "", bytes(code)


def _joined(
    left: Sequence[Document], right: Sequence[Document]
) -> Iterator[tuple[list[Document], list[Document]]]:
    """As small as may be, so that each instruction that both have is on both sides of one block."""
    begin = end = (0, 0)
    for i, j in [*_matches(left, right), (len(left), len(right))]:
        if i < end[0] or j < end[1]:  # one more instruction of a block
            end = max(end[0], i + 1), max(end[1], j + 1)
            continue
        yield from _cut(left, right, begin, end)
        yield from _cut(left, right, end, (i, j))
        begin, end = (i, j), (i + 1, j + 1)


def _cut(
    left: Sequence[Document], right: Sequence[Document], begin: tuple[int, int], end: tuple[int, int]
) -> Iterator[tuple[list[Document], list[Document]]]:
    if begin != end:
        yield list(left[begin[0] : end[0]]), list(right[begin[1] : end[1]])


def _matches(left: Sequence[Document], right: Sequence[Document]) -> list[tuple[int, int]]:
    """Pieces of both with an instruction in common, in order; those without WebAssembly match each other."""
    ours, theirs = _texts(left), _texts(right)
    if not ours and not theirs:
        return list(zip(range(len(left)), range(len(right)), strict=False))
    pairs = _common([text for text, _ in ours], [text for text, _ in theirs])
    return [(ours[i][1], theirs[j][1]) for i, j in pairs]


def _common(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where both have the same text: as far as they begin and end alike, and between that in order."""
    most = min(len(left), len(right))
    begin = next((i for i in range(most) if left[i] != right[i]), most)
    rest = most - begin
    end = next((i for i in range(rest) if left[-1 - i] != right[-1 - i]), rest)
    yield from zip(range(begin), range(begin), strict=True)
    middle = left[begin : len(left) - end], right[begin : len(right) - end]
    for a, b, size in _matcher(*middle).get_matching_blocks():
        yield from ((begin + a + i, begin + b + i) for i in range(size))
    yield from ((len(left) - i, len(right) - i) for i in range(end, 0, -1))


def _matcher(left: Sequence[str], right: Sequence[str]) -> SequenceMatcher[str]:
    """Where each text is on the other side many times, it does not begin a match: that would be quadratic."""
    counts = Counter(right)
    return SequenceMatcher(None, left, right, autojunk=sum(counts[text] for text in left) > _MOST_CANDIDATES)


def _texts(pieces: Sequence[Document]) -> list[tuple[str, int]]:
    return [(line["text"], i) for i, piece in enumerate(pieces) for line in piece["wasm"]]
