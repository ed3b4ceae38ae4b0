"""A WASI program, or one function of any module, from its bytes to its end."""

from __future__ import annotations

import os

import linocut
from linocut.running.request import UsageError
from linocut.running.values import parse, shown
from linocut.source import to_wasm
from linocut.wasi import Exit, Wasi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from linocut import Func, Instance, Module
    from linocut.running.request import Request
    from linocut.running.stopwatch import Stopwatch

_STDOUT = 1
_MOST_NAMES = 20  # of exports that a message lists


def run(content: bytes, request: Request, watch: Stopwatch) -> int:
    """Run a module, which may be text, as `request.file`; the exit code of the program, 0 for a function.

    What a function gives is written to standard output. Raises UsageError and what the library raises.
    """
    module = _load(content, request, watch)
    with _process(request) as wasi:
        try:
            with watch("instantiate"):
                limits = linocut.Limits(memory=request.memory)
                instance = wasi.instantiate(module, limits=limits, timeout=request.timeout)
            if request.invoke is not None:
                return _invoke(request, request.invoke, wasi, instance, watch)
            start = _plain(instance, "_start", "without --invoke NAME before FILE")
            with watch("run"):
                wasi.call(start, timeout=request.timeout)
        except Exit as exit:
            return exit.code
    return 0


def _load(content: bytes, request: Request, watch: Stopwatch) -> Module:
    with watch("compile"):
        wasm = to_wasm(content, request.file)
        if request.without:
            fixed = ["free-choices"] if request.deterministic else []
            return _load_without(wasm, [*request.without, *fixed])
        return linocut.load(wasm, interpret=request.interpret, deterministic=request.deterministic)


def _load_without(wasm: bytes, without: Sequence[str]) -> Module:
    # Here, since hardly any run wants it.
    from linocut import experiments

    try:
        return experiments.load(wasm, without, unsafe=True)
    except ValueError as error:
        raise UsageError(f"--without: {error}") from None


def _process(request: Request) -> Wasi:
    name = request.file.rpartition("/")[2]
    arguments = [] if request.invoke is not None else request.arguments
    try:
        return Wasi([name, *arguments], request.env, request.dirs)
    except OSError as error:
        raise UsageError(f"--dir {error.filename}: {error.strerror}") from None


def _invoke(request: Request, name: str, wasi: Wasi, instance: Instance, watch: Stopwatch) -> int:
    function = _exported(instance, name, "with --invoke")
    arguments = parse(function.type, request.arguments)
    if "_initialize" in instance.exports and name != "_initialize":
        wasi.call(_plain(instance, "_initialize", "before --invoke"), timeout=request.timeout)
    with watch("run"):
        results = wasi.call(function.call_bits, *arguments, timeout=request.timeout)
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
