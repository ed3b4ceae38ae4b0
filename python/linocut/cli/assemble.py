"""The command line of `linocut assemble`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from linocut.cli.given import check_file, read_file, write_file
from linocut.tooling import ToolError
from linocut.wat import assemble

if TYPE_CHECKING:
    from collections.abc import Sequence

DESCRIPTION = """\
A module in the text format as bytes. It may use any feature, also such as linocut does not have; it is not
validated."""
EPILOG = """\
examples:
  linocut assemble fib.wat -o fib.wasm
  echo '(module)' | linocut assemble - | xxd"""


def main(arguments: Sequence[str]) -> int:
    """Write the module; 0, or 2 when there is no such file or its text does not parse."""
    options = _parser().parse_args(arguments)
    if options.out is None and sys.stdout.isatty():
        raise ToolError("a module is no text for a terminal: say where to write it, -o FILE.wasm")
    check_file(options.out)
    write_file(options.out, assemble(read_file(options.file)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="linocut assemble",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="the text; - is standard input")
    parser.add_argument("-o", "--out", metavar="OUT", help="where to; by default to standard output")
    return parser
