"""What a run prints: a row for each script as it ends, the failures, the sums; or all of it as JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .outcome import ScriptReport

_HEADER = f"{'script':52}{'passed':>8}{'failed':>8}{'skipped':>8}  why skipped"


def print_header() -> None:
    """The heads of the table's columns."""
    print(_HEADER)


def print_row(report: ScriptReport) -> None:
    """The row of one script, and below it each of its failures."""
    failed, skipped = len(report.failures) or "", len(report.skips) or ""
    print(
        f"{_title(report):52}{report.passed:8}{failed:>8}{skipped:>8}  {_counts(report.features)}".rstrip(),
        flush=True,
    )
    for failure in report.failures:
        print(f"  {report.path}:{failure.line}: expected {failure.expected}; got {failure.got}")


def print_details(report: ScriptReport) -> None:
    """What -v adds: passes with another message than the suite's, and every skip with what was tried."""
    for note in report.notes:
        print(f"  {report.path}:{note.line}: passed, {note.note}")
    for skip in report.skips:
        print(f"  {report.path}:{skip.line}: skipped, needs {skip.feature}: {skip.detail}")


def print_sums(reports: Sequence[ScriptReport], surprises: Sequence[str], seconds: float) -> None:
    """The sums over all scripts, and how the skips differ from what is listed."""
    passed = sum(report.passed for report in reports)
    failed = sum(len(report.failures) for report in reports)
    skipped = _sum_features(reports)
    print(
        f"\n{len(reports)} scripts in {seconds:.1f} s: {passed} commands passed, {failed} failed, "
        f"{skipped.total()} need a later feature"
    )
    for feature, count in skipped.most_common():
        print(f"  {count:6}  {feature}")
    for surprise in surprises:
        print(f"UNEXPECTED  {surprise}")


def print_json(reports: Sequence[ScriptReport], surprises: Sequence[str], seconds: float) -> None:
    """One JSON object: `scripts` with their failures and skips by feature, `unexpected`, `seconds`."""
    document = {
        "scripts": [_as_json(report) for report in reports],
        "unexpected": list(surprises),
        "seconds": round(seconds, 3),
    }
    json.dump(document, sys.stdout, indent=1)
    print()


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
