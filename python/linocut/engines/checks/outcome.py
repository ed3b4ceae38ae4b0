"""What an engine did with a file: first as it shows (a sign), then as what it means (an outcome)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OutcomeKind(StrEnum):
    """What can become of a file. The worker protocol has these words, and `unknown` for anything else."""

    OK = "ok"
    WRONG = "wrong"
    TRAP = "trap"
    START_TRAP = "trap while instantiating"
    EXHAUSTION = "exhaustion"
    REJECTED = "rejected"
    UNLINKABLE = "unlinkable"
    UNSUPPORTED = "unsupported"
    CRASH = "crash"
    TIMEOUT = "timeout"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sign:
    """How a run ended, as far as can be seen from outside.

    `key` is what is compared with what the probes gave ("exit 1", "says trap"), `output` the last that the
    engine printed. `signal` is the name of the signal that ended its process, by whichever way that is said.
    """

    key: str
    output: str = ""
    signal: str | None = None

    def __str__(self) -> str:
        said = next(iter(reversed(self.output.strip().splitlines())), "")
        ended = f"{self.key} by {self.signal}" if self.signal else self.key
        return f"{ended} ({said[:200]})" if said else ended


# What no engine can be taught another meaning of.
TIMED_OUT = "timeout"
DIED = "died"
# How the key of a sign begins that is a death by signal, seen by the parent and not said by an exit code.
SIGNALLED = "signal "


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sign means: more than one kind where the engine shows them alike."""

    kinds: frozenset[OutcomeKind]
    sign: Sign

    @property
    def is_crash(self) -> bool:
        """Whether a signal ended it: an exit code that says so may be the engine's own way to trap."""
        return OutcomeKind.CRASH in self.kinds or self.sign.key.startswith(SIGNALLED)

    def __str__(self) -> str:
        return f"{in_words(self.kinds)}: {self.sign}"


def in_words(kinds: frozenset[OutcomeKind]) -> str:
    """The kinds, in their order; of the two traps the plainer will do."""
    said = kinds - {OutcomeKind.START_TRAP} if OutcomeKind.TRAP in kinds else kinds
    return " or ".join(kind for kind in OutcomeKind if kind in said)
