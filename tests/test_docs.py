"""The code that docstrings and the README show works."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import linocut
import pytest
from linocut import _bridge, aio, errors, instance, limits, module, spec, types
from linocut.bench import harness
from linocut.fuzz import fuzzing
from linocut.inspecting import inspection
from linocut.spec.explode import exploding
from linocut.spec.run import running
from linocut.text import immediates, instructions

from linocut_isa import FEATURES, immediate

PUBLIC = [_bridge.Func, _bridge.Global, _bridge.Memory, _bridge.Store, _bridge.Table, _bridge.deadline]


def run(test: doctest.DocTest) -> None:
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(test)
    assert runner.failures == 0


@pytest.mark.parametrize(
    "source",
    [
        *(linocut, aio, errors, instance, limits, module, types, spec, running, exploding, fuzzing, harness),
        pytest.param(inspection, marks=pytest.mark.compiled),
        *(immediate, immediates, instructions),
    ],
    ids=lambda m: m.__name__,
)
def test_module_docstrings(source: ModuleType) -> None:
    tests = [test for test in doctest.DocTestFinder().find(source) if test.examples]
    for test in tests:
        run(test)


@pytest.mark.parametrize("value", PUBLIC, ids=lambda value: value.__name__)
def test_extension_docstrings(value: Any) -> None:
    test = doctest.DocTestParser().get_doctest(value.__doc__ or "", {}, value.__name__, None, None)
    assert test.examples
    run(test)


def test_every_public_class_and_method_has_a_docstring() -> None:
    for name in linocut.__all__:
        value = getattr(linocut, name)
        if name.startswith("_"):
            continue
        assert value.__doc__, name
        for member in vars(value) if isinstance(value, type) else ():
            if not member.startswith("_") and member not in value.__dict__.get("__slots__", ()):
                assert getattr(value, member).__doc__, f"{name}.{member}"


ROOT = Path(__file__).resolve().parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_makefile_has_every_command_that_the_pages_name() -> None:
    commands = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        for command in re.findall(r"(?:`|^    )make ([a-z0-9-]+)", page.read_text(), re.MULTILINE):
            assert command in commands, f"{page.name}: make {command}"


def test_opcodes_page_is_what_the_table_says(tmp_path: Path) -> None:
    pytest.importorskip("ziglang", reason="sizes in docs/opcodes.md belong to the pinned clang")
    page = tmp_path / "opcodes.md"
    subprocess.run([sys.executable, "-m", "stencilgen", "--docs", page], cwd=ROOT, check=True)
    assert page.read_text() == (ROOT / "docs" / "opcodes.md").read_text(), "run `make docs`"


def of_tiers(tiers: tuple[str, ...], supported: bool) -> str:
    return ", ".join(f.title for f in FEATURES if f.tier in tiers and f.is_supported == supported)


def test_readme_says_of_every_feature_whether_it_is_there() -> None:
    text = (ROOT / "README.md").read_text()
    for name, *tiers in (
        ("WebAssembly 2.0", "2.0"),
        ("WebAssembly 3.0", "3.0"),
        ("Beyond", "legacy", "proposal"),
    ):
        for supported, verdict in ((True, "yes"), (False, "**not yet**")):
            if titles := of_tiers(tuple(tiers), supported):
                assert f"| {name}: {titles} | {verdict}" in text


def test_readme_example_gives_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")
    text = (ROOT / "README.md").read_text()
    (example,) = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    exec(compile(example, "README.md", "exec"), {})
    said = re.findall(r"print\(.*?\)  # (.+)$", example, re.MULTILINE)
    assert capsys.readouterr().out.splitlines() == said


def test_architecture_names_every_file_of_the_core() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    for folder in ("validation", "code", "jit", "interp", "runtime"):
        for path in (path for path in (ROOT / "core" / folder).rglob("*") if path.is_file()):
            stem = path.name.partition(".")[0]
            assert f"`{stem}" in text or f"/{stem}" in text, f"{folder}/{path.name} is not in the index"
