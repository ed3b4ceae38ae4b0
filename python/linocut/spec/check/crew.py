"""Runs the files, by as many runners as are wanted at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from threading import Event, Lock
from time import perf_counter
from typing import TYPE_CHECKING

from linocut.engines.checks.checker import Job
from linocut.engines.checks.outcome import DIED, TIMED_OUT
from linocut.tooling import time_left

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linocut.engines.checks.checker import Checker, Runner
    from linocut.engines.checks.outcome import Sign
    from linocut.spec.check.manifest import Folder, ManifestEntry
    from linocut.tooling import Progress

# Seconds between two looks of the progress line.
_TICK = 0.2


class Crew:
    """Runners that take files from one list until it is empty."""

    def __init__(
        self, name: str, checker: Checker, folder: Folder, timeout: float, progress: Progress
    ) -> None:
        self._name, self._checker, self._folder, self._timeout = name, checker, folder, timeout
        self._progress = progress
        self._lock, self._stop = Lock(), Event()
        self.signs: dict[str, Sign] = {}
        self.seconds: dict[str, float] = {}

    def run(self, entries: list[ManifestEntry], jobs: int) -> bool:
        """Run all, into `signs` and `seconds` by an entry's id; False if the user did not want to wait.

        Raises EngineError when a runner cannot be started any more.
        """
        files = iter([list(group) for _, group in groupby(entries, lambda entry: entry.file)])
        begun = perf_counter()
        with ThreadPoolExecutor(jobs) as pool:
            try:
                futures = [pool.submit(self._work, files) for _ in range(jobs)]
                while not all(future.done() for future in futures):
                    self._say(len(entries), perf_counter() - begun)
                    self._stop.wait(_TICK)
            except KeyboardInterrupt:
                return False
            finally:
                self._stop.set()  # they are done, or have what they are at to finish
                self._progress.clear()
        for future in futures:
            future.result()
        return True

    def _work(self, files: Iterator[list[ManifestEntry]]) -> None:
        runner = self._checker.open(self._timeout)
        try:
            while not self._stop.is_set():
                with self._lock:
                    entries = next(files, None)
                if entries is None:
                    return
                self._run_file(runner, entries)
        except BaseException:
            self._stop.set()  # the others need not go on
            raise
        finally:
            runner.close()

    def _run_file(self, runner: Runner, entries: list[ManifestEntry]) -> None:
        """The entries of one file, on one instance.

        Where one of them ends the process, those before it are called again for those after it.
        """
        before: list[ManifestEntry] = []
        fresh = True
        for entry in entries:
            if fresh:
                self._replay(runner, before)
            begun = perf_counter()
            sign = runner.run(job_of(self._folder, entry, same=bool(before)))
            self.seconds[entry.id] = perf_counter() - begun
            self.signs[entry.id] = sign
            fresh = sign.key in (DIED, TIMED_OUT)
            if not fresh:
                before.append(entry)

    def _replay(self, runner: Runner, entries: Iterable[ManifestEntry]) -> None:
        for number, entry in enumerate(entries):
            runner.run(job_of(self._folder, entry, same=number > 0))

    def _say(self, total: int, seconds: float) -> None:
        done = len(self.signs)
        text = time_left((total - done) * seconds / done) if done else ""
        self._progress.say(f"{self._name}: {done:,}/{total:,} files{text}")


def job_of(folder: Folder, entry: ManifestEntry, same: bool = False) -> Job:
    """What a runner is told of an entry."""
    links = tuple((provider.name, str(folder.path / provider.file)) for provider in entry.link)
    return Job(folder.file(entry), entry.calls, entry.signal, links, same)
