"""The documents of a comparison as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.inspecting.listing.lines import wasm_line
from linocut.inspecting.panes import Block, pane_lines
from linocut.inspecting.side_by_side import code_line, title
from linocut.text.names import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linocut.inspecting.diff.document import Document
    from linocut.inspecting.panes import Screen

_CHANGED, _ONLY_RIGHT = "≠", "+"


def function_lines(document: Document, screen: Screen) -> Iterator[str]:
    """The totals, then both sides; ≠ before what differs, + before WebAssembly that only the right has."""
    left, right = document["left"], document["right"]
    changed = sum(block["changed"] for block in document["blocks"])
    yield screen.bold(f"{title(left['view'])}: {_changes(changed)}")
    for what in ("code_bytes", "instructions"):
        yield f"  {what.replace('_', ' ')}: {left[what]} → {right[what]} ({right[what] - left[what]:+})"
    yield ""
    labels = ("WebAssembly", _shown(left["label"]), _shown(right["label"]))
    yield from pane_lines(labels, list(_blocks(document)), screen)


def _changes(count: int) -> str:
    return "the same code" if not count else f"{count} piece{'s' * (count != 1)} differ{'s' * (count == 1)}"


def _blocks(document: Document) -> Iterator[Block]:
    sides = [_pieces(document[side]["view"]) for side in ("left", "right")]
    section, hue = "", 0
    for block in document["blocks"]:
        heading = f"{block['section']}:" if block["section"] != section else ""
        section = block["section"]
        left = [sides[0][number] for number in block["left"]]
        right = [sides[1][number] for number in block["right"]]
        yield _block(left, right, block["changed"], hue, heading)
        hue += block["changed"]


def _block(
    left: Sequence[Document], right: Sequence[Document], is_changed: bool, hue: int, heading: str
) -> Block:
    lines = [wasm_line(**line) for piece in left for line in piece["wasm"]]
    texts = {line["text"] for piece in left for line in piece["wasm"]}
    more = [line for piece in right for line in piece["wasm"] if line["text"] not in texts]
    lines += [f"{_ONLY_RIGHT} {wasm_line(**line)}" for line in more]
    sign = _CHANGED if is_changed else " "
    wasm = [f"{sign if not i else ' '} {line}" for i, line in enumerate(lines or [""])]
    codes = [[code_line(line) for piece in side for line in piece["code"]] for side in (left, right)]
    return Block((wasm, *codes), hue if is_changed else None, heading)


def _pieces(view: Document) -> dict[int, Document]:
    return {piece["number"]: piece for section in view["sections"] for piece in section["pieces"]}


def module_lines(document: Document, screen: Screen) -> Iterator[str]:
    """Functions whose sizes differ, the largest difference first, and the totals."""
    left, right = document["left"], document["right"]
    yield screen.bold(f"{_shown(left['label'])} → {_shown(right['label'])}")
    yield f"{'left':>9} {'right':>9} {'change':>8}  function"
    functions = document["functions"]
    for function in sorted(functions, key=lambda f: -abs(_change(f))):
        if _change(function):
            yield _row(function)
    same = sum(not _change(function) for function in functions)
    sizes = left["code_bytes"], right["code_bytes"]
    total = f"all {len(functions)}, of which {same} are as large"
    yield f"{sizes[0]:>9} {sizes[1]:>9} {sizes[1] - sizes[0]:>+8}  {total}"


def _row(function: Document) -> str:
    sizes = (function[side]["code_bytes"] if function[side] else "-" for side in ("left", "right"))
    left, right = sizes
    return f"{left:>9} {right:>9} {_change(function):>+8}  {_shown(function['name'])}"


def _change(function: Document) -> int:
    sizes = [function[side]["code_bytes"] if function[side] else 0 for side in ("left", "right")]
    return int(sizes[1] - sizes[0])


def _shown(text: str) -> str:
    return escape(text)
