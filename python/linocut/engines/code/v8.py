"""Code of V8's compilers, as node prints it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from capstone import x86

from linocut.disassembly.decoder import decoder
from linocut.disassembly.instruction import MachineInstruction
from linocut.engines.code.excerpt import excerpt
from linocut.engines.code.foreign import Body, Foreign, ForeignLine, NoCodeError, without_address
from linocut.engines.code.v8_text import read_printed_code
from linocut.engines.process import ProcessError, execute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linocut.engines.code.v8_text import PrintedCode, PrintedInstruction

_TIMEOUT = 300.0  # seconds
# V8 writes 30 times as many bytes as it reads. Of larger modules it prints no more than it is asked for, and
# a number of functions at once.
_LARGE = 1 << 20
_BATCH = 1 << 17
_LOAD = "new WebAssembly.Module(require('fs').readFileSync(process.argv[1]))"
_COMPILED = re.compile(r"^Compiled function .*#(\d+) using .* codesize (\d+)$", re.MULTILINE)
_FRAMES = (x86.X86_REG_RBP, x86.X86_REG_RSP)
_WHY = (
    "V8 tells the wasm offsets of calls, memory accesses and traps; between them lines are paired by order."
)


class V8Module:
    """A module that is compiled anew for each question, by a command line of node's."""

    def __init__(self, name: str, version: str, node: Sequence[str], wasm: bytes) -> None:
        self.name, self.version = name, version
        self._node, self._wasm = node, wasm
        # By function: all that are printed together with it, and their bodies.
        self._batches: dict[int, dict[int, int]] = {}
        self._printed: dict[int, PrintedCode] = {}

    def announce(self, functions: Iterable[Body]) -> None:
        """They will be compiled many at once."""
        for batch in _batches(functions):
            bodies = {entry.function: entry.wasm_offset for entry in batch}
            self._batches |= dict.fromkeys(bodies, bodies)

    def function(self, index: int, body: int) -> Foreign:
        """Compiles the function if it is not among those that were compiled last."""
        if index not in self._printed:
            self._print(self._batches.get(index, {index: body}))
        if index not in self._printed:
            raise NoCodeError(f"{self.name} printed no code of function {index}")
        return _foreign(self._printed[index], body)

    def sizes(self) -> dict[int, int]:
        """Compiles all functions; of a large module V8's own count, which is a little higher."""
        if len(self._wasm) < _LARGE:
            printed = self._run(self._wasm, "--print-wasm-code")
            return {code.index: code.size for code in read_printed_code(printed)}
        compiled = self._run(self._wasm, "--trace-wasm-compilation-times")
        return {int(index): int(size) for index, size in _COMPILED.findall(compiled)}

    def _print(self, bodies: dict[int, int]) -> None:
        one = f"-function-index={next(iter(bodies))}" if len(bodies) == 1 else ""
        printed = self._run(excerpt(self._wasm, bodies.values()), f"--print-wasm-code{one}")
        self._printed = {code.index: code for code in read_printed_code(printed) if code.index in bodies}

    def _run(self, wasm: bytes, flag: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "module.wasm")
            path.write_bytes(wasm)
            try:
                return execute([*self._node, flag, "-e", _LOAD, str(path)], _TIMEOUT).output
            except ProcessError as error:
                raise NoCodeError(f"{self.name} does not compile this module: {error}") from None


def _batches(functions: Iterable[Body]) -> Iterator[list[Body]]:
    batch: list[Body] = []
    room = _BATCH
    for entry in functions:
        if batch and entry.wasm_bytes > room:
            yield batch
            batch, room = [], _BATCH
        batch.append(entry)
        room -= entry.wasm_bytes
    yield batch


def _foreign(code: PrintedCode, body: int) -> Foreign:
    decode = decoder(*_FRAMES).first
    lines = []
    origins, size = _origins(code), code.size
    for instruction in code.instructions:
        position = origins.get(instruction.offset)
        wasm = None if position is None else body + position
        found = decode(instruction.bytes, instruction.offset)
        if instruction.entry is None and found is not None:
            lines.append(_line(found, instruction, size, wasm))
        else:
            lines.append(ForeignLine(_data(instruction), None, wasm))
    return Foreign(lines, "some", _WHY)


def _data(printed: PrintedInstruction) -> MachineInstruction:
    text = printed.text if printed.entry is None else f".quad {printed.entry:#x}"
    return MachineInstruction(printed.offset, printed.bytes, text, is_data=True, target=printed.entry)


def _line(
    machine: MachineInstruction, printed: PrintedInstruction, size: int, wasm: int | None
) -> ForeignLine:
    """What leaves the function goes through V8's jump table."""
    shown = without_address(machine, size)
    return ForeignLine(shown, None if shown is machine else _note(printed.text), wasm)


def _note(text: str) -> str | None:
    """What V8 says of a target: `call 0x7ac5f008  (jump table)`."""
    _, _, rest = text.partition("(")
    return rest.rstrip(")") or None


def _origins(code: PrintedCode) -> dict[int, int]:
    """Code offset → position of the accesses and calls.

    A position holds from its offset on: V8 may move an argument before the call that the position is of. It
    is not said again of a trap's call that follows one of the same position.
    """
    origins: dict[int, int] = {}
    position = None
    for instruction in code.instructions:
        position = code.positions.get(instruction.offset, position)
        if position is None:
            continue
        if instruction.offset in code.protected or instruction.mnemonic == "call":
            origins[instruction.offset] = position
    return origins
