"""The command line of `linocut diff`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

import linocut
from linocut import experiments
from linocut.cli.given import read_module
from linocut.cli.printing import print_lines
from linocut.inspecting.diff.document import HELP, Side, function_diff, module_diff
from linocut.inspecting.diff.lines import function_lines, module_lines
from linocut.inspecting.panes import Screen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DESCRIPTION = """\
Two files, or one file compiled in two ways, beside each other. With --func: one function's code, changed
pieces marked. Without: the sizes of all functions that differ. Nothing is run."""


def main(arguments: Sequence[str]) -> int:
    """Print the comparison; 0, or 2 when there is no such file, function or switch."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.right is None and not options.without:
        parser.error("one file needs --without, to be compiled in two ways; or name a second file")
    return print_lines("diff", lambda: _lines(options))


def _lines(options: argparse.Namespace) -> Iterator[str]:
    left, right = _sides(options)
    screen = Screen.of(sys.stdout)
    document = function_diff(left, right, options.func) if options.func else module_diff(left, right)
    if options.json:
        return iter([json.dumps(document)])
    return function_lines(document, screen) if options.func else module_lines(document, screen)


def _sides(options: argparse.Namespace) -> tuple[Side, Side]:
    """The switches are for the right side: they are what is tried."""
    without = [name for names in options.without for name in names.split(",")]
    path = options.right or options.left
    label = path if options.right else "as it is"
    right = f"{path if options.right else ''} without {', '.join(without)}".strip() if without else label
    left = read_module(options.left)
    wasm = read_module(options.right) if options.right else left
    module = experiments.load(wasm, without, unsafe=True) if without else linocut.Module(wasm)
    return Side(options.left if options.right else label, linocut.Module(left)), Side(right, module)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="linocut diff",
        description=DESCRIPTION,
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("left", metavar="A", help="a module, binary or text; - is standard input")
    parser.add_argument("right", metavar="B", nargs="?", help="another one; without it A is compiled twice")
    parser.add_argument("--func", metavar="N|NAME", help="the function's index, export or name")
    parser.add_argument(
        "--without", metavar="SWITCH[,…]", action="append", default=[], help="compile the right side so"
    )
    parser.add_argument("--json", action="store_true", help="JSON for tools; keys below")
    return parser


def _epilog() -> str:
    width = max(map(len, experiments.SWITCHES))
    switches = "\n".join(f"  {s.name:{width}}  {s.says}" for s in experiments.SWITCHES.values())
    return f"""\
switches, and what happens without them:
{switches}

{HELP}

examples:
  linocut diff division.wat --func divide --without division-checks
  linocut diff before.wasm after.wasm
  linocut diff before.wasm after.wasm --func main"""
