"""The machine code of a dozen small functions is what it was: `make golden` accepts a change.

The expectations belong to one clang, whose name stands in golden/CLANG; another may choose other
encodings.
"""

from __future__ import annotations

from pathlib import Path

import linocut
import pytest

pytest.importorskip("capstone", reason="disassembly needs linocut[inspect]")
from linocut.inspecting.listing import Listing
from linocut.inspecting.listing_lines import listing_lines

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CASES = sorted((HERE / "cases").glob("*.wat"))


def clang() -> str:
    return (ROOT / "build" / "gen" / "DIGEST").read_text().splitlines()[1]


def machine_code(path: Path) -> str:
    module = linocut.load(path)
    first, end = module._code.defined_functions()
    listings = (Listing.of(module, function) for function in range(first, end))
    return "\n\n".join("\n".join(listing_lines(listing)) for listing in listings) + "\n"


def test_there_are_a_dozen() -> None:
    assert len(CASES) >= 12


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_machine_code(path: Path, request: pytest.FixtureRequest) -> None:
    expected = path.with_suffix(".txt")
    if request.config.getoption("--refresh"):
        (HERE / "CLANG").write_text(clang() + "\n")
        expected.write_text(machine_code(path))
        return
    wanted = (HERE / "CLANG").read_text().strip()
    if clang() != wanted:
        pytest.skip(f"the stencils come from {clang()}, the expectations from {wanted}")
    assert machine_code(path) == expected.read_text()
