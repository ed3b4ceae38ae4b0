"""A whole run: from the probes to the verdicts."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from linocut.engines.checks.checker import EngineError
from linocut.spec.check.calibration import calibrate
from linocut.spec.check.crew import Crew
from linocut.spec.check.selection import Wish, select
from linocut.spec.check.verdicts import Checked, judge_all
from linocut.tooling import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.engines.engine import Engine
    from linocut.spec.check.calibration import Calibration
    from linocut.spec.check.manifest import Folder
    from linocut.spec.check.selection import Selection

_EVERYTHING = Wish()
_NOBODY = Progress()


def check_folder(
    folder: Folder,
    engine: Engine,
    *,
    wish: Wish = _EVERYTHING,
    jobs: int = 1,
    timeout: float = 10.0,
    progress: Progress = _NOBODY,
    calibrated: Callable[[Check], None] | None = None,
) -> Checked:
    """Run the test files that `explode_scripts` wrote on an engine, and judge what it does.

    `folder` is what `open_folder` gives. `jobs` files are run at once, each for `timeout` seconds at most;
    `calibrated` is called before the first of them. Ctrl-C gives what there is so far.

    Raises EngineError for an engine that cannot be judged.
    """
    check = Check(engine, folder, wish, jobs, timeout)
    if calibrated:
        calibrated(check)
    return check.run(progress)


class Check:
    """A folder and an engine that has been calibrated for it.

    `jobs` files are run at once, each for `timeout` seconds at most. EngineError if it cannot be judged.
    """

    def __init__(self, engine: Engine, folder: Folder, wish: Wish, jobs: int, timeout: float) -> None:
        if engine.checker is None:
            raise EngineError(f"nobody knows how {engine.name} takes test files")
        self.engine, self.checker = engine, engine.checker(folder.signal, folder.entry)
        self._folder, self._wish = folder, wish
        self._jobs, self._timeout = jobs, timeout
        runner = self.checker.open(timeout)
        try:
            self.calibration: Calibration = calibrate(self.checker, runner, folder)
            lacks = self.calibration.lacks
            self._selection: Selection = select(folder.entries, wish, runner.abilities, lacks)
        finally:
            runner.close()

    def run(self, progress: Progress) -> Checked:
        """Give it the files, and judge what it does."""
        begun = perf_counter()
        crew = Crew(self.engine.name, self.checker, self._folder, self._timeout, progress)
        is_whole = crew.run(self._selection.run, self._jobs)
        verdicts = judge_all(self._folder, self._selection, crew.signs, self.calibration, self._wish.strict)
        return Checked(
            self.engine,
            self.checker,
            self._folder,
            self.calibration,
            crew.signs,
            verdicts,
            perf_counter() - begun,
            is_whole,
            crew.seconds,
        )
