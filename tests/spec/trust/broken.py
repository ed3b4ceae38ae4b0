"""Engines with one fault, which `linocut spec check` has to find.

A worker (`python broken.py FAULT`): linocut does the work with a module that was changed so that it does
something wrong, or compiled without something. The product has no switch to compute wrongly.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import linocut
from linocut import experiments
from linocut.engines.workers.check_jobs import serve
from linocut.engines.workers.linocut_check import Session, tell
from linocut.text.binary import Reader, unsigned
from linocut.text.instructions import Instruction, read_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CODE = 10
# f64.convert_i32_u, f64.const 1, f64.max, i32.trunc_f64_u: the divisor, but at least 1.
_AT_LEAST_ONE = b"\xb8\x44" + bytes(6) + b"\xf0\x3f\xa5\xab"
_I32_EQZ, _I32_ZERO, _DROP = b"\x45", b"\x41\0", b"\x1a"
_OTHER_WAY = {"i32.rotl": b"\x78", "i32.rotr": b"\x77", "i64.rotl": b"\x8a", "i64.rotr": b"\x89"}


def _instead(code: bytes, _: bytes) -> bytes:
    return code


# By the name of an instruction: what takes its place, given its bytes.
REWRITES: dict[str, dict[str, Callable[[bytes], bytes]]] = {
    "rotate the other way": {name: partial(_instead, code) for name, code in _OTHER_WAY.items()},
    "if not": {"if": lambda code: _I32_EQZ + code},
    "divide by zero": {"i32.div_u": lambda code: _AT_LEAST_ONE + code},
    "if never": {"if": lambda code: _DROP + _I32_ZERO + code},
    "i64.ne never": {"i64.ne": lambda code: 2 * _DROP + _I32_ZERO},
}
# The checks that are left out. Without the check of the divisor, the processor's own error becomes the trap:
# that is no fault, and nothing may be found.
SWITCHES = {"no stack check": "stack-check", "no division check": "division-checks"}


def rewrite(wasm: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """The valid module with the instructions changed."""
    return wasm[:8] + b"".join(_sections(wasm, changes))


def _sections(wasm: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> Iterator[bytes]:
    reader = Reader(wasm, 8)
    while not reader.is_done:
        number = reader.byte()
        content = reader.take(reader.unsigned())
        if number == _CODE:
            content = _code(content, changes)
        yield bytes([number]) + unsigned(len(content)) + content


def _code(content: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    reader = Reader(content)
    bodies = [_body(reader.take(reader.unsigned()), changes) for _ in range(reader.unsigned())]
    return unsigned(len(bodies)) + b"".join(unsigned(len(body)) + body for body in bodies)


def _body(body: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    _, instructions = read_body(body)
    locals_ = body[: instructions[0].offset]
    return locals_ + b"".join(_changed(body, instruction, changes) for instruction in instructions)


def _changed(body: bytes, instruction: Instruction, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    code = body[instruction.offset : instruction.offset + instruction.size]
    change = changes.get(instruction.opcode.name)
    return change(code) if change else code


class Broken(Session):
    """A session of an engine with this fault."""

    def __init__(self, fault: str) -> None:
        super().__init__(interpret=False)
        self._fault = fault

    def load(self, wasm: bytes) -> linocut.Module:
        """Compile the module with the fault."""
        if self._fault in SWITCHES:
            return experiments.load(wasm, [SWITCHES[self._fault]], unsafe=True)
        linocut.load(wasm)  # an invalid module is refused in the engine's own words
        return linocut.load(rewrite(wasm, REWRITES[self._fault]))


if __name__ == "__main__":
    serve("link host pack", lambda: Broken(sys.argv[1]), tell)
