"""The types of what can be imported (§6.4.8 to §6.4.12), read from text into bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from linocut.text.binary import unsigned
from linocut.wat.spaces import IndexSpace

if TYPE_CHECKING:
    from linocut.wat.module import ModuleReader

__all__ = [
    "PAGE_SIZE", "WIDE", "address_flag", "func_type", "global_type", "memory_type", "page_size",
    "reference_type", "table_type", "tag_type",
]  # fmt: skip

_SHARED, WIDE, PAGE_SIZE = 2, 4, 8  # flags of limits, beside that there is a maximum
_PAGE: Final = 1 << 16


def func_type(module: ModuleReader, index: int) -> bytes:
    """A function's type (§6.6.5); its parameters' names are kept for its index."""
    locals_ = IndexSpace("local")
    type_, _ = module.types.use(locals_)
    if locals_.names:
        module.locals[index] = locals_
    return unsigned(type_)


def table_type(module: ModuleReader, flags: int | None = None) -> bytes:
    """A table's type (§6.4.9), perhaps without the type of addresses, whose flag has been read."""
    if flags is None:
        flags = address_flag(module)
    flags, numbers = _limits(module, flags)
    return reference_type(module) + bytes([flags]) + numbers


def reference_type(module: ModuleReader) -> bytes:
    """A reference type (§6.4.4)."""
    return module.types.encode_reference(*module.types.reference())


def address_flag(module: ModuleReader) -> int:
    """The flag that the type of addresses is."""
    if module.cursor.accept("i64"):
        return WIDE
    module.cursor.accept("i32")
    return 0


def _limits(module: ModuleReader, flags: int) -> tuple[int, bytes]:
    """A minimum and perhaps a maximum, which is a flag more.

    They have 64 bits for any type of addresses, as it is validation that says what is too much.
    """
    cursor = module.cursor
    numbers = unsigned(cursor.number(64))
    if not cursor.token[0].isdigit():
        return flags, numbers
    return flags | 1, numbers + unsigned(cursor.number(64))


def memory_type(module: ModuleReader) -> bytes:
    """A memory's type (§6.4.8)."""
    flags, numbers = _limits(module, address_flag(module))
    if module.cursor.accept("shared"):
        flags |= _SHARED
    _, encoded = page_size(module)
    return bytes([flags | (PAGE_SIZE if encoded else 0)]) + numbers + encoded


def page_size(module: ModuleReader) -> tuple[int, bytes]:
    """The size of a memory's pages, and as it stands behind limits: a logarithm, if it is written."""
    cursor = module.cursor
    if not cursor.accept_form("pagesize"):
        return _PAGE, b""
    size = cursor.number(64)
    if size == 0 or size & (size - 1):
        raise cursor.fault("invalid custom page size: expected a power of two", cursor.at - 1)
    cursor.expect(")")
    return size, unsigned(size.bit_length() - 1)


def global_type(module: ModuleReader) -> bytes:
    """A global's type (§6.4.10)."""
    if not module.cursor.accept_form("mut"):
        return module.types.value_type() + b"\0"
    type_ = module.types.value_type()
    module.cursor.expect(")")
    return type_ + b"\1"


def tag_type(module: ModuleReader) -> bytes:
    """A tag's type (§6.4.11)."""
    return b"\0" + unsigned(module.types.use(IndexSpace("parameter"))[0])
