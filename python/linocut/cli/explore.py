"""The command line of `linocut explore`."""

from __future__ import annotations

import argparse
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.cli import signals
from linocut.cli.failure import USAGE_ERROR, fail, say
from linocut.cli.given import read_file
from linocut.cli.numbers import port
from linocut.engines.registry import SHOWN
from linocut.inspecting.explore.library import EXAMPLE, Library
from linocut.inspecting.explore.server import Server
from linocut.inspecting.other_engine import DEFAULT, NONE

if TYPE_CHECKING:
    from collections.abc import Sequence


DESCRIPTION = """\
Serves a page to a browser on this machine: a module's functions, their WebAssembly, the machine code that
linocut makes of it and that of another engine. A .wat file's text can be edited there; it is compiled again
at every pause, and the file stays as it is. Without FILE: a small example."""

EPILOG = """\
examples:
  linocut explore
  linocut explore program.wat --against cranelift
  linocut explore program.wasm --port 8000 --no-open

pip install 'linocut[explore]' brings all that this needs"""


def main(arguments: Sequence[str]) -> int:
    """Serve until Ctrl-C; 0, or 2 when the file cannot be read or compiled."""
    options = _parser().parse_args(arguments)
    library = Library(options.against or DEFAULT)
    try:
        return _run(library, options)
    except OSError as error:
        return fail("explore", error)
    finally:
        library.close()


def _run(library: Library, options: argparse.Namespace) -> int:
    path = Path(options.file or EXAMPLE)
    answer = library.add(path.name, read_file(str(path)))
    if "error" in answer:
        line = f" (line {answer['line']}, column {answer['column']})" if "line" in answer else ""
        return say(f"explore: {path}: {answer['error']}{line}", USAGE_ERROR)
    if options.against and answer["absent"]:
        return say(f"explore: {answer['absent']}", USAGE_ERROR)
    with Server(library, path.name, options.port) as server:
        print(f"{path.name}: {server.url} (Ctrl-C ends it)", flush=True)
        if options.open:
            webbrowser.open(server.url)
        return _serve(server)


def _serve(server: Server) -> int:
    """Until somebody ends it, which by Ctrl-C is as it should be."""
    try:
        server.serve_forever()
    except signals.Terminated:
        return signals.exit_code()
    except KeyboardInterrupt:
        print()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="linocut explore",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help="a module, binary or text; - reads standard input"
    )
    parser.add_argument(
        "--against",
        choices=(*SHOWN, NONE),
        help=f"whose code to show beside ours (needs node or wasmtime); default: {DEFAULT} where node is",
    )
    parser.add_argument("--port", type=port, default=0, help="default: one that is free")
    parser.add_argument("--open", action=argparse.BooleanOptionalAction, default=True, help="in a browser")
    return parser
