"""Guests that wait, one for each thing that can be waited for: `waiting.py NAME SECONDS`, 0 for no timeout.

Each ends only by a timeout or an interrupt; what ended it is printed.
"""

from __future__ import annotations

import os
import pty
import socket
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import linocut
from linocut.wasi import Wasi, rights
from test_wasi_process import EVENTS, READ, SUBSCRIPTIONS, clock, ready
from wasi_guest import CREATE, OUT, Guest, forwarder

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK = 0x4000


def fifo(box: Path) -> str:
    os.mkfifo(box / "fifo")
    return "fifo"


def opened(guest: Guest, path: str, base: int = rights.FD_READ | rights.FD_WRITE) -> int:
    fd = guest.open(path, base=base)
    assert isinstance(fd, int), fd
    return fd


def write_for_ever(guest: Guest, fd: int) -> None:
    while guest.write(fd, bytes(BLOCK)) == "SUCCESS":
        pass


def open_fifo_for_reading(guest: Guest, box: Path) -> None:
    # With a timeout the first read is what waits (docs/running.md).
    guest.read(opened(guest, fifo(box), rights.FD_READ))


def open_fifo_for_writing(guest: Guest, box: Path) -> None:
    opened(guest, fifo(box), rights.FD_WRITE)


def read_fifo(guest: Guest, box: Path) -> None:
    guest.read(opened(guest, fifo(box)))


def write_fifo(guest: Guest, box: Path) -> None:
    write_for_ever(guest, opened(guest, fifo(box)))


def read_pipe(guest: Guest, box: Path) -> None:
    end, _ = os.pipe()
    guest.restart(stdin=end).read(0)


def write_pipe(guest: Guest, box: Path) -> None:
    _, end = os.pipe()
    write_for_ever(guest.restart(stdout=end), 1)


def write_tty(guest: Guest, box: Path) -> None:
    _, terminal = pty.openpty()
    write_for_ever(guest.restart(stdout=terminal), 1)


def read_tty(guest: Guest, box: Path) -> None:
    _, terminal = pty.openpty()
    guest.restart(stdin=terminal).read(0)


def read_pty_master(guest: Guest, box: Path) -> None:
    master, _ = pty.openpty()
    guest.restart(stdin=master).read(0)


def read_socket(guest: Guest, box: Path) -> None:
    end, other = socket.socketpair()
    guest.restart(stdin=end.fileno()).read(0)
    other.close()


def write_socket(guest: Guest, box: Path) -> None:
    end, other = socket.socketpair()
    write_for_ever(guest.restart(stdout=end.fileno()), 1)
    other.close()


def read_object(guest: Guest, box: Path) -> None:
    end, _ = os.pipe()
    guest.restart(stdin=os.fdopen(end, "rb")).read(0)


def write_object(guest: Guest, box: Path) -> None:
    _, end = os.pipe()
    write_for_ever(guest.restart(stdout=os.fdopen(end, "wb")), 1)


def poll_clock(guest: Guest, box: Path) -> None:
    guest.memory.write(SUBSCRIPTIONS, clock(1, 10**18))
    guest("poll_oneoff", SUBSCRIPTIONS, EVENTS, 1, OUT)


def poll_descriptor(guest: Guest, box: Path) -> None:
    end, _ = os.pipe()
    guest = guest.restart(stdin=end)
    guest.memory.write(SUBSCRIPTIONS, ready(1, READ, 0))
    guest("poll_oneoff", SUBSCRIPTIONS, EVENTS, 1, OUT)


def never(*_: object) -> None:
    threading.Event().wait()


def sync(guest: Guest, box: Path) -> None:
    os.fsync = never
    guest("fd_sync", guest.open("file", CREATE))


def datasync(guest: Guest, box: Path) -> None:
    os.fdatasync = never
    guest("fd_datasync", guest.open("file", CREATE))


def allocate(guest: Guest, box: Path) -> None:
    os.posix_fallocate = never
    guest("fd_allocate", guest.open("file", CREATE), 0, 1)


WAITING: dict[str, Callable[[Guest, Path], None]] = {
    function.__name__: function
    for function in (
        open_fifo_for_reading,
        open_fifo_for_writing,
        read_fifo,
        write_fifo,
        read_pipe,
        write_pipe,
        read_tty,
        write_tty,
        read_pty_master,
        read_socket,
        write_socket,
        read_object,
        write_object,
        poll_clock,
        poll_descriptor,
        sync,
        datasync,
        allocate,
    )
}


def main(name: str, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        box = Path(folder)
        with Wasi(dirs={"/box": box}) as wasi:
            guest = Guest(linocut.load(forwarder()), wasi, timeout=seconds or None)
            try:
                print("ready", flush=True)
                WAITING[name](guest, box)
                print("came back")
            except (linocut.Timeout, KeyboardInterrupt) as error:
                print(type(error).__name__, flush=True)
                os._exit(0)  # threads may still be running


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
