"""A whole run: scripts, one after the other, and what became of their commands."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import linocut
from linocut.spec import suite

from .expectations import surprises
from .runner import run_script

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from .outcome import ScriptReport


@dataclass
class ScriptsRun:
    """What came of a run; `is_whole` is false if the user did not want to wait for all of the `scripts`.

    `unexpected` says how the skips differ from those that are listed for the official suite.
    """

    scripts: list[Path]
    reports: list[ScriptReport] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    seconds: float = 0.0
    is_whole: bool = True

    @property
    def has_failed(self) -> bool:
        """Whether a command did something else than its script says, or a skip is not listed."""
        return bool(self.unexpected) or any(report.failures for report in self.reports)


def run_scripts(
    paths: Sequence[Path] = (),
    *,
    interpret: bool = False,
    begin: Callable[[Path], None] | None = None,
    end: Callable[[ScriptReport | None], None] | None = None,
) -> ScriptsRun:
    """Run .wast scripts and folders of them in linocut; without any, the official suite.

    `begin` is called before each script and `end` after it, with None where Ctrl-C ended it: then the run has
    what there is so far. Raises ChoiceError when there are no scripts there.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from linocut import spec
    >>> with TemporaryDirectory() as folder:
    ...     script = Path(folder, "two.wast")
    ...     _ = script.write_text('(assert_invalid (module (func (result i32))) "type mismatch")')
    ...     run = spec.run_scripts([script])
    >>> run.has_failed, run.reports[0].passed
    (False, 1)
    """
    return run_all(suite.scripts_of(paths), interpret, begin or _ignore, end or _ignore)


def _ignore(_: object) -> None:
    """By default nobody is told how the run goes."""


def run_all(
    scripts: list[Path],
    interpret: bool,
    begin: Callable[[Path], None],
    end: Callable[[ScriptReport | None], None],
) -> ScriptsRun:
    """The same for scripts that have been found, of which some may not be readable."""
    begun, folder = time.perf_counter(), suite.find_suite()
    load, run = partial(linocut.load, interpret=interpret), ScriptsRun(scripts)
    try:
        for path in scripts:
            begin(path)
            report = run_script(path, suite.name_in_suite(path, folder), load)
            run.reports.append(report)
            end(report)
    except KeyboardInterrupt:
        run.is_whole = False
        end(None)
    if folder and run.is_whole:
        run.unexpected = list(surprises(run.reports, folder))
    run.seconds = time.perf_counter() - begun
    return run
