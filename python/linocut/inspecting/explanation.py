"""An opcode: its row, its C or templates, its machine code; as a document, and as lines for a terminal."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from linocut.inspecting.catalogue import form_document, forms, stencil_document, stencils_of
from linocut_isa import OPCODES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.inspecting.panes import Screen
    from linocut_isa import Opcode

Document = dict[str, Any]

HELP = """\
keys of --json:
  name, code             in the text format; bytes of the binary format
  signature              the stack effect: parameters -- results
  immediates             what follows the code in the binary format, and how it is used
  align                  of a memory access: log2 of its natural alignment, or null
  body                   the row's C, or null where a visitor of core/jit compiles the opcode
  traps                  each {"if" (C), "message"}
  commutative, constant  operands may be swapped; may stand in a constant expression
  features, missing      what it needs beyond version 1.0; the first of that that is not supported, or null
  compiled               forms, stencil, or visitor; null if a feature is missing
  variants               by name, each as under "stencils" in linocut inspect --json, without opcode, row and
                         body, with "size" in bytes"""

_COMPILED = {
    "forms": "assembly templates, one for each way that its operands may arrive",
    "stencil": "a stencil: its C, compiled when linocut was built",
    "visitor": "a visitor of core/jit, out of forms that belong to no opcode",
}
_HOLE = ".."  # instead of a byte that is patched
_BYTES_WIDTH = 36


def explain(name: str) -> Document:
    """The opcode of that name in the text format; LookupError, with names that are near, for any other."""
    row = next((row for row in OPCODES if row.name == name), None)
    if row is None:
        raise LookupError(_unknown(name))
    variants = _variants(row)
    return {
        "name": row.name,
        "code": list(row.code),
        "signature": row.signature,
        "immediates": [str(immediate) for immediate in row.immediates],
        "align": row.align if row.is_access else None,
        "body": row.body or None,
        "traps": [{"if": condition, "message": trap.value} for condition, trap in row.trap_if.items()],
        "commutative": row.commutative,
        "constant": row.constant,
        "features": [feature.name for feature in row.features],
        "missing": row.missing.name if row.missing else None,
        "compiled": None if row.missing else _compiled(variants),
        "variants": variants,
    }


def _variants(row: Opcode) -> Document:
    own = {name: form_document(form) for name, form in forms().items() if form.opcode == row.name}
    own |= {stencil.name: stencil_document(stencil) for stencil in stencils_of(row.name)}
    return {name: _variant(document) for name, document in own.items()}


def _variant(document: Document) -> Document:
    size = sum(len(bytes.fromhex(line["bytes"])) for line in document["code"])
    kept = {key: value for key, value in document.items() if key not in ("opcode", "row", "body")}
    return kept | {"size": size}


def _compiled(variants: Document) -> str:
    kinds = {variant["kind"] for variant in variants.values()}
    if "stencil" in kinds:
        return "stencil"
    return "forms" if kinds else "visitor"


def _unknown(name: str) -> str:
    names = [row.name for row in OPCODES]
    near = get_close_matches(name, names, 5, 0.5) or [n for n in names if n.endswith(name.rpartition(".")[2])]
    said = f"; near it: {', '.join(near[:5])}" if near else "; linocut explain --list names all"
    return f"no opcode is called {name!r}{said}"


def explain_lines(document: Document, screen: Screen) -> Iterator[str]:
    """The row, then every variant."""
    code = " ".join(f"{byte:#04x}" for byte in document["code"])
    yield f"{screen.bold(document['name'])}  {code}  ({document['signature']})"
    for name, value in _facts(document):
        yield f"  {screen.faint(f'{name:10}')} {value}"
    yield f"  {screen.faint('compiled'.ljust(10))} {_how(document)}"
    for name, variant in document["variants"].items():
        yield ""
        yield from _variant_lines(name, variant, screen)


def _how(document: Document) -> str:
    if document["missing"]:
        return f"not yet: the feature {document['missing']!r} is not supported"
    return f"by {_COMPILED[document['compiled']]}"


def _facts(document: Document) -> Iterator[tuple[str, str]]:
    if document["immediates"]:
        yield "immediates", " ".join(document["immediates"])
    if document["features"]:
        yield "features", " ".join(document["features"])
    if document["align"] is not None:
        yield "alignment", f"{1 << document['align']} bytes"
    if document["body"]:
        yield "body", document["body"]
    for trap in document["traps"]:
        yield "traps", f"if {trap['if']}: {trap['message']}"
    for fact in ("commutative", "constant"):
        if document[fact]:
            yield fact, "yes"


def _variant_lines(name: str, variant: Document, screen: Screen) -> Iterator[str]:
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
