"""The library and every command decide in the same way what is module text."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import linocut
import pytest
from linocut.source import is_text, read_module_file

pytest.importorskip("wasmtime", reason="reads module text")

FORM = '(module (func (export "_start")))'
TEXTS = {
    "plain": FORM,
    "line comment": f";; adds\n{FORM}",
    "block comment": f"(; adds (; much ;) ;)\n{FORM}",
    "white space": f" \t\r\n\n{FORM}",
    "byte order mark": f"\ufeff{FORM}",
    "mark, space, comment": f"\ufeff\n ;; adds\n{FORM}",
    "fields alone": '(func (export "_start"))',
}
WASM = bytes(linocut.load(FORM)._wasm)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_as_a_string_and_in_files_of_any_name(text: str, tmp_path: Path) -> None:
    assert [export.name for export in linocut.load(text).exports] == ["_start"]
    linocut.validate(text)
    for name in ("a.wat", "a.WAT", "a.txt", "a", "a.wasm"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        assert linocut.load(path)._wasm == linocut.load(str(path))._wasm == linocut.load(text)._wasm


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_on_standard_input(text: str) -> None:
    for command in ("run -", "inspect -", "diff - /dev/null"):
        done = subprocess.run(
            [sys.executable, "-m", "linocut", *command.split()],
            input=text.encode(), capture_output=True, timeout=60,
        )  # fmt: skip
        assert b"magic header" not in done.stderr
        assert b"No such file" not in done.stderr
        if "diff" not in command:
            assert (done.returncode, done.stderr) == (0, b"")


def test_a_binary_module_is_one_whatever_it_is_called(tmp_path: Path) -> None:
    for name in ("a.wat", "a.wasm", "a"):
        path = tmp_path / name
        path.write_bytes(WASM)
        assert linocut.load(path)._wasm == WASM


def test_what_begins_as_neither_is_judged_by_its_name(tmp_path: Path) -> None:
    for name, message in (("a.wat", "line 1, column 1"), ("a.wasm", "magic header not detected")):
        (tmp_path / name).write_text("module")
        with pytest.raises(linocut.MalformedError, match=message):
            linocut.load(tmp_path / name)


def test_any_other_string_is_a_path() -> None:
    for path in ("module.wat", "", "\n", "; no comment"):
        with pytest.raises(FileNotFoundError):
            linocut.load(path)
    with pytest.raises(TypeError):
        linocut.load(5)  # type: ignore[arg-type]


def test_bytes_are_never_text() -> None:
    for text in TEXTS.values():
        for given in (text.encode(), bytearray(text.encode()), memoryview(text.encode())):
            with pytest.raises(linocut.MalformedError, match="text is given as a str"):
                linocut.load(given)
            with pytest.raises(linocut.MalformedError, match="text is given as a str"):
                linocut.validate(given)


@pytest.mark.parametrize("content", [b"(module \xff)", "(module)".encode("utf-16"), b"\n\n(\xe9)"])
def test_text_that_is_not_utf_8_says_where(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.wat").write_bytes(content)
    with pytest.raises(linocut.MalformedError, match=r"malformed UTF-8 encoding \(line \d, column \d\)"):
        linocut.load(tmp_path / "a.wat")


def test_half_a_character() -> None:
    with pytest.raises(linocut.MalformedError, match="UTF-8"):
        linocut.load("(\ud800)")


def test_no_more_is_read_than_shows_that_it_is_no_module() -> None:
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size: int = -1) -> bytes:
            self.asked += size
            return b"\0" * size

    endless = Endless()
    assert set(read_module_file(endless, "zeros")) == {0}  # type: ignore[arg-type]
    assert endless.asked <= 1 << 20


def test_is_text_looks_at_no_more_than_the_beginning() -> None:
    assert not is_text(b"\0asm(")
    assert not is_text(b"\0asm(", "a.wat")
    assert is_text(b"", "a.WaT")
    assert not is_text(b"")
