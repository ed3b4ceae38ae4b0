"""Every module text of the official suite: assembled as wasm-tools does it, refused where it is malformed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import linocut.wat
import pytest
from linocut.text.binary import Reader
from suite_texts import BY_THE_SPECIFICATION, OUTDATED, SUITE, name_of, scripts, texts_of

if TYPE_CHECKING:
    from pathlib import Path

if SUITE is None:
    pytest.skip("the official suite is not here", allow_module_level=True)
wasmtime = pytest.importorskip("wasmtime", reason="its parser is compared with")

# It knows no folded `try`, and refuses characters that hide text, which may be in strings.
REFUSED_BY_IT = {
    *(f"legacy/exceptions/core/{name}.wast" for name in ("rethrow", "throw", "try_catch", "try_delegate")),
    "core/names.wast",
}
each_script = pytest.mark.parametrize("path", scripts(), ids=name_of)


def of_wasm_tools(text: str | bytes) -> bytes | None:
    """None for what it refuses, such as a folded `try`."""
    try:
        return bytes(wasmtime.wat2wasm(text))
    except wasmtime.WasmtimeError:
        return None


@each_script
def test_the_same_bytes_as_of_another_parser(path: Path) -> None:
    """Names and other custom sections included."""
    for text in texts_of(path):
        if text.is_malformed or text.place in BY_THE_SPECIFICATION:
            continue
        theirs = of_wasm_tools(text.text)
        ours = linocut.wat.assemble(text.text)
        if theirs is None:
            assert text.script in REFUSED_BY_IT, text.place
        else:
            assert ours == theirs, text.place


def test_where_parsers_differ_only_types_do() -> None:
    """The exceptions are ones: both make modules with the same sections, of which types and uses differ."""
    assert SUITE is not None
    found = [t for script in {s for s, _ in BY_THE_SPECIFICATION} for t in texts_of(SUITE / script)]
    differing = [text for text in found if text.place in BY_THE_SPECIFICATION]
    assert len(differing) == len(BY_THE_SPECIFICATION)
    for text in differing:
        ours, theirs = linocut.wat.assemble(text.text), of_wasm_tools(text.text)
        assert theirs is not None
        assert ours != theirs
        assert [number for number, _ in sections(ours)] == [number for number, _ in sections(theirs)]


def sections(wasm: bytes) -> list[tuple[int, bytes]]:
    reader, found = Reader(wasm, 8), []
    while not reader.is_done:
        found.append((reader.byte(), reader.take(reader.unsigned())))
    return found


@each_script
def test_malformed_texts_are_refused(path: Path) -> None:
    for text in texts_of(path):
        if not text.is_malformed or text.place in OUTDATED:
            continue
        with pytest.raises(linocut.wat.TextError) as caught:
            linocut.wat.assemble(text.text)
        assert caught.value.line >= 1 and caught.value.column >= 1, text.place


def test_most_messages_begin_as_the_suite_expects() -> None:
    """Others say more of what was expected than it does."""
    malformed = [text for path in scripts() for text in texts_of(path) if text.is_malformed]
    assert len(malformed) > 1200
    as_expected = 0
    for text in malformed:
        try:
            linocut.wat.assemble(text.text)
        except linocut.wat.TextError as error:
            as_expected += str(error).startswith(text.message)
    assert as_expected > 0.6 * len(malformed)


@each_script
def test_what_is_printed_assembles_to_the_same_bytes(path: Path) -> None:
    for text in texts_of(path):
        if not text.is_malformed:
            wasm = linocut.wat.assemble(text.text)
            assert linocut.wat.assemble(linocut.wat.print(wasm)) == wasm, text.place
