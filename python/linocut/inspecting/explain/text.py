"""An opcode's document as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.inspecting.explain.document import Document
    from linocut.inspecting.panes import Screen

_COMPILED = {
    "forms": "assembly templates, one for each way that its operands may arrive",
    "stencil": "a stencil: its C, compiled when linocut was built",
    "visitor": "a visitor of core/jit, out of forms that belong to no opcode",
}
_HOLE = ".."  # instead of a byte that is patched
_BYTES_WIDTH = 36


def explain_lines(document: Document, screen: Screen) -> Iterator[str]:
    """The row, then every variant."""
    code = " ".join(f"{byte:#04x}" for byte in document["code"])
    yield f"{screen.bold(document['name'])}  {code}  ({document['signature']})"
    for name, value in _facts(document):
        yield f"  {screen.faint(f'{name:10}')} {value}"
    yield f"  {screen.faint('compiled'.ljust(10))} by {_COMPILED[document['compiled']]}"
    for name, variant in document["variants"].items():
        yield ""
        yield from _variant(name, variant, screen)


def _facts(document: Document) -> Iterator[tuple[str, str]]:
    if document["immediate"]:
        yield "immediate", document["immediate"]
    if document["align"] is not None:
        yield "alignment", f"{1 << document['align']} bytes"
    if document["body"]:
        yield "body", document["body"]
    for trap in document["traps"]:
        yield "traps", f"if {trap['if']}: {trap['message']}"
    for fact in ("commutative", "constant"):
        if document[fact]:
            yield fact, "yes"


def _variant(name: str, variant: Document, screen: Screen) -> Iterator[str]:
    yield f"{screen.bold(name)}  {variant['kind']}, {variant['size']} bytes"
    source = variant["c"] or variant["template"]
    yield from (f"  {screen.hued(line, 0)}" for line in source.splitlines())
    at = 0
    for line in variant["code"]:
        size = len(line["bytes"]) // 2
        kinds = [h["kind"] for h in variant["holes"] if at <= h["offset"] < at + size]
        # A distance that is not there yet leads to no place.
        text = f"{line['text'].partition(' ')[0]} …" if {"trap", "target"} & set(kinds) else line["text"]
        note = f"  {screen.faint('{' + ', '.join(kinds) + '}')}" if kinds else ""
        yield f"    {at:3} {_shown_bytes(line['bytes'], at, variant):{_BYTES_WIDTH}} {text}{note}"
        at += size


def _shown_bytes(code: str, at: int, variant: Document) -> str:
    patched = {hole["offset"] + i for hole in variant["holes"] for i in range(hole["size"])}
    return " ".join(
        _HOLE if at + i in patched else f"{byte:02x}" for i, byte in enumerate(bytes.fromhex(code))
    )
