"""Assembling module text into bytes."""

from __future__ import annotations

import sys

import pytest
from linocut.errors import Error, MalformedError
from linocut.text.wat import wat_to_wasm

HEADER = b"\0asm\x01\0\0\0"


def test_a_module_and_bare_fields():
    pytest.importorskip("wasmtime")
    assert wat_to_wasm("(module)") == HEADER
    assert wat_to_wasm(b"(func)") == wat_to_wasm("(module (func))") != HEADER


def test_hidden_characters_in_strings_are_allowed():
    pytest.importorskip("wasmtime")
    assert wat_to_wasm('(import "\u202e\\"" "\u2066" (func))') == wat_to_wasm(
        '(import "\\u{202e}\\"" "\\u{2066}" (func))'
    )


@pytest.mark.parametrize("text", ["(module", "(func i32.nonsense)", b'(import "\xff" "" (func))'])
def test_text_that_does_not_parse(text: str | bytes):
    pytest.importorskip("wasmtime")
    with pytest.raises(MalformedError):
        wat_to_wasm(text)


def test_the_error_says_where():
    pytest.importorskip("wasmtime")
    with pytest.raises(MalformedError, match=r"line 2, column 2"):
        wat_to_wasm("(func\n i32.nonsense)")


def test_without_the_parser_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "wasmtime", None)
    with pytest.raises(Error, match=r"pip install 'linocut\[wat\]'"):
        wat_to_wasm("(module)")
