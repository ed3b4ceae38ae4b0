"""Scripts exploded in a test, and what engines make of the files."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import linocut
import pytest
from linocut.cli.spec.check.workers.serve import answer
from linocut.cli.spec.explode.case import Case, LeftOut
from linocut.cli.spec.explode.script import ScriptState
from linocut.text.script import read_script


def made(script: str, signal: str = "trap", change: object = None) -> list[Case | LeftOut]:
    """All cases of a script; `change` is applied to each command."""
    state = ScriptState("test.wast", signal)
    found = []
    for command in read_script(script):
        found += state.cases(change(command) if callable(change) else command)
    return found


def cases(script: str, signal: str = "trap", change: object = None) -> list[Case]:
    """The same of a script of which nothing is left out."""
    found = made(script, signal, change)
    assert not [case for case in found if isinstance(case, LeftOut)]
    return [case for case in found if isinstance(case, Case)]


def outcome(case: Case, content: bytes) -> str:
    """What linocut makes of a file that is called, alone."""
    try:
        exports = linocut.load(content).instantiate().exports
        result = exports[case.entry]()
    except linocut.Trap:
        return "trap"
    return "ok" if not result else "wrong"


def said(case: Case) -> str:
    """The first word of what wasmtime says, which has what linocut lacks, and a host's objects."""
    pytest.importorskip("wasmtime")
    from linocut.cli.spec.check.workers.run_wasmtime import Session, tell

    with TemporaryDirectory() as folder:
        file = Path(folder) / "case.wasm"
        file.write_bytes(case.content)
        request = {"file": str(file), "link": [], "call": case.entry, "signal": case.signal}
        text, _ = answer(None, lambda: Session(_engine()), request, tell)
    return text.partition(" ")[0]


@cache
def _engine() -> object:
    from linocut.cli.spec.check.workers.run_wasmtime import make_engine

    return make_engine()
