"""Cutting scripts into forms and reading forms."""

from __future__ import annotations

import time

import pytest
from linocut.text import sexpr


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sexpr.cut(text)]


def test_cut_skips_comments_and_annotations():
    assert cut(';; (x)\n(a) (; (b (; c ;) ;) (@note (d)) (e "f)" ;; )\n)') == ["(a)", '(e "f)" ;; )\n)']


def test_a_line_comment_ends_at_either_line_end():
    assert cut(";; one\r(a);; two\n(b)") == ["(a)", "(b)"]


def test_forms_deeper_than_one_pattern_holds():
    deep = "(" * 50 + '"("' + ")" * 50
    assert cut(f"{deep} (; ( ;) {deep}") == [deep, deep]


def test_block_comment_deep_inside_a_form():
    assert cut("(a (b (c (d (e (; )) ;) (f)))))) (g)") == ["(a (b (c (d (e (; )) ;) (f))))))", "(g)"]


def test_a_lone_semicolon_is_an_annotation_s_own():
    assert cut("(module (@a , ; ] ({) ;)) (b)") == ["(module (@a , ; ] ({) ;))", "(b)"]


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("(a) x", "expected '('", 4),
        ("(a) (b (c)", "not closed", 4),
        ("(a) (; (; ;)", "block comment is not closed", 4),
        ('(a "x', "not closed", 0),
        (")", "expected '('", 0),
    ],
)
def test_broken_text_says_what_and_where(text: str, message: str, offset: int):
    with pytest.raises(sexpr.FormError, match=message.replace("(", r"\(")) as caught:
        cut(text)
    assert caught.value.offset == offset


def test_read_nests_forms_and_decodes_strings():
    assert sexpr.read(r'(a $b "c\00\u{e9}\"" (d -0x1p3)) e') == [
        ["a", "$b", b'c\x00\xc3\xa9"', ["d", "-0x1p3"]],
        "e",
    ]


def test_read_drops_comments_and_annotations_but_not_in_strings():
    assert sexpr.read('(a (; x ;) "(; s ;)" (@n (m)) ";;" ;; t\n b)') == [["a", b"(; s ;)", b";;", "b"]]


def test_an_identifier_may_be_spelt_as_a_string():
    assert sexpr.read(r'$"a b\21" $c') == ["$a b!", "$c"]


@pytest.mark.parametrize("text", ["(a", "a)", r'"\q"'])
def test_read_refuses(text: str):
    with pytest.raises(ValueError):
        sexpr.read(text)


@pytest.mark.parametrize(
    "text",
    ["(" * 100_000 + ")" * 100_000, "(a (b))" * 50_000, '("\\"")' * 50_000, "(a " + "(; ;)" * 50_000 + ")"],
    ids=["deep", "many", "strings", "comments"],
)
def test_cutting_is_linear(text: str):
    started = time.process_time()
    for _ in sexpr.cut(text):
        pass
    assert time.process_time() - started < 2
