"""Modules to be broken: generated ones, or those of files and of scripts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from linocut import Error
from linocut.fuzz.dice import Dice
from linocut.fuzz.encode import encode
from linocut.fuzz.generate import generate
from linocut.text import commands as c
from linocut.text.script import ScriptError, read_script, script_files
from linocut.text.wat import wat_to_wasm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from linocut.fuzz.program import Program

MUTANTS_OF_ONE = 16  # to generate a program takes as long as to judge so many
LARGEST = 1 << 16  # of larger modules a worker would break only a few in a second


class Stock:
    """Where seeds take their module from; without modules of its own, they are generated."""

    def __init__(self, modules: Sequence[bytes] = ()) -> None:
        self._modules = modules

    def module(self, seed: int) -> bytes:
        """The unbroken bytes for a seed."""
        return Dice(seed).pick(self._modules) if self._modules else _encoded(seed // MUTANTS_OF_ONE)

    def program(self, seed: int) -> Program | None:
        """The same as a program with a plan of calls, if it has been generated."""
        return None if self._modules else _generated(seed // MUTANTS_OF_ONE)


@lru_cache(2)
def _generated(number: int) -> Program:
    return generate(number)


@lru_cache(2)
def _encoded(number: int) -> bytes:
    return encode(_generated(number))


def read_stock(paths: Iterable[Path]) -> Stock:
    """The modules of files (.wasm, .wat) and of scripts (.wast), folders searched through; each once.

    What cannot be read as text, and modules above 64 KB, are left out. Raises ValueError if nothing is
    left, and what reading a file raises.
    """
    modules = [module for path in paths for module in _modules_below(path) if len(module) <= LARGEST]
    if not modules:
        raise ValueError(f"no module of at most {LARGEST} bytes there")
    return Stock(list(dict.fromkeys(modules)))


def _modules_below(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        for suffix in (".wasm", ".wat"):
            for file in sorted(path.rglob(f"*{suffix}")):
                yield from _modules_below(file)
        for script in script_files([path]):
            yield from _modules_below(script)
    elif path.suffix == ".wast":
        yield from _modules_of_script(path.read_text(encoding="utf-8", errors="replace"))
    elif path.suffix == ".wat":
        yield from _assembled(path.read_bytes())
    else:
        yield path.read_bytes()


def _modules_of_script(text: str) -> Iterator[bytes]:
    """All modules, also those that are to be refused."""
    try:
        for command in read_script(text):
            source = getattr(command, "source", getattr(command, "subject", None))
            if isinstance(source, c.ModuleBinary):
                yield source.wasm
            elif isinstance(source, c.ModuleText | c.ModuleQuote):
                yield from _assembled(source.text)
    except ScriptError:
        return  # what comes before the error can be broken all the same


def _assembled(text: str | bytes) -> Iterator[bytes]:
    try:
        yield wat_to_wasm(text)
    except Error:
        return
