"""`linocut spec explode`: its options, and a run from the first script to the manifest."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.cli.failure import fail
from linocut.cli.progress import Progress
from linocut.spec import suite
from linocut.spec.explode.exploding import Explosion
from linocut.spec.explode.features import LIMITS
from linocut.spec.explode.files.entry import SIGNALS, TRAP
from linocut.spec.explode.output import Archive, Folder

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    suite.add_paths(parser)
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
    try:
        return _explode(suite.chosen(options.paths), options)
    except (suite.ChoiceError, OSError) as error:
        return fail("spec explode", error)


def _explode(paths: Sequence[Path], options: argparse.Namespace) -> int:
    begun = time.perf_counter()
    scripts = list(suite.scripts(paths))
    if not scripts:
        raise suite.ChoiceError(f"no scripts in {', '.join(map(str, paths))}")
    explosion = Explosion(_output(options), options.signal, options.tier, options.pack)
    progress, folder = Progress(), suite.find_suite()
    for number, path in enumerate(scripts, 1):
        source = suite.name_in_suite(path, folder) or _name_below(path, paths)
        progress.say(f"{number}/{len(scripts)} {source}")
        explosion.add(path, source)
    progress.say("manifest")
    explosion.finish()
    progress.clear()
    if options.json:
        print(json.dumps(explosion.summary(), indent=1))
    else:
        _print_summary(explosion, len(scripts), time.perf_counter() - begun)
    return 0


def _output(options: argparse.Namespace) -> Folder | Archive:
    path: Path = options.output
    if options.pack == "zip":
        return Archive(path if path.suffix == ".zip" else path.with_name(path.name + ".zip"))
    return Folder(path)


def _name_below(path: Path, paths: Sequence[Path]) -> str:
    """A script of elsewhere is called by its place below the folder that was named."""
    roots = [root for root in paths if root.is_dir() and path.is_relative_to(root)]
    return path.relative_to(roots[0]).as_posix() if roots else path.name


def _print_summary(explosion: Explosion, scripts: int, seconds: float) -> None:
    for assertion, count in sorted(explosion.counts.items()):
        print(f"{count:8}  {assertion}")
    reasons = Counter(str(left["reason"]) for left in explosion.left_out)
    for reason, count in reasons.most_common():
        print(f"{count:8}  left out: {reason}")
    print(f"{scripts} script{'s' * (scripts != 1)} in {seconds:.1f} s")
