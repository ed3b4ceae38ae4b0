"""Prints the interpreters that CI tests with: the system's, if it is a supported one, and the newest.

One a line, VERSION and PATH. The newest is looked for among pyenv's, those on PATH and the one running this;
of what pyproject.toml's classifiers name, because for others PyPI may not have all that the tests need.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SYSTEM = "/usr/bin/python3"
Version = tuple[int, int, int]
# A shim may be there without the interpreter; the headers and venv are what `make` needs.
ASK = """import sys, sysconfig, os, ensurepip, venv
assert sys.implementation.name == "cpython" and sys.version_info.releaselevel == "final"
assert os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h"))
print(*sys.version_info[:3], sys.executable)"""


def supported() -> set[tuple[int, int]]:
    """The minor versions that the package's classifiers name."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return {(3, int(minor)) for minor in re.findall(r'"Programming Language :: Python :: 3\.(\d+)"', text)}


def candidates() -> Iterator[str]:
    """Paths that may be interpreters."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from map(str, sorted(pyenv.glob("versions/*/bin/python3")))
    names = ["python3", *(f"python{major}.{minor}" for major, minor in sorted(supported()))]
    yield from filter(None, map(shutil.which, names))
    yield sys.executable


def version_of(path: str) -> tuple[Version, str] | None:
    """An interpreter's version and its own path; None for what cannot be used."""
    try:
        done = subprocess.run([path, "-c", ASK], capture_output=True, encoding="utf-8", timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode:
        return None
    major, minor, micro, executable = done.stdout.strip().split(" ", 3)
    return (int(major), int(minor), int(micro)), executable


def chosen(system: str, others: Iterable[str], minors: set[tuple[int, int]]) -> list[tuple[Version, str]]:
    """The system's and the newest, or only one if they are the same version."""
    found = [known for path in others if (known := version_of(path)) and known[0][:2] in minors]
    newest = max(found, key=lambda known: known[0], default=None)
    own = version_of(system)
    result = [own] if own and own[0][:2] in minors else []
    if newest and (not result or newest[0] > result[0][0]):
        result.append(newest)
    return result


if __name__ == "__main__":
    for version, path in chosen(SYSTEM, candidates(), supported()):
        print(".".join(map(str, version)), path)
