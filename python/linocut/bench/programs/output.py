"""Reads what programs print: our own, PolyBenchC's and CoreMark tell time and result in three ways."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.bench.results import WHOLE_PROCESS

if TYPE_CHECKING:
    from linocut.engines.process import Finished

_OURS = re.compile(r"^(kernel_seconds|kernel_clock|checksum) (\S+)$", re.MULTILINE)
_COREMARK_FIELD = re.compile(r"^(?:\[\d+\])?([\w/() ]+?)\s*: (\S+)", re.MULTILINE)
# crcfinal is left out: it depends on the number of iterations, which CoreMark chooses by the clock.
_COREMARK_RESULTS = ("seedcrc", "crclist", "crcmatrix", "crcstate")
_POLYBENCH_TIME = re.compile(r"\s*(\d+\.\d{6})\s*")
_POLYBENCH_DUMP = re.compile(r"==BEGIN DUMP_ARRAYS==(.*)==END\s+DUMP_ARRAYS==", re.DOTALL)


@dataclass(frozen=True)
class Reading:
    """Seconds, what was timed by which clock, and a text that differs when the result does ("" = unknown)."""

    seconds: float
    clock: str
    checksum: str


def read(finished: Finished) -> Reading:
    """For a program that times nothing, the CPU time of the whole process: engine, compiler and all."""
    for reader in (_ours, _coremark, _polybench):
        if reading := reader(finished):
            return reading
    return Reading(finished.cpu, WHOLE_PROCESS, _digest(finished.output))


def _ours(finished: Finished) -> Reading | None:
    """bench/programs/bench.h."""
    lines = dict(_OURS.findall(finished.output))
    if "kernel_seconds" not in lines:
        return None
    return Reading(float(lines["kernel_seconds"]), lines.get("kernel_clock", ""), lines.get("checksum", ""))


def _coremark(finished: Finished) -> Reading | None:
    """Time per iteration: how many there are is the program's choice."""
    lines = dict(_COREMARK_FIELD.findall(finished.output))
    if "Iterations/Sec" not in lines or "seedcrc" not in lines:
        return None
    checksum = " ".join(lines.get(name, "?") for name in _COREMARK_RESULTS)
    return Reading(1 / float(lines["Iterations/Sec"]), "CoreMark, per iteration", checksum)


def _polybench(finished: Finished) -> Reading | None:
    """Built with POLYBENCH_TIME, it prints one number and nothing else; DUMP_ARRAYS adds the result.

    A program that prints such a number as its result is told apart by the clock on the wall.
    """
    match = _POLYBENCH_TIME.fullmatch(finished.output)
    if not match or float(match[1]) > finished.wall:
        return None
    dump = _POLYBENCH_DUMP.search(finished.errors)
    return Reading(float(match[1]), "PolyBench", _digest(dump[1]) if dump else "")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
