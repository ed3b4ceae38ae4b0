"""Cutting scripts into forms and reading forms."""

from __future__ import annotations

import random
import subprocess
import sys

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


PIECES = ["(", ")", '"', "\\", ";", "a ", "\n", "(b)", '"c"', '"\\""', "(; ;)"]


def plain_end(text: str) -> int | None:
    """The end of the first form, found character by character; `within` is what is being read."""
    depth = comments = position = 0
    within = ""
    while position < len(text):
        character, pair = text[position], text[position : position + 2]
        width = 1
        if within == '"':
            width = 1 + (character == "\\")
            within = "" if character == '"' else within
        elif within == ";;":
            within = "" if character in "\r\n" else within
        elif pair in ("(;", ";)") and (comments or pair == "(;"):
            comments += 1 if pair == "(;" else -1
            width = 2
        elif not comments:
            within = '"' if character == '"' else ";;" if pair == ";;" else ""
            depth += {"(": 1, ")": -1}.get(character, 0)
            if depth == 0:
                return position + 1
        position += width
    return None


def test_any_text_is_cut_where_a_plain_reader_ends():
    generator = random.Random(1)
    seen = set()
    for _ in range(20_000):
        pieces = generator.choices(PIECES, k=generator.randrange(1, 60))
        text = "(a" + "".join(pieces) + ")" * generator.randrange(6)
        try:
            end = sexpr.form_end(text, 0)
        except sexpr.FormError:
            end = None
        assert end == plain_end(text), text
        seen.add(end)
    assert None in seen and max(filter(None, seen)) > 60


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


@pytest.mark.parametrize(
    "text",
    ["(a", "a)", r'"\q"', '"a', '"', r'"\"', '$"a', r'"\u{110000}"', r'"\u{fffffffffff}"', r'"\u{d800}"'],
)
def test_read_refuses(text: str):
    with pytest.raises(ValueError):
        sexpr.read(text)


HOSTILE = {
    "deep": "'(' * n + ')' * n",
    "deep and open": "'(' * n",
    "many": "'(a (b))' * n",
    "siblings": "'(' + 'a(b)' * n + ')'",
    "siblings, open": "'(' + 'a(b)' * n",
    "ladders": "('(' * 40 + 'x' + ')' * 40) * (n // 40)",
    "strings": "'(' + '\"\\\\\"\"' * n + ')'",
    "open string": "'(\"' + '\\\\\"' * n",
    "open strings": "'(a \"' * n",
    "comments": "'(a ' + '(; ;)' * n + ')'",
    "open comments": "'(;' * n",
    "line comments": "';;\\n' * n",
    "annotations": "'(@a)' * n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_cut_and_read_in_linear_time_and_memory(text: str):
    # Quadratic work would take an hour. The bound is only there to notice that.
    program = f"""
import resource
from linocut.text import sexpr
n = 400_000
text = {text}
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = peak()
for step in (lambda: [0 for _ in sexpr.cut(text)], lambda: print(peak() - before, len(text)), lambda: sexpr.read(text)):
    try: step()
    except ValueError: pass
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, timeout=120, stdout=subprocess.PIPE)
    grown, size = map(int, done.stdout.split())
    assert grown < 40 * size + 20_000_000
