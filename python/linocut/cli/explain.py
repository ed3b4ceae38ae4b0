"""The command line of `linocut explain`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from linocut.cli.printing import print_lines
from linocut.inspecting.explanation import HELP, explain, explain_lines
from linocut.inspecting.panes import Screen
from linocut_isa import OPCODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DESCRIPTION = "What an opcode means and what becomes of it: its row, its C or templates, its machine code."
EPILOG = f"""\
In machine code, ".." is a byte that is patched. Registers of forms are patched too, bit by bit: shown is one
choice of them.

{HELP}

examples:
  linocut explain i32.div_s
  linocut explain f64.add --json"""


def main(arguments: Sequence[str]) -> int:
    """Print the opcode; 0, or 2 when there is none of that name."""
    options = _parser().parse_args(arguments)
    if options.list:
        print("\n".join(row.name for row in OPCODES))
        return 0
    return print_lines("explain", lambda: _lines(options))


def _lines(options: argparse.Namespace) -> Iterable[str]:
    document = explain(options.opcode)
    return [json.dumps(document)] if options.json else explain_lines(document, Screen.of(sys.stdout))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="linocut explain",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("opcode", metavar="OPCODE", nargs="?", help="its name in the text format: i32.add")
    chosen.add_argument("--list", action="store_true", help="print the names of all opcodes")
    parser.add_argument("--json", action="store_true", help="JSON for tools; keys below")
    return parser
