"""The command line of `linocut spec`: finds the subcommand and leaves the rest to it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from linocut.cli.spec_check import add_parser as add_check
from linocut.cli.spec_explode import add_parser as add_explode
from linocut.cli.spec_run import add_parser as add_run

if TYPE_CHECKING:
    from collections.abc import Sequence

# Each adds its parser, whose default `handle` takes the options and gives the exit code.
_SUBCOMMANDS = (add_run, add_explode, add_check)


def main(arguments: Sequence[str]) -> int:
    """The subcommand's exit code: 0 if all is as expected, 1 if something failed, 2 for wrong usage."""
    parser = argparse.ArgumentParser(
        prog="linocut spec", description="The official test scripts of WebAssembly."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for add_parser in _SUBCOMMANDS:
        add_parser(commands)
    options = parser.parse_args(arguments)
    code: int = options.handle(options)
    return code
