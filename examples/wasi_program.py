"""A WASI program with its arguments, environment and output in Python's hands."""

import io

import linocut.extras
from linocut.wasi import Wasi

# Writes its arguments as they lie in memory, then leaves with exit code 3.
TEXT = r"""(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $sizes (i32.const 0) (i32.const 12)))
    (drop (call $args (i32.const 64) (i32.const 1024)))
    (i32.store (i32.const 8) (i32.const 1024))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))
    (call $exit (i32.const 3))))"""


def main() -> None:
    """Run it twice: each Wasi is one process."""
    module = linocut.load(TEXT)
    for arguments in (["echo", "one"], ["echo", "two", "three"]):
        out = io.BytesIO()
        code = Wasi(arguments, stdout=out).run(module, timeout=10)
        print("exit code", code, "output", out.getvalue().rstrip(b"\0").split(b"\0"))


if __name__ == "__main__":
    linocut.extras.require("wasmtime")  # or say which extra brings it: it reads the text
    main()
