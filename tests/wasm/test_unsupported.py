"""A valid module that needs what linocut lacks is not malformed: the refusal names the feature."""

from __future__ import annotations

import linocut
import pytest
from linocut.text.binary import unsigned

from linocut_isa import FEATURES
from linocut_isa import OPCODES as OPCODE_ROWS

HEADER = b"\0asm\1\0\0\0"
EMPTY_TYPE = b"\1\x60\0\0"
UNREACHABLE, END = b"\0", b"\x0b"


def section(id: int, contents: bytes) -> bytes:
    return bytes([id]) + unsigned(len(contents)) + contents


def function(code: bytes, locals: bytes = b"\0") -> bytes:
    body = locals + code + END
    code_section = section(10, b"\1" + unsigned(len(body)) + body)
    return HEADER + section(1, EMPTY_TYPE) + section(3, b"\1\0") + section(5, b"\1\0\1") + code_section


def opcode(code: int) -> bytes:
    return bytes([code]) if code < 0x100 else bytes([code >> 16]) + unsigned(code & 0xFFFF)


OPCODES = [(row.missing.name, row.number) for row in OPCODE_ROWS if row.missing]
LATER = [f for f in FEATURES if not f.is_supported]
# 0x63 and 0x64 are followed by a heap type, 0x62 by a reference's.
TYPES = [(f.name, byte) for f in LATER for byte in f.types if byte != 0x62]
FORMS = [(f.name, byte) for f in LATER for byte in f.forms]


def refusal(wasm: bytes) -> linocut.UnsupportedError:
    """The error, which is the same for validating, compiling and interpreting."""
    errors = []
    for judge in (linocut.validate, linocut.load, lambda source: linocut.load(source, interpret=True)):
        with pytest.raises(linocut.UnsupportedError) as caught:
            judge(wasm)
        errors.append(caught.value)
    assert len({(str(error), error.offset, error.function, error.feature) for error in errors}) == 1
    return errors[0]


def test_every_feature_says_by_what_it_is_recognised() -> None:
    assert {"wide-arithmetic", "gc", "tail-call"} <= {name for name, _ in OPCODES}


@pytest.mark.parametrize(
    ("feature", "code"), OPCODES, ids=lambda value: f"{value:x}" if isinstance(value, int) else ""
)
def test_opcodes(feature: str, code: int) -> None:
    reached, unreached = refusal(function(opcode(code))), refusal(function(UNREACHABLE + opcode(code)))
    assert (reached.feature, reached.function) == (feature, 0)
    assert (unreached.feature, unreached.offset) == (feature, (reached.offset or 0) + 1)
    assert str(reached).startswith(f"opcode 0x{opcode(code)[0]:02X}")
    assert f'(feature "{feature}")' in str(reached)


@pytest.mark.parametrize(("feature", "code"), [("gc", 0xFB001C), ("gc", 0xFB0000)])
def test_opcodes_of_constant_expressions(feature: str, code: int) -> None:
    error = refusal(HEADER + section(6, b"\1\x7f\0" + opcode(code)))
    assert (error.feature, error.offset) == (feature, 13)


@pytest.mark.parametrize("code", [0xFD009A, 0xFD0114, 0xFB001F, 0xFE0004, 0xFE004F, 0xFF, 0x16, 0xFC0017])
def test_an_opcode_of_nobody_is_malformed(code: int) -> None:
    with pytest.raises(linocut.MalformedError, match=r"^illegal opcode"):
        linocut.load(function(opcode(code)))


@pytest.mark.parametrize(("feature", "byte"), TYPES)
@pytest.mark.parametrize("place", ["parameter", "local", "global", "block", "select", "table"])
def test_value_types(feature: str, byte: int, place: str) -> None:
    heap_type = b"\x70" if byte in (0x63, 0x64) else b""
    type = bytes([byte]) + heap_type
    places = {
        "parameter": HEADER + section(1, b"\1\x60\1" + type + b"\0"),
        "local": function(b"", b"\1\1" + type),
        "global": HEADER + section(6, b"\1" + type + b"\0" + END),
        "block": function(b"\2" + type + END),
        "select": function(b"\x1c\1" + type),
        "table": HEADER + section(4, b"\1" + type + b"\0\0"),
    }
    assert refusal(places[place]).feature == feature


@pytest.mark.parametrize(
    ("heap_type", "feature"), [(0x6E, "gc"), (0x74, "gc"), (0x05, "function-references")]
)
def test_heap_types(heap_type: int, feature: str) -> None:
    for source in (
        function(b"\xd0" + bytes([heap_type])),
        function(UNREACHABLE + b"\xd0" + bytes([heap_type])),
        HEADER + section(1, b"\1\x60\1\x63" + bytes([heap_type]) + b"\0"),
        HEADER + section(6, b"\1\x70\0\xd0" + bytes([heap_type]) + END),
    ):
        assert refusal(source).feature == feature


@pytest.mark.parametrize(("feature", "byte"), FORMS)
def test_forms_of_types(feature: str, byte: int) -> None:
    assert refusal(HEADER + section(1, b"\1" + bytes([byte]) + b"\0\0")).feature == feature


@pytest.mark.parametrize(
    ("source", "feature", "offset"),
    [
        (HEADER + section(5, b"\2\0\1\0\1"), "multi-memory", 13),
        (HEADER + section(2, b"\1\1a\1b\2\0\1") + section(5, b"\1\0\1"), "multi-memory", 21),
    ],
)  # fmt: skip
def test_what_sections_say(source: bytes, feature: str, offset: int) -> None:
    error = refusal(source)
    assert (error.feature, error.offset) == (feature, offset)


@pytest.mark.parametrize(
    ("source", "feature", "message"),
    [
        (b"\0asm\x0d\0\1\0", "component-model", "unknown binary version: components"),
        (b"\0asm\x0d\0\1\0\0\1a", "component-model", "unknown binary version: components"),
        (HEADER + section(5, b"\1\x08\1\0"), "custom-page-sizes", "malformed limits flags 0x08: pages"),
    ],
)
def test_what_the_suite_calls_malformed_is_named_all_the_same(
    source: bytes, feature: str, message: str
) -> None:
    with pytest.raises(linocut.MalformedError) as caught:
        linocut.load(source)
    assert caught.value.feature == feature
    assert str(caught.value).startswith(message)


def test_an_ordinary_refusal_names_no_feature() -> None:
    with pytest.raises(linocut.MalformedError) as caught:
        linocut.load(b"GIF89a")
    assert caught.value.feature is None
