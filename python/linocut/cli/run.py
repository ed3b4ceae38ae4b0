"""`linocut run`: a WASI program, or one function of any module."""

from __future__ import annotations

import os

import linocut
from linocut.cli.failure import UNABLE, USAGE_ERROR, CommandError, print_error
from linocut.cli.given import read_file
from linocut.cli.run_options import HELP, Options, UsageError
from linocut.errors import Error
from linocut.running.ending import fail, fail_with
from linocut.running.stopwatch import Stopwatch
from linocut.running.values import parse, shown
from linocut.source import to_wasm
from linocut.wasi import Exit, Wasi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from linocut import Func, Instance, Module

_STDOUT = 1
_INTERRUPTED = 130
_MOST_NAMES = 20  # of exports that a message lists


def main(arguments: Sequence[str]) -> int:
    """Runs one program; the result is the exit code."""
    watch = Stopwatch()
    options = None
    try:
        options = Options(arguments)
        if options.help:
            print(HELP, end="")
            return 0
        return _run(options, watch) & 0xFF
    except CommandError as error:
        return fail("usage", f"{error}; see linocut run --help", USAGE_ERROR)
    except Error as error:
        return fail_with(error)
    except MemoryError as error:
        return fail("unable", str(error) or "out of memory", UNABLE)
    except BrokenPipeError:
        raise
    except OSError as error:
        return fail("unable", str(error), UNABLE)
    except KeyboardInterrupt:
        return fail("interrupted", "", _INTERRUPTED)
    finally:
        if options is not None and options.time:
            print_error(f"linocut: {watch}")


def _run(options: Options, watch: Stopwatch) -> int:
    module = _load(options, watch)
    with _process(options) as wasi:
        try:
            with watch("instantiate"):
                instance = wasi.instantiate(module, timeout=options.timeout)
            if options.invoke is not None:
                return _invoke(options, options.invoke, wasi, instance, watch)
            start = _plain(instance, "_start", "without --invoke NAME before FILE")
            with watch("run"):
                wasi.call(start, timeout=options.timeout)
        except Exit as exit:
            return exit.code
    return 0


def _load(options: Options, watch: Stopwatch) -> Module:
    if options.without and options.interpret:
        raise UsageError("--without is about machine code: there is none with --interpret")
    with watch("read"):
        content = _read(options.file)
    with watch("compile"):
        wasm = to_wasm(content, options.file)
        if options.without:
            return _load_without(wasm, options.without)
        return linocut.Module(wasm, interpret=options.interpret)


def _load_without(wasm: bytes, without: Sequence[str]) -> Module:
    from linocut import experiments

    try:
        return experiments.load(wasm, without, unsafe=True)
    except ValueError as error:
        raise UsageError(f"--without: {error}") from None


def _read(file: str) -> bytes:
    try:
        return read_file(file)
    except OSError as error:
        raise UsageError(f"{error.filename or file}: {error.strerror}") from None


def _process(options: Options) -> Wasi:
    name = options.file.rpartition("/")[2]
    arguments = [] if options.invoke is not None else options.arguments
    try:
        return Wasi([name, *arguments], options.env, options.dirs)
    except OSError as error:
        raise UsageError(f"--dir {error.filename}: {error.strerror}") from None


def _invoke(options: Options, name: str, wasi: Wasi, instance: Instance, watch: Stopwatch) -> int:
    function = _exported(instance, name, "with --invoke")
    arguments = parse(function.type, options.arguments)
    if "_initialize" in instance.exports and name != "_initialize":
        wasi.call(_plain(instance, "_initialize", "before --invoke"), timeout=options.timeout)
    with watch("run"):
        results = wasi.call(function.call_bits, *arguments, timeout=options.timeout)
    assert isinstance(results, tuple)
    # Unbuffered like the guest's output, which it follows.
    if results:
        os.write(_STDOUT, shown(function.type, results).encode())
    return 0


def _exported(instance: Instance, name: str, how: str) -> Func:
    functions = [export for export in instance.exports if callable(instance.exports[export])]
    if name not in functions:
        names = ", ".join(functions[:_MOST_NAMES]) or "no function"
        more = f" and {len(functions) - _MOST_NAMES} more" if len(functions) > _MOST_NAMES else ""
        raise UsageError(f"{how}, {name} is called, but {names}{more} is exported")
    function: Func = instance.exports[name]
    return function


def _plain(instance: Instance, name: str, how: str) -> Func:
    """A function that is called by what it is named, and so takes nothing."""
    function = _exported(instance, name, how)
    if function.type.params:
        takes = " ".join(function.type.params)
        raise UsageError(f"{how}, {name} is called, which must take nothing, but takes ({takes})")
    return function
