"""The command line of `linocut inspect`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import linocut
from linocut.cli.given import check_file, read_module
from linocut.cli.printing import print_lines
from linocut.cli.progress import TerminalProgress
from linocut.engines.registry import SHOWN
from linocut.inspecting import schema
from linocut.inspecting.other_engine import DEFAULT, NONE, code_or_reason, open_code
from linocut.inspecting.overview import find_function, module_view, overview_lines
from linocut.inspecting.panes import Screen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linocut import Module
    from linocut.engines.code.foreign import ForeignModule

DESCRIPTION = """\
Without --func: the functions that a module defines, with the sizes of their WebAssembly and machine code.
With --func: one function's machine code under the WebAssembly that it comes from."""

EPILOG = f"""\
how to read a listing:
  0x0021 i32.add         a WebAssembly instruction and its offset in the module. One without code under it
                         left its work to a later one, or went into the same piece as the one before.
  000028  add eax, ecx   a machine instruction and its offset in the module's code; next to it the form or
                         stencil that it was copied from (`i32_add_rr`: i32.add, register and register;
                         `i32_div_s+4`: four bytes into that stencil), and what it reaches.
  prologue, epilogue     save and restore registers, move parameters home
  cold                   behind the return: traps, calls into other instances, constants
  rsp frame, r12 memory 0, r13 context, r10 scratch; rax rcx rdx r11 and xmm0-3 temporaries; other registers
  hold locals.

{schema.HELP}

examples:
  linocut inspect fib.wat
  linocut inspect fib.wat --func fib --against liftoff
  linocut inspect fib.wat --html fib.html
  linocut inspect program.wasm --json | jq '.functions | max_by(.code_bytes)'

--func needs capstone: pip install 'linocut[inspect]'; 'linocut[explore]' brings other engines as well"""


def main(arguments: Sequence[str]) -> int:
    """Print the listing; 0, or 2 when there is no such file or function."""
    options = _parser().parse_args(arguments)
    return print_lines("inspect", lambda: _lines(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="linocut inspect",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="a module, binary or text; - reads standard input")
    parser.add_argument("--func", metavar="N|NAME", help="the function's index, export or name")
    parser.add_argument(
        "--against",
        choices=(*SHOWN, NONE),
        help="put another engine's code beside it (needs node or wasmtime); "
        f"with --html default: {DEFAULT} where node is",
    )
    parser.add_argument("--json", action="store_true", help="JSON for tools; keys below")
    parser.add_argument("--html", metavar="OUT", type=Path, help="write a page to look at with a browser")
    parser.add_argument("--all", action="store_true", help="with --html: hold all of a large module")
    parser.add_argument("--profile", metavar="JSON", type=Path, help="with --html: {function: seconds}")
    return parser


def _engine(module: Module, options: argparse.Namespace) -> ForeignModule | None:
    """What was asked for."""
    return None if options.against in (None, NONE) else open_code(options.against, module._wasm)


def _write_page(module: Module, options: argparse.Namespace) -> str:
    # Here, since it needs capstone.
    from linocut.inspecting.page.write import write_function, write_page

    name, absent = Path(options.file).name, None
    if options.against:
        against = _engine(module, options)
    else:
        against, absent = code_or_reason(DEFAULT, module._wasm)
    if options.func:
        function = find_function(module, options.func)
        return write_function(module, name, options.html, function, against, absent)
    return write_page(
        module,
        name,
        options.html,
        against=against,
        absent=absent,
        everything=options.all,
        profile=options.profile,
        progress=TerminalProgress(),
    )


def _lines(options: argparse.Namespace) -> Iterable[str]:
    check_file(options.html)
    module = linocut.Module(read_module(options.file))
    if options.html:
        print(_write_page(module, options), file=sys.stderr)
        return ()
    against = _engine(module, options)
    if options.func:
        return _function_lines(module, find_function(module, options.func), options.json, against)
    if options.json:
        return [json.dumps(module_view(module, options.file, against))]
    return overview_lines(module, against)


def _function_lines(
    module: Module, function: int, as_json: bool, against: ForeignModule | None
) -> Iterator[str]:
    # Here, since all of these need capstone, and what is printed without --func does not.
    from linocut.inspecting.listing.lines import listing_lines
    from linocut.inspecting.listing.listing import Listing
    from linocut.inspecting.side_by_side import beside_lines
    from linocut.inspecting.view import function_view

    screen = Screen.of(sys.stdout)
    if as_json:
        return iter([json.dumps(function_view(module, function, against))])
    if against:
        return beside_lines(function_view(module, function, against), screen)
    return listing_lines(Listing.of(module, function), colour=screen.colour)
