"""Runs a WASI command by wasmtime: `wasmtime_run.py cranelift|winch FILE ARGUMENT…`."""

from __future__ import annotations

import sys
from pathlib import Path

import wasmtime

from linocut.engines.workers.wasmtime_clock import Clock
from linocut.engines.workers.wasmtime_engine import make_engine


def main() -> int:
    """The program's exit code."""
    name, file, *arguments = sys.argv[1:]
    store = wasmtime.Store(make_engine(name))
    store.set_wasi(_configuration(file, arguments))
    linker = wasmtime.Linker(store.engine)
    linker.define_wasi()
    clock = Clock(linker)
    instance = linker.instantiate(store, wasmtime.Module(store.engine, Path(file).read_bytes()))
    start = instance.exports(store)["_start"]
    assert isinstance(start, wasmtime.Func)
    clock.rehearse(linker, store)
    try:
        start(store)
    except wasmtime.ExitTrap as exit_:
        return exit_.code or 0
    return 0


def _configuration(file: str, arguments: list[str]) -> wasmtime.WasiConfig:
    config = wasmtime.WasiConfig()
    config.argv = [file, *arguments]
    config.inherit_stdout()
    config.inherit_stderr()
    return config


if __name__ == "__main__":
    sys.exit(main())
