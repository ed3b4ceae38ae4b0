"""Real modules, by package and digest: `packages.toml` lists them, a cache keeps them, none is committed.

    python tests/real/corpus.py          fetches all that are not in the cache yet
    python tests/real/corpus.py --quick  only those that `make unit` takes

The cache is `$LINOCUT_CORPUS`, else `~/.cache/linocut/corpus`: a file per module, named by its
SHA-256.
"""

from __future__ import annotations

import os
import sys
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from fetching import UnreachableError, fetch

TABLE = Path(__file__).parent / "packages.toml"


@dataclass(frozen=True)
class Package:
    """An archive in a registry: the modules in it, and the data that they work on, with their digests."""

    registry: str
    name: str
    version: str
    archive: str
    what: str
    modules: dict[str, str]
    data: dict[str, str] = field(default_factory=dict)
    quick: bool = False
    work: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    def path(self, ending: str) -> Path:
        """Where the only file lies whose name in the archive ends with `ending`; it is fetched if need be."""
        [digest] = {digest for file, digest in self.files.items() if file.endswith(ending)}
        self.ensure()
        return folder() / digest

    def ensure(self) -> None:
        """Fetch the package's files unless the cache has them all."""
        if not self.is_kept():
            fetch(self.archive, self.files, folder())

    def is_kept(self) -> bool:
        """Whether the cache has all files of the package."""
        return all((folder() / digest).exists() for digest in self.files.values())

    @property
    def files(self) -> dict[str, str]:
        """The digests of all files by their names in the archive."""
        return {**self.modules, **self.data}


def folder() -> Path:
    """The folder of the cache."""
    chosen = os.environ.get("LINOCUT_CORPUS")
    return Path(chosen) if chosen else Path.home() / ".cache" / "linocut" / "corpus"


@cache
def packages() -> dict[str, Package]:
    """All rows of the table, by the names of the packages."""
    rows = tomllib.loads(TABLE.read_text())["package"]
    return {row["name"]: Package(**row) for row in rows}


def main(arguments: list[str]) -> int:
    """Fetch the packages and print the progress."""
    wanted = [package for package in packages().values() if package.quick or "--quick" not in arguments]
    for index, package in enumerate(wanted, 1):
        print(f"{index} of {len(wanted)}: {package}", flush=True)
        try:
            package.ensure()
        except UnreachableError as error:
            print(error)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
