from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from pathlib import Path

import linocut
import pytest
from linocut import ExportType, FuncType, GlobalType, ImportType, MemoryType, TableType

EMPTY = b"\0asm\1\0\0\0"
ADD = """(module $adder
  (import "env" "f" (func (param i32) (result i64 f64)))
  (import "env" "m" (memory 1 2))
  (import "env" "t" (table 3 funcref))
  (import "other" "g" (global (mut i32)))
  (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
  (memory (export "own") 1)
  (table (export "elements") 4 9 externref)
  (global (export "answer") i64 (i64.const 42)))
""".replace('(memory (export "own") 1)', "")
ANSWER = '(module (func (export "answer") (result i32) i32.const 42))'


def test_load_takes_bytes_paths_and_text(tmp_path: Path) -> None:
    binary = tmp_path / "empty.wasm"
    binary.write_bytes(EMPTY)
    text = tmp_path / "answer.wat"
    text.write_text(ANSWER)
    for source in (EMPTY, bytearray(EMPTY), memoryview(EMPTY), binary, str(binary)):
        assert linocut.load(source).exports == ()
    for source in (ANSWER, "\n  " + ANSWER, text, str(text)):
        assert linocut.load(source).instantiate().exports.answer() == 42


def test_load_of_a_missing_file_says_so() -> None:
    with pytest.raises(FileNotFoundError):
        linocut.load("no/such/file.wasm")


def test_types_of_imports_and_exports() -> None:
    module = linocut.load(ADD)
    assert module.imports == (
        ImportType("env", "f", FuncType(["i32"], ["i64", "f64"])),
        ImportType("env", "m", MemoryType(1, 2)),
        ImportType("env", "t", TableType("funcref", 3)),
        ImportType("other", "g", GlobalType("i32", mutable=True)),
    )
    assert module.exports == (
        ExportType("add", FuncType(["i32", "i32"], ["i32"])),
        ExportType("elements", TableType("externref", 4, 9)),
        ExportType("answer", GlobalType("i64")),
    )
    assert module.name == "adder"
    assert linocut.load(EMPTY).name is None


def test_custom_sections() -> None:
    def custom(name: bytes, content: bytes) -> bytes:
        return bytes([0, len(name) + len(content) + 1, len(name)]) + name + content

    module = linocut.load(EMPTY + custom(b"a", b"1") + custom(b"b", b"") + custom(b"a", b"22"))
    assert module.custom_sections("a") == (b"1", b"22")
    assert module.custom_sections("b") == (b"",)
    assert module.custom_sections("c") == ()


def test_pickle_compiles_again() -> None:
    module = pickle.loads(pickle.dumps(linocut.load(ANSWER, threads=1)))
    assert module.instantiate().exports.answer() == 42


def test_a_module_makes_any_number_of_instances_in_any_thread() -> None:
    module = linocut.load(ANSWER)
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(module.instantiate().exports.answer()))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [42] * 8


def test_loading_twice_gives_independent_modules() -> None:
    first, second = linocut.load(ANSWER), linocut.load(ANSWER)
    kept = first.instantiate().exports.answer
    del first
    assert second.instantiate().exports.answer() == kept() == 42


@pytest.mark.parametrize("threads", [0, -1])
def test_threads_must_be_positive(threads: int) -> None:
    with pytest.raises(ValueError, match="threads must be at least 1"):
        linocut.load(EMPTY, threads=threads)


def test_malformed_and_invalid_modules_say_where() -> None:
    with pytest.raises(linocut.MalformedError) as malformed:
        linocut.load(EMPTY + b"\1\5\1\x60")
    assert malformed.value.offset is not None
    # a body that leaves its result out
    body = b"\1\5\1\x60\0\1\x7f\3\2\1\0\x0a\4\1\2\0\x0b"
    with pytest.raises(linocut.InvalidError) as invalid:
        linocut.load(EMPTY + body)
    assert invalid.value.function == 0
    assert invalid.value.offset == len(EMPTY + body) - 1
    assert isinstance(invalid.value, linocut.ModuleError)
    assert isinstance(invalid.value, linocut.Error)


@pytest.mark.parametrize(
    "text",
    [
        "(module)",
        "(module (func (result i32) (i32.const 1)))",
        "(module (func (result i32) (i64.const 1)))",
        "(module (func (param i32) (local.set 7 (local.get 0))))",
        "(module (func unreachable (i32.add) (drop)))",
    ],
)
def test_validation_alone_says_what_compiling_says(text: str) -> None:
    def verdict(judge: Callable[[str], object]) -> tuple[str, int | None] | None:
        try:
            judge(text)
        except linocut.ModuleError as error:
            return str(error), error.offset
        return None

    assert verdict(linocut.validate) == verdict(linocut.load)


def test_module_errors_can_be_pickled() -> None:
    with pytest.raises(linocut.MalformedError) as caught:
        linocut.load(b"")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value)
    assert copy.offset == caught.value.offset
