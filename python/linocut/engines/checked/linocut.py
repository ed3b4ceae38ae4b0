"""This project's engine, compiled or interpreted."""

from __future__ import annotations

import linocut
from linocut.engines.absent import Absent
from linocut.engines.checked.engine import Engine
from linocut.engines.checked.worker import worker_engine
from linocut.engines.process import python


def find(_signal: str, _entry: str) -> Engine:
    """With machine code."""
    return _engine("linocut")


def find_interpreter(_signal: str, _entry: str) -> Engine:
    """Without."""
    return _engine("linocut-interpreter", "--interpret")


def _engine(name: str, *flags: str) -> Engine:
    try:
        linocut.load  # noqa: B018 - loads the extension
    except ImportError as error:
        raise Absent(f"make build; the extension is missing: {error}") from error
    command = python("engines.workers.linocut_check", *flags)
    return worker_engine(name, f"linocut {linocut.__version__}", command)
