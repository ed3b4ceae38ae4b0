"""Two modules, or two functions, compared: the documents of `linocut diff --json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linocut.inspecting.diff.blocks import blocks
from linocut.inspecting.overview import find_function, function_summaries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut import Module
    from linocut.inspecting.overview import FunctionSummary

Document = dict[str, Any]

HELP = """\
keys of --json with --func:
  left, right            each {"label", "code_bytes", "instructions", "view"}; view: linocut inspect --json
  blocks                 each {"section", "left", "right", "changed"}: numbers of the pieces of both sides
                         that have the same WebAssembly, and whether their code differs by more than places
keys of --json without --func:
  left, right            each {"label", "code_bytes"}
  functions              each {"name", "left", "right"}; these each {"function", "code_bytes"}, or null
                         where a side has no such function"""


@dataclass(frozen=True)
class Side:
    """A module and what to call it."""

    label: str
    module: Module


def function_diff(left: Side, right: Side, wanted: str) -> Document:
    """One function of both sides, by index, export or name; LookupError where a side has none."""
    # Here, since it needs capstone, and comparing sizes does not.
    from linocut.inspecting.view import function_view

    views = [function_view(side.module, find_function(side.module, wanted)) for side in (left, right)]
    return {
        "left": _function_side(left, views[0]),
        "right": _function_side(right, views[1]),
        "blocks": [
            {
                "section": block.section,
                "left": [piece["number"] for piece in block.left],
                "right": [piece["number"] for piece in block.right],
                "changed": block.is_changed,
            }
            for block in blocks(*views)
        ],
    }


def _function_side(side: Side, view: Document) -> Document:
    lines = [line for section in view["sections"] for piece in section["pieces"] for line in piece["code"]]
    return {
        "label": side.label,
        "code_bytes": view["code_bytes"],
        "instructions": sum(not line["data"] for line in lines),
        "view": view,
    }


def module_diff(left: Side, right: Side) -> Document:
    """Sizes of all functions of both sides."""
    return {
        "left": _module_side(left),
        "right": _module_side(right),
        "functions": list(_functions(left.module, right.module)),
    }


def _module_side(side: Side) -> Document:
    return {
        "label": side.label,
        "code_bytes": sum(entry.code_bytes for entry in function_summaries(side.module)),
    }


def _functions(left: Module, right: Module) -> Iterator[Document]:
    """Functions belong together by their names; those without one by their indices."""
    sides = [{_key(entry): entry for entry in function_summaries(module)} for module in (left, right)]
    for key in dict.fromkeys((*sides[0], *sides[1])):
        yield {"name": key, "left": _size(sides[0].get(key)), "right": _size(sides[1].get(key))}


def _key(entry: FunctionSummary) -> str:
    return entry.name or next(iter(entry.exports), None) or str(entry.function)


def _size(entry: FunctionSummary | None) -> Document | None:
    return {"function": entry.function, "code_bytes": entry.code_bytes} if entry else None
