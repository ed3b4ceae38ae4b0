"""Runs a command that says much and shows how far it is: a line that changes, or one line now and then.

    python _build/progress.py WHAT COMMAND…

On a terminal the line is what the command said last; elsewhere that is said every ten seconds. What the
command wrote comes out as a whole where it fails. A command that finishes immediately is not mentioned.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import TextIO

FIRST = 1.0  # seconds in which a command may end without a word
INTERVALS = {True: 0.2, False: 10.0}  # seconds between two lines: on a terminal, elsewhere


def main(what: str, command: list[str], stream: TextIO = sys.stdout) -> int:
    """The command's exit code."""
    begin = time.monotonic()
    terminal = stream.isatty()
    said: list[str] = []
    ended = threading.Event()
    show = threading.Thread(
        target=_show, args=(what, said, ended, _writer(stream, terminal), INTERVALS[terminal])
    )
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        errors="replace",
    )  # fmt: skip
    with process:
        show.start()
        said.extend(process.stdout or ())  # an iterator's lines arrive one by one
        ended.set()
        show.join()
    code = process.returncode
    seconds = time.monotonic() - begin
    if terminal:
        stream.write("\r\x1b[K")
    if code:
        stream.write("".join(said))
    elif seconds > FIRST:
        stream.write(f"{what}: done in {seconds:.0f} s\n")
    stream.flush()
    return code


def _show(
    what: str, said: list[str], ended: threading.Event, write: Callable[[str], None], interval: float
) -> None:
    """Until it has ended: what was said last, when it is something else than before."""
    shown = ""
    wait = FIRST
    while not ended.wait(wait):
        wait = interval
        line = f"{what}: {said[-1].strip() if said else '…'}"
        if line != shown:
            write(line)
            shown = line


def _writer(stream: TextIO, terminal: bool) -> Callable[[str], None]:
    def write(line: str) -> None:
        if terminal:
            stream.write("\r\x1b[K" + line[: shutil.get_terminal_size().columns - 1])
        else:
            stream.write(line + "\n")
        stream.flush()

    return write


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    os.environ["PYTHONUNBUFFERED"] = "1"
    sys.exit(main(sys.argv[1], sys.argv[2:]))
