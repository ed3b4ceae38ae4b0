"""The command line of `linocut explore`."""

from __future__ import annotations

import argparse
import signal
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.cli.explore.library import Library
from linocut.cli.explore.server import Server
from linocut.cli.inspect.against import DEFAULT, ENGINES, NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE_ERROR = 2
_EXAMPLE = Path(__file__).parent / "example.wat"

DESCRIPTION = """\
Serves a page to a browser on this machine: a module's functions, their WebAssembly, the machine code that
linocut makes of it and that of another engine. A .wat file's text can be edited there; it is compiled again
at every pause, and the file stays as it is. Without FILE: a small example."""

EPILOG = """\
examples:
  linocut explore
  linocut explore program.wat --against cranelift
  linocut explore program.wasm --port 8000 --no-open

pip install linocut[explore] brings all that this needs"""


def main(arguments: Sequence[str]) -> int:
    """Serve until Ctrl-C; 0, or 2 when the file cannot be read or compiled."""
    options = _parser().parse_args(arguments)
    library = Library(options.against or DEFAULT)
    try:
        return _run(library, options)
    except OSError as error:
        return _complain(str(error))
    finally:
        library.close()


def _run(library: Library, options: argparse.Namespace) -> int:
    path = Path(options.file) if options.file else _EXAMPLE
    answer = library.add(path.name, path.read_bytes())
    if "error" in answer:
        line = f" (line {answer['line']}, column {answer['column']})" if "line" in answer else ""
        return _complain(f"{path}: {answer['error']}{line}")
    if options.against and answer["absent"]:
        return _complain(answer["absent"])
    with Server(library, path.name, options.port) as server:
        print(f"{path.name}: {server.url} (Ctrl-C ends it)", flush=True)
        if options.open:
            webbrowser.open(server.url)
        _serve(server)
    return 0


def _serve(server: Server) -> None:
    before = signal.signal(signal.SIGTERM, _end)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, _frame: object) -> None:
    """An end like any other, so that the session's files are deleted; the code is a shell's for a signal."""
    sys.exit(128 + number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="linocut explore",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", nargs="?", help="a .wasm or .wat file")
    parser.add_argument(
        "--against",
        choices=(*ENGINES, NONE),
        help=f"whose code to show beside ours (needs node or wasmtime); default: {DEFAULT} where node is",
    )
    parser.add_argument("--port", type=int, default=0, help="default: one that is free")
    parser.add_argument("--open", action=argparse.BooleanOptionalAction, default=True, help="in a browser")
    return parser


def _complain(message: str) -> int:
    print(f"linocut explore: {message}", file=sys.stderr)
    return USAGE_ERROR
