"""A position among a module's tokens: what stands there, what was expected, and where a mistake is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from linocut.errors import TextError
from linocut.text.numbers import integer_bits
from linocut.wat.lexer import content, place, tokenise, utf8

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    Value = TypeVar("Value")

__all__ = ["Cursor", "is_index", "shown"]

_MOST_SHOWN = 60  # characters of a token in a message: a program may write millions
_END: Final = "\0"
"""What stands behind the last tokens: no text has it."""
_AHEAD = 3  # how many tokens anyone looks ahead
_NO_LITERAL: Final = ("(", ")", '"', "$", _END)  # what no number begins with


class Cursor:
    """The tokens of a text and, as `at`, which is next; whoever reads one moves on."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens, self._starts = tokenise(text)
        self.count = len(self.tokens)
        self.tokens += [_END] * _AHEAD
        self.at = 0

    # ── looking ──────────────────────────────────────────────────────────────
    @property
    def token(self) -> str:
        """The next token."""
        return self.tokens[self.at]

    def opens(self, keyword: str) -> bool:
        """Whether the form of that keyword is next."""
        return self.tokens[self.at] == "(" and self.tokens[self.at + 1] == keyword

    def form_end(self, at: int) -> int:
        """Behind the parenthesis that closes the form which opens at that token."""
        depth = 0
        for position in range(at, self.count):
            token = self.tokens[position]
            if token[0] == "(":
                depth += 1
            elif token == ")":
                depth -= 1
                if depth == 0:
                    return position + 1
        raise self.fault("unexpected end: expected ')'", self.count)

    # ── moving on ────────────────────────────────────────────────────────────
    def take(self) -> str:
        """The next token, which is passed."""
        self.at += 1
        return self.tokens[self.at - 1]

    def accept(self, token: str) -> bool:
        """Pass that token if it is next, and say whether it was."""
        if self.tokens[self.at] != token:
            return False
        self.at += 1
        return True

    def accept_form(self, keyword: str) -> bool:
        """Pass `(` and the keyword if they are next, and say whether they were."""
        if not self.opens(keyword):
            return False
        self.at += 2
        return True

    def expect(self, token: str) -> None:
        """Pass that token, or say that it is not there."""
        if self.tokens[self.at] != token:
            raise self.unexpected(repr(token))
        self.at += 1

    def identifier(self) -> str | None:
        """The identifier that is next, with its `$`, if one is."""
        if self.tokens[self.at][0] != "$":
            return None
        token = self.take()
        if len(token) == 1:
            raise self.fault("empty identifier: expected a name behind '$'", self.at - 1)
        return token

    def string(self) -> bytes:
        """What the string that is next denotes."""
        if self.token[0] != '"':
            raise self.unexpected("a string")
        return self.value(content)

    def strings(self) -> bytes:
        """What all strings that are next denote together."""
        parts = []
        while self.token[0] == '"':
            parts.append(self.string())
        return b"".join(parts)

    def name(self) -> str:
        """The string that is next as a name, which is UTF-8."""
        text = self.string()
        try:
            return utf8(text)
        except ValueError as error:
            raise self.fault(str(error), self.at - 1) from None

    def number(self, width: int, what: str = "a number") -> int:
        """The natural number of that many bits that is next."""
        if not self.token[0].isdigit():
            raise self.unexpected(what)
        return self.value(lambda literal: integer_bits(literal, width))

    def literal(self, read: Callable[[str], Value], what: str) -> Value:
        """What the number that is next denotes, in whichever way it is written."""
        if self.token[0] in _NO_LITERAL:
            raise self.unexpected(what)
        return self.value(read)

    def value(self, read: Callable[[str], Value]) -> Value:
        """What the next token denotes, by a function that raises ValueError where it denotes nothing."""
        try:
            value = read(self.tokens[self.at])
        except ValueError as error:
            raise self.fault(str(error)) from None
        self.at += 1
        return value

    # ── mistakes ─────────────────────────────────────────────────────────────
    def fault(self, message: str, at: int | None = None) -> TextError:
        """The error that says so, at the next token or another."""
        at = self.at if at is None else at
        offset = self._starts[at] if at < self.count else len(self.text)
        return TextError(message, *place(self.text, offset))

    def unexpected(self, expected: str, at: int | None = None) -> TextError:
        """The error that the next token is not what was expected."""
        token = self.tokens[self.at if at is None else at]
        if token == _END:
            return self.fault(f"unexpected end: expected {expected}", at)
        return self.fault(f"unexpected token: expected {expected}, found {shown(token)}", at)

    def unknown(self, what: str, among: Iterable[str], at: int | None = None) -> TextError:
        """The error that the next token names nothing; with what looks like it."""
        import difflib  # takes longer to import than most texts to assemble

        token = self.tokens[self.at if at is None else at]
        near = difflib.get_close_matches(token, among, n=2, cutoff=0.65) if len(token) <= _MOST_SHOWN else []
        advice = f"; did you mean {' or '.join(map(shown, near))}?" if near else ""
        return self.fault(f"unknown {what}: {shown(token)}{advice}", at)


def shown(token: str) -> str:
    """A token as messages have it: in quotes, cut where it is long, without what disturbs a terminal."""
    text = token if len(token) <= _MOST_SHOWN else token[:_MOST_SHOWN] + "…"
    if token[0] == '"':
        text = text.strip('"')
    return '"' + "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text) + '"'


def is_index(token: str) -> bool:
    """Whether the token can be an index: an identifier or a number."""
    return token[0] == "$" or token[0].isdigit()
