"""What `linocut spec explode` wrote: the test files of a folder or a zip, and what each must do."""

from __future__ import annotations

import json
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from linocut.tooling import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = 1
# In a manifest there is one space between two words.
_TRAPPING_MODULE = "(assert_trap (module"


class FolderError(ToolError):
    """A folder is not one of test files; the text says why."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A module to instantiate before the one under test, and the name to offer its exports under."""

    name: str
    file: str


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One line of the manifest; docs/exploder.md says what each key means."""

    id: str
    file: str
    source: str
    line: int
    wast: str
    assertion: str
    expect: str
    tier: str
    message: str | None = None
    signal: str | None = None
    entry: str | None = None
    export: str | None = None
    features: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    control: str | None = None
    link: tuple[Provider, ...] = ()

    @property
    def calls(self) -> str | None:
        """The export to call; None where loading and instantiating is all of the test."""
        return self.export or self.entry

    @property
    def is_text(self) -> bool:
        """Whether it can only be given to an engine that reads the text format."""
        return self.file.endswith(".wat")

    @property
    def traps_at_start(self) -> bool:
        """Whether the trap comes while instantiating and not in the entry."""
        return self.expect == "trap" and self.wast.startswith(_TRAPPING_MODULE)


@dataclass(frozen=True)
class Folder:
    """Test files that lie in `path`: how they tell a wrong value, what they export, all entries in order.

    `given` is the user's path of them, which may be an archive's.
    """

    path: Path
    given: Path
    signal: str
    entry: str
    entries: tuple[ManifestEntry, ...]

    def file(self, entry: ManifestEntry) -> str:
        """The path of an entry's file."""
        return str(self.path / entry.file)


@contextmanager
def open_folder(path: Path) -> Iterator[Folder]:
    """The folder; a zip is unpacked for as long as it is open. FolderError if it is neither."""
    if path.is_dir():
        yield _read(path, path)
    elif path.is_file() and zipfile.is_zipfile(path):
        with TemporaryDirectory(prefix="linocut-") as unpacked, zipfile.ZipFile(path) as archive:
            archive.extractall(unpacked)
            yield _read(_root(Path(unpacked)), path)
    else:
        raise FolderError(f"{path} is neither a folder nor a zip")


def _root(unpacked: Path) -> Path:
    """An archive may hold the folder's content, or the folder."""
    inside = list(unpacked.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else unpacked


def _read(path: Path, given: Path) -> Folder:
    try:
        summary = json.loads((path / "summary.json").read_text(encoding="utf-8"))
        lines = (path / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
        entries = tuple(_entry(json.loads(line)) for line in lines)
        folder = Folder(path, given, summary["signal"], summary["entry"], entries)
    except OSError as error:
        raise FolderError(f"{path} was not made by linocut spec explode: {error}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise FolderError(f"{path} has a manifest that cannot be read: {error!r}") from None
    if summary.get("format") != FORMAT:
        raise FolderError(f"{path} has format {summary.get('format')}, this linocut reads {FORMAT}")
    return folder


_KEYS = frozenset(field.name for field in fields(ManifestEntry))


def _entry(line: dict[str, Any]) -> ManifestEntry:
    """What of a line is of use here; keys that are not known are a later version's."""
    known = {key: value for key, value in line.items() if key in _KEYS}
    known["features"] = tuple(line.get("features") or ())
    known["imports"] = tuple(line.get("imports") or ())
    known["link"] = tuple(Provider(item["as"], item["file"]) for item in line.get("link") or ())
    return ManifestEntry(**known)
