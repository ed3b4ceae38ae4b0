"""How far a run is, and whether the machine is quiet enough for it."""

from __future__ import annotations

import io

from linocut.bench.machine import describe_machine, warning
from linocut.bench.steps import Estimate, Step, take_all
from linocut.cli.progress import TerminalProgress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def step(measure: str = "run", engine: str = "e") -> Step:
    return Step(measure, "p", engine, lambda: None)


def test_terminal_has_one_line_that_changes() -> None:
    stream = Terminal()
    taken = []
    steps = [Step("run", name, "e", lambda name=name: taken.append(name)) for name in ("a", "b")]
    assert take_all(steps, TerminalProgress(stream))
    assert taken == ["a", "b"]
    lines = stream.getvalue().split("\r\033[K")
    assert lines[1] == "1/2 run · a · e"
    assert lines[2].startswith("2/2 run · b · e, about 0:0")
    assert lines[-1] == ""
    assert "\n" not in stream.getvalue()


def test_file_gets_notes_but_not_every_step() -> None:
    stream = io.StringIO()
    progress = TerminalProgress(stream)
    take_all([step()] * 100, progress)
    progress.note("fetched")
    assert stream.getvalue() == "fetched\n"


def test_interrupt_leaves_the_rest() -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    taken: list[str] = []
    steps = [step(), Step("run", "p", "e", stop), Step("run", "p", "e", lambda: taken.append("late"))]
    assert not take_all(steps, TerminalProgress(io.StringIO()))
    assert not taken


def test_estimate_knows_slow_engines() -> None:
    fast, slow, unknown = step(engine="fast"), step(engine="slow"), step("compile", "fast")
    estimate = Estimate([fast, slow, unknown] * 2)
    assert str(estimate) == ""
    estimate.took(fast, 1.0)
    estimate.took(slow, 99.0)
    assert estimate.seconds_left() == 1.0 + 99.0 + 2 * 50.0
    assert str(estimate) == ", about 3:20 left"


def test_estimate_knows_big_modules() -> None:
    small, big = step(), Step("run", "big", "e", lambda: None, weight=10.0)
    estimate = Estimate([small, big, small])
    estimate.took(small, 2.0)
    assert estimate.seconds_left() == 2.0 + 20.0


def test_warning_names_each_kind_of_noise() -> None:
    assert warning(0.1, 0.1, 0.01) == ""
    assert warning(2.0, 0.1, 0.01) == "noisy machine: the load was 2.0 before it started"
    said = warning(2.0, 1.2, 0.2)
    assert "others kept 1.2 processors busy" in said
    assert "±20 %" in said


def test_machine_is_described() -> None:
    facts = describe_machine()
    assert {"processor", "cores", "system", "Python"} <= facts.keys()
    assert all(facts.values())
