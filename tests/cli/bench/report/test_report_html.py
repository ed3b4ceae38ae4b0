"""The page contains everything, fetches nothing, and lets no name become markup."""

from __future__ import annotations

import base64
import re
import sys
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from linocut.bench.report import read_json, write, write_json
from linocut.bench.report.html import page
from linocut.bench.results import Results
from small_results import small
from synthetic_results import HOSTILE, synthetic

VOID = {"meta", "br"}
FETCHING = {"link", "img", "iframe", "object", "embed", "video", "audio", "source", "base", "image"}


class Reader(HTMLParser):
    """Checks that tags are closed in order; collects attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def run() -> Results:
    """A full run in which much goes wrong; tests must not change it."""
    return synthetic(repeat=3)


@pytest.fixture(scope="module")
def html(run: Results, tmp_path_factory: pytest.TempPathFactory) -> str:
    drawing = tmp_path_factory.mktemp("plots") / "pareto.svg"
    drawing.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">\n'
        '<svg role="img" xmlns:xlink="http://www.w3.org/1999/xlink" width="10pt" height="9pt" viewBox="0 0 10 9" '
        'xmlns="http://www.w3.org/2000/svg"><path d="M 0 0" style="fill: #ffffff"/></svg>\n'
    )
    return page(run, [drawing])


def test_nothing_is_fetched(html: str) -> None:
    reader = Reader(html)
    assert not FETCHING & {tag for tag, _ in reader.tags}
    for tag, attributes in reader.tags:
        assert not {"src", "srcset", "action", "background", "ping"} & attributes.keys()
        address = attributes.get("href") or attributes.get("xlink:href") or "#"
        assert tag == "a" or address.startswith("#")
    assert "@import" not in html and "url(" not in html
    for address in re.finditer(r"https?://", html):
        before = html[: address.start()]
        assert before.endswith(('<a href="', 'rel="noreferrer">')), html[
            address.start() - 40 : address.end() + 40
        ]


def test_names_are_text(html: str) -> None:
    assert HOSTILE not in html
    reader = Reader(html)
    assert HOSTILE in reader.text
    assert sum(tag == "script" for tag, _ in reader.tags) == 1


def test_all_tables_and_warnings_are_there(html: str, run: Results) -> None:
    said = " ".join(Reader(html).text)
    for title in (
        "Execution in short",
        "Execution, PolyBench",
        "Compilers",
        "Ablation",
        "Absent engines",
        "Start",
    ):
        assert title in said
    assert run.noise in said and run.date in said and "AMD EPYC" in said and "--liftoff-only" in said
    assert "sieve: checksums disagree: wavm prints 00000000deadbeef" in said
    assert "https://github.com/sillycross/WasmNow" in said


def test_the_raw_figures_can_be_taken_out(html: str, run: Results, tmp_path: Path) -> None:
    (link,) = (attributes for tag, attributes in Reader(html).tags if "download" in attributes)
    kind, data = str(link["href"]).split(",")
    assert kind == "data:application/json;base64"
    taken, written = tmp_path / str(link["download"]), tmp_path / "written.json"
    taken.write_bytes(base64.b64decode(data) + b"\n")
    write_json(read_json(taken), written)
    assert taken.read_bytes() == written.read_bytes()


def test_every_row_has_a_cell_for_every_heading(html: str) -> None:
    for table in re.findall(r"<table>.*?</table>", html, re.DOTALL):
        head, *rows = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
        assert rows
        assert {row.count("<td") for row in rows} == {head.count("<th ")}


def test_without_matplotlib_there_is_a_report_without_plots(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    said: list[str] = []
    paths = write(small({"a": {"liftoff": 1.0, "linocut": 0.5}}), tmp_path / "new" / "out", said.append)
    assert [path.name for path in paths] == ["results.json", "report.html", "report.md"]
    assert said == ["no plots without matplotlib: pip install 'linocut[bench]'"]
    assert escape(said[0]) in paths[1].read_text()
    assert "![" not in paths[2].read_text()


def test_a_report_can_be_made_from_a_report(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    results = small({"a": {"liftoff": 1.0, "linocut": 0.5}})
    first = write(results, tmp_path / "first")
    second = write(read_json(first[0]), tmp_path / "second")
    assert [path.name for path in first] == [path.name for path in second]
    assert "execution.svg" in {path.name for path in first}
    assert "plots/execution.svg" in first[2].read_text()
    assert all(one.read_bytes() == other.read_bytes() for one, other in zip(first, second, strict=True))
