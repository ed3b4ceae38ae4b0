"""The suite in a folder, and the results of the installed engines for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linocut.engines.found import Absent
from linocut.engines.registry import CHECKED
from linocut.spec.check.checking import Check
from linocut.spec.check.judgement import Result
from linocut.spec.check.selection import Wish
from linocut.tooling import Progress

from trust.agreement import read_list

if TYPE_CHECKING:
    from collections.abc import Collection

    from linocut.engines.engine import Engine
    from linocut.spec.check.manifest import Folder, ManifestEntry
    from linocut.spec.check.verdicts import Checked

# The engines that run within a worker, the fastest first.
ENGINES = ("linocut", "node", "wasmtime")
_TIMEOUT = 30.0


@dataclass(frozen=True)
class Trial:
    """An unchanged folder, and its runs by the names of the engines."""

    folder: Folder
    runs: dict[str, Checked]
    jobs: int = 1

    def good(self) -> dict[str, set[str]]:
        """The ids of the files that pass, by engine."""
        return {engine: passed(checked) for engine, checked in self.runs.items()}

    def witness(self, ids: Collection[str]) -> dict[str, set[str]]:
        """The ids by the first engine that passes the file; files that none passes are left out."""
        shared, left = {}, set(ids)
        for engine, good in self.good().items():
            shared[engine] = left & good
            left -= good
        return shared


def try_all(folder: Folder, jobs: int = 1) -> Trial:
    """Run the folder on all engines that are installed."""
    return Trial(folder, {engine: run(folder, engine, None, jobs) for engine in engines()}, jobs)


def engines() -> list[str]:
    """The installed engines in a version that the list of known disagreements is about."""
    known = read_list()
    return [name for name in ENGINES if (found := _find(name)) and known.is_about(found)]


def run(folder: Folder, engine: str, ids: Collection[str] | None = None, jobs: int = 1) -> Checked:
    """Run the folder's files on an engine, or only those with these ids and their control twins."""
    found = _find(engine)
    assert found is not None
    entries = folder.entries if ids is None else _with_twins(folder, ids)
    return Check(found, replace(folder, entries=entries), Wish(), jobs, _TIMEOUT).run(Progress())


def passed(checked: Checked) -> set[str]:
    """The ids of the files that passed."""
    return {verdict.entry.id for verdict in checked.verdicts if verdict.result is Result.PASSED}


def _find(name: str) -> Engine | None:
    try:
        return CHECKED[name]()
    except Absent:
        return None


def _with_twins(folder: Folder, ids: Collection[str]) -> tuple[ManifestEntry, ...]:
    wanted = set(ids) | {entry.control for entry in folder.entries if entry.id in ids}
    return tuple(entry for entry in folder.entries if entry.id in wanted)
