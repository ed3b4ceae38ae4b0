"""What files are called: where a case is from and what must happen."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .files.case import Case

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
# Characters of an export's name: some of the suite's are long, and file systems end at 255 bytes.
_LONGEST = 60
_REFUSALS = ("module", "invalid", "malformed", "unlinkable")


class Names:
    """The names of one script's files; `source` is its path in the suite, such as `core/i32.wast`."""

    def __init__(self, source: str) -> None:
        path = source.removeprefix("core/").removesuffix(".wast")
        self.folder = path
        self._stem = path.rpartition("/")[2]
        self._used: Counter[str] = Counter()

    def of(self, case: Case) -> str:
        """`i32/i32.div_s-L42-trap`: a second one of that name ends with `-2`.

        Only letters, digits, dots, underscores and hyphens of an export's name are kept.
        """
        field = _UNSAFE.sub("_", case.name)[:_LONGEST]
        outcome = case.assertion if case.assertion in _REFUSALS else case.expect
        linked = "-linked" if case.links and case.assertion != "unlinkable" else ""
        return self._unique(f"{self._stem}{f'.{field}' if field else ''}-L{case.line}-{outcome}{linked}")

    def control(self, name: str, case: Case) -> str:
        """The name of the control twin of the file with that name."""
        return name.replace(f"-L{case.line}-{case.expect}", f"-L{case.line}-control")

    def pack(self, line: int) -> str:
        """The name of the file that has the assertions about the instance of that line."""
        return self._unique(f"{self._stem}-L{line}")

    def _unique(self, name: str) -> str:
        self._used[name] += 1
        count = self._used[name]
        return f"{self.folder}/{name}" + (f"-{count}" if count > 1 else "")
