"""Code of V8's compilers, as node prints it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from capstone import x86

from linocut.cli.bench.absent import Absent
from linocut.cli.bench.engines.node import node
from linocut.cli.bench.engines.printed_code import read_printed_code
from linocut.cli.bench.process import ProcessError, execute, first_line
from linocut.cli.inspect.against.foreign import EngineError, Foreign, ForeignLine
from linocut.cli.inspect.machine import Machine, decoder, machine_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from linocut.cli.bench.engines.printed_code import PrintedCode, PrintedInstruction

_TIMEOUT = 300.0  # seconds
_PATIENCE = 3  # functions asked for one by one, before all of a module are printed at once
_LARGE = 4 << 20  # bytes of a module of which never all is printed: V8 writes 100 bytes per instruction
_LOAD = "new WebAssembly.Module(require('fs').readFileSync(process.argv[1]))"
_VERSION = "`node ${process.version}, V8 ${process.versions.v8}`"
_FRAMES = (x86.X86_REG_RBP, x86.X86_REG_RSP)
_WHY = (
    "V8 tells the wasm offsets of calls, memory accesses and traps; between them lines are paired by order."
)


class V8:
    """A module that is compiled anew for each question; answers are kept."""

    def __init__(
        self,
        name: str,
        wasm: bytes,
        flags: Sequence[str],
        one: Callable[[int], Sequence[str]] | None = None,
        note: str = "",
    ) -> None:
        self.name = name
        self._wasm, self._flags, self._one = wasm, flags, one
        try:
            self._node = node()
        except Absent as absent:
            raise EngineError(f"{name} needs node: {absent}") from None
        self.version = first_line([self._node, "-p", _VERSION]) + (f", {note}" if note else "")
        self._printed: dict[int, PrintedCode] = {}
        self._has_all = False

    def function(self, index: int, body: int) -> Foreign:
        """Compiles the function if it is the first time that it is asked for."""
        if index not in self._printed:
            self._print(index)
        if index not in self._printed:
            raise EngineError(f"{self.name} printed no code of function {index}")
        return _foreign(self._printed[index], body)

    def sizes(self) -> dict[int, int]:
        """Compiles all functions."""
        if self._has_all:
            return {index: code.size for index, code in self._printed.items()}
        return {code.index: code.size for code in self._read(*self._flags, "--print-wasm-code")}

    def _print(self, index: int) -> None:
        if len(self._printed) >= _PATIENCE and len(self._wasm) < _LARGE:
            self._printed = {code.index: code for code in self._read(*self._flags, "--print-wasm-code")}
            self._has_all = True
            return
        flags = self._one(index) if self._one else self._flags
        for code in self._read(*flags, f"--print-wasm-code-function-index={index}"):
            self._printed[code.index] = code

    def _read(self, *flags: str) -> Iterator[PrintedCode]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "module.wasm")
            path.write_bytes(self._wasm)
            try:
                printed = execute([self._node, *flags, "-e", _LOAD, str(path)], _TIMEOUT).output
            except ProcessError as error:
                raise EngineError(f"{self.name} does not compile this module: {error}") from None
        return read_printed_code(printed)


def _foreign(code: PrintedCode, body: int) -> Foreign:
    decode = decoder()
    lines = []
    origins = _origins(code)
    for instruction in code.instructions:
        position = origins.get(instruction.offset)
        wasm = None if position is None else body + position
        found = next(decode.disasm(instruction.bytes, instruction.offset), None)
        if instruction.entry is None and found is not None:
            lines.append(_line(machine_of(found, _FRAMES), instruction, code.size, wasm))
        else:
            lines.append(ForeignLine(_data(instruction), None, wasm))
    return Foreign(lines, "some", _WHY)


def _data(printed: PrintedInstruction) -> Machine:
    text = printed.text if printed.entry is None else f".quad {printed.entry:#x}"
    return Machine(printed.offset, printed.bytes, text, is_data=True, target=printed.entry)


def _line(machine: Machine, printed: PrintedInstruction, size: int, wasm: int | None) -> ForeignLine:
    """What leaves the function goes through V8's jump table; the address is another one each time."""
    if machine.target is None or 0 <= machine.target < size:
        return ForeignLine(machine, None, wasm)
    return ForeignLine(replace(machine, text=f"{machine.mnemonic} outside"), _note(printed.text), wasm)


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
