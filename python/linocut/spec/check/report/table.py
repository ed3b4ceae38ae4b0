"""The table by folder and tier, and the sums below it."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from linocut.engines.checks.outcome import in_words
from linocut.spec.check.judgement import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.engines.checks.checker import Checker
    from linocut.engines.engine import Engine
    from linocut.spec.check.calibration import Calibration
    from linocut.spec.check.verdicts import Checked

_REASONS = 12
_TIERS = ("1.0", "2.0", "3.0", "proposal", "legacy")


def heading(engine: Engine, checker: Checker, calibration: Calibration) -> str:
    """Who is checked, and what the probes have taught."""
    name = f"{engine.name} ({engine.version})" if engine.version else engine.name
    lines = [name, f"  {calibration.describe()}"]
    lines += [f"  probe not as it should be: {note}" for note in calibration.notes]
    if calibration.bare:
        lines.append("  a good module with nothing to call looks refused: refusals cannot be judged")
    return "\n".join([*lines, *_lacking(checker, calibration)])


def _lacking(checker: Checker, calibration: Calibration) -> list[str]:
    """The features that are not there, by how their probes end; engines mostly end all of them alike."""
    ends: dict[str, list[str]] = {}
    for feature, outcome in calibration.lacks.items():
        key = outcome.sign.key
        end = key if key in checker.meanings else f"{key} ({in_words(outcome.kinds)})"
        ends.setdefault(end, []).append(feature)
    return [f"  lacks {', '.join(ends[end])}: a probe of each ends with {end}" for end in ends]


def table_lines(checked: Checked) -> Iterator[str]:
    """A row for each folder of the suite and tier in it; columns that are empty stay away."""
    rows: dict[tuple[str, str], Counter[Result]] = {}
    for verdict in checked.verdicts:
        folder = PurePosixPath(verdict.entry.source).parent.as_posix()
        rows.setdefault((folder, verdict.entry.tier), Counter())[verdict.result] += 1
    sums: Counter[Result] = sum(rows.values(), Counter())
    columns = [result for result in Result if sums[result] or result is Result.PASSED]
    width = max(len("folder"), *(len(folder) for folder, _ in rows)) + 2
    yield f"\n{'folder':{width}}{'tier':10}" + "".join(f"{column:>16}" for column in columns)
    for (folder, tier), counts in sorted(rows.items(), key=lambda row: (_TIERS.index(row[0][1]), row[0])):
        yield f"{folder:{width}}{tier:10}{_cells(counts, columns)}".rstrip()
    yield f"{'all':{width + 10}}{_cells(sums, columns)}".rstrip()
    yield from _sum_lines(checked, sums)


def _cells(counts: Counter[Result], columns: list[Result]) -> str:
    return "".join(f"{counts[column]:>16,}" if counts[column] else " " * 16 for column in columns)


def _sum_lines(checked: Checked, sums: Counter[Result]) -> Iterator[str]:
    run = sums.total() - sums[Result.SKIPPED]
    yield f"\n{sums[Result.PASSED]:,} of {run:,} passed in {checked.seconds:.1f} s"
    weak = sum(verdict.weak for verdict in checked.verdicts)
    if weak:
        yield f"{weak:,} of them trap while instantiating, which looks like a refusal in this engine"
    if sums[Result.SKIPPED]:
        yield f"{sums[Result.SKIPPED]:,} not applicable:"
        yield from _reason_lines(checked.reasons)


def _reason_lines(reasons: Counter[str]) -> Iterator[str]:
    """The most frequent ones; features come in many combinations."""
    listed = reasons.most_common(_REASONS)
    for reason, count in listed:
        yield f"  {count:7,}  {reason}"
    if rest := reasons.total() - sum(count for _, count in listed):
        yield f"  {rest:7,}  for {len(reasons) - len(listed)} other reasons (--json FILE has them)"
