"""core/jit/dispatch.cpp has a calling convention of its own, so it may contain nothing but visitors."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
BUILD = ROOT / os.environ.get("LINOCUT_BUILD", "build/dev")
CODE = "TtWwVv"  # nm's letters for functions, global, local and weak
OWN = (
    "linocut::handler<",
    "void linocut::handler<",
    "linocut::(anonymous namespace)::",
    "void linocut::(anonymous namespace)::",
)


# An inliner that does very little. Another compiler version or a distribution's flags (fortified functions
# count as larger) can come near that.
THRIFTY = (
    "--param=max-inline-insns-single=1",
    "--param=max-inline-insns-auto=1",
    "--param=early-inlining-insns=0",
    "--param=inline-unit-growth=0",
)


@pytest.mark.parametrize("target", ["linocut_core", "linocut_ablation"])
def test_dispatch_holds_visitors_only(target: str) -> None:
    # If an inline function of a library were compiled here, too, the linker might keep this copy for all
    # callers, whose registers it would not preserve.
    functions = functions_of(built(target))
    assert len(functions) > 200
    assert [name for name in functions if not name.startswith(OWN)] == []


def test_dispatch_holds_visitors_only_whatever_the_inliner_thinks(tmp_path: Path) -> None:
    target = tmp_path / "dispatch.o"
    built("linocut_core")
    commands = json.loads((BUILD / "compile_commands.json").read_text())
    command = next(
        shlex.split(c["command"])
        for c in commands
        if c["file"].endswith("/jit/dispatch.cpp") and "ablation" not in c["command"]
    )
    command[command.index("-o") + 1] = str(target)
    compiler = next(i for i, word in enumerate(command) if not word.endswith("ccache"))
    said = subprocess.run([command[compiler], "--version"], capture_output=True, text=True, check=True).stdout
    if "Free Software Foundation" not in said:
        pytest.skip(f"--param is g++'s, this is {said.splitlines()[0]}")
    subprocess.run([*command[compiler:], *THRIFTY], cwd=BUILD, check=True)
    functions = functions_of(target)
    assert len(functions) > 200
    assert [name for name in functions if not name.startswith(OWN)] == []


def test_the_product_asks_nothing() -> None:
    # Visitors that ask what is switched off are local to the other object: the linker cannot mix them up.
    product, ablation = symbols(built("linocut_core")), symbols(built("linocut_ablation"))
    assert "linocut::PRODUCT_VISITORS" in {name for _, name in product}
    assert "linocut::ABLATION_VISITORS" in {name for _, name in ablation}
    asking = {name for letter, name in ablation if letter in CODE and "visit_binary<" in name}
    assert asking
    assert not {name for letter, name in ablation if letter in "TWV"} & asking


def built(target: str) -> Path:
    """The object file that the target makes of dispatch.cpp."""
    objects = list(BUILD.glob(f"**/{target}.dir/**/dispatch.cpp.o"))
    if not objects or not shutil.which("nm"):
        pytest.skip(f"no {BUILD} or no nm here")
    return objects[0]


def functions_of(object_file: Path) -> list[str]:
    return [name for letter, name in symbols(object_file) if letter in CODE]


def symbols(object_file: Path) -> list[tuple[str, str]]:
    """nm's letter and the name of each symbol that the object file defines."""
    command = ["nm", "-C", "--defined-only", str(object_file)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [(line[17:18], line[19:]) for line in lines]
