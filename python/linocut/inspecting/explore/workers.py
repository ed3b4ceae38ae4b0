"""A process that compiles for the server: what hangs or crashes there ends that process, never the server."""

from __future__ import annotations

import subprocess
import threading
from multiprocessing import Pipe
from typing import TYPE_CHECKING

from linocut.engines.process import environment, python

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from linocut.inspecting.explore.worker import Request
    from linocut.inspecting.schema import Document

_START = 20.0  # seconds that a new process may take for its imports


class Worker:
    """One process, started when it is first needed and again after it was ended. Any thread may ask."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    def ask(self, request: Request) -> Document:
        """Its answer; {"error": …} when there is none within the timeout in seconds."""
        with self._lock:
            extra = self._start()
            assert self._connection
            try:
                self._connection.send(request)
                if self._connection.poll(self._timeout + extra):
                    answer: Document = self._connection.recv()
                    return answer
                reason = f"no answer in {self._timeout:g} s"
            except (EOFError, OSError):
                reason = "the compiler's process ended"
            self._end()
            return {"error": reason}

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _start(self) -> float:
        """Seconds that the answer may take longer because the process is new."""
        if self._process and self._process.poll() is None:
            return 0.0
        self._end()
        self._connection, theirs = Pipe()
        # Not multiprocessing.Process: it would run the script that we were started by once more.
        command = python("inspecting.explore.worker", str(theirs.fileno()))
        self._process = subprocess.Popen(command, env=environment(), pass_fds=[theirs.fileno()])
        theirs.close()
        return _START

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
        if self._connection:
            self._connection.close()
        self._process = self._connection = None
