"""Every row's body as a plain C function, compiled by the system's compiler and called through ctypes."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from linocut_isa import Operand, Space, supported

if TYPE_CHECKING:
    from linocut_isa import Opcode

ABI = Path(__file__).resolve().parents[2] / "abi"
C_TYPES = {"i32": "u32", "i64": "u64", "f32": "f32", "f64": "f64", "v128": "v128"}
FLAGS = ["-O1", "-std=gnu17", "-shared", "-fPIC", "-ffp-contract=off", "-fwrapv", "-fno-math-errno"]
ROWS = [row for row in supported() if row.is_plain and not row.is_access]
_LOW = (1 << 64) - 1
_FLAGS_OF_PROCESSOR = Path("/proc/cpuinfo").read_text().split()
ROUNDS_ONCE = {"avx2", "fma", "bmi1", "abm"} <= set(
    _FLAGS_OF_PROCESSOR
) and "LINOCUT_BASELINE" not in os.environ
"""Whether linocut takes a row's fused body (core/code/x86_64/cpu.cpp)."""
WORDS = 2  # words of 64 bits for each operand; a narrow one leaves those that it does not need


def compile_rows(folder: Path) -> Reference:
    """One library with a function for each row that has a body and touches no memory."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if not compiler:
        pytest.skip("no C compiler")
    source, library = folder / "rows.c", folder / "rows.so"
    source.write_text('#include <string.h>\n#include "stencil.h"\n' + "\n".join(map(_function, ROWS)))
    subprocess.run([compiler, *FLAGS, "-I", str(ABI), str(source), "-o", str(library), "-lm"], check=True)
    return Reference(ctypes.CDLL(str(library)))


def _function(row: Opcode) -> str:
    lines = [f"int row_{row.ident}(const u64 *in, u64 *out, u32 lane) {{"]
    lines += [_read(i, operand) for i, operand in enumerate(row.params)]
    lines += [_read(len(row.params), Operand("lanes", "v128"))] if Space.LANES in row.spaces else []
    lines += [f"if ({condition}) return {1 + trap.number};" for condition, trap in row.trap_if.items()]
    result = row.results[0]
    body = row.fused if row.fused and ROUNDS_ONCE else row.body
    lines += [f"{C_TYPES[result.type]} {result.name}; {body};"]
    lines += [f"memcpy(out, &{result.name}, sizeof {result.name}); return 0;", "}"]
    return " ".join(lines)


def _read(i: int, operand: Operand) -> str:
    kind = C_TYPES[operand.type]
    return f"{kind} {operand.name}; memcpy(&{operand.name}, in + {WORDS * i}, sizeof {operand.name});"


class Reference:
    """What each row does to bit patterns."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        self._out = (ctypes.c_uint64 * WORDS)()

    def result(self, row: Opcode, immediate: bytes, operands: tuple[int, ...]) -> int | str:
        """The result's bits, or the name of the trap."""
        words = [
            word for operand in (*operands, _lanes(immediate)) for word in (operand & _LOW, operand >> 64)
        ]
        given = (ctypes.c_uint64 * len(words))(*words)
        self._out[:] = [0] * WORDS
        lane = immediate[0] if immediate else 0
        status = getattr(self._library, f"row_{row.ident}")(given, self._out, lane)
        if status:
            return next(t.name.lower() for t in row.trap_if.values() if t.number == status - 1)
        return int.from_bytes(bytes(self._out), "little")


def _lanes(immediate: bytes) -> int:
    """The lanes of a shuffle as a number, which is passed behind the operands; otherwise 0."""
    return int.from_bytes(immediate, "little") if len(immediate) == 16 else 0
