"""What became of an entry, held against what must become of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from linocut.engines.checks.outcome import OutcomeKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linocut.engines.checks.outcome import Outcome
    from linocut.spec.check.calibration import Calibration
    from linocut.spec.check.manifest import ManifestEntry


class Result(StrEnum):
    """The columns of the table."""

    PASSED = "passed"
    FAILED = "failed"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    SKIPPED = "not applicable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An entry's result; `got` says what the engine did, or why it was not asked.

    `weak`: it passed, but a refusal of the module would have looked the same.
    """

    entry: ManifestEntry
    result: Result
    got: str
    weak: bool = False


_WANTED = {
    "ok": frozenset({OutcomeKind.OK}),
    "trap": frozenset({OutcomeKind.TRAP}),
    "exhaustion": frozenset({OutcomeKind.EXHAUSTION}),
    "invalid": frozenset({OutcomeKind.REJECTED}),
    "malformed": frozenset({OutcomeKind.REJECTED}),
    "unlinkable": frozenset({OutcomeKind.UNLINKABLE}),
}
_AT_START = frozenset({OutcomeKind.TRAP, OutcomeKind.START_TRAP})
UNSHOWN = "a refusal looks like a good module that has nothing to call, in this engine"


def judge(
    entry: ManifestEntry, outcomes: Mapping[str, Outcome], calibration: Calibration, strict: bool = False
) -> Verdict:
    """The verdict on an entry that was run, as its control twin was; `outcomes` are by id.

    `strict`: that the engine says it does not support something is a failure.
    """
    outcome = outcomes[entry.id]
    kinds, got = outcome.kinds, str(outcome)
    if OutcomeKind.TIMEOUT in kinds:
        return Verdict(entry, Result.TIMED_OUT, got)
    if OutcomeKind.UNSUPPORTED in kinds and not strict:
        return Verdict(entry, Result.SKIPPED, "the engine says that it does not support this")
    wanted = _AT_START if entry.traps_at_start else _WANTED[entry.expect]
    if entry.calls is None and kinds & wanted & calibration.bare:
        return Verdict(entry, Result.SKIPPED, UNSHOWN)
    if not kinds & wanted:
        return Verdict(entry, Result.CRASHED if outcome.is_crash else Result.FAILED, got)
    doubt = _doubt(entry, outcomes)
    if doubt is None:
        is_weak = entry.traps_at_start and entry.control is None and OutcomeKind.REJECTED in kinds
        return Verdict(entry, Result.PASSED, got, is_weak)
    if doubt.is_crash:
        return Verdict(entry, Result.CRASHED, f"{got}, and so does its control twin")
    if OutcomeKind.UNSUPPORTED in doubt.kinds and not strict:
        return Verdict(entry, Result.SKIPPED, "the engine does not support what comes before the trap")
    return Verdict(entry, Result.FAILED, f"{got}, but that proves nothing: its control twin gives {doubt}")


def _doubt(entry: ManifestEntry, outcomes: Mapping[str, Outcome]) -> Outcome | None:
    """What the control twin did instead of ending well: the entry may have stopped for the same reason."""
    control = outcomes.get(entry.control) if entry.control else None
    return control if control is not None and OutcomeKind.OK not in control.kinds else None
