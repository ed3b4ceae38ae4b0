"""What documents are: dicts for JSON, with these keys. overview.py and view.py make them."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

HELP = """\
keys of --json without --func:
  file                   as it was given
  wasm_bytes, code_bytes sizes of the module and of its machine code
  against                the other engine's name, or null
  functions              each with the keys below and
    against_bytes        the size of the other engine's code, or null
  function, name         index; name in the name section, or null
  exports                the names that it is exported as
  wasm_offset            of its body in the module
  wasm_bytes, code_bytes sizes of body and machine code
keys of --json with --func: these, without against_bytes, and
  type                   {"params": […], "results": […]}
  locals                 its own ones as it declares them, each [count, type]
  code_offset            of its first byte; code offsets count from where the module's code begins
  frame_bytes            from the stack pointer up to the saved registers
  saved                  names of the registers that it saves
  sections               in the order prologue, body, epilogue, cold; each {"name", "pieces"}
    pieces               each {"number", "wasm", "code"}: instructions and what they became together; the
                         number counts through the function
      wasm               each {"offset", "depth", "text"}: offset in the module, blocks around it
      code               each {"offset", "bytes" (hex), "text", "data" (true for tables and constants),
                         "stencil" (form or stencil, or null), "comment" (or null), "marks", "holes"}
                         marks: spill (of a value into the frame), load (from there), jump, call, trap (leaves
                         with one), checks (only finds out whether to trap)
                         holes: what was patched, each {"offset" (in the instruction), "size", "kind"};
                         kinds: displacement, immediate, target, trap, constant
  against                null, or with --against
    engine, version      its name, and what it was compiled with
    aligned, why         "wasm offsets" or "order": how its lines were paired with our pieces, and why so
    code_bytes, instructions
    pieces               each {"ours" (numbers of our pieces), "code"}: lines as above but without data,
                         stencil and holes; "offset" is that in the function, "wasm" in the module or null
  opcodes                each {"name", "count", "instructions", "bytes"}, the largest first; the code of a
                         piece of several opcodes counts for its last one
  stencils               all that occur: name → {"kind" (form or stencil), "opcode" (null: of none), "row"
                         (its signature), "body", "c" (what a stencil was compiled from), "template" (what a
                         form was assembled from), "code": [{"bytes", "text"}], "holes"}"""
