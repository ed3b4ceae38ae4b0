"""Compiles by wasmtime: `wasmtime_compile.py cranelift|winch JOB`."""

from __future__ import annotations

import sys
from struct import unpack_from

import wasmtime

from linocut.engines.workers.compile_jobs import serve
from linocut.engines.workers.wasmtime_engine import make_engine

_ENGINE = make_engine(sys.argv[1])


def compile_module(wasm: bytes) -> wasmtime.Module:
    """Bytes to machine code."""
    return wasmtime.Module(_ENGINE, wasm)


def validate(wasm: bytes) -> None:
    """Validates without making code."""
    wasmtime.Module.validate(_ENGINE, wasm)


def code_bytes(module: wasmtime.Module) -> int:
    """The section .text of the ELF file that a module is saved as."""
    return _section_sizes(bytes(module.serialize()))[".text"]


def _section_sizes(elf: bytes) -> dict[str, int]:
    """Names and sizes of the sections of a 64-bit little-endian file (System V ABI, chapter 4)."""
    (table,) = unpack_from("<Q", elf, 0x28)
    size, count, names = unpack_from("<HHH", elf, 0x3A)
    headers = [unpack_from("<IIQQQQ", elf, table + size * number) for number in range(count)]
    strings = headers[names][4]
    return {_text(elf, strings + header[0]): header[5] for header in headers}


def _text(data: bytes, start: int) -> str:
    return data[start : data.index(0, start)].decode()


if __name__ == "__main__":
    serve(compile_module, validate, code_bytes)
