from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from constant_program import constant_program
from linocut.text.wat import wat_to_wasm


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache for the tests alone: they neither use anything from the user's cache nor add to it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LINOCUT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two WASI commands, whose checksums are 1 and 2, and a module that is not a command."""
    pytest.importorskip("wasmtime")
    made = tmp_path / "mine"
    made.mkdir()
    for name, checksum in (("one", "1"), ("two", "2")):
        (made / f"{name}.wasm").write_bytes(constant_program(checksum))
    (made / "library.wasm").write_bytes(wat_to_wasm('(module (func (export "f") nop))'))
    return made


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], str]:
    """Makes a command line, with {wasm} in it, that runs Python code; there `wasm` is the file's path."""

    def make(code: str) -> str:
        path = tmp_path / f"engine{len(list(tmp_path.glob('engine*')))}.py"
        path.write_text(f"import sys, pathlib\nwasm = pathlib.Path(sys.argv[1])\n{code}\n")
        return f"{sys.executable} {path} {{wasm}}"

    return make
