"""Several runs on one machine as one: a long comparison may be measured in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from linocut.bench.results import Results

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

T = TypeVar("T")


def merge(runs: Sequence[Results]) -> Results:
    """All that the runs measured; where two measured the same, the later one counts.

    Machine and date are the first one's, the commands and warnings everybody's.
    """
    first = runs[0]
    return Results(
        machine=first.machine,
        date=first.date,
        clock=first.clock,
        command="; ".join(run.command for run in runs),
        noise=" ".join(dict.fromkeys(run.noise for run in runs if run.noise)),
        left_out={name: why for run in runs for name, why in run.left_out.items()},
        engines=_by((e for run in runs for e in run.engines), lambda e: e.name),
        modules=_by((m for run in runs for m in run.modules), lambda m: (m.suite, m.name)),
        execution=_by((e for run in runs for e in run.execution), lambda e: (e.program, e.engine)),
        compilation=_by(
            (c for run in runs for c in run.compilation), lambda c: (c.module, c.engine, c.threads)
        ),
        start=_by((s for run in runs for s in run.start), lambda s: s.engine),
        calls=_by((c for run in runs for c in run.calls), lambda c: (c.engine, c.direction)),
        ablation=_by((v for run in runs for v in run.ablation), lambda v: (v.engine, v.name)),
    )


def _by(items: Iterable[T], key: Callable[[T], Hashable]) -> list[T]:
    return list({key(item): item for item in items}.values())
