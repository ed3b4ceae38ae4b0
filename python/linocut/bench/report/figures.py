"""What stands between the marks of docs/post.md and docs/benchmarks.md, by the name of the mark."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from linocut.bench.report import grid, liftoff_code
from linocut.bench.report.disagreements import disagreements
from linocut.bench.report.grid import OURS
from linocut.bench.report.headline import headline
from linocut.bench.report.losses import losses
from linocut.bench.report.markdown import render
from linocut.bench.report.switched import switched
from linocut.bench.report.table import Column, Table, text
from linocut.bench.report.tables import details, summaries
from linocut.bench.report.tables.comparison import compare
from linocut.bench.report.tables.engines import absent, engines
from linocut.bench.report.tables.execution import execution
from linocut.bench.report.tables.summary import summary
from linocut.bench.report.tables.vectors import vectors
from linocut.engines.engine import Kind
from linocut.engines.node import node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from linocut.bench.results import Results

    Tables = Callable[[Results], Iterable[Table]]
    Block = Callable[[Results, Sequence[str]], str]

PLOTS = "plots"  # the folder, seen from the documents

_INTERPRETED = (Kind.INTERPRETER, Kind.COPY_AND_PATCH, Kind.BASELINE)
_PAPER = ("polybench", "coremark")
_SIMD = ("simd", "scalar")


@dataclass(frozen=True)
class Graph:
    """What a switch or two of an engine change in each program."""

    title: str
    engine: str
    switches: tuple[str, ...]


# The two that the post announces and does not have, by the name of the plot.
GRAPHS = {
    "inlining": Graph("Liftoff with counters for inlining", "liftoff", ("inlining counters",)),
    "division": Graph("What the division check costs", OURS, ("no division checks",)),
}


def machine(results: Results) -> Iterator[Table]:
    """Where and when."""
    facts = {
        **results.machine,
        "date": results.date,
        "command": f"`{results.command}`",
        "noise": results.noise,
    }
    rows = tuple((text(name), text(value)) for name, value in facts.items() if value.strip("`"))
    yield Table("Machine", (Column("", text=True), Column("", text=True)), rows)


def interpretation(results: Results) -> Iterator[Table]:
    """Interpreters beside what compiles in one pass: means of execution only."""
    shown = [engine for engine in results.engines if engine.kind in _INTERPRETED]
    yield from summary(replace(results, engines=shown, compilation=[]))


def paper(results: Results) -> Results:
    """The suites of the paper's Fig. 21 alone."""
    return of_suites(results, _PAPER)


def of_suites(results: Results, suites: Iterable[str]) -> Results:
    """Some suites alone."""
    wanted = set(suites)
    modules = [module for module in results.modules if module.suite in wanted]
    names = {module.name for module in modules}
    return replace(
        results,
        modules=modules,
        execution=[one for one in results.execution if one.program in names],
        compilation=[one for one in results.compilation if one.module in names],
    )


def compilation(results: Results) -> Iterator[Table]:
    """Means over those suites; the plots have every module."""
    yield from summary(replace(paper(results), execution=[]))


def collatz(results: Results) -> Iterator[Table]:
    """The program of the post's listings."""
    rows = grid.execution_grid(results).only(("collatz", "collatz32"))
    if rows.rows:
        yield compare(results, rows, "Collatz", "program")


def simd(results: Results) -> Iterator[Table]:
    """The SIMD kernels and their twins: in short, what vectors bring, and each beside the other engines."""
    part = replace(of_suites(results, _SIMD), compilation=[])
    return chain(summary(part), vectors(part), execution(part))


def checksums(results: Results) -> Iterator[Table]:
    """How many programs all engines agree on, and the others."""
    programs = {run.program for run in results.execution if run.checksum}
    odd = disagreements(results)
    rows = [(text("programs on which all engines agree"), text(str(len(programs) - len(odd))))]
    rows += [(text(one.program), text(str(one))) for one in odd]
    yield Table("Checksums", (Column("", text=True), Column("", text=True)), tuple(rows))


def _node(make: Callable[[str], Table]) -> Tables:
    """What V8 itself is asked; Absent if there is no node."""
    return lambda _: iter((make(node()),))


def _all(*makers: Tables) -> Tables:
    return lambda results: chain.from_iterable(make(results) for make in makers)


def _means(engine: str, switches: Iterable[str], beside: Iterable[str] = ()) -> Tables:
    """A summary of an engine with and without each of the switches."""
    return lambda results: summary(switched(results, engine, switches, beside))


def _block(make: Tables, *pictures: str) -> Block:
    """The plots of those names, of those that were drawn; then the tables."""

    def text_of(results: Results, drawn: Sequence[str]) -> str:
        links = [f"![{name}]({PLOTS}/{name}.svg)" for name in pictures if name in drawn]
        parts = [*links, *map(render, make(results))]
        return "\n\n".join(parts) or "Not measured in this run."

    return text_of


BLOCKS: dict[str, Block] = {
    "machine": _block(machine),
    "headline": _block(headline),
    "losses": _block(losses),
    "report": _block(
        _all(summaries, details),
        *("pareto", "execution", "compile-warm", "compile-cold", "size", "costs", "ablation"),
    ),
    "tiers": _block(_node(liftoff_code.tiers)),
    "liftoff-code": _block(_node(liftoff_code.switches)),
    "interpretation": _block(interpretation),
    "execution": _block(lambda results: execution(paper(results)), "execution"),
    "compilation": _block(compilation, "compile-warm", "compile-cold"),
    "frontier": _block(summary, "pareto"),
    "engines": _block(_all(engines, absent)),
    "stack-check": _block(_all(_means(OURS, ["no stack check"]), _means("liftoff", ["no stack checks"]))),
    "tiering": _block(_means("liftoff", ["checks for tiering up"])),
    "inlining": _block(_means("liftoff", GRAPHS["inlining"].switches, beside=[OURS]), "inlining"),
    "division": _block(_means(OURS, GRAPHS["division"].switches), "division"),
    "checksums": _block(checksums),
    "collatz": _block(collatz),
    "simd": _block(_all(machine, simd), "simd"),
}
