"""Machine code is a function of the module's bytes alone."""

from __future__ import annotations

import random

import linocut
import pytest
from linocut.text.wat import wat_to_wasm

pytest.importorskip("wasmtime")


def big_module() -> bytes:
    """Many functions that call each other, of many sizes."""
    chooser = random.Random(7)
    functions = []
    for n in range(3000):
        body = []
        for _ in range(chooser.randrange(40)):
            body.append(
                chooser.choice(
                    [
                        "(local.set 0 (i32.add (local.get 0) (i32.const 3)))",
                        f"(local.set 1 (call $f{chooser.randrange(3000)} (local.get 0) (local.get 1)))",
                        "(if (local.get 0) (then (local.set 1 (f64.sqrt (f64.load (local.get 0))))))",
                        "(local.set 0 (i32.div_s (local.get 0) (i32.load offset=8 (local.get 0))))",
                        "(block (block (br_table 0 1 0 1 (local.get 0))) (unreachable))",
                        "(local.set 2 (i64.trunc_f64_s (local.get 1)))",
                    ]
                )
            )
        functions.append(
            f"(func $f{n} (param i32 f64) (result f64) (local i64) {' '.join(body)} (local.get 1))"
        )
    return wat_to_wasm(f"(module (memory 1) {' '.join(functions)})")


def machine_code(wasm: bytes, threads: int) -> list[bytes]:
    code = linocut.load(wasm, threads=threads)._code
    first, end = code.defined_functions()
    return [code.listing(n).bytes for n in range(first, end)]


def test_the_same_bytes_give_the_same_code() -> None:
    wasm = big_module()
    assert machine_code(wasm, 1) == machine_code(wasm, 1)


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_code_does_not_depend_on_threads(threads: int) -> None:
    wasm = big_module()
    one, many = machine_code(wasm, 1), machine_code(wasm, threads)
    assert [len(code) for code in one] == [len(code) for code in many]
    different = [n for n, (a, b) in enumerate(zip(one, many, strict=True)) if a != b]
    assert not different, f"functions {different[:10]} differ"


@pytest.mark.parametrize("threads", [1, 2])
def test_the_first_broken_function_is_named(threads: int) -> None:
    good = "(func (result i32) (i32.const 1))" * 2000
    bad = "(func (result i32) (i64.const 1))"
    wasm = wat_to_wasm(f"(module {good} {bad} {good} {bad})")
    with pytest.raises(linocut.InvalidError) as caught:
        linocut.load(wasm, threads=threads)
    assert caught.value.function == 2000
