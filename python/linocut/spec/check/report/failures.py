"""Each failure: what it is about, what was to happen, what did, and how to see it again."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from linocut.spec.check.crew import job_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.spec.check.judgement import Verdict
    from linocut.spec.check.manifest import ManifestEntry
    from linocut.spec.check.verdicts import Checked

_SHOWN = 10


def failure_lines(checked: Checked, all_: bool) -> Iterator[str]:
    """The first of them, or all."""
    failures = checked.failures
    shown = failures if all_ else failures[:_SHOWN]
    for verdict in shown:
        yield _told(checked, verdict)
    if len(failures) > len(shown):
        yield f"\n… and {len(failures) - len(shown):,} more (-v lists them, --json FILE keeps them)"


def _told(checked: Checked, verdict: Verdict) -> str:
    entry = verdict.entry
    return (
        f"\n{verdict.result.upper()}  {entry.id}\n"
        f"  {entry.source}:{entry.line}: {entry.wast}\n"
        f"  expected {expected(entry)}\n"
        f"  got      {verdict.got}{_hint(verdict)}\n"
        f"  again:   {again(checked, entry)}"
    )


def _hint(verdict: Verdict) -> str:
    is_value = verdict.entry.expect == "ok" and verdict.entry.signal == "trap"
    return "; in this signal mode a wrong value traps" if is_value and verdict.got.startswith("trap") else ""


def expected(entry: ManifestEntry) -> str:
    """In words, with the suite's own where it has some."""
    return f"{entry.expect}: {entry.message}" if entry.message else entry.expect


def again(checked: Checked, entry: ManifestEntry) -> str:
    """The shell command that repeats one."""
    command, name = checked.checker.command, checked.engine.name
    if command and checked.folder.given.is_dir():
        return command(job_of(checked.folder, entry))
    how = ("--worker", name) if " " in name or "/" in name else ("--engine", name)
    return shlex.join(["linocut", "spec", "check", *how, str(checked.folder.given), "--only", entry.id])
