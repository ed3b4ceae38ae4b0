"""Asks all questions about the whole suite and all installed engines; exit code 1 if an answer is wrong.

This takes some minutes of processor time and 1 GB of temporary files.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from linocut.spec import suite
from linocut.spec.check.manifest import open_folder

from trust import questions
from trust.flipping import explode
from trust.running import try_all

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEED = 1
_SHOWN = 20


def _answers(scripts: list[Path], place: Path) -> Iterator[tuple[str, questions.Answer]]:
    with open_folder(explode(place / "plain", "trap", scripts)) as folder:
        trial = try_all(folder)
        yield "the manifest and the engines", questions.do_engines_agree(trial, is_whole=True)
        yield "control twins", questions.do_controls_pass(trial)
        yield "expectations turned into their contraries", questions.do_contraries_fail(trial)
        for signal in ("result", "trap"):
            yield (
                f"expected values with one bit flipped in the script, signal mode {signal}",
                questions.do_flipped_scripts_fail(trial, scripts, place / signal, signal, _SEED),
            )
        yield (
            "constants with one bit flipped in the file",
            questions.do_patched_files_fail(trial, place / "patched", _SEED),
        )


def main() -> int:
    """Ask the questions and return the exit code."""
    folder = suite.find_suite()
    if folder is None:
        print(f"where is the suite? {suite.VARIABLE} is not set", file=sys.stderr)
        return 2
    is_good = True
    with TemporaryDirectory(prefix="linocut-") as place:
        for question, answer in _answers([folder], Path(place)):
            print(f"\n{question}")
            for what, count in sorted(answer.counts.items()):
                print(f"  {count:7,}  {what}")
            for sentence in answer.wrong[:_SHOWN]:
                print(f"  WRONG    {sentence}")
            print(f"  {len(answer.wrong):7,}  not as it should be", flush=True)
            is_good &= not answer.wrong
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
