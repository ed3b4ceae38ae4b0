"""A listing as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.text.instructions import type_text
from linocut.text.names import identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.inspecting.listing.listing import Line, Listing, Section

_WASM, _STENCIL, _COMMENT, _SECTION, _RESET = "\033[1;36m", "\033[32m", "\033[2m", "\033[1m", "\033[0m"
_TEXT_WIDTH, _STENCIL_WIDTH = 40, 24
_DEEPEST = (
    24  # levels of indentation: a listing would be quadratic, and nobody sees where the thirtieth begins
)


def listing_lines(listing: Listing, colour: bool = False) -> Iterator[str]:
    """A headline, then the sections: WebAssembly at the margin, its machine code indented under it."""
    yield _paint(_headline(listing), _SECTION, colour)
    for section in listing.sections:
        yield from _section(section, colour)


def _headline(listing: Listing) -> str:
    title = [f"function {listing.function}"]
    if listing.name is not None:
        title.append(identifier(listing.name))
    title.append(type_text(listing.type))
    facts = [
        f"{listing.code_bytes} bytes of code",
        f"{listing.wasm_bytes} of wasm at {listing.wasm_offset:#x}",
        f"frame {listing.frame_bytes}",
        f"saves {' '.join(listing.saved) or 'nothing'}",
    ]
    return f"{' '.join(filter(None, title))}: {', '.join(facts)}"


def _section(section: Section, colour: bool) -> Iterator[str]:
    yield _paint(f"{section.name}:", _SECTION, colour)
    for piece in section.pieces:
        for wasm in piece.wasm:
            yield _paint(wasm_line(wasm.offset, wasm.depth, wasm.text), _WASM, colour)
        for line in piece.code:
            yield _machine(line, colour)


def wasm_line(offset: int, depth: int, text: str) -> str:
    """`0x0042   i32.add`, indented by the blocks around it, and by their number where they are very many."""
    indentation = "  " * depth if depth <= _DEEPEST else f"{depth:<{2 * _DEEPEST}}"
    return f"{offset:#06x} {indentation}{text}"


def _machine(line: Line, colour: bool) -> str:
    text = f"    {line.machine.offset:06x}  {line.machine.text:{_TEXT_WIDTH}}"
    stencil = f"{line.stencil or '':{_STENCIL_WIDTH}}"
    comment = f"; {line.comment}" if line.comment else ""
    if not colour:
        return f"{text} {stencil} {comment}".rstrip()
    return f"{text} {_paint(stencil, _STENCIL, colour)} {_paint(comment, _COMMENT, colour)}"


def _paint(text: str, code: str, colour: bool) -> str:
    return f"{code}{text}{_RESET}" if colour and text else text
