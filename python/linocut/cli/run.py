"""`linocut run`: its options, and how it ends."""

from __future__ import annotations

from linocut.cli.failure import UNABLE, USAGE_ERROR, print_error
from linocut.cli.given import read_file
from linocut.cli.numbers import read_seconds, read_size
from linocut.errors import Error
from linocut.running.ending import ending, said
from linocut.running.program import run
from linocut.running.request import Request, UsageError
from linocut.running.stopwatch import Stopwatch
from linocut.tooling import ToolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_INTERRUPTED = 130

HELP = """usage: linocut run [OPTION…] FILE [ARGUMENT…]

Runs a WebAssembly program (WASI preview 1): FILE's function _start. FILE is a module, binary or text; - reads
one from standard input. What follows FILE is the program's, options too.

  --dir HOST[::GUEST]  let the program use the directory HOST, under the name GUEST; may be repeated
  --env NAME=VALUE     set a variable of its environment, which is otherwise empty; may be repeated
  --invoke NAME        call the exported function NAME instead, with ARGUMENTs of its parameters' types as the
                       text format writes them (-1, 0xff, 0x1p-3, inf, nan:0x1; null), and print its results,
                       one a line
  --interpret          run it without machine code, about ten times slower
  --deterministic      give the same bits on every processor: canonical NaNs, fixed relaxed operations
  --timeout SECONDS    stop it after that time, also while it sleeps or waits for input
  --memory SIZE        how large each memory may become: bytes, or 64M, 2G …; none for no limit (1G)
  --time               print to standard error how long reading, compiling, instantiating and running took
  --help               print this

An experiment, for linocut bench --ablate:
  --without NAME       compile without one thing of linocut.experiments; may be repeated

Exit code: the program's own, but
  134  trap                      120  malformed module      2    wrong usage, or a file that cannot be read
  135  stack exhaustion          121  invalid module        125  linocut could not do its work
  136  uncaught exception        122  unlinkable module     130  interrupted (Ctrl-C)
  124  timeout                   123  unsupported module    119  a mistake in linocut
Each of these comes with one line on standard error. That of a trap gives kind, function and offset; the
functions that were at work follow it, indented, the innermost first.
"""


class Options(Request):
    """A command line, taken apart: what stands behind FILE is the program's, so argparse cannot read it."""

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__()
        self.time = self.help = False
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
            elif name == "--deterministic" and not equals:
                self.deterministic = True
            elif name in ("--dir", "--env", "--invoke", "--timeout", "--memory", "--without"):
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
        elif name == "--memory":
            self.memory = _size(value)
        elif name == "--invoke":
            self.invoke = value
        else:
            self.timeout = _seconds(value)


def _next(rest: Iterator[str], name: str) -> str:
    try:
        return next(rest)
    except StopIteration:
        raise UsageError(f"{name} takes a value") from None


def _size(text: str) -> int | None:
    size = read_size(text)
    if size is None and text != "none":
        raise UsageError(f"--memory takes a number of bytes such as 65536, 64M or 2G, or none, not {text!r}")
    return size


def _seconds(text: str) -> float:
    seconds = read_seconds(text)
    if seconds is None:
        raise UsageError(f"--timeout takes a number of seconds, not {text!r}")
    return seconds


def main(arguments: Sequence[str]) -> int:
    """Runs one program; the result is the exit code."""
    watch = Stopwatch()
    options = None
    try:
        options = Options(arguments)
        if options.help:
            print(HELP, end="")
            return 0
        if options.without and options.interpret:
            raise UsageError("--without is about machine code: there is none with --interpret")
        with watch("read"):
            content = _read(options.file)
        return run(content, options, watch) & 0xFF
    except ToolError as error:
        return _end([said("usage", f"{error}; see linocut run --help")], USAGE_ERROR)
    except Error as error:
        return _end(*ending(error))
    except MemoryError as error:
        return _end([said("unable", str(error) or "out of memory")], UNABLE)
    except BrokenPipeError:
        raise
    except OSError as error:
        return _end([said("unable", str(error))], UNABLE)
    except KeyboardInterrupt:
        return _end([said("interrupted")], _INTERRUPTED)
    finally:
        if options is not None and options.time:
            print_error(f"linocut: {watch}")


def _end(lines: Sequence[str], code: int) -> int:
    for line in lines:
        print_error(line)
    return code


def _read(file: str) -> bytes:
    try:
        return read_file(file)
    except OSError as error:
        raise UsageError(f"{error.filename or file}: {error.strerror}") from None
