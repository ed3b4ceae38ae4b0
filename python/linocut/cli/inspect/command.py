"""The command line of `linocut inspect`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import linocut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linocut import Module

USAGE_ERROR = 2


def main(arguments: Sequence[str]) -> int:
    """Print the listing; 0, or 2 when there is no such file or function."""
    options = _parser().parse_args(arguments)
    try:
        module = linocut.load(options.file)
        for line in _listing(module, options.func) if options.func else _overview(module):
            print(line)
    except BrokenPipeError:  # `| head` has seen enough
        return 0
    except (OSError, LookupError, linocut.ModuleError, ModuleNotFoundError) as error:
        print(f"linocut inspect: {error}", file=sys.stderr)
        return USAGE_ERROR
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="linocut inspect",
        description="List a module's functions with the size of their code, or print the machine code of "
        "one beside the WebAssembly that it comes from (needs linocut[inspect]).",
    )
    parser.add_argument("file", metavar="FILE", help="a .wasm or .wat file")
    parser.add_argument("--func", metavar="N", help="the function's index, name or export")
    return parser


def _overview(module: Module) -> Iterator[str]:
    first, end = module._code.defined_functions()
    yield f"{'function':>8} {'wasm at':>10} {'code':>7}  name"
    for function in range(first, end):
        code, _, module_offset, _, _ = module._code.listing(function)
        name = module._code.function_name(function) or ""
        yield f"{function:8} {module_offset:#10x} {len(code):7}  {name}"


def _listing(module: Module, wanted: str) -> Iterator[str]:
    from linocut.cli.inspect.listing import Listing

    yield from Listing.of(module, _find(module, wanted)).lines()


def _find(module: Module, wanted: str) -> int:
    """The index of the function that is called so; an index is one already."""
    if wanted.isdigit():
        return int(wanted)
    for name, index in module._code.exported_functions():
        if name == wanted:
            return index
    first, end = module._code.defined_functions()
    for function in range(first, end):
        if module._code.function_name(function) == wanted:
            return function
    raise LookupError(f"no function is called {wanted!r}")
