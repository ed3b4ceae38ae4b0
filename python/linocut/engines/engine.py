"""An engine that is on this machine: what it is, and what can be done with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from linocut.engines.process import Finished, ProcessError, execute

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.engines.checks.checker import Checker
    from linocut.engines.code.foreign import ForeignModule
    from linocut.engines.program import WasiProgram


class Kind(StrEnum):
    """The classes of engines, in the order in which tables and plots show them."""

    INTERPRETER = "interpreter"
    COPY_AND_PATCH = "copy-and-patch"
    BASELINE = "baseline"
    OPTIMISING = "optimising"
    LLVM = "LLVM"
    NATIVE = "native"
    CUSTOM = "custom"


@dataclass(frozen=True)
class Engine:
    """An engine that is there. What it cannot do, or what nobody has taught us to ask of it, is None.

    `command` gives the command line that runs a program as a WASI command (building what the engine needs
    first). `compiler` is the command that answers compile jobs, `caller` the one that measures calls (see
    workers/). `checker` says how test files are given to it, by the folder's signal mode and entry; it raises
    EngineError where that cannot be. `code` takes a module and knows the machine code of its functions.
    `needs_source`: it compiles the program's C, not its WebAssembly.
    """

    name: str
    kind: Kind
    version: str
    command: Callable[[WasiProgram], list[str]] | None = None
    compiler: tuple[str, ...] | None = None
    caller: tuple[str, ...] | None = None
    checker: Callable[[str, str], Checker] | None = None
    code: Callable[[bytes], ForeignModule] | None = None
    flags: tuple[str, ...] = ()
    needs_source: bool = False

    def runs(self, program: WasiProgram) -> bool:
        """Whether it is an engine for that program at all."""
        return self.command is not None and (program.source is not None or not self.needs_source)

    def prepare(self, program: WasiProgram) -> list[str]:
        """The command line that runs the program; what must be built for it is there afterwards."""
        assert self.command is not None
        return self.command(program)

    def run(self, program: WasiProgram, timeout: float = 900.0) -> Finished:
        """Run it in a fresh process; ProcessError when that does not end well within `timeout` seconds."""
        return execute(self.prepare(program), timeout)

    def compile(self, job: dict[str, Any], timeout: float = 900.0) -> dict[str, Any]:
        """Do a compile job in a fresh process; workers/compile_jobs.py says what job and answer are."""
        assert self.compiler is not None
        return _ask(self.compiler, job, timeout)

    def call(self, job: dict[str, Any], timeout: float = 300.0) -> dict[str, Any]:
        """Measure calls in a fresh process; workers/call_jobs.py says what job and answer are."""
        assert self.caller is not None
        return _ask(self.caller, job, timeout)


def _ask(worker: tuple[str, ...], job: dict[str, Any], timeout: float) -> dict[str, Any]:
    """The answer is the last line of output that is JSON: an engine may print more."""
    output = execute([*worker, json.dumps(job)], timeout).output
    for text in reversed(output.splitlines()):
        if text.startswith("{"):
            answer: dict[str, Any] = json.loads(text)
            return answer
    raise ProcessError(f"the worker gave no answer: {output[-200:]!r}")
