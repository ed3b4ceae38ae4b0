"""What a run shows: the table and the failures on the terminal, JSON and JUnit XML in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.spec.check.report.failures import print_failures
from linocut.spec.check.report.json_file import write_json
from linocut.spec.check.report.junit import write_junit
from linocut.spec.check.report.table import heading, print_table

if TYPE_CHECKING:
    from pathlib import Path

    from linocut.spec.check.verdicts import Checked

__all__ = ["heading", "write"]


def write(checked: Checked, json: Path | None, junit: Path | None, verbose: bool) -> None:
    """To those files first, since what is printed may go to a closed pipe."""
    if json:
        write_json(checked, json)
    if junit:
        write_junit(checked, junit)
    print_failures(checked, verbose)
    print_table(checked)
