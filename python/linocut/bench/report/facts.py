"""What a reader must know before the figures: where they come from, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.bench.report.disagreements import disagreements

if TYPE_CHECKING:
    from linocut.bench.results import Results


def facts(results: Results) -> dict[str, str]:
    """The machine, then date and command, as far as they are known."""
    said = {**results.machine, "date": results.date, "command": results.command}
    return {name: value for name, value in said.items() if value}


def warnings(results: Results) -> list[str]:
    """A noisy machine; what was not run; checksums that disagree."""
    left_out = [f"{name} was not run: {reason}" for name, reason in results.left_out.items()]
    return [*filter(None, [results.noise]), *left_out, *map(str, disagreements(results))]
