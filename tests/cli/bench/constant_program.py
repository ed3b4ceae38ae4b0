"""A WASI command with a constant time and checksum, on which every engine must agree."""

from __future__ import annotations

from linocut.text.wat import wat_to_wasm

_PROGRAM = """(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\08\\00\\00\\00\\%02x\\00\\00\\00%s")
  (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 256)))))"""


def says(checksum: str) -> str:
    """What the command prints."""
    return f"kernel_seconds 0.500000000\nkernel_clock process_cpu\nchecksum {checksum}\n"


def constant_program(checksum: str) -> bytes:
    """The module of a command with this checksum."""
    said = says(checksum)
    return wat_to_wasm(_PROGRAM % (len(said), said.replace("\n", "\\n")))
