"""The binary format, byte by byte: what the decoder accepts and refuses, and the offset that it reports."""

from __future__ import annotations

import contextlib
import random

import linocut
import pytest

HEADER = b"\0asm\1\0\0\0"
EMPTY_TYPE = b"\x01\x60\x00\x00"  # one type, [] -> []
EMPTY_BODY = b"\x02\x00\x0b"
FUNCREF_TABLE = b"\x01\x70\x00\x01"  # one table of at least one element
MEMORY = b"\x01\x00\x01"  # one memory of at least one page


def leb(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def section(number: int, contents: bytes) -> bytes:
    return bytes([number]) + leb(len(contents)) + contents


def module(**sections: bytes) -> bytes:
    """A module with these sections by name, in the order given."""
    numbers = {
        "custom": 0, "type": 1, "import_": 2, "function": 3, "table": 4, "memory": 5, "global_": 6,
        "export": 7, "start": 8, "element": 9, "code": 10, "data": 11, "data_count": 12,
    }  # fmt: skip
    return HEADER + b"".join(section(numbers[name], contents) for name, contents in sections.items())


def function_module(**more: bytes) -> bytes:
    """A function without arguments and results; the sections `more` come between its type and its body."""
    return module(type=EMPTY_TYPE, function=b"\x01\x00", **more, code=b"\x01" + EMPTY_BODY)


@pytest.mark.parametrize(
    "source",
    [
        HEADER,
        function_module(),
        module(custom=b"\x01x" + b"anything"),
        module(custom=b"\x04name" + b"\xff\xff\xff"),  # errors in name sections are ignored
        module(custom=b"\x04name" + b"\x01\x06\x01\xff\xff\xff\xff\x0f\x00"),
        module(memory=b"\x01\x01\x82\x80\x80\x80\x00\x82\x00"),  # numbers may take more bytes than they need
        module(global_=b"\x01\x7f\x00\x41\xff\xff\xff\xff\x7f\x0b"),
        module(global_=b"\x02\x7f\x00\x41\x05\x0b\x7f\x00\x23\x00\x41\x02\x6c\x0b"),  # extended constants
        module(table=b"\x01\x40\x00\x70\x00\x05\xd0\x70\x0b"),  # a table with an initial value
        function_module(table=FUNCREF_TABLE, element=b"\x01\x00\x41\x00\x0b\x01\x00"),
        function_module(element=b"\x01\x01\x00\x01\x00"),
        function_module(table=FUNCREF_TABLE, element=b"\x01\x02\x00\x41\x00\x0b\x00\x01\x00"),
        function_module(element=b"\x01\x03\x00\x01\x00"),
        function_module(table=FUNCREF_TABLE, element=b"\x01\x04\x41\x00\x0b\x01\xd2\x00\x0b"),
        function_module(element=b"\x01\x05\x70\x01\xd0\x70\x0b"),
        function_module(table=FUNCREF_TABLE, element=b"\x01\x06\x00\x41\x00\x0b\x70\x01\xd2\x00\x0b"),
        function_module(element=b"\x01\x07\x6f\x01\xd0\x6f\x0b"),
        module(memory=MEMORY, data_count=b"\x02", data=b"\x02\x00\x41\x00\x0b\x01a\x01\x01b"),
        module(memory=MEMORY, data=b"\x01\x02\x00\x41\x01\x0b\x00"),
    ],
)  # fmt: skip
def test_takes(source: bytes) -> None:
    linocut.load(source)


@pytest.mark.parametrize(
    ("source", "message", "offset"),
    [
        (b"", "unexpected end", 0),
        (b"\0asm\1", "unexpected end", 4),
        (b"\0ASM\1\0\0\0", "magic header not detected", 0),
        (b"\0asm\2\0\0\0", "unknown binary version", 4),
        (HEADER + b"\x0e\x00", "malformed section id 0x0E", 8),
        (HEADER + b"\x01\x05\x00", "length out of bounds", 9),
        (HEADER + b"\x01\x80\x80\x80\x80\x80\x00", "integer representation too long", 9),
        (HEADER + b"\x01\x80\x80\x80\x80\x10", "integer too large", 9),
        (module(type=b"\x00\x00"), "section size mismatch", 11),
        (module(type=b"\x01\x5b\x00\x00"), "malformed function type 0x5B", 11),
        (module(type=b"\x01\x60\x01\x40\x00"), "malformed value type 0x40", 13),
        (module(type=b"\x02\x60\x00\x00"), "unexpected end of section or function", 14),
        (module(type=b"\xff\xff\x03"), "unexpected end of section or function", 13),
        (module(type=EMPTY_TYPE) + section(1, b"\x00"), "unexpected content after last section", 14),
        (module(function=b"\x00", type=EMPTY_TYPE), "unexpected content after last section", 11),
        (module(data_count=b"\x00", element=b"\x00"), "unexpected content after last section", 11),
        (module(code=b"\x00", data_count=b"\x00"), "unexpected content after last section", 11),
        (module(import_=b"\x01\x01\xff\x00\x00\x00"), "malformed UTF-8 encoding", 12),
        (module(import_=b"\x01\x03\xed\xa0\x80\x00\x00\x00"), "malformed UTF-8 encoding", 12),
        (module(custom=b"\x01\x80"), "malformed UTF-8 encoding", 11),
        (module(import_=b"\x01\x00\x00\x05"), "malformed import kind 0x05", 13),
        (module(table=b"\x01\x70\x08\x00"), "malformed limits flags 0x08", 12),
        (module(table=b"\x01\x7f\x00\x00"), "malformed reference type 0x7F", 11),
        (module(global_=b"\x01\x7f\x02\x41\x00\x0b"), "malformed mutability 0x02", 12),
        (module(global_=b"\x01\x7f\x00\x41\x00"), "unexpected end of section or function", 15),
        (module(global_=b"\x01\x7f\x00\x41\xff\xff\xff\xff\x4f\x0b"), "integer too large", 14),
        (module(global_=b"\x01\x7f\x00\xff\x00\x0b"), "illegal opcode 0xFF", 13),
        (module(element=b"\x01\x08"), "malformed elements segment kind", 11),
        (module(element=b"\x01\x01\x01\x00"), "malformed element kind", 12),
        (module(data=b"\x01\x03"), "malformed data segment kind", 11),
        (module(memory=MEMORY, data=b"\x01\x00\x41\x00\x0b\x05a"), "unexpected end of section", 21),
        (module(type=EMPTY_TYPE, function=b"\x01\x00"), "function and code section have inconsistent", 18),
        (module(code=b"\x01" + EMPTY_BODY), "function and code section have inconsistent", 10),
        (module(memory=MEMORY, data_count=b"\x01"), "data count and data section have inconsistent", 16),
        (module(memory=MEMORY, data_count=b"\x02", data=b"\x01\x01\x00"), "data count and data section", 21),
    ],
)
def test_malformed(source: bytes, message: str, offset: int) -> None:
    with pytest.raises(linocut.MalformedError) as caught:
        linocut.load(source)
    assert str(caught.value).startswith(message)
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("source", "message", "offset"),
    [
        (module(function=b"\x01\x00", code=b"\x01" + EMPTY_BODY), "unknown type 0", 11),
        (module(export=b"\x01\x01f\x00\x00"), "unknown function 0", 14),
        (module(export=b"\x01\x01m\x02\x00"), "unknown memory 0", 14),
        (module(start=b"\x00"), "unknown function 0", 10),
        (module(element=b"\x01\x00\x41\x00\x0b\x00"), "unknown table 0", 12),
        (module(data=b"\x01\x00\x41\x00\x0b\x00"), "unknown memory 0", 11),
        (module(element=b"\x01\x01\x00\x01\x07"), "unknown function 7", 14),
        (module(global_=b"\x01\x7f\x00\x23\x00\x0b"), "unknown global 0", 14),
        (module(global_=b"\x02\x7f\x01\x41\x00\x0b\x7f\x00\x23\x00\x0b"), "constant expression required", 18),
        (module(global_=b"\x01\x7f\x00\x41\x00\x67\x0b"), "constant expression required: i32.clz", 15),
        (module(global_=b"\x01\x7f\x00\x42\x00\x0b"), "type mismatch", 13),
        (module(global_=b"\x01\x7f\x00\x0b"), "type mismatch", 13),
        (module(global_=b"\x01\x7f\x00\x41\x00\x6a\x0b"), "type mismatch", 15),
        (module(global_=b"\x01\x70\x00\xd0\x6f\x0b"), "type mismatch", 13),
        (module(memory=b"\x01\x01\x02\x01"), "size minimum must not be greater than maximum", 11),
        (module(memory=b"\x01\x00\x81\x80\x04"), "memory size must be at most 65536 pages (4 GiB)", 11),
        (module(table=b"\x01\x70\x00\x80\x80\x80\x80\x10"), "table size", 12),
        (module(table=b"\x01\x6f\x00\x00", element=b"\x01\x00\x41\x00\x0b\x00"), "type mismatch", 17),
        (module(type=b"\x01\x60\xe9\x07" + b"\x7f" * 1001 + b"\x00"), "too many parameters: 1001", 13),
        (module(type=b"\xc1\x84\x3d"), "too many types: 1000001", 10),
        (module(memory=MEMORY, export=b"\x02\x01a\x02\x00\x01a\x02\x00"), 'duplicate export name "a"', 21),
        (
            module(
                type=b"\x01\x60\x01\x7f\x00", function=b"\x01\x00", start=b"\x00", code=b"\x01" + EMPTY_BODY
            ),
            "start function",
            21,
        ),
    ],
)
def test_invalid(source: bytes, message: str, offset: int) -> None:
    with pytest.raises(linocut.InvalidError) as caught:
        linocut.load(source)
    assert str(caught.value).startswith(message)
    assert caught.value.offset == offset


def test_body_without_end_names_its_function() -> None:
    source = module(type=EMPTY_TYPE, function=b"\x02\x00\x00", code=b"\x02" + EMPTY_BODY + b"\x02\x00\x01")
    with pytest.raises(linocut.MalformedError, match="END opcode expected") as caught:
        linocut.load(source)
    assert caught.value.function == 1


def test_every_truncation_is_an_error() -> None:
    whole = function_module(
        table=FUNCREF_TABLE, memory=MEMORY, global_=b"\x01\x7f\x00\x41\x05\x0b", export=b"\x01\x01f\x00\x00",
        element=b"\x01\x00\x41\x00\x0b\x01\x00",
    ) + section(11, b"\x01\x00\x41\x00\x0b\x03abc")  # fmt: skip
    linocut.load(whole)
    starts_of_sections = {8, 14, len(whole) - 11}  # before the function section, and before the data
    for length in set(range(len(whole))) - starts_of_sections:
        with pytest.raises(linocut.ModuleError):
            linocut.load(whole[:length])


def test_random_bytes_never_do_worse_than_an_error() -> None:
    source = module(
        type=EMPTY_TYPE, import_=b"\x01\x01a\x01b\x03\x7f\x00", function=b"\x01\x00", table=FUNCREF_TABLE,
        memory=MEMORY, start=b"\x00", element=b"\x02\x00\x23\x00\x0b\x01\x00\x05\x70\x01\xd2\x00\x0b",
        code=b"\x01" + EMPTY_BODY,
    )  # fmt: skip
    linocut.load(source)
    generator = random.Random(1)
    for _ in range(2000):
        changed = bytearray(source)
        for _ in range(generator.choice((1, 1, 2, 4))):
            changed[generator.randrange(8, len(changed))] = generator.randrange(256)
        with contextlib.suppress(linocut.ModuleError):
            linocut.load(bytes(changed))
