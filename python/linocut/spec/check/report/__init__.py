"""What a run shows: the table and the failures on the terminal, JSON and JUnit XML in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.spec.check.report.failures import print_failures
from linocut.spec.check.report.json_file import write_json
from linocut.spec.check.report.junit import write_junit
from linocut.spec.check.report.table import heading, print_table

if TYPE_CHECKING:
    import argparse

    from linocut.spec.check.verdicts import Checked

__all__ = ["heading", "write"]


def write(checked: Checked, options: argparse.Namespace) -> None:
    """All that the options ask for; files first, since what is printed may go to a closed pipe."""
    if options.json:
        write_json(checked, options.json)
    if options.junit:
        write_junit(checked, options.junit)
    print_failures(checked, options.verbose)
    print_table(checked)
