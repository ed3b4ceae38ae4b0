"""core/jit/dispatch.cpp is compiled with a calling convention of its own: nothing but visitors may be in it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CODE = "TtWwVv"  # nm's letters for functions, global, local and weak
OWN = ("linocut::handler<", "void linocut::handler<", "linocut::(anonymous namespace)::")


def test_dispatch_holds_visitors_only() -> None:
    # An inline function of a library that were compiled here, too, could be the copy that the linker keeps for
    # everybody, and would not preserve its callers' registers.
    objects = list((ROOT / "build").glob("dev/**/dispatch.cpp.o"))
    if not objects or not shutil.which("nm"):
        pytest.skip("no build/dev or no nm here")
    lines = subprocess.run(
        ["nm", "-C", "--defined-only", str(objects[0])], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    functions = [line[19:] for line in lines if line[17:18] in CODE]
    assert len(functions) > 200
    assert [name for name in functions if not name.startswith(OWN)] == []
