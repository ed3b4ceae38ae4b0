"""Markdown: tables are whole, and names cannot become markup."""

from __future__ import annotations

import re

import pytest
from linocut.bench.report import markdown
from linocut.bench.report.markdown import escaped
from linocut.bench.results import Results
from small_results import small
from synthetic_results import synthetic


@pytest.fixture(scope="module")
def run() -> Results:
    """A full run in which much goes wrong; tests must not change it."""
    return synthetic(repeat=3)


def cells(line: str) -> int:
    return len(re.findall(r"(?<!\\)\|", line)) - 1


def test_every_row_has_as_many_cells_as_its_heading(run: Results) -> None:
    blocks = re.findall(r"(?:^\|.*\n)+", markdown(run), re.MULTILINE)
    assert len(blocks) > 10
    for block in blocks:
        head, rule, *rows = block.splitlines()
        assert re.fullmatch(r"\|( (:--|--:) \|)+", rule)
        assert {cells(row) for row in rows} == {cells(head)}


def test_names_are_text(run: Results) -> None:
    text = markdown(run)
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.wasm" in text
    assert "mine \\| &amp; yours" in text
    assert escaped("a_b*c`d") == "a\\_b\\*c'd"
    assert escaped("`a_b | c`") == "`a_b \\| c`"


def test_ratios_stand_with_their_spread_and_the_best_is_bold() -> None:
    text = markdown(small({"gemm": {"liftoff": 0.01, "linocut": 0.005}}))
    assert "| program | **linocut** | liftoff |" in text
    assert "| gemm | **0.50 ±1.0 %** | 10.0 ms ±1.0 % |" in text


def test_plots_are_linked_as_seen_from_the_page(run: Results) -> None:
    assert "\n![pareto](plots/pareto.svg)\n" in markdown(run, ["plots/pareto.svg"])
    assert "![" not in markdown(run)
