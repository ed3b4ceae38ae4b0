"""What a module is given as: a path, its bytes, or text. Whether it is text is decided here, for all."""

from __future__ import annotations

from linocut.errors import MalformedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import BinaryIO

__all__ = ["assemble", "is_text", "read_at_most", "read_module_file", "read_source", "to_wasm"]

_MAGIC = b"\0asm"
_CHUNK = 1 << 20
_MOST = 1 << 30  # bytes, as in other engines; the largest programs that there are have a tenth
# White space of the text format (§6.2.2), and the mark that some editors put in front of all text.
_BLANK = " \t\r\n\ufeff"
_BLANK_BYTES = (b" \t\r\n", b"\xef\xbb\xbf")


def read_source(source: str | os.PathLike[str] | bytes | bytearray | memoryview) -> bytes:
    """The bytes of a module that is given as `linocut.load` takes it."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _binary(bytes(source))
    if isinstance(source, str) and is_text(source):
        return assemble(source)
    if not (isinstance(source, str) or hasattr(type(source), "__fspath__")):  # a number would be a descriptor
        raise TypeError(f"a module is given as a path, text or bytes, not {type(source).__name__}")
    with open(source, "rb") as file:
        name = str(source)
        return to_wasm(read_module_file(file, name), name)


def read_module_file(file: BinaryIO, name: str) -> bytes:
    """What is in it, or of what cannot be a module no more than shows that: a device has no end."""
    content = file.read(_CHUNK)
    parts = [content]
    if content.strip() and not content.startswith(_MAGIC) and not is_text(content, name):
        return content
    return read_at_most(file, parts, name)


def read_at_most(file: BinaryIO, parts: list[bytes], name: str, most: int = _MOST) -> bytes:
    """The parts that have been read of a file, and the rest; MalformedError if it is too large."""
    size = sum(map(len, parts))
    while chunk := file.read(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > most:
            raise MalformedError(f"{name} is larger than {most} bytes")
    return b"".join(parts)


def to_wasm(content: bytes, name: str = "") -> bytes:
    """The module in a file of that name, text or not."""
    return assemble(content) if is_text(content, name) else content


def is_text(content: str | bytes, name: str = "") -> bool:
    """Whether it begins as module text does: with a form or a comment, perhaps behind white space.

    What begins neither so nor as a binary module does is text if its file is called so.

    >>> is_text(";; adds (module …)"), is_text(b"\\0asm", "module.wat"), is_text(b"", "module.wat")
    (True, False, True)
    """
    if content[: len(_MAGIC)] == _MAGIC:
        return False
    if name.lower().endswith(".wat"):
        return True
    if isinstance(content, str):
        return content.lstrip(_BLANK).startswith(("(", ";;"))
    blank, mark = _BLANK_BYTES
    return content.removeprefix(mark).lstrip(blank).startswith((b"(", b";;"))


def assemble(text: str | bytes) -> bytes:
    """Module text as a binary module; MalformedError for text that does not parse."""
    from linocut.text.wat import wat_to_wasm

    return wat_to_wasm(_decoded(text).removeprefix("\ufeff"))


def _decoded(text: str | bytes) -> str:
    """Bytes of UTF-8 as characters."""
    if isinstance(text, str):
        return text
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        column = error.start - text.rfind(b"\n", 0, error.start)
        raise MalformedError(f"malformed UTF-8 encoding (line {line}, column {column})") from None


def _binary(content: bytes) -> bytes:
    """Bytes are never taken for text: what comes from elsewhere goes to one decoder and no other."""
    if is_text(content):
        raise MalformedError(
            'magic header not detected: expected "\\0asm" (byte 0); module text is given as a str', 0
        )
    return content
