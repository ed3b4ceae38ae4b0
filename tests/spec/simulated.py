"""Engines that behave in any way: linocut does the work, and the test decides what is shown of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from linocut.engines.checks.checker import Checker, Job
from linocut.engines.checks.outcome import OutcomeKind, Sign
from linocut.engines.engine import Engine, Kind
from linocut.engines.workers.check_jobs import answer
from linocut.engines.workers.linocut_check import Session, tell
from linocut.spec.check.checking import Check
from linocut.spec.check.manifest import open_folder
from linocut.spec.check.selection import Wish
from linocut.spec.check.verdicts import Checked
from linocut.tooling import Progress

Show = Callable[[str, Job], Sign]

CODES = {"ok": 0, "wrong": 1, "trap": 2, "exhaustion": 3, "invalid": 4, "malformed": 4, "unlinkable": 5}


def sign(code: int, signal: str | None = None) -> Sign:
    """An exit code, or a death by the signal of this name."""
    return Sign(f"exit {code}") if signal is None else Sign("signal 11", signal=signal)


def by_codes(**codes: int) -> Show:
    """An engine with an exit code for each outcome; `codes` are those that differ from the usual ones."""
    return lambda word, job: sign((CODES | codes)[word])


class Simulated:
    """A runner of such an engine, which shows what `show` says."""

    def __init__(self, show: Show, abilities: str = "text link host pack") -> None:
        self.abilities = frozenset(abilities.split())
        self._show = show
        self._session: Any = None

    def run(self, job: Job) -> Sign:
        request = {
            "file": job.file,
            "call": job.calls,
            "signal": job.signal,
            "link": [{"as": name, "file": file} for name, file in job.links],
        }
        if not job.same:
            self._session = None
        said, self._session = answer(self._session, lambda: Session(False), request, tell)
        return self._show(said.partition(" ")[0], job)

    def close(self) -> None:
        pass


class Judged:
    """A folder checked on an engine: the results by id, and whatever else the check found."""

    def __init__(self, checked: Checked) -> None:
        rows, self.calibration = checked.verdicts, checked.calibration
        self.results = {row.entry.id: str(row.result) for row in rows}
        self.got = {row.entry.id: row.got for row in rows}
        self.weak = {row.entry.id for row in rows if row.weak}

    @property
    def bad(self) -> dict[str, str]:
        """The results of files that did not pass, by id."""
        return {id_: result for id_, result in self.results.items() if result != "passed"}


def check(
    path: Path,
    show: Show,
    wish: Wish = Wish(),  # noqa: B008 - it is frozen
    meanings: dict[str, OutcomeKind] | None = None,
    abilities: str = "text link host pack",
) -> Judged:
    """Do what `linocut spec check` does, without its command line."""
    checker = Checker(lambda _: Simulated(show, abilities), meanings or {})
    engine = Engine("simulated", Kind.CUSTOM, "", checker=lambda _signal, _entry: checker)
    with open_folder(path) as folder:
        return Judged(Check(engine, folder, wish, 1, 10).run(Progress()))
