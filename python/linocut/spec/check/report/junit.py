"""JUnit XML, which continuous integration shows."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from typing import TYPE_CHECKING

from linocut.spec.check.judgement import Result
from linocut.spec.check.report.failures import again, expected

if TYPE_CHECKING:
    from pathlib import Path

    from linocut.spec.check.judgement import Verdict
    from linocut.spec.check.verdicts import Checked

# The elements that the format has for them; a crash and a timeout are errors, not failed assertions.
_ELEMENTS = {
    Result.FAILED: "failure",
    Result.CRASHED: "error",
    Result.TIMED_OUT: "error",
    Result.SKIPPED: "skipped",
}
_ATTRIBUTES = {"failure": "failures", "error": "errors", "skipped": "skipped"}
# Characters that XML 1.0 cannot hold, not even as references.
_UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(checked: Checked, path: Path) -> None:
    """A test suite for each script, a test case for each file."""
    suites = ET.Element(
        "testsuites", {"name": _clean(checked.engine.name)} | _sums(checked, checked.verdicts)
    )
    by_source: dict[str, list[Verdict]] = {}
    for verdict in checked.verdicts:
        by_source.setdefault(verdict.entry.source, []).append(verdict)
    for source, verdicts in by_source.items():
        suites.append(_suite(checked, source, verdicts))
    ET.ElementTree(suites).write(path, encoding="utf-8", xml_declaration=True)


def _suite(checked: Checked, source: str, verdicts: list[Verdict]) -> ET.Element:
    suite = ET.Element("testsuite", {"name": source} | _sums(checked, verdicts))
    for verdict in verdicts:
        took = _seconds(checked.took.get(verdict.entry.id, 0.0))
        case = ET.SubElement(suite, "testcase", name=verdict.entry.id, classname=source, time=took)
        name = _ELEMENTS.get(verdict.result)
        if name == "skipped":
            ET.SubElement(case, name, message=_clean(verdict.got))
        elif name:
            detail = ET.SubElement(case, name, message=_clean(verdict.got), type=verdict.result)
            detail.text = _clean(_detail(checked, verdict))
    return suite


def _sums(checked: Checked, verdicts: list[Verdict]) -> dict[str, str]:
    """How many there are of each kind, and how long they took one after the other."""
    counts = Counter(_ELEMENTS.get(verdict.result) for verdict in verdicts)
    sums = {attribute: str(counts[name]) for name, attribute in _ATTRIBUTES.items()}
    took = sum(checked.took.get(verdict.entry.id, 0.0) for verdict in verdicts)
    return {"tests": str(len(verdicts)), **sums, "time": _seconds(took)}


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"


def _detail(checked: Checked, verdict: Verdict) -> str:
    entry = verdict.entry
    return f"{entry.source}:{entry.line}: {entry.wast}\nexpected {expected(entry)}\n{again(checked, entry)}"


def _clean(text: str) -> str:
    return _UNSPEAKABLE.sub("\ufffd", text)
