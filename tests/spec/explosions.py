"""Scripts exploded in a test, and what engines make of the files."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import linocut
import pytest
from linocut.engines.workers.check_jobs import Session, answer
from linocut.spec.explode.files.case import Case, LeftOut
from linocut.spec.explode.script import ScriptState
from linocut.text.script import read_script


def made(script: str, signal: str = "trap", change: object = None) -> list[Case | LeftOut]:
    """All cases of a script; `change` is applied to each command."""
    state = ScriptState("test.wast", signal)
    found = []
    for command in read_script(script):
        found += state.cases(change(command) if callable(change) else command)
    return found


def cases(script: str, signal: str = "trap", change: object = None) -> list[Case]:
    """All cases of a script of which nothing is left out."""
    found = made(script, signal, change)
    assert not [case for case in found if isinstance(case, LeftOut)]
    return [case for case in found if isinstance(case, Case)]


def outcome(case: Case, content: bytes) -> str:
    """How linocut ends the call of a file that imports nothing."""
    try:
        exports = linocut.load(content).instantiate().exports
        result = exports[case.entry]()
    except linocut.Trap:
        return "trap"
    return "ok" if not result else "wrong"


def said(case: Case, engine: str = "wasmtime", content: bytes | None = None) -> str:
    """The first word that a worker says. wasmtime has features that linocut lacks; both have host objects."""
    open_, tell = _worker(engine)
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = [content or case.content, *(link.content for link in case.links)]
        for number, content in enumerate(files):
            (folder / f"{number}.wasm").write_bytes(content)
        links = [
            {"as": link.as_name, "file": str(folder / f"{number}.wasm")}
            for number, link in enumerate(case.links, 1)
        ]
        file = str(folder / "0.wasm")
        request = {"file": file, "link": links, "call": case.entry, "signal": case.signal}
        text, _ = answer(None, open_, request, tell)
    return text.partition(" ")[0]


@cache
def _worker(engine: str) -> tuple[Callable[[], Session], Callable[[Exception], str]]:
    if engine == "linocut":
        from linocut.engines.workers import linocut_check

        return lambda: linocut_check.Session(False), linocut_check.tell
    pytest.importorskip("wasmtime")
    from linocut.engines.workers import wasmtime_check

    made_once = wasmtime_check.make_engine()
    return lambda: wasmtime_check.Session(made_once), wasmtime_check.tell
