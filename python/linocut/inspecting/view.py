"""What there is to show of a function, as JSON: `function_view`.

schema.HELP documents the keys. The command's `--json`, the page and the notebook all show these documents.
"""

from __future__ import annotations

import functools
import gc
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from linocut.engines.code.foreign import NoCodeError
from linocut.inspecting.alignment.align import align
from linocut.inspecting.catalogue import form_document, forms, stencil_document, stencils
from linocut.inspecting.listing.listing import Listing
from linocut.inspecting.listing.marks import marks
from linocut.inspecting.overview import exports_by_function

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linocut import Module
    from linocut.engines.code.foreign import ForeignModule
    from linocut.inspecting.alignment.align import Pair
    from linocut.inspecting.listing.listing import Line, Piece
    from linocut.inspecting.schema import Document


@contextmanager
def _no_garbage_search() -> Iterator[None]:
    """While a large document is made: none of it is garbage, and the search takes as long again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_no_garbage_search()
def function_view(module: Module, function: int, against: ForeignModule | None = None) -> Document:
    """One function, beside what another engine made of it.

    Raises IndexError when the module does not define it, ModuleNotFoundError without capstone, and
    `NoCodeError`.
    """
    listing = Listing.of(module, function)
    pieces = [piece for section in listing.sections for piece in section.pieces]
    return {
        **_facts(listing),
        "exports": exports_by_function(module).get(function, []),
        "sections": [{"name": s.name, "pieces": [_piece(p) for p in s.pieces]} for s in listing.sections],
        "against": _against(listing, against) if against else None,
        "opcodes": _opcodes(pieces),
        "stencils": _stencils(pieces),
    }


def shown_view(module: Module, function: int, against: ForeignModule | None) -> Document:
    """`function_view`, or where the engine has nothing to show ours alone, with the reason in "absent"."""
    try:
        return function_view(module, function, against)
    except NoCodeError as error:
        return function_view(module, function) | {"absent": str(error)}


def _facts(listing: Listing) -> Document:
    return {
        "function": listing.function,
        "name": listing.name,
        "wasm_offset": listing.wasm_offset,
        "wasm_bytes": listing.wasm_bytes,
        "code_bytes": listing.code_bytes,
        "type": {"params": listing.type.params, "results": listing.type.results},
        "locals": listing.locals,
        "code_offset": listing.code_offset,
        "frame_bytes": listing.frame_bytes,
        "saved": listing.saved,
    }


def _piece(piece: Piece) -> Document:
    wasm = [{"offset": line.offset, "depth": line.depth, "text": line.text} for line in piece.wasm]
    return {"number": piece.number, "wasm": wasm, "code": [_code(line) for line in piece.code]}


def _code(line: Line) -> Document:
    return {
        "offset": line.machine.offset,
        "bytes": line.machine.bytes.hex(),
        "text": line.machine.text,
        "data": line.machine.is_data,
        "stencil": line.stencil,
        "comment": line.comment,
        "marks": line.marks,
        "holes": [{**vars(hole)} for hole in line.holes],
    }


def _against(listing: Listing, engine: ForeignModule) -> Document:
    foreign = engine.function(listing.function, listing.wasm_offset)
    pairs = align(listing, foreign)
    rare = {line.machine.offset for pair in pairs if pair.region == "cold" for line in pair.lines}
    return {
        "engine": engine.name,
        "version": engine.version,
        "aligned": "wasm offsets" if foreign.tells == "all" else "order",
        "why": foreign.why,
        "code_bytes": foreign.code_bytes,
        "instructions": sum(not line.machine.is_data for line in foreign.lines),
        "pieces": [{"ours": pair.ours, "code": _foreign_code(pair, rare)} for pair in pairs],
    }


def _foreign_code(pair: Pair, rare: set[int]) -> list[Document]:
    machine = [line.machine for line in pair.lines]
    traps = {m.offset for m in machine if m.offset in rare and (m.is_call or m.mnemonic in ("ud2", "int3"))}
    return [
        {
            "offset": line.machine.offset,
            "bytes": line.machine.bytes.hex(),
            "text": line.machine.text,
            "comment": line.comment,
            "wasm": line.wasm,
            "marks": its_marks,
        }
        for line, its_marks in zip(pair.lines, marks(machine, traps, ("rflags",), rare), strict=True)
    ]


def _opcodes(pieces: Sequence[Piece]) -> list[Document]:
    """By opcode, those with the most bytes first; a piece's code is its last opcode's."""
    found: defaultdict[str, Document] = defaultdict(lambda: {"count": 0, "instructions": 0, "bytes": 0})
    for piece in pieces:
        names = [line.text.partition(" ")[0] for line in piece.wasm]
        for name in names:
            found[name]["count"] += 1
        if names:
            machine = [line.machine for line in piece.code]
            found[names[-1]]["instructions"] += sum(not m.is_data for m in machine)
            found[names[-1]]["bytes"] += sum(len(m.bytes) for m in machine)
    return sorted(({"name": name, **counts} for name, counts in found.items()), key=lambda o: -o["bytes"])


def _stencils(pieces: Sequence[Piece]) -> dict[str, Document]:
    """What the code was copied from, by name."""
    lines = [line for piece in pieces for line in piece.code if line.stencil is not None]
    names = sorted({(line.stencil or "").partition("+")[0] for line in lines})
    return {name: _stencil(name) for name in names}


@functools.cache
def _stencil(name: str) -> Document:
    return stencil_document(stencils()[name]) if name in stencils() else form_document(forms()[name])
