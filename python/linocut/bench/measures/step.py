"""One fresh process of one engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Step:
    """`take` does it and leaves what it measured, or the error, in a row of the results.

    `weight` is a guess of how long it takes, by which steps of one measure and engine are compared.
    """

    measure: str
    subject: str
    engine: str
    take: Callable[[], None]
    weight: float = 1.0

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.measure, self.subject, self.engine)))
