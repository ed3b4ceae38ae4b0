"""Module text to module bytes, by the text-format parser of PyPI `wasmtime`."""

from __future__ import annotations

import re

from ..errors import MalformedError
from ..extras import missing
from .strings import LITERAL

__all__ = ["wat_to_wasm"]

# Characters that change the direction of text or are invisible. The parser refuses them everywhere, for
# safety; the text format allows them in strings (§6.3.3), where an escape means the same.
_HIDDEN = re.compile("[\u202a-\u202e\u2060-\u206f]")
_STRING = re.compile(rf'{LITERAL}|".*', re.DOTALL)  # an unclosed one is matched once, to the end of the text


def wat_to_wasm(text: str | bytes) -> bytes:
    """The bytes of a module in the text format: `(module …)` or its fields alone.

    Raises MalformedError where the text does not parse, MissingExtraError where the parser is not installed.
    The module is not validated.

    >>> wat_to_wasm("(module)")
    b'\\x00asm\\x01\\x00\\x00\\x00'
    """
    try:
        from wasmtime import WasmtimeError, wat2wasm
    except ImportError:
        raise missing("wasmtime") from None
    try:
        return bytes(wat2wasm(_shown(text)))
    except UnicodeEncodeError as error:  # half of a surrogate pair
        raise MalformedError(
            f"malformed UTF-8 encoding: no character {error.object[error.start]!r}"
        ) from None
    except WasmtimeError as error:
        raise MalformedError(_brief(str(error))) from None


def _shown(text: str | bytes) -> str | bytes:
    """The text as the parser can read it: hidden characters as escapes, legacy `try` flat."""
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError:
            return text  # the parser's to refuse
    if _HIDDEN.search(text):
        text = _STRING.sub(lambda string: _HIDDEN.sub(_escape, string[0]), text)
    return _without_folded_try(text)


def _without_folded_try(text: str) -> str:
    if "try" not in text or not re.search(r"\(\s*try[\s()]", text):
        return text
    from .legacy_try import flatten
    from .sexpr import FormError

    try:
        return flatten(text)
    except FormError:
        return text  # the parser's to refuse


def _escape(character: re.Match[str]) -> str:
    return f"\\u{{{ord(character[0]):x}}}"


def _brief(message: str) -> str:
    """The parser's message and where: its first line, then `--> <anon>:LINE:COLUMN` of the second."""
    what, _, rest = message.partition("\n")
    where = re.search(r"<anon>:(\d+):(\d+)", rest)
    return f"{what} (line {where[1]}, column {where[2]})" if where else what
