"""Fresh processes: everything that is built or measured happens in one."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from linocut.tooling import ToolError

_PACKAGES = Path(__file__).resolve().parents[2]


class ProcessError(ToolError):
    """A process failed at what it was started for; the text is the last it said."""


@dataclass(frozen=True)
class Finished:
    """A process that ended well: what it wrote, and its cost in seconds (of CPU with its children's)."""

    output: str
    errors: str
    cpu: float
    wall: float


def execute(command: list[str], timeout: float, folder: Path | None = None) -> Finished:
    """Run a command, in `folder`; ProcessError when it comes to no good end in `timeout` seconds."""
    start, cpu_start = perf_counter(), _cpu_of_children()
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            env=environment(),
            cwd=folder,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise ProcessError(f"no answer in {timeout:g} s") from error
    except OSError as error:
        raise ProcessError(str(error)) from error
    wall, cpu = perf_counter() - start, _cpu_of_children() - cpu_start
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise ProcessError(f"exit code {done.returncode}: {''.join(last)}")
    return Finished(done.stdout, done.stderr, cpu, wall)


def first_line(command: list[str]) -> str:
    """The first line that a command prints, such as its version; empty when it prints none."""
    try:
        finished = execute(command, timeout=60)
    except ProcessError:
        return ""
    return next(iter((finished.output or finished.errors).strip().splitlines()), "")


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs a module of this very package, with the Python that runs us."""
    return (sys.executable, "-m", f"linocut.{module}", *arguments)


def environment() -> dict[str, str]:
    """Python processes find this very linocut."""
    folders = [str(_PACKAGES), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, folders))}


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
