"""Code of wasmtime's compilers, as `Module.serialize` writes it."""

from __future__ import annotations

import functools
import re
import struct
from bisect import bisect_right
from typing import TYPE_CHECKING

import wasmtime
from capstone import x86

from linocut.disassembly.decoder import decoder
from linocut.disassembly.instruction import MachineInstruction
from linocut.engines.code.address_map import read_address_map
from linocut.engines.code.elf import Elf
from linocut.engines.code.foreign import Foreign, ForeignLine, NoCodeError, without_address
from linocut.engines.workers.wasmtime_engine import make_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.engines.code.elf import Symbol

_FUNCTION = re.compile(r"^wasm\[0\]::function\[(\d+)\]")
_RELATIVE = re.compile(r"\[rip ([+-]) (0x[0-9a-f]+|\d+)\]")
_ALIGNMENT = 64  # bytes: the most that constants are aligned to
_ENTRY = 4  # bytes of a jump table
_LONGEST = 15  # bytes of an instruction
_FRAMES = (x86.X86_REG_RBP, x86.X86_REG_RSP)
_TOLD = "wasmtime's address map tells the wasm offset of almost every instruction."
_UNTOLD = "This version of wasmtime has its address map in a format of its own."


class WasmtimeModule:
    """A module for the compiler of that name; it is compiled when it is first asked for something."""

    def __init__(self, name: str, version: str, wasm: bytes) -> None:
        self.name, self.version, self._wasm = name, version, wasm

    @functools.cached_property
    def _elf(self) -> Elf:
        try:
            return Elf(_serialized(self.name, self._wasm))
        except (struct.error, IndexError) as error:
            raise NoCodeError(f"wasmtime's serialized module is no ELF file: {error}") from None

    @functools.cached_property
    def _text(self) -> bytes:
        return self._elf.section(".text")

    @functools.cached_property
    def _symbols(self) -> dict[int, Symbol]:
        return {int(found[1]): s for s in self._elf.symbols() if (found := _FUNCTION.match(s.name))}

    @functools.cached_property
    def _called(self) -> dict[int, int]:
        return {symbol.offset: index for index, symbol in self._symbols.items()}

    @functools.cached_property
    def _map(self) -> list[tuple[int, int | None]]:
        try:
            return read_address_map(self._elf.section(".wasmtime.addrmap"))
        except ValueError:
            return []

    def announce(self, functions: object) -> None:
        """Nothing to prepare: all are compiled together."""

    def function(self, index: int, body: int) -> Foreign:
        """Wasm offsets are known already: `body` is not needed."""
        symbol = self._symbols.get(index)
        if symbol is None:
            raise NoCodeError(f"wasmtime has no code of function {index}")
        lines = [
            ForeignLine(
                without_address(machine, symbol.size),
                self._comment(machine, symbol),
                self._origin(symbol.offset + machine.offset),
            )
            for machine in self._machine(symbol)
        ]
        return Foreign(lines, "all", _TOLD) if self._map else Foreign(lines, "none", _UNTOLD)

    def sizes(self) -> dict[int, int]:
        """All have been compiled."""
        return {index: symbol.size for index, symbol in self._symbols.items()}

    def _machine(self, symbol: Symbol) -> list[MachineInstruction]:
        return list(_Sweep(self._text[symbol.offset : symbol.offset + symbol.size]).run())

    def _comment(self, machine: MachineInstruction, symbol: Symbol) -> str | None:
        """The function that is called."""
        if not machine.is_call or machine.target is None:
            return None
        called = self._called.get(symbol.offset + machine.target)
        return None if called is None else f"function {called}"

    def _origin(self, at: int) -> int | None:
        place = bisect_right(self._map, at, key=lambda entry: entry[0])
        return self._map[place - 1][1] if place else None


class _Sweep:
    """Instructions and the data among them, which is known by what refers to it from before."""

    def __init__(self, code: bytes) -> None:
        self._code, self._decoder = code, decoder(*_FRAMES)
        self._tables: set[int] = set()
        self._constants = len(code)  # where they begin

    def run(self) -> Iterator[MachineInstruction]:
        at = 0
        while at < len(self._code):
            entries = list(self._table(at)) if at in self._tables else []
            for machine in entries or [self._next(at)]:
                yield machine
                at = machine.end

    def _next(self, at: int) -> MachineInstruction:
        """Before constants, which are aligned, there is padding."""
        is_padding = self._constants - at < _ALIGNMENT and not any(self._code[at : self._constants])
        machine = None if is_padding else self._decoder.first(self._code[at : at + _LONGEST], at)
        if machine is None:
            rest = self._code[at:]
            return MachineInstruction(at, rest, f".skip {len(rest)}", is_data=True)
        if place := _RELATIVE.search(machine.text):
            target = machine.end + int(place[1] + place[2], 0)
            if machine.mnemonic == "lea":
                self._tables.add(target)
            else:
                self._constants = min(self._constants, target)
        return machine

    def _table(self, start: int) -> Iterator[MachineInstruction]:
        """Distances of 4 bytes from its beginning; it ends where one leads to, or with what leads nowhere."""
        at, end = start, self._constants
        while at < end:
            entry = self._code[at : at + _ENTRY]
            target = start + int.from_bytes(entry, "little", signed=True)
            if not 0 <= target < len(self._code):
                return
            if target > start:
                end = min(end, target)
            yield MachineInstruction(
                at, entry, f".long {target:#x} - {start:#x}", is_data=True, target=target
            )
            at += _ENTRY


def _serialized(compiler: str, wasm: bytes) -> bytes:
    try:
        return bytes(wasmtime.Module(make_engine(compiler), wasm).serialize())
    except wasmtime.WasmtimeError as error:
        raise NoCodeError(f"wasmtime does not compile this module: {error}") from None
