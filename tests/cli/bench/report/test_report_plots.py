"""Plots: all of them are there, well-formed and the same each time, and their labels do not overlap."""

from __future__ import annotations

import itertools
import random
import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")
from linocut.bench.report import plots
from linocut.bench.report.plots import style
from linocut.bench.report.plots.labels import Box, place, shortened, spread
from linocut.bench.report.plots.pareto import Point, front
from linocut.bench.report.plots.scale import time_axis
from linocut.bench.results import ModuleInfo, Results
from matplotlib.figure import Figure
from small_results import small
from synthetic_results import ENGINES, EVERYDAY, HOSTILE, POLYBENCH, SWITCHES, synthetic

NAMES = ("pareto", "execution", "compile-warm", "compile-cold", "size", "costs", "ablation")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def run() -> Results:
    """A full run in which much goes wrong; tests must not change it."""
    return synthetic(repeat=3)


@pytest.fixture(scope="module")
def folder(run: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "plots"
    drawn = plots.draw(run, folder)
    assert sorted(drawn) == sorted(folder.iterdir())
    return folder


def words(path: Path) -> set[str]:
    return {element.text or "" for element in ET.parse(path).iter(f"{SVG}text")}


@pytest.mark.parametrize("name", NAMES)
def test_svg_is_well_formed_and_stands_alone(folder: Path, name: str) -> None:
    root = ET.parse(folder / f"{name}.svg").getroot()
    assert root.tag == f"{SVG}svg" and root.get("viewBox") and root.get("aria-label")
    for element in root.iter():
        for key, value in element.items():
            assert not key.endswith("href") or value.startswith("#")
            assert "url(" not in value or "url(#" in value
    assert "prefers-color-scheme:dark" in (folder / f"{name}.svg").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_png_is_one_and_large_enough_to_read(folder: Path, name: str) -> None:
    start = (folder / f"{name}.png").read_bytes()[:24]
    assert start[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", start[16:])
    assert width >= 1600 and height >= 600


def test_every_colour_that_dark_pages_change_is_used(folder: Path) -> None:
    drawn = "".join(path.read_text() for path in folder.glob("*.svg"))
    body = drawn.replace(style.dark_rules(), "")
    for light in style.DARK:
        assert f"fill: {light}" in body or f"stroke: {light}" in body, light


def test_every_program_and_engine_is_named(folder: Path) -> None:
    execution = words(folder / "execution.svg")
    assert {name for name, *_ in ENGINES} <= execution
    assert {*POLYBENCH, *EVERYDAY, "geometric mean", shortened(f"{HOSTILE}.wasm", 18)} <= execution
    assert {name for name, *_ in SWITCHES} <= words(folder / "ablation.svg")
    assert {name for name, *_ in ENGINES} <= words(folder / "pareto.svg")


def test_the_same_figures_give_the_same_bytes(run: Results, folder: Path, tmp_path: Path) -> None:
    drawn = plots.draw(run, tmp_path, only=("costs", "pareto"))
    assert len(drawn) == 4
    for path in drawn:
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_a_run_without_anything_has_no_plots(tmp_path: Path) -> None:
    assert plots.draw(Results(), tmp_path) == []


def test_two_engines_and_one_program_are_enough(tmp_path: Path) -> None:
    drawn = plots.draw(small({"a": {"liftoff": 1.0, "linocut": 0.6}}), tmp_path)
    assert [path.name for path in drawn] == ["execution.svg", "execution.png"]
    assert "0.60" in words(drawn[0])


def test_an_engine_of_the_users_own_is_drawn(tmp_path: Path) -> None:
    results = small({"gemm": {"liftoff": 1.0, "linocut": 0.5, "mine": 0.7}})
    drawn = plots.draw(results, tmp_path, ["execution"])
    assert "mine" in words(drawn[0])


def test_an_engine_that_fails_in_the_first_suite_is_named_above_another(tmp_path: Path) -> None:
    """wasm3 has no vectors: the plot of the SIMD kernels showed its dots beside their twins without its name."""
    results = small({"gemm": {"liftoff": 1.0, "linocut": 0.5}, "chain": {"liftoff": 1.0, "wasm3": 9.0}})
    results.modules[1] = ModuleInfo("chain", "everyday", 1000, 800)
    drawn = plots.draw(results, tmp_path, ["execution"])
    assert {"liftoff", "linocut", "wasm3"} <= words(drawn[0])


def test_front_has_what_nothing_beats() -> None:
    best = [Point("quick", 1.0, 100.0), Point("middle", 2.0, 10.0), Point("good", 3.0, 1.0)]
    beaten = [Point("slow", 0.9, 99.0), Point("late", 2.0, 9.0), Point("same", 1.5, 10.0)]
    assert front([*beaten, *best]) == best


def test_spread_keeps_order_and_distance_and_moves_little() -> None:
    wanted = [5.0, 1.0, 1.1, 1.2, 9.0]
    places = spread(wanted, 1.0)
    assert places == pytest.approx([5.0, 0.1, 1.1, 2.1, 9.0])
    chance = random.Random(1)
    many = [chance.random() for _ in range(30)]
    ordered = [place for _, place in sorted(zip(many, spread(many, 0.1), strict=True))]
    assert all(right - left >= 0.1 - 1e-9 for left, right in itertools.pairwise(ordered))


def test_labels_of_a_crowd_do_not_overlap() -> None:
    figure = Figure(figsize=(8, 6))
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    axes.set_xlim(0, 10)
    axes.set_ylim(0, 10)
    chance = random.Random(3)
    dots = [(5 + chance.gauss(0, 0.5), 5 + chance.gauss(0, 0.5)) for _ in range(12)]
    texts = [
        axes.annotate(f"engine {i}", dot, (0, 0), textcoords="offset points", va="bottom")
        for i, dot in enumerate(dots)
    ]
    place(axes, texts, dots)
    boxes = [Box(*text.get_window_extent().extents) for text in texts]
    assert all(one.overlap(other) == 0 for one, other in itertools.combinations(boxes, 2))


def test_axis_labels_have_room() -> None:
    figure = Figure(figsize=(8, 2))
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    time_axis(axes, (0.1, 300.0))
    places = [axes.transData.transform((value, 0))[0] / figure.dpi for value in axes.get_xticks()]
    assert {0.1, 1.0, 10.0, 100.0} <= set(axes.get_xticks())
    assert all(right - left >= 0.3 for left, right in itertools.pairwise(places))
