"""Tests run in a child process for each file: one that crashes is a red test, and the others are run all the same.

Most tests execute machine code that was made a moment ago. A wrong one ends the process that runs it, and with it what
all other tests would have said. A fork for each file costs milliseconds, and what a file keeps between its tests is kept.
"""

from __future__ import annotations

import os
import pickle
import signal
from itertools import groupby
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

OPTION = "--one-process"


class Isolation:
    """The plugin; without it pytest is as it always is."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Takes the place of pytest's own loop."""
        if session.config.getoption("collectonly") or session.testsfailed:
            return None  # pytest's own says what is wrong
        for _, items in groupby(session.items, key=lambda item: item.path):
            _run_file(session, list(items))
        return True


def _run_file(session: pytest.Session, items: list[pytest.Item]) -> None:
    """In children: as many as crashes, and one."""
    while items:
        done, status = _run_in_child(session, items)
        if done < len(items):
            _report_death(items[done], status)
            done += 1
            _stop_if_asked(session)
        items = items[done:]


def _run_in_child(session: pytest.Session, items: Sequence[pytest.Item]) -> tuple[int, int]:
    """How many of the tests came to their end, and the child's status."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _work(session, items, writer)
    os.close(writer)
    try:
        with os.fdopen(reader, "rb") as said:
            done = _relay(session, said)
    except BaseException:  # -x, Ctrl-C: what is left is not wanted
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        _, status = os.waitpid(child, 0)
    return done, status


# ── the child ────────────────────────────────────────────────────────────────
class _Teller:
    """Sends each report to the parent, which alone shows it."""

    def __init__(self, config: pytest.Config, writer: int) -> None:
        self.config, self.writer = config, writer

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        self._tell("start", (nodeid, location))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._tell(
            "report", self.config.hook.pytest_report_to_serializable(config=self.config, report=report)
        )

    def pytest_runtest_logfinish(self, nodeid: str, location: Any) -> None:
        self._tell("finish", (nodeid, location))

    def _tell(self, kind: str, content: Any) -> None:
        record = pickle.dumps((kind, content))
        while record:
            record = record[os.write(self.writer, record) :]


def _work(session: pytest.Session, items: Sequence[pytest.Item], writer: int) -> NoReturn:
    """A child's whole life. Fixtures of all scopes end with it."""
    plugins = session.config.pluginmanager
    plugins.unregister(name="terminalreporter")
    plugins.unregister(name="junitxml")
    plugins.unregister(session)  # it counts failures, for the parent to act on
    plugins.register(_Teller(session.config, writer))
    try:
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    except BaseException:
        os._exit(3)
    os._exit(0)


# ── the parent ───────────────────────────────────────────────────────────────
def _relay(session: pytest.Session, said: BinaryIO) -> int:
    """Show what the child says, as if it had happened here; how many tests it has finished."""
    hook, finished = session.config.hook, 0
    for kind, content in _records(said):
        if kind == "start":
            hook.pytest_runtest_logstart(nodeid=content[0], location=content[1])
        elif kind == "report":
            report = hook.pytest_report_from_serializable(config=session.config, data=content)
            hook.pytest_runtest_logreport(report=report)
        else:
            hook.pytest_runtest_logfinish(nodeid=content[0], location=content[1])
            finished += 1
        _stop_if_asked(session)
    return finished


def _records(said: BinaryIO) -> Iterator[tuple[str, Any]]:
    while True:
        try:
            yield pickle.load(said)
        except (EOFError, pickle.UnpicklingError):  # the child is gone, perhaps in the midst of one
            return


def _stop_if_asked(session: pytest.Session) -> None:
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    if session.shouldstop:
        raise session.Interrupted(session.shouldstop)


def _report_death(item: pytest.Item, status: int) -> None:
    how = (
        signal.Signals(os.WTERMSIG(status)).name
        if os.WIFSIGNALED(status)
        else f"exit {os.WEXITSTATUS(status)}"
    )
    report = pytest.TestReport(
        item.nodeid, item.location, {}, "failed", f"the test ended its process: {how}", "call", []
    )
    item.config.hook.pytest_runtest_logreport(report=report)
    item.config.hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
