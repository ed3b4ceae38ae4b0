"""Where engines are found: PyPI packages of this Python, programs by an environment variable or PATH."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from linocut.extras import advice
from linocut.tooling import ToolError


class Absent(ToolError):  # noqa: N818 - not an error: it is listed, and the run goes on
    """An engine, a suite or a module is not here; the text says how to get it, `what` it is."""

    def __init__(self, how: str, what: str = "") -> None:
        super().__init__(how)
        self.what = what


def package_folder(package: str) -> Path | None:
    """Where an importable package lies, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent


def package_version(package: str, project: str) -> str:
    """The version of a PyPI project; Absent when its package cannot be imported."""
    if importlib.util.find_spec(package) is None:
        raise Absent(advice(package), f"{package}, which is not installed")
    return f"{project} {importlib.metadata.version(project)}"


def program(variable: str, *names: str, get: str) -> str:
    """The path in an environment variable, or the first of the names that is on PATH.

    Raises Absent, which says `get` and the variable's name.
    """
    chosen = os.environ.get(variable)
    if chosen:
        found = shutil.which(chosen)
        if found is None:
            raise Absent(f"{variable} is {chosen!r}, which is no program", names[-1])
        return found
    for name in names:
        if found := shutil.which(name):
            return found
    raise Absent(f"{get}, then put it on PATH or its path into {variable}", names[-1])
