"""A function's document as columns: its WebAssembly, our code, another engine's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linocut.inspecting.listing.lines import wasm_line
from linocut.inspecting.panes import Block, pane_lines
from linocut.text.names import identifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linocut.inspecting.panes import Screen
    from linocut.inspecting.schema import Document

_TEXT_WIDTH = 38
_SIGNS = {"trap": "!", "checks": "?", "spill": "»", "load": "«"}  # the first that is so is shown
_LEGEND = "» spills into the frame   « loads from it   ? only checks   ! traps   {…} was patched"
_SHORT = {"displacement": "disp", "immediate": "imm", "constant": "const"}


def beside_lines(view: Document, screen: Screen) -> Iterator[str]:
    """A headline with the totals, how the lines were paired, the columns; `view` has an engine in it."""
    against = view["against"]
    yield screen.bold(f"{title(view)}: {totals(view)}")
    yield screen.faint(
        f"{against['engine']}: {against['version']}. Paired by {against['aligned']}: {against['why']}"
    )
    yield screen.faint(_LEGEND)
    yield ""
    yield from pane_lines(("WebAssembly", "linocut", against["engine"]), list(_blocks(view)), screen)


def title(view: Document) -> str:
    """`function 3 $fib`."""
    name = view["name"]
    return f"function {view['function']}" + (f" {identifier(name)}" if name is not None else "")


def totals(view: Document) -> str:
    """Bytes and instructions of both."""
    ours = sum(
        not line["data"] for section in view["sections"] for p in section["pieces"] for line in p["code"]
    )
    parts = [_total("linocut", view["code_bytes"], ours)]
    if against := view["against"]:
        parts.append(_total(against["engine"], against["code_bytes"], against["instructions"]))
    return ", ".join(parts)


def _total(name: str, size: int, instructions: int) -> str:
    return f"{name} {size} bytes in {instructions} instructions"


def code_line(line: Document) -> str:
    """The instruction, what it was copied from, what was patched, and its comment."""
    text = f"{_sign(line)} {line['text']:{_TEXT_WIDTH}}"
    holes = ",".join(_SHORT.get(hole["kind"], hole["kind"]) for hole in line.get("holes", ()))
    stencil = (line.get("stencil") or "") + (f" {{{holes}}}" if holes else "")
    comment = f"; {line['comment']}" if line["comment"] else ""
    return " ".join(filter(None, (text, stencil, comment))).rstrip()


def _sign(line: Document) -> str:
    return next((sign for mark, sign in _SIGNS.items() if mark in line["marks"]), " ")


def foreign_line(line: Document) -> str:
    """Another engine's instruction, with its offset, because the lines of a pair may lie apart."""
    comment = f" ; {line['comment']}" if line["comment"] else ""
    return f"{_sign(line)} {line['offset']:04x} {line['text']}{comment}"


def _blocks(view: Document) -> Iterator[Block]:
    """In the order of our pieces; a piece of theirs alone follows the one before it in their code."""
    foreign = view["against"]["pieces"]
    by_number = {number: piece for piece in foreign for number in piece["ours"][-1:]}
    paired = {number for piece in foreign for number in piece["ours"]}
    orphans = _orphans(foreign)
    hue = 0
    for section in view["sections"]:
        heading, waiting = f"{section['name']}:", []
        for piece in section["pieces"]:
            waiting.append(piece)
            number = piece["number"]
            if number in paired and number not in by_number:
                continue
            theirs = by_number.get(number)
            yield _block(waiting, theirs, hue if theirs else None, heading)
            yield from (_block([], orphan, None, "") for orphan in orphans.get(number, ()))
            heading, waiting, hue = "", [], hue + bool(theirs)
    yield from (_block([], orphan, None, "") for orphan in orphans.get(None, ()))


def _orphans(foreign: Sequence[Document]) -> dict[int | None, list[Document]]:
    """Pieces of theirs that are paired with none of ours, by the number of ours that they come after."""
    found: dict[int | None, list[Document]] = {}
    last = None
    for piece in foreign:
        if piece["ours"]:
            last = piece["ours"][-1]
        else:
            found.setdefault(last, []).append(piece)
    return found


def _block(ours: Sequence[Any], theirs: Document | None, hue: int | None, heading: str) -> Block:
    wasm = [wasm_line(**line) for piece in ours for line in piece["wasm"]]
    code = [code_line(line) for piece in ours for line in piece["code"]]
    other = [foreign_line(line) for line in theirs["code"]] if theirs else []
    return Block((wasm, code, other), hue, heading)
