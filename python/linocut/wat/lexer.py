"""Module text cut into tokens (§6.3), without white space, comments and annotations that mean nothing here.

One pattern takes a token with the white space before it. It repeats no group more than a thousand times, as
the matcher remembers every repetition; what may be longer, or nests, is taken by hand. So the work is linear
in the text, whatever that is.
"""

from __future__ import annotations

import re
from array import array
from typing import Final

from linocut.errors import TextError
from linocut.text.strings import unescape

__all__ = ["ANNOTATIONS", "content", "place", "tokenise", "utf8"]

ANNOTATIONS: Final = ("@name", "@custom", "@metadata.code.branch_hint")
"""The annotations that mean something to the assembler; all others are skipped."""

_IDCHAR = r"0-9A-Za-z!#$%&'*+\-./:<=>?@\\^_`|~"
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+){0,1000}"'
_PATTERN: Final = re.compile(
    rf"""[ \t\r\n]*+(?:
        ( \((?![;@]) | \) | [{_IDCHAR}]++(?!") | {_STRING}(?![{_IDCHAR}"]) )  # what most tokens are
      | ( ;;[^\r\n]*+ | \(;[^;(]*+;\) | \Z )  # nothing, or a comment without any in it
      | ( \(; | \(@ | (?:[{_IDCHAR}]++|{_STRING}){{1,1000}} | . )  # what is looked at more closely
    )""",
    re.VERBOSE | re.DOTALL,
)
_TOKEN, _NOTHING = 1, 2  # the groups
_COMMENT_EDGE: Final = re.compile(r"\(;|;\)")
_STRING_PART: Final = re.compile(r'(?:[^"\\]++|\\.){0,1000}', re.DOTALL)
_WORD: Final = re.compile(rf"[{_IDCHAR}]*+")
_CONTROL: Final = re.compile(r"[\0-\x1f\x7f]")
_DEPTHS: Final = {"(": 1, ")": -1}


def tokenise(text: str) -> tuple[list[str], array[int]]:
    """The tokens, and where each starts; TextError for what is none.

    An identifier in quotes comes out without them: `$"a b"` as `$a b`. `(@name` and the like are one token.

    >>> tokenise('(func $f ;; one\\n "a")')[0]
    ['(', 'func', '$f', '"a"', ')']
    """
    return _Lexer(text).run()


class _Lexer:
    """A text, and the tokens that have been found in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = []
        self.starts = array("Q")

    def run(self) -> tuple[list[str], array[int]]:
        position = 0
        while position < len(self.text):
            position = self._plain(position)
        return self.tokens, self.starts

    def _plain(self, position: int) -> int:
        """Take tokens up to one that must be looked at, that too; where the text goes on."""
        append, note = self.tokens.append, self.starts.append
        for match in _PATTERN.finditer(self.text, position):
            group = match.lastindex
            if group == _TOKEN:
                append(match[1])
                note(match.start(1))
            elif group != _NOTHING:
                return self._special(match.start(3), match[3])
        return len(self.text)

    def _special(self, start: int, token: str) -> int:
        if token == "(;":
            return self._comment_end(start)
        if token == "(@":
            return self._annotation(start)
        end = start + len(token)
        if token == '"':
            end = self._string_end(start)
            token = self.text[start:end]
        elif token.startswith('$"') and _is_one_string(token[1:]):
            token = self._quoted_identifier(token, start)
        else:
            raise self._fault(start, token)
        self.tokens.append(token)
        self.starts.append(start)
        return end

    def _comment_end(self, start: int) -> int:
        """Where the block comment that opens at `start` ends; they nest."""
        depth = 0
        for edge in _COMMENT_EDGE.finditer(self.text, start):
            depth += 1 if edge[0] == "(;" else -1
            if depth == 0:
                return edge.end()
        raise self._error("unclosed comment: expected ';)'", start)

    def _string_end(self, start: int) -> int:
        """Where a string of many escapes ends."""
        position = start + 1
        while position < len(self.text) and self.text[position] != '"':
            part = _STRING_PART.match(self.text, position)
            if part is None or part.end() == position:
                break
            position = part.end()
        else:
            if position < len(self.text):
                return position + 1
        raise self._error("unclosed string: expected '\"'", start)

    def _quoted_identifier(self, token: str, start: int) -> str:
        try:
            name = utf8(content(token[1:]))
        except ValueError as error:
            raise self._error(str(error), start) from None
        if not name:
            raise self._error("empty identifier: expected a name between the quotes", start)
        return f"${name}"

    # ── annotations ──────────────────────────────────────────────────────────
    def _annotation(self, start: int) -> int:
        """Take the beginning of one that means something, or skip the whole; where the text goes on."""
        name, end = self._annotation_name(start)
        if name not in ANNOTATIONS:
            return self._skip(start, end)
        self.tokens.append(f"({name}")
        self.starts.append(start)
        return end

    def _annotation_name(self, start: int) -> tuple[str, int]:
        """`@` and the name of the annotation that opens at `start`, and where that ends."""
        position = start + len("(@")
        word = _WORD.match(self.text, position)
        end = word.end() if word else position
        name = self.text[position:end]
        if self.text.startswith('"', end) and not name:
            end = self._string_end(position)
            try:
                name = utf8(content(self.text[position:end]))
            except ValueError as error:
                raise self._error(str(error), start) from None
        if not name:
            raise self._error("empty annotation id: expected a name behind '(@'", start)
        return f"@{name}", end

    def _skip(self, start: int, position: int) -> int:
        """Where the annotation that opens at `start` ends: any tokens are in it, parentheses in pairs."""
        depth = 1
        while depth:
            match = _PATTERN.match(self.text, position)
            token = match[_TOKEN] or match[3] if match else None
            if match is None or (token is None and match.end() == len(self.text)):
                raise self._error("unclosed annotation: expected ')'", start)
            position = match.end()
            if token is not None:
                depth += _DEPTHS.get(token, 0)
            if match[3]:
                depth += token == "(@"
                position = self._skipped(match.start(3), match[3], position)
        return position

    def _skipped(self, start: int, token: str, end: int) -> int:
        """Where a special token within an annotation ends."""
        if token == "(;":
            return self._comment_end(start)
        if token == '"':
            return self._string_end(start)
        if len(token) == 1 and token not in ",;[]{}":
            raise self._fault(start, token)
        return end

    # ── errors ───────────────────────────────────────────────────────────────
    def _fault(self, start: int, token: str) -> TextError:
        if token == "(" or len(token) > 1:
            return self._error("unexpected token: expected white space before and after a string", start)
        if token in ",;[]{}":
            return self._error(f"unexpected token: {token!r} means nothing outside annotations", start)
        return self._error(f"illegal character: {token!a} stands in strings and comments only", start)

    def _error(self, message: str, start: int) -> TextError:
        return TextError(message, *place(self.text, start))


def place(text: str, offset: int) -> tuple[int, int]:
    """The line and column of an offset in characters, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def content(literal: str) -> bytes:
    """The bytes that a string in its quotes denotes; ValueError for a character or an escape that is none."""
    if control := _CONTROL.search(literal):
        raise ValueError(f"illegal character: {control[0]!a} in a string is written as an escape")
    return unescape(literal[1:-1])


def utf8(name: bytes) -> str:
    """The name that the bytes are (§5.2.4); ValueError where they are none."""
    try:
        return name.decode()
    except UnicodeDecodeError:
        raise ValueError("malformed UTF-8 encoding in a name") from None


def _is_one_string(token: str) -> bool:
    return re.fullmatch(_STRING, token, re.DOTALL) is not None
