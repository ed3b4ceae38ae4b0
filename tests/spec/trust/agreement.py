"""The results of engines for the whole suite, compared with the list of known disagreements."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.spec.check.judgement import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linocut.engines.engine import Engine
    from linocut.spec.check.verdicts import Checked

LIST = Path(__file__).with_name("disagreements.toml")


@dataclass(frozen=True)
class Known:
    """One row of the list: engines by name, files by id, who is wrong and why."""

    engines: tuple[str, ...]
    files: frozenset[str]
    wrong: str
    why: str


@dataclass(frozen=True)
class KnownList:
    """All rows, and for each engine the beginning of the versions that they are about."""

    rows: tuple[Known, ...]
    versions: Mapping[str, str]

    def is_about(self, engine: Engine) -> bool:
        """Is it one of the versions that the list is about?"""
        return engine.version.startswith(self.versions[engine.name])

    def compare(self, checked: Checked) -> list[str]:
        """The differences from the list, in sentences: failures of other files, and passes of listed ones."""
        name = checked.engine.name
        known = {id_ for row in self.rows if name in row.engines for id_ in row.files}
        failed = {verdict.entry.id: verdict.got for verdict in checked.failures}
        passed = {verdict.entry.id for verdict in checked.verdicts if verdict.result is Result.PASSED}
        news = [
            f"{name} disagrees with the manifest on {id_}: {failed[id_]}" for id_ in failed.keys() - known
        ]
        old = [f"{name} agrees with the manifest on {id_}, which is listed" for id_ in known & passed]
        return sorted(news + old)


def read_list(path: Path = LIST) -> KnownList:
    """The list that a file contains."""
    document = tomllib.loads(path.read_text())
    rows = (
        Known(tuple(row["engines"]), frozenset(row["files"]), row["wrong"], row["why"])
        for row in document["disagreement"]
    )
    return KnownList(tuple(rows), document["versions"])


def witnesses(good: Mapping[str, set[str]], ids: Iterable[str]) -> dict[int, int]:
    """How many files are passed by how many engines: number of engines → number of files."""
    counts = dict.fromkeys(range(len(good) + 1), 0)
    for id_ in ids:
        counts[sum(id_ in passed for passed in good.values())] += 1
    return counts
