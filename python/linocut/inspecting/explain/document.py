"""All that the table and the compiler know of an opcode, as JSON."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from linocut.inspecting.catalogue import forms, stencils_of
from linocut.inspecting.view import form_document, stencil_document
from linocut_isa import OPCODES

if TYPE_CHECKING:
    from linocut_isa import Opcode

Document = dict[str, Any]

HELP = """\
keys of --json:
  name, code             in the text format; bytes of the binary format
  signature              the stack effect: parameters -- results
  immediate              what follows the code in the binary format, or null
  align                  of a memory access: log2 of its natural alignment, or null
  body                   the row's C, or null where a visitor of core/jit compiles the opcode
  traps                  each {"if" (C), "message"}
  commutative, constant  operands may be swapped; may stand in a constant expression
  compiled               forms, stencil, or visitor
  variants               by name, each as under "stencils" in linocut inspect --json, without opcode, row and
                         body, with "size" in bytes"""


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
        "immediate": None if row.imm.name == "NONE" else row.imm.name.lower(),
        "align": row.align if row.imm.name == "MEMARG" else None,
        "body": row.body or None,
        "traps": [{"if": condition, "message": trap.value} for condition, trap in row.trap_if.items()],
        "commutative": row.commutative,
        "constant": row.constant,
        "compiled": _compiled(variants),
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
