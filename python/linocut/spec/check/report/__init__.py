"""What a run shows: lines for a terminal, JSON and JUnit XML in files."""

from __future__ import annotations

from linocut.spec.check.report.failures import failure_lines
from linocut.spec.check.report.json_file import write_json
from linocut.spec.check.report.junit import write_junit
from linocut.spec.check.report.table import heading, table_lines

__all__ = ["failure_lines", "heading", "table_lines", "write_json", "write_junit"]
