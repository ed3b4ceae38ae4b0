"""core/jit/dispatch.cpp is compiled with a calling convention of its own: nothing but visitors may be in it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CODE = "TtWwVv"  # nm's letters for functions, global, local and weak
OWN = ("linocut::handler<", "void linocut::handler<", "linocut::(anonymous namespace)::")


@pytest.mark.parametrize("target", ["linocut_core", "linocut_ablation"])
def test_dispatch_holds_visitors_only(target: str) -> None:
    # An inline function of a library that were compiled here, too, could be the copy that the linker keeps for
    # everybody, and would not preserve its callers' registers.
    functions = [name for letter, name in symbols(target) if letter in CODE]
    assert len(functions) > 200
    assert [name for name in functions if not name.startswith(OWN)] == []


def test_the_product_asks_nothing() -> None:
    # A visitor that asks what is switched off is local to the other object: the linker cannot mix them up.
    product, ablation = symbols("linocut_core"), symbols("linocut_ablation")
    assert "linocut::PRODUCT_VISITORS" in {name for _, name in product}
    assert "linocut::ABLATION_VISITORS" in {name for _, name in ablation}
    asking = {name for letter, name in ablation if letter in CODE and "visit_binary<" in name}
    assert asking
    assert not {name for letter, name in ablation if letter in "TWV"} & asking


def symbols(target: str) -> list[tuple[str, str]]:
    """nm's letter and the name of what the target's object of dispatch.cpp defines."""
    objects = list((ROOT / "build").glob(f"dev/**/{target}.dir/**/dispatch.cpp.o"))
    if not objects or not shutil.which("nm"):
        pytest.skip("no build/dev or no nm here")
    lines = subprocess.run(
        ["nm", "-C", "--defined-only", str(objects[0])], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [(line[17:18], line[19:]) for line in lines]
