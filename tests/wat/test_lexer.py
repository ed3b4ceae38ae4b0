"""Tokens: what is one, what is skipped, and what is none."""

from __future__ import annotations

import pytest
from linocut.errors import TextError
from linocut.wat.lexer import tokenise


def tokens(text: str) -> list[str]:
    return tokenise(text)[0]


def test_tokens_are_cut_at_parentheses_and_white_space() -> None:
    assert tokens('(func $f\r\n\t(result i32)i32.const -0x1 "a b")') == [
        *("(", "func", "$f", "(", "result", "i32", ")", "i32.const", "-0x1", '"a b"', ")")
    ]


def test_comments_nest_and_end_where_a_line_does() -> None:
    assert tokens('a;; (b\nc (; d (; e ;) " ;) f;;g\rh (;0;)i (;;)') == ["a", "c", "f", "h", "i"]
    assert tokens("a (; ;; ;) b") == ["a", "b"]


def test_starts_are_those_of_the_tokens() -> None:
    text = ' (a (; b ;) "c" ;; d\n $"e f" )'
    found, starts = tokenise(text)
    assert found == ["(", "a", '"c"', "$e f", ")"]
    assert [text[start] for start in starts] == ["(", "a", '"', "$", ")"]


def test_an_identifier_may_be_a_string() -> None:
    assert tokens('$"a" $a $"\\u{e9}" $"\\61"') == ["$a", "$a", "$é", "$a"]


def test_annotations_are_skipped_unless_they_mean_something() -> None:
    assert tokens('a (@b "c)" (d) ,;[]{} x"y"z (@) (; ) ;) ;; )\n) e') == ["a", "e"]
    assert tokens('(@name "a") (@"custom" "b")') == ["(@name", '"a"', ")", "(@custom", '"b"', ")"]
    assert tokens('(@a (@name "b")) c') == ["c"]


@pytest.mark.parametrize("escapes", [0, 1, 999, 1000, 1001, 5000])
def test_strings_of_any_number_of_escapes(escapes: int) -> None:
    string = '"' + '\\"a' * escapes + '\\\\"'
    assert tokens(f"a {string} b") == ["a", string, "b"]
    assert tokens(f"(@a {string}) b") == ["b"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\0", "illegal character: .*x00"),
        ("a\n  é", "illegal character: .*xe9.* .line 2, column 3"),
        ('"a', "unclosed string"),
        ('"' + "\\n" * 2000, "unclosed string"),
        ("(; (; ;)", "unclosed comment"),
        ("(@a (b)", "unclosed annotation"),
        ("(@)", "empty annotation id"),
        ('(@"")', "empty annotation id"),
        ('$""', "empty identifier"),
        ('"a""b"', "white space before and after a string"),
        ('a"b"', "white space before and after a string"),
        (";", "unexpected token: ';'"),
        ("(@a \x01)", "illegal character"),
        ('$"\\ff"', "malformed UTF-8 encoding"),
        ('$"\\q"', "unknown escape"),
    ],
)
def test_what_is_no_token(text: str, message: str) -> None:
    with pytest.raises(TextError, match=message):
        tokenise(text)
