"""Measures the C compiler's build of a kernel, as a shared library."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

from linocut.cli.bench.worker import serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def open_kernel(path: Path, job: dict[str, Any]) -> Callable[[int], int]:
    """The kernel's run()."""
    run = ctypes.CDLL(str(path)).run
    run.argtypes = [ctypes.c_int32]
    run.restype = ctypes.c_int32 if job["result"] == "i32" else ctypes.c_int64
    return lambda n: int(run(n))


if __name__ == "__main__":
    serve(None, open_kernel)
