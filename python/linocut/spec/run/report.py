"""What a run shows: a row for each script as it ends, the failures, the sums; or all of it as JSON."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .outcome import ScriptReport
    from .running import ScriptsRun

HEADER = f"{'script':52}{'passed':>8}{'failed':>8}{'skipped':>8}  why skipped"


def row_lines(report: ScriptReport) -> Iterator[str]:
    """The row of one script, and below it each of its failures."""
    failed, skipped = len(report.failures) or "", len(report.skips) or ""
    row = f"{_title(report):52}{report.passed:8}{failed:>8}{skipped:>8}  {_counts(report.features)}"
    yield row.rstrip()
    for failure in report.failures:
        yield f"  {report.path}:{failure.line}: expected {failure.expected}; got {failure.got}"


def detail_lines(report: ScriptReport) -> Iterator[str]:
    """What -v adds: passes with another message than the suite's, and every skip with what was tried."""
    for note in report.notes:
        yield f"  {report.path}:{note.line}: passed, {note.note}"
    for skip in report.skips:
        yield f"  {report.path}:{skip.line}: skipped, needs {skip.feature}: {skip.detail}"


def sum_lines(run: ScriptsRun) -> Iterator[str]:
    """The sums over all scripts, and how the skips differ from what is listed."""
    passed = sum(report.passed for report in run.reports)
    failed = sum(len(report.failures) for report in run.reports)
    skipped = _sum_features(run.reports)
    yield ""
    yield (
        f"{len(run.reports)} scripts in {run.seconds:.1f} s: {passed} commands passed, {failed} failed, "
        f"{skipped.total()} need a later feature"
    )
    for feature, count in skipped.most_common():
        yield f"  {count:6}  {feature}"
    for surprise in run.unexpected:
        yield f"UNEXPECTED  {surprise}"


def as_json(run: ScriptsRun) -> str:
    """One JSON object: `scripts` with their failures and skips by feature, `unexpected`, `seconds`."""
    document = {
        "scripts": [_as_json(report) for report in run.reports],
        "unexpected": run.unexpected,
        "seconds": round(run.seconds, 3),
    }
    return json.dumps(document, indent=1)


def _as_json(report: ScriptReport) -> dict[str, object]:
    return {
        "script": _title(report),
        "assertions": report.assertions,
        "passed": report.passed,
        "failed": [{"line": f.line, "expected": f.expected, "got": f.got} for f in report.failures],
        "skipped": report.features,
    }


def _title(report: ScriptReport) -> str:
    return report.name or report.path


def _counts(features: dict[str, int]) -> str:
    return ", ".join(f"{feature} {count}" for feature, count in features.items())


def _sum_features(reports: Sequence[ScriptReport]) -> Counter[str]:
    total: Counter[str] = Counter()
    for report in reports:
        total.update(report.features)
    return total
