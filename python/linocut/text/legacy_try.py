"""Rewrites folded `try` of legacy exceptions as flat text, because today's parsers refuse the folded form.

`(try (result i32) (do …) (catch $e …) (catch_all …))` becomes
`try (result i32) … catch $e … catch_all … end`, and `(try (do …) (delegate $l))` becomes `try … delegate $l`.
"""

from __future__ import annotations

import re

from . import sexpr

_TRY = re.compile(r"\(\s*try(?=[\s()])")
_CLAUSES = ("do", "catch", "catch_all", "delegate")


def flatten(text: str) -> str:
    """The text with every folded `try` made flat, nested ones included."""
    while found := _TRY.search(text):
        end = sexpr.form_end(text, found.start())
        text = text[: found.start()] + _flat(text, found.end(), end - 1) + text[end:]
    return text


def _flat(text: str, position: int, end: int) -> str:
    """The flat form of a `try` whose rest is there from `position` to `end`.

    Label and type stay as they are; its clauses lose their parentheses.
    """
    parts = ["try "]
    closing = " end "
    while (start := sexpr.skip_blank(text, position)) < end:
        if text[start] != "(":  # the label
            word, start, position = sexpr.next_word(text, start)
            parts.append(word + " ")
            continue
        position = sexpr.form_end(text, start)
        head, _, after = sexpr.next_word(text, start + 1)
        if head not in _CLAUSES:  # the type
            parts.append(text[start:position] + " ")
            continue
        parts.append(("" if head == "do" else f"{head} ") + text[after : position - 1] + " ")
        closing = "" if head == "delegate" else closing
    return "".join(parts) + closing
