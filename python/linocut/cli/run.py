"""`linocut run`: a WASI program, or one function of any module."""

from __future__ import annotations

import os
import sys
import time

import linocut
from linocut.errors import (
    Error,
    InvalidError,
    LinkError,
    MalformedError,
    StackExhausted,
    Timeout,
    Trap,
    UnsupportedError,
)
from linocut.wasi import Exit, Wasi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from linocut import Func, Instance, Module

HELP = """usage: linocut run [OPTION…] FILE [ARGUMENT…]

Runs a WebAssembly program (WASI preview 1): FILE's function _start. FILE is a module or, if its name ends in
.wat, text; - reads either from standard input. What follows FILE is the program's, options too.

  --dir HOST[::GUEST]  let the program use the directory HOST, under the name GUEST; may be repeated
  --env NAME=VALUE     set a variable of its environment, which is otherwise empty; may be repeated
  --invoke NAME        call the exported function NAME instead, with ARGUMENTs of its parameters' types,
                       and print its results, one a line
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
                                 123  unsupported module
Each of these comes with one line on standard error; of a trap it gives kind, function and offset.
"""

USAGE, UNABLE, INTERRUPTED = 2, 125, 130

# The first that fits counts: an exhaustion is a trap too.
OUTCOMES: tuple[tuple[type[Error], str, int], ...] = (
    (StackExhausted, "exhaustion", 135),
    (Trap, "trap", 134),
    (Timeout, "timeout", 124),
    (MalformedError, "malformed", 120),
    (InvalidError, "invalid", 121),
    (UnsupportedError, "unsupported", 123),
    (LinkError, "unlinkable", 122),
)


class UsageError(Exception):
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


class Stopwatch:
    """Names and durations of what was done, in order."""

    def __init__(self) -> None:
        self._laps: list[tuple[str, float]] = []

    def __call__(self, name: str) -> Stopwatch:
        """Starts a lap, which ends with the `with` block."""
        self._name = name
        self._start = time.perf_counter()
        return self

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._laps.append((self._name, time.perf_counter() - self._start))

    def __str__(self) -> str:
        return ", ".join(f"{name} {seconds * 1e3:.1f} ms" for name, seconds in self._laps)


def main(arguments: Sequence[str]) -> int:
    """Runs one program; the result is the exit code."""
    watch = Stopwatch()
    options = None
    try:
        options = Options(arguments)
        if options.help:
            print(HELP, end="")
            return 0
        return _run(options, watch) & 0xFF
    except UsageError as error:
        return _fail("usage", f"{error}; see linocut run --help", USAGE)
    except Error as error:
        return _fail(*_outcome(error))
    except MemoryError as error:
        return _fail("unable", str(error) or "out of memory", UNABLE)
    except UnicodeDecodeError as error:
        return _fail("malformed", f"the text is not UTF-8: {error}", 120)
    except OSError as error:
        return _fail("unable", str(error), UNABLE)
    except KeyboardInterrupt:
        return _fail("interrupted", "", INTERRUPTED)
    finally:
        if options is not None and options.time:
            print(f"linocut: {watch}", file=sys.stderr)


def _run(options: Options, watch: Stopwatch) -> int:
    module = _load(options, watch)
    with _process(options) as wasi:
        try:
            with watch("instantiate"):
                instance = wasi.instantiate(module, timeout=options.timeout)
            if options.invoke is not None:
                return _invoke(options, options.invoke, wasi, instance, watch)
            start = _exported(instance, "_start", "without --invoke NAME before FILE")
            with watch("run"):
                wasi.call(start, timeout=options.timeout)
        except Exit as exit:
            return exit.code
    return 0


def _load(options: Options, watch: Stopwatch) -> Module:
    with watch("read"):
        source: str | bytes = _read(options.file)
    with watch("compile"):
        if options.file.endswith(".wat"):
            source = options.file
        elif isinstance(source, bytes) and source.lstrip().startswith(b"("):
            source = source.decode()
        if options.without and options.interpret:
            raise UsageError("--without is about machine code: there is none with --interpret")
        if options.without:
            return _load_without(source, options.without)
        return linocut.load(source, interpret=options.interpret)


def _load_without(source: str | bytes, without: Sequence[str]) -> Module:
    from linocut import experiments

    try:
        return experiments.load(source, without, unsafe=True)
    except ValueError as error:
        raise UsageError(f"--without: {error}") from None


def _read(file: str) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read()
        with open(file, "rb") as opened:
            return opened.read()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from None


def _process(options: Options) -> Wasi:
    name = options.file.rpartition("/")[2]
    arguments = [] if options.invoke is not None else options.arguments
    try:
        return Wasi([name, *arguments], options.env, options.dirs)
    except OSError as error:
        raise UsageError(f"--dir {error.filename}: {error.strerror}") from None


def _invoke(options: Options, name: str, wasi: Wasi, instance: Instance, watch: Stopwatch) -> int:
    function = _exported(instance, name, "with --invoke")
    arguments = _parse(function, options.arguments)
    if "_initialize" in instance.exports and name != "_initialize":
        wasi.call(instance.exports["_initialize"], timeout=options.timeout)
    with watch("run"):
        result = wasi.call(function, *arguments, timeout=options.timeout)
    types = function.type.results
    results = result if isinstance(result, tuple) and len(types) > 1 else (result,)
    lines = [_shown(kind, value) + "\n" for kind, value in zip(types, results, strict=False)]
    # Unbuffered like the guest's output: a failure at exit would make Python's exit code 120.
    os.write(1, "".join(lines).encode())
    return 0


def _exported(instance: Instance, name: str, how: str) -> Func:
    functions = [export for export in instance.exports if callable(instance.exports[export])]
    if name not in functions:
        raise UsageError(f"{how}, {name} is called, but {', '.join(functions) or 'no function'} is exported")
    function: Func = instance.exports[name]
    return function


def _parse(function: Func, arguments: list[str]) -> list[object]:
    kinds = function.type.params
    if len(arguments) != len(kinds):
        wanted = f"{len(kinds)} arguments ({' '.join(kinds)})" if kinds else "no arguments"
        raise UsageError(f"the function takes {wanted}, not {len(arguments)}")
    return [_value(kind, argument) for kind, argument in zip(kinds, arguments, strict=True)]


def _value(kind: str, text: str) -> object:
    """An argument from its text: 12, -1, 0xff; 1.5, inf, nan; null."""
    try:
        if kind in ("i32", "i64"):
            return _integer(text, int(kind[1:]))
        if kind in ("f32", "f64"):
            return float(text)
        if text == "null" and kind.endswith("ref"):
            return None
    except ValueError:
        pass
    raise UsageError(f"{text!r} is no {kind}")


def _integer(text: str, bits: int) -> int:
    value = int(text, 0)
    if not -(1 << bits - 1) <= value < 1 << bits:
        raise ValueError
    return value


def _shown(kind: str, value: object) -> str:
    """A result as text; an f32 in as few digits as tell it from its neighbours."""
    if kind == "f32" and isinstance(value, float):
        texts = (f"{value:.{digits}g}" for digits in range(1, 10))
        return next((text for text in texts if _same_f32(text, value)), str(value))
    return "null" if value is None else str(value)


def _same_f32(text: str, value: float) -> bool:
    from struct import pack

    try:
        return pack("f", float(text)) == pack("f", value)
    except OverflowError:  # rounded up, beyond the largest
        return False


def _next(rest: Iterator[str], name: str) -> str:
    try:
        return next(rest)
    except StopIteration:
        raise UsageError(f"{name} takes a value") from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e9:
        raise UsageError(f"--timeout takes a number of seconds, not {text!r}")
    return seconds


def _outcome(error: Error) -> tuple[str, str, int]:
    text = f"{error.kind}: {error}" if isinstance(error, Trap) else str(error)
    for kind, word, code in OUTCOMES:
        if isinstance(error, kind):
            return word, text, code
    return "unable", text, UNABLE


def _fail(word: str, text: str, code: int) -> int:
    """Prints the one line. Names in it may come from a hostile module: control characters are shown."""
    line = "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
    print(f"linocut: {word}: {line}" if line else f"linocut: {word}", file=sys.stderr)
    return code
