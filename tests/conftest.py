from __future__ import annotations

import functools
import signal

import isolation
import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(isolation.OPTION, action="store_true", help="no child process for each file (for --pdb)")
    parser.addoption("--refresh", action="store_true", help="rewrite the expected machine code")


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption(isolation.OPTION) and not config.getoption("usepdb"):
        config.pluginmanager.register(isolation.Isolation(), "isolation")
    # A shell starts its background jobs with SIGINT ignored, and children inherit that: Ctrl-C tests would hang.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(params=[False, True], ids=["compiled", "interpreted"])
def both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test runs twice: its modules have machine code, and are interpreted."""
    import linocut

    monkeypatch.setattr(linocut, "load", functools.partial(linocut.load, interpret=request.param))
