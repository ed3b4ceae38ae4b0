"""Module text as a whole: what it is, `(module …)` in one of its ways or fields alone, and its bytes."""

from __future__ import annotations

from linocut.errors import TextError
from linocut.wat.cursor import Cursor
from linocut.wat.lexer import place
from linocut.wat.module import ModuleReader

__all__ = ["assemble"]

_BYTE_ORDER_MARK = "\ufeff"


def assemble(text: str | bytes) -> bytes:
    """The bytes of a module in the text format: `(module …)` or its fields alone.

    Identifiers become the name section, as do `(@name "…")` annotations; `(@custom …)` becomes a custom
    section and `(@metadata.code.branch_hint "…")` an entry of the section of that name. Other annotations
    mean nothing. Any feature may be used, and the module is not validated. Raises TextError where the text
    does not parse: it says what, and in which line and column.

    >>> import linocut.wat
    >>> linocut.wat.assemble("(module (func nop))").hex(" ")
    '00 61 73 6d 01 00 00 00 01 04 01 60 00 00 03 02 01 00 0a 05 01 03 00 01 0b'
    """
    while True:
        module = _assemble(_decoded(text))
        if not isinstance(module, _Quoted):
            return module
        text = module.text


class _Quoted:
    """The text of a `(module quote …)`."""

    def __init__(self, text: bytes) -> None:
        self.text = text


def _decoded(text: str | bytes) -> str:
    """The text as characters: bytes are UTF-8, and no half of a surrogate pair stands alone."""
    try:
        if isinstance(text, bytes):
            text = text.decode()
        elif not text.isascii():
            text.encode()
    except (UnicodeEncodeError, UnicodeDecodeError) as error:
        before = error.object[: error.start]
        shown = before.decode() if isinstance(before, bytes) else before
        raise TextError("malformed UTF-8 encoding", *place(shown, len(shown))) from None
    return text.removeprefix(_BYTE_ORDER_MARK)


def _assemble(text: str) -> bytes | _Quoted:
    cursor = Cursor(text)
    module = ModuleReader(cursor)
    if not cursor.accept_form("module"):
        return _finished(cursor, module.read(), is_closed=True)
    cursor.accept("definition")
    if (identifier := cursor.identifier()) is not None:
        module.name = identifier[1:]
    if cursor.accept("(@name"):
        module.name = cursor.name()
        cursor.expect(")")
    if cursor.token == "(@name":
        raise cursor.fault("@name annotation: multiple module names")
    if cursor.accept("binary"):
        return _finished(cursor, cursor.strings(), is_closed=False)
    if cursor.accept("quote"):
        return _Quoted(_finished(cursor, cursor.strings(), is_closed=False))
    return _finished(cursor, module.read(), is_closed=False)


def _finished(cursor: Cursor, found: bytes, is_closed: bool) -> bytes:
    """What was found, if nothing comes behind it."""
    if not is_closed:
        cursor.expect(")")
    if cursor.at < cursor.count:
        raise cursor.unexpected("nothing behind the module")
    return found
