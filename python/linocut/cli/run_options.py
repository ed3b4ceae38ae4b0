"""The command line of `linocut run`: what stands behind FILE is the program's, so argparse cannot read it."""

from __future__ import annotations

from linocut.cli.failure import CommandError
from linocut.cli.numbers import read_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HELP = """usage: linocut run [OPTION…] FILE [ARGUMENT…]

Runs a WebAssembly program (WASI preview 1): FILE's function _start. FILE is a module, binary or text; - reads
one from standard input. What follows FILE is the program's, options too.

  --dir HOST[::GUEST]  let the program use the directory HOST, under the name GUEST; may be repeated
  --env NAME=VALUE     set a variable of its environment, which is otherwise empty; may be repeated
  --invoke NAME        call the exported function NAME instead, with ARGUMENTs of its parameters' types as the
                       text format writes them (-1, 0xff, 0x1p-3, inf, nan:0x1; null), and print its results,
                       one a line
  --interpret          run it without machine code, about ten times slower
  --timeout SECONDS    stop it after that time, also while it sleeps or waits for input
  --time               print to standard error how long reading, compiling, instantiating and running took
  --help               print this

An experiment, for linocut bench --ablate:
  --without NAME       compile without one thing of linocut.experiments; may be repeated

Exit code: the program's own, but
  134  trap                      120  malformed module      2    wrong usage, or a file that cannot be read
  135  stack exhaustion          121  invalid module        125  linocut could not do its work
  124  timeout                   122  unlinkable module     130  interrupted (Ctrl-C)
  119  a mistake in linocut      123  unsupported module
Each of these comes with one line on standard error. That of a trap gives kind, function and offset; the
functions that were at work follow it, indented, the innermost first.
"""


class UsageError(CommandError):
    """The command line asks for what cannot be."""


class Options:
    """A command line, taken apart."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.dirs: dict[str, str] = {}
        self.env: dict[str, str] = {}
        self.invoke: str | None = None
        self.timeout: float | None = None
        self.interpret = False
        self.time = False
        self.without: list[str] = []
        self.help = False
        rest = iter(arguments)
        self.file = self._take_options(rest)
        self.arguments = list(rest)

    def _take_options(self, rest: Iterator[str]) -> str:
        """Takes everything before FILE, and FILE."""
        for argument in rest:
            if argument == "--":
                return _next(rest, "--")
            if argument == "-" or not argument.startswith("-"):
                return argument
            name, equals, value = argument.partition("=")
            if name in ("--help", "-h"):
                self.help = True
                return ""
            if name == "--time" and not equals:
                self.time = True
            elif name == "--interpret" and not equals:
                self.interpret = True
            elif name in ("--dir", "--env", "--invoke", "--timeout", "--without"):
                self._take(name, value if equals else _next(rest, name))
            else:
                raise UsageError(f"there is no option {argument}")
        raise UsageError("no FILE was given")

    def _take(self, name: str, value: str) -> None:
        if name == "--dir":
            host, _, guest = value.partition("::")
            self.dirs[guest or host] = host
        elif name == "--env":
            variable, equals, content = value.partition("=")
            if not (variable and equals):
                raise UsageError(f"--env takes NAME=VALUE, not {value!r}")
            self.env[variable] = content
        elif name == "--without":
            self.without.append(value)
        elif name == "--invoke":
            self.invoke = value
        else:
            self.timeout = _seconds(value)


def _next(rest: Iterator[str], name: str) -> str:
    try:
        return next(rest)
    except StopIteration:
        raise UsageError(f"{name} takes a value") from None


def _seconds(text: str) -> float:
    seconds = read_seconds(text)
    if seconds is None:
        raise UsageError(f"--timeout takes a number of seconds, not {text!r}")
    return seconds
