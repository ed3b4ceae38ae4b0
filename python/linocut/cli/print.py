"""The command line of `linocut print`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from linocut import wat
from linocut.cli.given import check_file, read_module, write_file

if TYPE_CHECKING:
    from collections.abc import Sequence

DESCRIPTION = """\
A module in the text format, one instruction a line. `linocut assemble` makes the same module of it again.
It may use any feature, also such as linocut does not have, and need not be valid."""
EPILOG = """\
examples:
  linocut print fib.wasm
  linocut print fib.wasm -o fib.wat"""


def main(arguments: Sequence[str]) -> int:
    """Print the module; 0, or 2 when there is no such file or it is no module."""
    options = _parser().parse_args(arguments)
    check_file(options.out)
    write_file(options.out, wat.print(read_module(options.file)).encode())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="linocut print",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="the module, binary or text; - is standard input")
    parser.add_argument("-o", "--out", metavar="OUT", help="where to; by default to standard output")
    return parser
