"""Prints what pip must install: build requirements and the named extras of pyproject.toml.

pip cannot install a project's requirements without building the project, which needs them.
``--only`` leaves the build requirements out.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OWN_EXTRAS = re.compile(r"linocut\[([\w,]+)\]$")


def expand(extras: dict[str, list[str]], name: str) -> list[str]:
    """The requirements of one extra, its references to our other extras resolved."""
    found = []
    for requirement in extras[name]:
        if own := OWN_EXTRAS.match(requirement):
            found += [r for other in own[1].split(",") for r in expand(extras, other)]
        else:
            found.append(requirement)
    return found


def main() -> None:
    """One requirement a line, for `pip install -r`."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project: dict[str, Any] = tomllib.load(file)
    extras = project["project"]["optional-dependencies"]
    names = sys.argv[1:]
    if names[:1] == ["--only"]:
        wanted, names = [], names[1:]
    else:
        wanted = [*project["build-system"]["requires"], *project["tool"]["linocut"]["stencil-requires"]]
    for name in names:
        wanted += expand(extras, name)
    print("\n".join(dict.fromkeys(wanted)))


if __name__ == "__main__":
    main()
