"""Where the official suite lies, and which scripts a run takes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.errors import MalformedError
from linocut.source import read_at_most
from linocut.text.script import script_files
from linocut.tooling import ToolError

if TYPE_CHECKING:
    from collections.abc import Sequence

VARIABLE = "LINOCUT_SPECTEST"
_BESIDE_CHECKOUT = Path(__file__).parents[4] / "shared" / "spectest"


_LARGEST = 1 << 27  # bytes of a script; the suite's largest has four million


class ChoiceError(ToolError):
    """There are no scripts to take; the text says why."""


class UnreadableError(Exception):
    """A script that is no text, or no file; `.line` is where. The others of a run go on."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def find_suite() -> Path | None:
    """The suite's folder: LINOCUT_SPECTEST, else ../shared/spectest beside a checkout; None without."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given)
    return _BESIDE_CHECKOUT if _BESIDE_CHECKOUT.is_dir() else None


def chosen(paths: Sequence[Path]) -> Sequence[Path]:
    """What was named, else the suite; ChoiceError if that is not there."""
    suite = find_suite()
    found = paths or ([suite] if suite else [])
    if not found:
        raise ChoiceError(
            f"the official suite is not here and nothing was run: set {VARIABLE} to its folder "
            "(test/ of github.com/WebAssembly/spec) or name scripts"
        )
    if missing := [str(path) for path in found if not path.exists()]:
        raise ChoiceError(f"no such file or folder: {', '.join(missing)}")
    return found


def scripts_of(paths: Sequence[Path]) -> list[Path]:
    """All scripts of what was named, else of the suite; ChoiceError if there are none."""
    found = chosen(paths)
    listed = list(script_files(found))
    if not listed:
        raise ChoiceError(f"no scripts in {', '.join(map(str, found))}")
    return listed


def read_script(path: Path) -> str:
    """A script's text; UnreadableError if there is none."""
    try:
        with path.open("rb") as file:
            return read_at_most(file, [], str(path), _LARGEST).decode()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UnreadableError(f"it is not UTF-8 at byte {error.start}", line) from None
    except OSError as error:
        raise UnreadableError(f"it cannot be read: {error.strerror}") from None
    except MalformedError as error:
        raise UnreadableError(str(error)) from None


def names_under(suite: Path, key: str) -> set[str]:
    """The names of the suite's scripts at or below `key`, as in `core/i32.wast`."""
    return {path.relative_to(suite).as_posix() for path in script_files([suite / key])}


def name_in_suite(path: Path, suite: Path | None) -> str | None:
    """`core/i32.wast` for a script of the suite, None for one from elsewhere."""
    if suite is None or not path.resolve().is_relative_to(suite.resolve()):
        return None
    return path.resolve().relative_to(suite.resolve()).as_posix()
