"""The machine code of a dozen small functions is what it was: `make golden` accepts a change.

The expectations belong to the version of clang that golden/CLANG names; another may choose other encodings.
NAME.txt is the code with the baseline's instructions; NAME.better.txt, where that differs, the code for a
processor that has more.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import linocut
import pytest

pytest.importorskip("capstone", reason="disassembly needs linocut[inspect]")
from linocut.inspecting.listing.lines import listing_lines
from linocut.inspecting.listing.listing import Listing

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


@cache
def all_code(is_baseline: bool) -> dict[str, str]:
    """The machine code by case, made in a process of its own, which decides once what instructions to use."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    environment.pop("LINOCUT_BASELINE", None)
    if is_baseline:
        environment["LINOCUT_BASELINE"] = "1"
    script = "import json, test_golden as t; print(json.dumps({p.stem: t.machine_code(p) for p in t.CASES}))"
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def has_better_instructions() -> bool:
    return all_code(False) != all_code(True)


def accept(path: Path) -> None:
    (HERE / "CLANG").write_text(clang() + "\n")
    plain, better = (all_code(is_baseline)[path.stem] for is_baseline in (True, False))
    path.with_suffix(".txt").write_text(plain)
    path.with_suffix(".better.txt").unlink(missing_ok=True)
    if better != plain:
        path.with_suffix(".better.txt").write_text(better)


def test_there_are_a_dozen() -> None:
    assert len(CASES) >= 12


@pytest.mark.compiled
@pytest.mark.parametrize("is_baseline", [True, False], ids=["baseline", "better"])
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_machine_code(path: Path, is_baseline: bool, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--refresh"):
        accept(path)
        return
    wanted = (HERE / "CLANG").read_text().strip()
    if clang() != wanted:
        pytest.skip(f"the stencils come from {clang()}, the expectations from {wanted}")
    if not is_baseline and not has_better_instructions():
        pytest.skip("the processor has no AVX2 or no FMA")
    better = path.with_suffix(".better.txt")
    expected = better if not is_baseline and better.exists() else path.with_suffix(".txt")
    assert all_code(is_baseline)[path.stem] == expected.read_text()
