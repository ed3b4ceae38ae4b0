"""A whole run: from the probes to the verdicts."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from linocut.spec.check.calibration import calibrate
from linocut.spec.check.crew import Crew
from linocut.spec.check.selection import select
from linocut.spec.check.verdicts import Checked, judge_all

if TYPE_CHECKING:
    from linocut.cli.progress import Progress
    from linocut.engines.checked.engine import Engine
    from linocut.spec.check.calibration import Calibration
    from linocut.spec.check.manifest import Folder
    from linocut.spec.check.selection import Selection, Wish


class Check:
    """A folder and an engine that has been calibrated for it.

    `jobs` files are run at once, each for `timeout` seconds at most. EngineError if it cannot be judged.
    """

    def __init__(self, engine: Engine, folder: Folder, wish: Wish, jobs: int, timeout: float) -> None:
        self._engine, self._folder, self._wish = engine, folder, wish
        self._jobs, self._timeout = jobs, timeout
        runner = engine.open(timeout)
        try:
            self.calibration: Calibration = calibrate(engine, runner, folder)
            lacks = self.calibration.lacks
            self._selection: Selection = select(folder.entries, wish, runner.abilities, lacks)
        finally:
            runner.close()

    def run(self, progress: Progress) -> Checked:
        """Give it the files, and judge what it does."""
        crew, begun = Crew(self._engine, self._folder, self._timeout, progress), perf_counter()
        is_whole = crew.run(self._selection.run, self._jobs)
        verdicts = judge_all(self._folder, self._selection, crew.signs, self.calibration, self._wish.strict)
        return Checked(
            self._engine,
            self._folder,
            self.calibration,
            crew.signs,
            verdicts,
            perf_counter() - begun,
            is_whole,
            crew.seconds,
        )
