"""Engines that are programs: one command line runs a WebAssembly file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.engines.cache import cached, digest
from linocut.engines.process import execute, python

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from linocut.engines.program import WasiProgram


def runner(*words: str) -> Callable[[WasiProgram], list[str]]:
    """Runs the program's WebAssembly with these words in front."""
    return lambda program: [*words, str(program.wasm), *program.arguments]


def ahead_of_time(
    compiler: tuple[str, ...], suffix: str, words: tuple[str, ...]
) -> Callable[[WasiProgram], list[str]]:
    """Compiles the program once, into the cache, and runs the result with `words` in front.

    `{wasm}` and `{out}` stand in `compiler` for the two files.
    """

    def command(program: WasiProgram) -> list[str]:
        def make(path: Path) -> None:
            execute(filled(compiler, program.wasm, path), timeout=900)

        name = f"{program.name}-{digest(*compiler, program.wasm.read_bytes())}{suffix}"
        return [*words, str(cached(name, make)), *program.arguments]

    return command


def compile_worker(compiler: tuple[str, ...]) -> tuple[str, ...]:
    """Answers compile jobs by such a command line: what is timed is its whole process."""
    return python("engines.workers.command_compile", *compiler)


def filled(words: tuple[str, ...], wasm: Path, out: Path) -> list[str]:
    """A command line with its files."""
    return [word.replace("{wasm}", str(wasm)).replace("{out}", str(out)) for word in words]
