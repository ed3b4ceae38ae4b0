"""S-expressions as the text format lexes them (§6.3): cut a script into forms, read a form into nested lists.

Cutting and reading are separate because most bytes of a script are module text, which is only passed on to
another parser. One match takes whole forms, so that cutting runs at the speed of `re`.

The patterns are unambiguous: no two alternatives begin alike, so backtracking never finds another way, and a
failed match looks at each character a fixed number of times. They cannot prevent backtracking by possessive
groups, which CPython matches wrongly before 3.11.5 (gh-106052); a possessive quantifier of a character class
is fine.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from .strings import LITERAL, unescape

if TYPE_CHECKING:
    from collections.abc import Iterator

Node: TypeAlias = "str | bytes | list[Node]"
"""An atom (`str`), a string literal's bytes, or a form (`list`). Comments and annotations are gone."""

_LINE_COMMENT = r";;[^\r\n]*+"
# A lone semicolon means nothing, but an annotation may hold one.
_FLAT = rf'[^()";]++|{LITERAL}|{_LINE_COMMENT}|;(?!;)'
# The matcher keeps a hundred bytes for each repetition that it may have to take back. So a match repeats a
# group at most this often, and then the next match goes on.
_TURNS = "{0,16}"


def _form_pattern(depth: int) -> str:
    """A form of few parts that nests at most `depth` further forms and holds no block comment."""
    inner = _FLAT if depth == 0 else f"{_FLAT}|{_form_pattern(depth - 1)}"
    return rf"\((?!;)(?:{inner}){_TURNS}\)"


# Most assertions of the suite are one match; in other forms parentheses are counted one by one. A failed
# match has looked only some levels down and some forms ahead, so the work stays linear.
_SHALLOW = re.compile(_form_pattern(3), re.DOTALL)
_STEP = re.compile(rf"(?:{_FLAT}|{_form_pattern(2)}){_TURNS}(\(;?|\)|)", re.DOTALL)
_BLANK = re.compile(rf"[ \t\r\n]++|{_LINE_COMMENT}|(?=\((;|@))")
_WORD = re.compile(rf'\$?{LITERAL}|[^\s()";]+', re.DOTALL)
_DEPTHS = {"(": 1, ")": -1, "": 0}
_COMMENT_EDGE = re.compile(r"\(;|;\)")
# All that follows an unclosed string's quote is one token; otherwise each later quote would be tried as the
# beginning of a string.
_TOKEN = re.compile(rf'{_LINE_COMMENT}|\(;|[()]|\$?{LITERAL}|[^\s()";]+|;|".*', re.DOTALL)


class FormError(ValueError):
    """Text that is not a sequence of forms; `.offset` is where (in characters)."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def cut(text: str) -> Iterator[tuple[int, int]]:
    """The spans (start, end) of the top-level forms of a script, comments and annotations skipped.

    >>> [*cut("(a) ;; (b)\\n (c (; (d) ;) (e))")]
    [(0, 3), (12, 29)]
    """
    position = skip_blank(text, 0)
    while position < len(text):
        if text[position] != "(":
            raise FormError(f"expected '(', found {text[position]!r}", position)
        end = form_end(text, position)
        yield position, end
        position = skip_blank(text, end)


def form_end(text: str, start: int) -> int:
    """Where the form that opens at `start` ends."""
    shallow = _SHALLOW.match(text, start)
    if shallow is not None:
        return shallow.end()
    depth = 1
    position = start + 1
    while depth:
        step = _STEP.match(text, position)
        if step is None or step.end() == position:
            raise FormError("a form is not closed", start)
        position = step.end()
        if step[1] == "(;":
            position = _comment_end(text, step.start(1))
        else:
            depth += _DEPTHS[step[1]]
    return position


def read(text: str) -> list[Node]:
    """The forms, atoms and strings of `text`, nested.

    >>> read('(invoke "f" (i32.const 1)) (; no ;)')
    [['invoke', b'f', ['i32.const', '1']]]
    """
    top: list[Node] = []
    stack = [top]
    for token in _tokens(text):
        if token == "(":
            stack.append([])
        elif token == ")":
            _close(stack, text)
        else:
            stack[-1].append(_leaf(token))
    if len(stack) != 1:
        raise FormError("a form is not closed", len(text))
    return top


def _close(stack: list[list[Node]], text: str) -> None:
    if len(stack) == 1:
        raise FormError("unmatched ')'", len(text))
    form = stack.pop()
    head = form[0] if form else ""
    if not (isinstance(head, str) and head.startswith("@")):
        stack[-1].append(form)


def _leaf(token: str) -> Node:
    if token[0] == '"':
        if len(token) == 1 or token[-1] != '"':
            raise ValueError("a string is not closed")
        return unescape(token[1:-1])
    if token.startswith('$"'):  # §6.3.5: an identifier may be spelt as a string
        return "$" + unescape(token[2:-1]).decode()
    return token


def _tokens(text: str) -> list[str]:
    tokens = _TOKEN.findall(text)
    if "(;" in tokens:
        return _TOKEN.findall(_without_block_comments(text))
    return [token for token in tokens if not token.startswith(";;")] if ";;" in text else tokens


def _without_block_comments(text: str) -> str:
    parts: list[str] = []
    position = kept = 0
    while token := _TOKEN.search(text, position):
        position = token.end()
        if token[0] == "(;":
            parts.append(text[kept : token.start()])
            position = kept = _comment_end(text, token.start())
        elif token[0].startswith(";;"):
            parts.append(text[kept : token.start()])
            kept = position
    return " ".join([*parts, text[kept:]])


def skip_blank(text: str, position: int) -> int:
    """Where the next token begins: behind white space, comments and annotations (§6.3.2)."""
    while blank := _BLANK.match(text, position):
        position = blank.end()
        if text.startswith("(;", position):
            position = _comment_end(text, position)
        elif text.startswith("(@", position):
            position = form_end(text, position)
    return position


def next_word(text: str, position: int) -> tuple[str, int, int]:
    """The next atom or string as (spelling, start, end); "" is the spelling before a parenthesis."""
    start = skip_blank(text, position)
    word = _WORD.match(text, start)
    return (word[0], start, word.end()) if word else ("", start, start)


def _comment_end(text: str, start: int) -> int:
    """Where the block comment that opens at `start` ends; they nest."""
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if edge[0] == "(;" else -1
        if depth == 0:
            return edge.end()
    raise FormError("a block comment is not closed", start)
