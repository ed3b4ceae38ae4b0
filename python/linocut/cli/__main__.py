"""`linocut COMMAND …`: finds the command's module and leaves the rest to it."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from importlib import import_module

from linocut.cli.failure import USAGE_ERROR, run_to_end, say
from linocut.cli.lookalikes import write_in_any_encoding
from linocut.cli.signals import terminable
from linocut.cli.streams import take_closed_streams

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# Command → what `linocut --help` says of it; its module is linocut.cli.<command>.
COMMANDS = {
    "run": "run a WebAssembly program (WASI preview 1), or one of its functions",
    "inspect": "print a function's machine code beside its WebAssembly",
    "explain": "say what an opcode is and becomes",
    "diff": "put two modules, or two ways to compile one, beside each other",
    "explore": "show machine code beside WebAssembly in a browser, edit the text",
    "spec": "run official test scripts (.wast)",
    "fuzz": "compare random modules with another engine",
    "bench": "measure compile and run times",
}

HELP = """usage: linocut COMMAND [ARGUMENT…]

{commands}

  linocut run hello.wasm                  run a program
  linocut run --invoke fib fib.wat 30     call one function
  linocut COMMAND --help                  what a command takes
  linocut --version
"""


def help_text() -> str:
    """What `linocut --help` prints."""
    return HELP.format(commands="\n".join(f"  {name:9}{text}" for name, text in COMMANDS.items()))


def version() -> str:
    """What `linocut --version` prints."""
    import linocut

    how = "" if linocut.has_compiler() else f" (interpreted: no compiler for {os.uname().machine} yet)"
    return f"linocut {linocut.__version__}{how}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the process's exit code. Nothing that a command raises comes out."""
    command, *rest = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    take_closed_streams()
    write_in_any_encoding()
    # A guest has nothing to keep: SIGTERM ends it immediately, even where it does not come to a safepoint.
    with nullcontext() if command == "run" else terminable():
        return run_to_end(command, lambda: _run(command, rest))


def _run(command: str, arguments: Sequence[str]) -> int:
    if command in ("--help", "-h", "help"):
        print(help_text(), end="")
        return 0
    if command == "--version":
        print(version())
        return 0
    if command not in COMMANDS:
        return say(f"{command}: there is no such command; see linocut --help", USAGE_ERROR)
    code: int = import_module(f"linocut.cli.{command}").main(arguments)
    return code


if __name__ == "__main__":
    sys.exit(main())
