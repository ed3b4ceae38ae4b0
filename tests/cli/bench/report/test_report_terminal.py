"""Tables in a terminal: what they say, how they shrink, when they are coloured."""

from __future__ import annotations

import io
import re

import pytest
from linocut.bench.report import print_results
from linocut.bench.report import terminal as terminal_
from linocut.bench.report.tables.execution import execution
from linocut.bench.results import Results
from small_results import small
from synthetic_results import ENGINES, EVERYDAY, POLYBENCH, synthetic

RED, GREEN = "\033[1;31m", "\033[1;32m"


@pytest.fixture(scope="module")
def run() -> Results:
    """A full run in which much goes wrong; tests must not change it."""
    return synthetic(repeat=3)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(results: Results, stream: io.StringIO | None = None, width: int = 300) -> str:
    stream = stream or io.StringIO()
    print_results(results, stream, width=width)
    return stream.getvalue()


def test_a_table_to_the_letter() -> None:
    results = small(
        {
            "gemm": {"liftoff": 0.010, "linocut": 0.005, "gcc": 0.004},
            "lu": {"liftoff": 2.0, "linocut": 2.5},
        }
    )
    (table,) = execution(results)
    assert list(terminal_.show(table, 90)) == [
        "Execution, PolyBench",
        "program                     linocut         liftoff                  gcc",
        "──────────────  ───────────────────  ──────────────  ───────────────────",
        "gemm            0.50 5.00 ms ±1.0 %  10.0 ms ±1.0 %  0.40 4.00 ms ±1.0 %",
        "lu              1.25  2.50 s ±1.0 %   2.00 s ±1.0 %     –",
        "──────────────  ───────────────────  ──────────────  ───────────────────",
        "geometric mean  0.79                    1.00         0.40",
        "worst           1.25                    1.00         0.40",
        "liftoff: medians; the others: their median divided by liftoff's, below 1 is better",
    ]


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(run: Results, width: int) -> None:
    text = printed(run, width=width)
    tables = text[text.index("Execution, PolyBench") : text.index("the same loop took")]
    assert max(map(len, tables.splitlines())) <= width


@pytest.mark.parametrize("width", [50, 80])
def test_a_narrow_terminal_loses_no_program_and_no_engine(run: Results, width: int) -> None:
    text = printed(run, width=width)
    words = set(text.split())
    assert {name for name, *_ in ENGINES} <= words
    assert {*POLYBENCH, *EVERYDAY} <= words


def test_room_is_filled_with_times_and_spreads(run: Results) -> None:
    gemm = re.compile(r"^gemm .*$", re.MULTILINE)
    narrow, wide = (gemm.search(printed(run, width=width)) for width in (80, 400))
    assert narrow and "±" not in narrow[0]
    assert wide and wide[0].count("±") == len(ENGINES) - 1 and "n=1" in wide[0]


def test_no_colour_into_a_file(run: Results) -> None:
    assert "\033" not in printed(run)


def test_no_colour_where_it_is_not_wanted(run: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033" not in printed(run, Terminal())


def test_a_terminal_gets_the_best_in_green_and_the_wrong_in_red(
    run: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = printed(run, Terminal())
    assert f"{RED}wrong" in text
    assert f"{RED}sieve: checksums disagree: wavm prints 00000000deadbeef" in text
    short = text[text.index("Compile time in short") :]
    linocut = next(line for line in short.splitlines() if "linocut" in line)
    assert linocut.count(GREEN) == len(["PolyBench", "CoreMark", "everyday", "corpora", "all", "all, cold"])


def test_other_peoples_control_characters_do_not_reach_the_terminal(run: Results) -> None:
    text = printed(run)
    assert "wavm: no such option: ?[31m--quiet" in text


def test_errors_and_absent_engines_are_listed(run: Results) -> None:
    text = printed(run)
    assert "wizard: exit code 139: Segmentation fault (adi)" in text
    assert "cranelift: no answer in 900 s (yosys)" in text
    assert "build it (https://github.com/sillycross/WasmNow), then --wasmnow PATH" in text
    assert run.noise in text


def test_the_best_is_not_native_code() -> None:
    results = small({"a": {"liftoff": 1.0, "linocut": 0.5, "gcc": 0.1}})
    marked = [line for line in terminal_.show(next(execution(results)), 80, str.__add__) if "0.50" in line]
    assert marked and marked[0].index("0.50") < marked[0].index(GREEN) < marked[0].index("1.00")


def test_a_run_without_anything_prints_no_table() -> None:
    assert "─" not in printed(Results(machine={"cpu": "none"}))
