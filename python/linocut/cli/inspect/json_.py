"""A listing as JSON; HELP documents the keys, and `linocut inspect --help` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linocut.cli.inspect.listing import Line, Listing, Piece

HELP = """\
keys of --json without --func: {"functions": […]}, each with
  function, name         index; name in the name section, or null
  exports                the names that it is exported as
  wasm_offset            of its body in the module
  wasm_bytes, code_bytes sizes of body and machine code
keys of --json with --func: these, and
  type                   {"params": […], "results": […]}
  locals                 types of its own locals
  code_offset            of its first byte; code offsets count from where the module's code begins
  frame_bytes            from the stack pointer up to the saved registers
  saved                  names of the registers that it saves
  sections               in the order prologue, body, epilogue, cold; each {"name", "pieces"}
    pieces               each {"wasm", "code"}: instructions and what they became together
      wasm               each {"offset", "depth", "text"}: offset in the module, blocks around it
      code               each {"offset", "bytes" (hex), "text", "data" (true for tables and constants),
                         "stencil" (form or stencil, or null), "comment" (or null)}"""


def listing_json(listing: Listing, exports: list[str]) -> dict[str, object]:
    """The keys that HELP lists."""
    return {
        "function": listing.function,
        "name": listing.name,
        "exports": exports,
        "wasm_offset": listing.wasm_offset,
        "wasm_bytes": listing.wasm_bytes,
        "code_bytes": listing.code_bytes,
        "type": {"params": listing.type.params, "results": listing.type.results},
        "locals": listing.locals,
        "code_offset": listing.code_offset,
        "frame_bytes": listing.frame_bytes,
        "saved": listing.saved,
        "sections": [{"name": s.name, "pieces": [_piece(p) for p in s.pieces]} for s in listing.sections],
    }


def _piece(piece: Piece) -> dict[str, object]:
    wasm = [{"offset": line.offset, "depth": line.depth, "text": line.text} for line in piece.wasm]
    return {"wasm": wasm, "code": [_code(line) for line in piece.code]}


def _code(line: Line) -> dict[str, object]:
    return {
        "offset": line.machine.offset,
        "bytes": line.machine.bytes.hex(),
        "text": line.machine.text,
        "data": line.machine.is_data,
        "stencil": line.stencil,
        "comment": line.comment,
    }
