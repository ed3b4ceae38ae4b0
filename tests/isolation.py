"""Each test file runs in a child process: a test that crashes is a failed one, and the others still run.

Most tests execute machine code that was made a moment ago. If it is wrong, it may end the process that runs
it, and all other tests with it. A fork for each file costs milliseconds, and what a file keeps between its
tests is kept. As many files run at once as there are processors.
"""

from __future__ import annotations

import os
import pickle
import selectors
import signal
from collections import deque
from itertools import groupby
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LENGTH = 4
"""Bytes of a record's length, which stands before it."""


class Isolation:
    """The plugin; without it, pytest runs tests as usual."""

    def __init__(self, at_once: int) -> None:
        """`at_once` is how many files run at a time at most."""
        self._at_once = at_once

    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Takes the place of pytest's own loop."""
        if session.config.getoption("collectonly") or session.testsfailed:
            return None  # pytest's own loop says what is wrong
        files = (list(items) for _, items in groupby(session.items, key=lambda item: item.path))
        _run_files(session, deque(files), self._at_once)
        return True


def processors() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0))


def _run_files(session: pytest.Session, waiting: deque[list[pytest.Item]], at_once: int) -> None:
    """Run each file in a child, and in one more after every crash."""
    running: list[_Child] = []
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                running.append(_Child(session, waiting.popleft(), running))
            for child in _ready(running):
                if child.relay():
                    continue
                running.remove(child)
                if left := child.end():
                    waiting.appendleft(left)
    finally:  # after -x or Ctrl-C the rest is not wanted
        for child in running:
            child.kill()


def _ready(children: Sequence[_Child]) -> list[_Child]:
    """The children that have sent something or ended."""
    with selectors.DefaultSelector() as selector:
        for child in children:
            selector.register(child.said, selectors.EVENT_READ, child)
        return [key.data for key, _ in selector.select()]


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
        record = len(record).to_bytes(LENGTH, "little") + record
        while record:
            record = record[os.write(self.writer, record) :]


def _work(session: pytest.Session, items: Sequence[pytest.Item], writer: int) -> NoReturn:
    """All that a child does. Fixtures of all scopes end with it."""
    plugins = session.config.pluginmanager
    plugins.unregister(name="terminalreporter")
    plugins.unregister(name="junitxml")
    plugins.unregister(session)  # it counts failures, to which only the parent reacts
    plugins.register(_Teller(session.config, writer))
    try:
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    except BaseException:
        os._exit(3)
    os._exit(0)


# ── the parent ───────────────────────────────────────────────────────────────
class _Child:
    """The process that runs one file's tests, or what a crash left of them."""

    def __init__(self, session: pytest.Session, items: list[pytest.Item], others: Sequence[_Child]) -> None:
        """Start the process; `others` are running already."""
        self._session, self._items = session, items
        self._finished = 0
        self._unread = b""
        self.said, writer = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            for reader in (self.said, *(child.said for child in others)):
                os.close(reader)
            _work(session, items, writer)
        os.close(writer)

    def relay(self) -> bool:
        """Show its new reports as if they were made here; False when there will be no more."""
        received = os.read(self.said, 1 << 20)
        self._unread += received
        for kind, content in self._records():
            self._show(kind, content)
        return bool(received)

    def _records(self) -> Iterator[tuple[str, Any]]:
        while len(self._unread) >= LENGTH:
            end = LENGTH + int.from_bytes(self._unread[:LENGTH], "little")
            if len(self._unread) < end:
                return  # the rest comes later, or never after a crash
            record, self._unread = self._unread[LENGTH:end], self._unread[end:]
            yield pickle.loads(record)

    def _show(self, kind: str, content: Any) -> None:
        config = self._session.config
        if kind == "start":
            config.hook.pytest_runtest_logstart(nodeid=content[0], location=content[1])
        elif kind == "report":
            report = config.hook.pytest_report_from_serializable(config=config, data=content)
            config.hook.pytest_runtest_logreport(report=report)
        else:
            config.hook.pytest_runtest_logfinish(nodeid=content[0], location=content[1])
            self._finished += 1
        _stop_if_asked(self._session)

    def end(self) -> list[pytest.Item]:
        """Report how the process ended; returns the tests that it did not get to."""
        status = self._wait()
        if self._finished == len(self._items):
            return []
        _report_death(self._items[self._finished], status)
        _stop_if_asked(self._session)
        return self._items[self._finished + 1 :]

    def kill(self) -> None:
        """End the process: its tests are not wanted any more."""
        os.kill(self._pid, signal.SIGKILL)
        self._wait()

    def _wait(self) -> int:
        os.close(self.said)
        return os.waitpid(self._pid, 0)[1]


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
