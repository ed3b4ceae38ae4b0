"""Modules that nobody wrote: printed and assembled again they are the same, and so another parser reads them."""

from __future__ import annotations

import subprocess
import sys

import linocut.wat
import pytest
from linocut.fuzz.encode import encode
from linocut.fuzz.generate import generate
from linocut.fuzz.wat import to_text


@pytest.mark.parametrize("seed", range(150))
def test_the_fuzzers_modules(seed: int) -> None:
    program = generate(seed)
    wasm = encode(program)
    text = linocut.wat.print(wasm)
    again = linocut.wat.assemble(text)
    assert linocut.wat.print(again) == text
    written = linocut.wat.assemble(to_text(program))
    assert linocut.wat.assemble(linocut.wat.print(written)) == written
    assert len(again) <= len(wasm)


def test_another_parser_reads_the_same() -> None:
    wasmtime = pytest.importorskip("wasmtime")
    for seed in range(150):
        text = linocut.wat.print(encode(generate(seed)))
        assert bytes(wasmtime.wat2wasm(text)) == linocut.wat.assemble(text)


def test_the_extension_is_not_needed() -> None:
    code = (
        "import sys, linocut\n"
        "assert 'linocut.wat' not in sys.modules\n"
        "print(linocut.wat.print(linocut.wat.assemble('(func)')))\n"
        "assert 'linocut._core' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "(module\n  (type (;0;) (func))\n  (func (;0;) (type 0)))\n\n", done.stderr
