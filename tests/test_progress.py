"""What `make` shows while it installs and compiles (_build/progress.py)."""

from __future__ import annotations

import io
import sys

import progress
import pytest

LINES = "import time\nfor i in range(3): print(f'[{i + 1}/3] step', flush=True); time.sleep(0.05)\n"


def shown(code: str, *, terminal: bool = False) -> tuple[int, str]:
    class Stream(io.StringIO):
        def isatty(self) -> bool:
            return terminal

    stream = Stream()
    return progress.main("Compiling", [sys.executable, "-c", code], stream), stream.getvalue()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "FIRST", 0.0)
    monkeypatch.setattr(progress, "INTERVALS", {True: 0.001, False: 0.001})


@pytest.mark.usefixtures("at_once")
def test_shows_what_was_said_last() -> None:
    code, text = shown(LINES)
    lines = text.splitlines()
    assert code == 0
    assert lines[-1].startswith("Compiling: done in ")
    assert set(lines[:-1]) <= {"Compiling: …", *(f"Compiling: [{i}/3] step" for i in (1, 2, 3))}
    assert len(lines) == len(set(lines))


@pytest.mark.usefixtures("at_once")
def test_a_terminal_has_one_line() -> None:
    _, text = shown(LINES, terminal=True)
    assert text.count("\n") == 1
    assert text.splitlines()[-1].rpartition("\x1b[K")[2].startswith("Compiling: done in ")


def test_what_is_done_at_once_is_not_mentioned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "FIRST", 3600.0)
    assert shown("print('ninja: no work to do.')") == (0, "")


def test_a_failure_tells_all() -> None:
    code, text = shown("print('one'); print('two'); raise SystemExit(3)")
    assert code == 3
    assert "one\ntwo\n" in text
