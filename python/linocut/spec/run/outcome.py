"""What became of a command, and of all commands of a script."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Passed:
    """The command did what the script says. `note` tells of a small difference, such as another message."""

    line: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The command did not do what the script says; what it says and what happened, in words."""

    line: int
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """The command was tried, and could not succeed without a feature that linocut does not have yet."""

    line: int
    feature: str
    detail: str


Outcome: TypeAlias = Passed | Failed | Skipped


@dataclass(slots=True)
class ScriptReport:
    """The outcomes of one script."""

    path: str
    """Where it is, as in a failure's file:line."""
    name: str | None
    """Its name in the official suite, such as `core/i32.wast`; None for a script from elsewhere."""
    assertions: int = 0
    passed: int = 0
    failures: list[Failed] = field(default_factory=list)
    skips: list[Skipped] = field(default_factory=list)
    notes: list[Passed] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count one more command."""
        if isinstance(outcome, Failed):
            self.failures.append(outcome)
        elif isinstance(outcome, Skipped):
            self.skips.append(outcome)
        else:
            self.passed += 1
            if outcome.note:
                self.notes.append(outcome)

    @property
    def features(self) -> dict[str, int]:
        """How many commands were skipped for want of each feature."""
        counts: dict[str, int] = {}
        for skip in self.skips:
            counts[skip.feature] = counts.get(skip.feature, 0) + 1
        return dict(sorted(counts.items()))
