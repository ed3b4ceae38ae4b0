"""Run clang: a system one of at least version 19, or PyPI's ziglang."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LEAST_VERSION = 19  # the first with preserve_none's present register order


class ClangError(Exception):
    """No usable clang, or clang refused its input."""


@functools.cache
def find_clang() -> tuple[str, ...]:
    """The command that runs clang: ziglang's first, because it is the same everywhere."""
    ziglang = (sys.executable, "-m", "ziglang", "clang")
    candidates = [ziglang, *((name,) for name in ("clang", *(f"clang-{v}" for v in range(30, 18, -1))))]
    for command in candidates:
        if _version(command) >= LEAST_VERSION:
            return command
    raise ClangError(f"no clang ≥ {LEAST_VERSION}: `pip install ziglang` brings one")


@functools.cache
def version_text() -> str:
    """The first line of `clang --version`, part of the tables' digest."""
    return _run([*find_clang(), "--version"]).splitlines()[0]


def _version(command: tuple[str, ...]) -> int:
    if len(command) == 1 and not shutil.which(command[0]):
        return 0
    result = subprocess.run([*command, "--version"], capture_output=True, encoding="utf-8", check=False)
    found = re.search(r"clang version (\d+)", result.stdout)
    return int(found.group(1)) if found else 0


def compile_object(source: str, suffix: str, flags: list[str]) -> bytes:
    """Compile C (`.c`) or assembly (`.s`) text to an ELF object."""
    with tempfile.TemporaryDirectory(prefix="stencilgen-") as folder:
        path, out = Path(folder, "source" + suffix), Path(folder, "out.o")
        path.write_text(source, encoding="utf-8")
        _run([*find_clang(), *flags, "-c", str(path), "-o", str(out)])
        return out.read_bytes()


def _run(command: list[str]) -> str:
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if result.returncode:
        raise ClangError(f"{' '.join(command[:4])} … failed:\n{result.stderr[:4000]}")
    return result.stdout
