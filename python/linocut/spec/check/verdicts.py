"""All verdicts of a run, in the manifest's order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linocut.spec.check.judgement import Result, Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linocut.engines.checks.checker import Checker
    from linocut.engines.checks.outcome import Sign
    from linocut.engines.engine import Engine
    from linocut.spec.check.calibration import Calibration
    from linocut.spec.check.manifest import Folder
    from linocut.spec.check.selection import Selection

_BAD = frozenset({Result.FAILED, Result.CRASHED, Result.TIMED_OUT})


@dataclass(frozen=True)
class Checked:
    """A run: by what, of what, and how it ended; not `is_whole` if the user did not want to wait.

    `took` has the seconds of each file by its entry's id.
    """

    engine: Engine
    checker: Checker
    folder: Folder
    calibration: Calibration
    signs: Mapping[str, Sign]
    verdicts: list[Verdict]
    seconds: float
    is_whole: bool
    took: Mapping[str, float] = field(default_factory=dict)

    @property
    def failures(self) -> list[Verdict]:
        """What fails the run."""
        return [verdict for verdict in self.verdicts if verdict.result in _BAD]

    @property
    def is_about_anything(self) -> bool:
        """Whether anything was judged."""
        return any(verdict.result is not Result.SKIPPED for verdict in self.verdicts)

    @property
    def reasons(self) -> Counter[str]:
        """Why how many were not judged."""
        skipped = (verdict for verdict in self.verdicts if verdict.result is Result.SKIPPED)
        return Counter(verdict.got for verdict in skipped)


def judge_all(
    folder: Folder,
    selection: Selection,
    signs: Mapping[str, Sign],
    calibration: Calibration,
    strict: bool,
) -> list[Verdict]:
    """Judge what was run, one for each entry; what was not has its reason."""
    outcomes = {id_: calibration.read(sign) for id_, sign in signs.items()}
    rows = []
    for entry in folder.entries:
        if entry.id in selection.left:
            verdict = Verdict(entry, Result.SKIPPED, selection.left[entry.id])
        elif entry.id not in outcomes:
            verdict = Verdict(entry, Result.SKIPPED, "interrupted before it was run")
        else:
            verdict = judge(entry, outcomes, calibration, strict)
        rows.append(verdict)
    return rows
