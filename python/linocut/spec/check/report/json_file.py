"""All results as one JSON object, for machines and for comparing two engines."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from linocut.spec.check.report.failures import again, expected

if TYPE_CHECKING:
    from pathlib import Path

    from linocut.spec.check.judgement import Verdict
    from linocut.spec.check.verdicts import Checked

FORMAT = 1


def write_json(checked: Checked, path: Path) -> None:
    """Counts, failures in full, why what was not run, and the result of every file by its id."""
    document = {
        "format": FORMAT,
        "engine": checked.engine.name,
        "version": checked.engine.version,
        "signal": checked.folder.signal,
        "seconds": round(checked.seconds, 3),
        "signs": {key: sorted(kinds) for key, kinds in checked.calibration.meanings.items()},
        "notes": checked.calibration.notes,
        "lacks": {feature: str(outcome) for feature, outcome in checked.calibration.lacks.items()},
        "counts": Counter(verdict.result for verdict in checked.verdicts),
        "not_applicable": checked.reasons,
        "failures": [_failure(checked, verdict) for verdict in checked.failures],
        "results": {verdict.entry.id: verdict.result for verdict in checked.verdicts},
    }
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _failure(checked: Checked, verdict: Verdict) -> dict[str, object]:
    entry = verdict.entry
    return {
        "id": entry.id,
        "result": verdict.result,
        "source": entry.source,
        "line": entry.line,
        "wast": entry.wast,
        "expected": expected(entry),
        "got": verdict.got,
        "again": again(checked, entry),
    }
