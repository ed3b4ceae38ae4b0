"""`linocut COMMAND …`: finds the command's module and leaves the rest to it."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from .lookalikes import write_in_any_encoding

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
USAGE_ERROR = 2
BROKEN_PIPE = 141  # what a shell says of a program that SIGPIPE (13) has ended

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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the process's exit code."""
    write_in_any_encoding()
    given = sys.argv[1:] if arguments is None else arguments
    command, *rest = given or ["--help"]
    if command in ("--help", "-h", "help"):
        print(help_text(), end="")
        return 0
    if command == "--version":
        import linocut

        print(f"linocut {linocut.__version__}")
        return 0
    if command not in COMMANDS:
        print(f"linocut: no command {command!r}; see linocut --help", file=sys.stderr)
        return USAGE_ERROR
    try:
        code: int = import_module(f"linocut.cli.{command}").main(rest)
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough; what is still to be written goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    return code


if __name__ == "__main__":
    sys.exit(main())
