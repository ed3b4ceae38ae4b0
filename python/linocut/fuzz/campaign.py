"""Many seeds in worker processes, which may crash or hang: that is a finding, not an end."""

from __future__ import annotations

import gc
import json
import mmap
import os
import select
import signal
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from linocut.fuzz.check import BrokenReference, Failure

Question = Callable[[int], Failure | None]
_STATE = struct.Struct("<qq")  # the seed in work (-1: none yet), how many are done
_COLLECT_EVERY = 200  # seeds
_PATIENCE = 20.0  # seconds for one seed; a loaded machine and a big module need a few at most


@dataclass
class Plan:
    """Which seeds, how long, and in how many processes."""

    first: int
    count: int | None
    seconds: float | None
    jobs: int
    kinds_at_most: int = 10  # different failures per worker: after these, more teach nothing


@dataclass
class Summary:
    """What came of it."""

    done: int = 0
    seconds: float = 0.0
    broken: int = 0  # modules that the reference itself did not take
    failures: dict[int, Failure] = field(default_factory=dict)
    is_whole: bool = True  # not if the user did not want to wait


def run_campaign(plan: Plan, question: Question, progress: Callable[[Summary], None]) -> Summary:
    """Ask the question of every seed of the plan; Ctrl-C gives what was found so far."""
    started = time.monotonic()
    summary = Summary()
    workers: list[_Worker] = []
    try:
        workers += (_Worker(number, plan, question) for number in range(plan.jobs))
        _listen(workers, summary, started, progress)
    except KeyboardInterrupt:
        summary.is_whole = False
    finally:
        for worker in workers:
            worker.end()
    return summary


def _listen(
    workers: list[_Worker], summary: Summary, started: float, progress: Callable[[Summary], None]
) -> None:
    """Until the last of them is done."""
    while any(worker.alive for worker in workers):
        readers = [worker.reader for worker in workers if worker.alive]
        ready, _, _ = select.select(readers, [], [], 0.5)
        for worker in workers:
            if worker.alive:
                worker.listen(worker.reader in ready, summary)
        summary.done = sum(worker.done for worker in workers)
        summary.seconds = time.monotonic() - started
        progress(summary)


class _Worker:
    """The parent's view of one child: seeds first + number, in steps of the number of jobs."""

    def __init__(self, number: int, plan: Plan, question: Question) -> None:
        self.plan = plan
        self.question = question
        self.number = number
        self.deadline = time.monotonic() + plan.seconds if plan.seconds is not None else None
        self.shared = mmap.mmap(-1, _STATE.size)
        self.done_before = 0
        self.kinds: set[Failure] = set()
        self.deaths = 0
        self.alive = False
        self._start(plan.first + number)

    @property
    def done(self) -> int:
        """Seeds that have been asked, also by children that are no more."""
        return self.done_before + int(_STATE.unpack(self.shared[:])[1])

    def _start(self, seed: int) -> None:
        self.shared[:] = _STATE.pack(-1, 0)
        self.reader, writer = os.pipe()
        self.child = os.fork()
        if self.child == 0:
            os.close(self.reader)
            _work(self._seeds(seed), self.question, self.shared, writer, self._room)
        os.close(writer)
        self.alive = True
        self.buffer = b""
        self.seen: tuple[int, float] = (-1, time.monotonic())

    def _seeds(self, seed: int) -> Iterator[int]:
        end = None if self.plan.count is None else self.plan.first + self.plan.count
        while (end is None or seed < end) and (self.deadline is None or time.monotonic() < self.deadline):
            yield seed
            seed += self.plan.jobs

    def listen(self, ready: bool, summary: Summary) -> None:
        """Take what the child says; when it is gone or stuck, note that and start another."""
        seed, _ = _STATE.unpack(self.shared[:])
        if ready:
            chunk = os.read(self.reader, 65536)
            if not chunk:
                self._bury(seed, summary)
                return
            self._take(chunk, summary)
        if seed != self.seen[0]:
            self.seen = (seed, time.monotonic())
        elif seed >= 0 and time.monotonic() - self.seen[1] > _PATIENCE:
            os.kill(self.child, signal.SIGKILL)

    def _take(self, chunk: bytes, summary: Summary) -> None:
        *lines, self.buffer = (self.buffer + chunk).split(b"\n")
        for line in lines:
            seed, kind, detail = json.loads(line)
            if kind == "broken":
                summary.broken += 1
            else:
                summary.failures[seed] = Failure(kind, detail)
                self.kinds.add(summary.failures[seed])

    def end(self) -> None:
        """Whatever it is doing."""
        if self.alive:
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
            os.close(self.reader)
            self.alive = False

    def _bury(self, seed: int, summary: Summary) -> None:
        os.close(self.reader)
        _, status = os.waitpid(self.child, 0)
        self.alive = False
        if not os.WIFSIGNALED(status):
            return
        number = os.WTERMSIG(status)
        hung = number == signal.SIGKILL
        summary.failures[seed] = Failure("hung" if hung else "crashed", signal.Signals(number).name)
        self.deaths += 1
        self.done_before = self.done + 1
        if self._room:
            self._start(seed + self.plan.jobs)

    @property
    def _room(self) -> int:
        """How many more failures are welcome: different ones; of deaths each counts, for it takes long."""
        return self.plan.kinds_at_most - len(self.kinds) - self.deaths


def _work(seeds: Iterator[int], question: Question, shared: mmap.mmap, writer: int, room: int) -> None:
    """A child's whole life."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    kinds: set[tuple[str, str]] = set()
    try:
        gc.disable()  # a tenth of the time, for modules that hardly have cycles
        for done, seed in enumerate(seeds):
            if done % _COLLECT_EVERY == 0:
                gc.collect()
            shared[:] = _STATE.pack(seed, done)
            answer = _ask(question, seed)
            if answer is not None:
                os.write(writer, json.dumps([seed, *answer]).encode() + b"\n")
                if answer[0] != "broken":
                    kinds.add(answer)
            shared[:] = _STATE.pack(seed, done + 1)
            if len(kinds) >= room:
                break
    finally:
        os._exit(0)


def _ask(question: Question, seed: int) -> tuple[str, str] | None:
    try:
        failure = question(seed)
    except BrokenReference as error:
        return "broken", str(error)[:2000]
    except Exception as error:
        return "raised", f"{type(error).__name__}: {error}"[:2000]
    return (failure.kind, failure.detail[:2000]) if failure else None
