"""All forms and stencils as the compiler has them, and what each was made from."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut._core import Listing
from linocut_isa import by_name

if TYPE_CHECKING:
    from linocut.inspecting.schema import Document

_HOLE_BYTES = 4  # of a stencil, and of a jump's or call's distance
_TEMPLATE_HOLE = re.compile(r"\{(disp|imm(\d+))\}(\(%rip\))?")
# What core/jit/x86_64/encode.hpp writes without a form; the name of each as `Listing.form_names` says it.
_WRITTEN = {
    "jump": ("jmp target", b"\xe9"),
    "jump_if": ("jcc target", b"\x0f\x80"),
    "call": ("call target", b"\xe8"),
    "return": ("ret", b"\xc3"),
    "breakpoint": ("int3", b"\xcc"),
}


@dataclass(frozen=True)
class Hole:
    """Bytes that are patched: `offset` from the beginning of a stencil, a form or an instruction.

    Kinds: displacement, immediate, target (of a jump or call), trap (the distance to its cold site),
    constant (the distance to it).
    """

    offset: int
    size: int
    kind: str


@dataclass(frozen=True)
class Form:
    """One instruction; `code` has its operands in register 1 and those that follow, all else zero."""

    name: str
    opcode: str | None
    template: str
    code: bytes
    holes: tuple[Hole, ...]
    operands: tuple[bytes, ...]  # by register operand: the bits of `code`'s first bytes that say which


@dataclass(frozen=True)
class Stencil:
    """A row's C body, compiled."""

    name: str
    opcode: str
    source: str
    code: bytes
    holes: tuple[Hole, ...]
    constants: bytes


@functools.cache
def forms() -> dict[str, Form]:
    """By name."""
    found = {facts[0]: _form(*facts) for facts in Listing.forms()}
    for name, (text, head) in _WRITTEN.items():
        holes = (Hole(len(head), _HOLE_BYTES, "target"),) if "target" in text else ()
        found[name] = Form(name, None, text, head + bytes(_HOLE_BYTES * len(holes)), holes, ())
    return found


def _form(name: str, opcode: str, template: str, head: bytes, operands: tuple[bytes, ...]) -> Form:
    holes, at = [], len(head)
    # AT&T has the immediate first, the encoding the displacement.
    for kind, bits, is_constant in sorted(_TEMPLATE_HOLE.findall(template)):
        size = int(bits or 32) // 8
        kind = "constant" if is_constant else "displacement" if kind == "disp" else "immediate"
        holes.append(Hole(at, size, kind))
        at += size
    return Form(name, opcode or None, template, head.ljust(at, b"\0"), tuple(holes), operands)


@functools.cache
def stencils() -> dict[str, Stencil]:
    """By name."""
    found = {}
    for name, opcode, source, code, constants, places in Listing.stencils():
        holes = tuple(Hole(offset, _HOLE_BYTES, kind) for kind, offset, _ in places)
        found[name] = Stencil(name, opcode, source, code, holes, constants)
    return found


@functools.cache
def stencils_of(opcode: str) -> list[Stencil]:
    """Those of an opcode, the longest first: one that checks contains one that does not."""
    return sorted(_by_opcode()[opcode], key=lambda stencil: -len(stencil.code))


@functools.cache
def _by_opcode() -> defaultdict[str, list[Stencil]]:
    found: defaultdict[str, list[Stencil]] = defaultdict(list)
    for stencil in stencils().values():
        found[stencil.opcode].append(stencil)
    return found


def stencil_document(stencil: Stencil) -> Document:
    """One stencil, as schema.HELP says."""
    return {
        "kind": "stencil",
        **_row(stencil.opcode),
        "c": stencil.source,
        "template": None,
        **_bytes(stencil),
    }


def form_document(form: Form) -> Document:
    """One form, as schema.HELP says."""
    return {"kind": "form", **_row(form.opcode), "c": None, "template": form.template, **_bytes(form)}


def _row(opcode: str | None) -> Document:
    if opcode is None:
        return {"opcode": None, "row": None, "body": None}
    row = by_name(opcode)
    return {"opcode": opcode, "row": row.signature, "body": row.body}


def _bytes(source: Form | Stencil) -> Document:
    # Here, since names and sources can be had without capstone.
    from linocut.disassembly.decoder import decoder

    code = decoder().all(source.code)
    return {
        "code": [{"bytes": m.bytes.hex(), "text": m.text} for m in code],
        "holes": [{**vars(hole)} for hole in source.holes],
    }
