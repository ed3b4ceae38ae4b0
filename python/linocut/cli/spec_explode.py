"""`linocut spec explode`: its options, and a run from the first script to the manifest."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.cli.failure import fail
from linocut.cli.progress import TerminalProgress
from linocut.cli.spec_run import add_paths
from linocut.spec.explode.exploding import explode_scripts
from linocut.spec.explode.files.entry import SIGNALS, TRAP
from linocut.spec.features import LIMITS
from linocut.spec.suite import ChoiceError

if TYPE_CHECKING:
    from linocut.spec.explode.exploding import Explosion

_EPILOG = """\
signal modes, how a file says that a value is wrong:
  trap    it executes `unreachable`; no imports are needed. The export to call is `_start`
  wasi    it calls proc_exit(1) of WASI preview 1: a wrong value is no trap
  result  the export `main` returns 1; 0 is right

examples:
  linocut spec explode -o exploded                        the whole suite
  linocut spec explode core/i32.wast -o i32 --signal result
  linocut spec explode --tier 1.0 -o mvp                  only what needs no later feature
  linocut spec check --engine 'my-engine {file}' exploded
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `explode` to the subcommands of `linocut spec`."""
    parser = commands.add_parser(
        "explode",
        help="write each assertion as a file of its own, for any engine",
        description="Write each assertion of .wast scripts as a self-contained module, with a manifest.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(handle=main)
    add_paths(parser)
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="DIR",
        help="a new folder (or DIR.zip, with --pack zip)",
    )
    parser.add_argument("--signal", choices=SIGNALS, default=TRAP, help="how a wrong value shows; see below")
    parser.add_argument(
        "--tier",
        choices=LIMITS,
        default="all",
        help="leave out what needs a later version of WebAssembly (all: proposals too)",
    )
    parser.add_argument(
        "--pack",
        choices=("file", "module", "zip"),
        default="file",
        help="a file per assertion; a file per module, whose exports are the assertions; an archive of files",
    )
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")


def main(options: argparse.Namespace) -> int:
    """0 if files were written, 2 if nothing could be read or written."""
    begun = time.perf_counter()
    try:
        explosion = explode_scripts(
            options.paths,
            options.output,
            signal=options.signal,
            tier=options.tier,
            pack=options.pack,
            progress=TerminalProgress(),
        )
    except (ChoiceError, OSError) as error:
        return fail("spec explode", error)
    if options.json:
        print(json.dumps(explosion.summary(), indent=1))
    else:
        _print_summary(explosion, time.perf_counter() - begun)
    return 0


def _print_summary(explosion: Explosion, seconds: float) -> None:
    for assertion, count in sorted(explosion.counts.items()):
        print(f"{count:8}  {assertion}")
    reasons = Counter(str(left["reason"]) for left in explosion.left_out)
    for reason, count in reasons.most_common():
        print(f"{count:8}  left out: {reason}")
    print(f"{explosion.scripts} script{'s' * (explosion.scripts != 1)} in {seconds:.1f} s")
