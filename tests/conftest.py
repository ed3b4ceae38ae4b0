from __future__ import annotations

import functools
import signal
from collections import Counter
from typing import TYPE_CHECKING

import isolation
import pytest

if TYPE_CHECKING:
    from collections.abc import Generator


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--processes",
        type=int,
        default=isolation.processors(),
        help="how many files of tests run at once, each in a child process; 0: all in pytest's own (for --pdb)",
    )
    parser.addoption("--refresh", action="store_true", help="rewrite the expected machine code")
    parser.addoption(
        "--speed", action="store_true", help="only the tests that compare times: on a quiet machine"
    )
    parser.addoption("--corpus", action="store_true", help="also what needs large packages: gigabytes, once")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    parts: dict[bool, list[pytest.Item]] = {True: [], False: []}
    for item in items:
        parts[_is_asked_for(item, config)].append(item)
    config.hook.pytest_deselected(items=parts[False])
    items[:] = parts[True]
    if not has_compiler():
        for item in filter(is_of_machine_code, items):
            item.add_marker(pytest.mark.skip(reason=NO_COMPILER))


def _is_asked_for(item: pytest.Item, config: pytest.Config) -> bool:
    if item.get_closest_marker("corpus") and not config.getoption("--corpus"):
        return False
    return bool(item.get_closest_marker("speed")) == config.getoption("--speed")


# ── where linocut only interprets ────────────────────────────────────────────
NO_COMPILER = "no compiler for this processor"


def has_compiler() -> bool:
    import linocut

    return linocut.has_compiler()


def is_of_machine_code(item: pytest.Item) -> bool:
    """Whether a test is marked `compiled`, or is the compiled half of one that runs both ways."""
    parameters = getattr(item, "callspec", None)
    halves = parameters.id.split("-") if parameters else []
    return item.get_closest_marker("compiled") is not None or "compiled" in halves


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A test that asks for machine code without saying so is skipped where there is none."""
    from linocut import NoCompilerError

    try:
        return (yield)
    except NoCompilerError:
        if has_compiler():
            raise
        pytest.skip(NO_COMPILER)


# ── how tests run ────────────────────────────────────────────────────────────


def pytest_configure(config: pytest.Config) -> None:
    at_once = 1 if config.getoption("--speed") else config.getoption("--processes")
    if at_once and not config.getoption("usepdb"):
        config.pluginmanager.register(isolation.Isolation(at_once), "isolation")
    # A shell starts background jobs with SIGINT ignored; children inherit that, and Ctrl-C tests would hang.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was skipped, by reason: a test that never runs is to be noticed."""
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.getreports("skipped")
    )
    if reasons:
        terminalreporter.section("skipped")
    for reason, count in reasons.most_common():
        terminalreporter.line(f"{count:5} {reason}")


@pytest.fixture(params=[False, True], ids=["compiled", "interpreted"])
def both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test runs twice: with modules that are compiled, and interpreted."""
    import linocut

    monkeypatch.setattr(linocut, "load", functools.partial(linocut.load, interpret=request.param))
