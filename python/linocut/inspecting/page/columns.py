"""A function's document with its lines turned into columns: less than half as large when compressed.

`js/columns.js` turns them back. A column `offset` holds the distance of each line from the one before.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linocut.inspecting.schema import Document

_WASM = ("offset", "depth", "text")
_CODE = ("offset", "bytes", "text", "data", "stencil", "comment", "marks", "holes")
_FOREIGN = ("offset", "bytes", "text", "comment", "wasm", "marks")


def in_columns(view: Document) -> Document:
    """The same document, without its stencils."""
    pieces = [piece for section in view["sections"] for piece in section["pieces"]]
    sections = [[section["name"], len(section["pieces"])] for section in view["sections"]]
    return {key: value for key, value in view.items() if key not in ("sections", "stencils", "against")} | {
        "sections": sections,
        "wasm": _lists(pieces, "wasm", _WASM),
        "code": _lists(pieces, "code", _CODE),
        "against": view["against"] and _against(view["against"]),
    }


def _against(against: Document) -> Document:
    code = _lists(against["pieces"], "code", _FOREIGN)
    return against | {"pieces": [piece["ours"] for piece in against["pieces"]], "code": code}


def _lists(pieces: Sequence[Document], key: str, names: Sequence[str]) -> Document:
    """The lines of all pieces, column by column, and how many lines each piece has."""
    lines = [line for piece in pieces for line in piece[key]]
    columns: dict[str, list[Any]] = {name: [line[name] for line in lines] for name in names}
    columns["offset"] = [after - before for before, after in pairwise([0, *columns["offset"]])]
    return {"counts": [len(piece[key]) for piece in pieces], **columns}
