"""Whatever a guest waits for, a timeout or Ctrl-C ends it, and a guest that asked not to wait does not."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.wasi import Wasi, rights
from waiting import WAITING
from wasi_guest import BUFFER, OUT, PAGE, Guest

if TYPE_CHECKING:
    from collections.abc import Callable

HANG = 60
SCRIPT = Path(__file__).parent / "waiting.py"
NONBLOCK = 4

pytestmark = pytest.mark.usefixtures("module")  # text can be assembled


@pytest.mark.parametrize("name", WAITING)
def test_a_timeout_ends(name: str) -> None:
    command = [sys.executable, SCRIPT, name, "0.1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HANG)
    assert done.stdout == "ready\nTimeout\n", done.stderr


@pytest.mark.parametrize("name", WAITING)
def test_ctrl_c_ends(name: str) -> None:
    command = [sys.executable, SCRIPT, name, "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        wait_until_asleep(child.pid)
        child.send_signal(signal.SIGINT)
        try:
            out, errors = child.communicate(timeout=HANG)
        except subprocess.TimeoutExpired:
            child.kill()
            raise
        assert out == "KeyboardInterrupt\n", errors


def wait_until_asleep(pid: int) -> None:
    """Wait until the process was asleep three times in a row: then it waits in a system call."""
    asleep = 0
    for _ in range(HANG * 100):
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        asleep = asleep + 1 if state == "S" else 0
        if asleep == 3:
            return
        time.sleep(0.01)
    raise AssertionError("it does not wait")


@pytest.fixture(params=[None, HANG], ids=["no timeout", "timeout"])
def guest_in(request: pytest.FixtureRequest, module: linocut.Module, box: Path) -> Callable[..., Guest]:
    """Makes guests whose calls have a long timeout or none, which must make no difference."""

    def make(**streams: object) -> Guest:
        return Guest(module, Wasi(dirs={"/box": box}, **streams), request.param)

    return make


def fifo(guest: Guest, box: Path, base: int) -> int | str:
    os.mkfifo(box / "fifo")
    return guest.open("fifo", base=base, fdflags=NONBLOCK)


def test_nonblock_reader_of_a_fifo(guest_in: Callable[..., Guest], box: Path) -> None:
    guest = guest_in()
    fd = fifo(guest, box, rights.FD_READ)
    assert isinstance(fd, int)
    assert guest.read(fd) == b""  # no process has it open for writing
    writer = os.open(box / "fifo", os.O_WRONLY)
    assert guest.read(fd) == "AGAIN"
    os.write(writer, b"now")
    assert guest.read(fd) == b"now"
    assert guest.read(fd) == "AGAIN"
    os.close(writer)
    assert guest.read(fd) == b""


def test_nonblock_writer_of_a_fifo(guest_in: Callable[..., Guest], box: Path) -> None:
    guest = guest_in()
    assert fifo(guest, box, rights.FD_WRITE) == "NXIO"  # nobody reads
    reader = os.open(box / "fifo", os.O_RDONLY | os.O_NONBLOCK)
    fd = guest.open("fifo", base=rights.FD_WRITE, fdflags=NONBLOCK)
    assert isinstance(fd, int)
    assert fill(guest, fd) == "AGAIN"
    assert os.read(reader, 1 << 20)
    assert guest.write(fd, b"more") == "SUCCESS"
    os.close(reader)
    assert guest.write(fd, b"more") == "PIPE"


def fill(guest: Guest, fd: int) -> str:
    while (result := guest.write(fd, bytes(0x4000))) == "SUCCESS":
        pass
    return result


def ends(kind: str) -> tuple[int, int]:
    if kind == "pipe":
        return os.pipe()
    if kind == "socket":
        one, other = socket.socketpair()
        return one.detach(), other.detach()
    master, terminal = pty.openpty()
    return terminal, master


@pytest.mark.parametrize("kind", ["pipe", "tty", "socket"])
def test_nonblock_can_be_set_and_cleared(guest_in: Callable[..., Guest], kind: str) -> None:
    end, other = ends(kind)
    guest = guest_in(stdin=end)
    assert guest("fd_fdstat_set_flags", 0, NONBLOCK) == "SUCCESS"
    assert guest.read(0) == "AGAIN"
    assert os.get_blocking(end)  # other processes that have it open do not notice
    os.write(other, b"now\n")
    while (found := guest.read(0)) == "AGAIN":  # a terminal is slow
        time.sleep(0.01)
    assert found == b"now\n"
    assert guest("fd_fdstat_set_flags", 0, 0) == "SUCCESS"
    threading.Timer(0.05, os.write, (other, b"later\n")).start()
    assert guest.read(0) == b"later\n"
    guest.wasi.close()
    os.close(end)
    os.close(other)


@pytest.mark.parametrize("kind", ["pipe", "tty", "socket"])
def test_nonblock_writer(guest_in: Callable[..., Guest], kind: str) -> None:
    other, end = os.pipe() if kind == "pipe" else ends(kind)[::-1]
    guest = guest_in(stdout=end)
    assert guest("fd_fdstat_set_flags", 1, NONBLOCK) == "SUCCESS"
    assert fill(guest, 1) == "AGAIN"
    assert os.get_blocking(end)
    guest.wasi.close()
    os.close(end)
    os.close(other)


def test_a_channel_that_the_host_made_nonblocking(guest_in: Callable[..., Guest]) -> None:
    """The guest sees the flag, and may clear its own."""
    end, other = os.pipe()
    os.set_blocking(end, False)
    guest = guest_in(stdin=end)
    assert guest.read(0) == "AGAIN"
    assert guest("fd_fdstat_set_flags", 0, 0) == "SUCCESS"
    threading.Timer(0.05, os.write, (other, b"later")).start()
    assert guest.read(0) == b"later"
    assert not os.get_blocking(end)
    guest.wasi.close()
    os.close(end)
    os.close(other)


def test_a_fifos_other_end_may_come_later(guest_in: Callable[..., Guest], box: Path) -> None:
    guest = guest_in()
    os.mkfifo(box / "fifo")

    def write() -> None:
        (box / "fifo").write_bytes(b"hello")

    threading.Timer(0.05, write).start()
    fd = guest.open("fifo", base=rights.FD_READ)
    assert isinstance(fd, int)
    assert (guest.read(fd), guest.read(fd)) == (b"hello", b"")
    assert guest("fd_close", fd) == "SUCCESS"
    got: list[bytes] = []

    def read() -> None:
        got.append((box / "fifo").read_bytes())

    reader = threading.Timer(0.05, read)
    reader.start()
    fd = guest.open("fifo", base=rights.FD_WRITE)
    assert isinstance(fd, int)
    assert guest.write(fd, b"back") == "SUCCESS"
    guest.wasi.close()
    reader.join(HANG)
    assert got == [b"back"]


def test_an_object_with_a_descriptor_that_has_read_ahead(guest_in: Callable[..., Guest]) -> None:
    end, other = os.pipe()
    os.write(other, b"abcdef")
    os.close(other)
    with os.fdopen(end, "rb") as given:
        guest = guest_in(stdin=given)
        assert [guest.read(0, 4), guest.read(0, 4), guest.read(0, 4)] == [b"abcd", b"ef", b""]


def test_large_transfers_are_complete(guest_in: Callable[..., Guest], box: Path) -> None:
    """More than fits in one piece; the buffers overlap, so that a small memory will do."""
    guest = guest_in()
    size, count = PAGE - BUFFER, 1024
    fd = guest.open("file", base=rights.FILE)
    assert isinstance(fd, int)
    guest.memory.write(BUFFER, os.urandom(size))
    content = guest.memory.read(BUFFER, size)
    guest.memory.write(0, (BUFFER.to_bytes(4, "little") + size.to_bytes(4, "little")) * count)
    assert guest("fd_pwrite", fd, 0, count, 1, OUT) == "SUCCESS"
    assert guest.u32() == size * count
    assert (box / "file").read_bytes() == b"i" + content * count
    guest.memory.write(BUFFER, bytes(size))
    assert guest("fd_pread", fd, 0, count, 1 + size, OUT) == "SUCCESS"
    assert guest.u32() == size * (count - 1)  # the file ends
    assert guest.memory.read(BUFFER, size) == content


def test_a_timeout_reaches_an_endless_read(module: linocut.Module, box: Path) -> None:
    """A terabyte in a sparse file is read in calls of 28 MB; the read ends between two pieces."""
    with open(box / "large", "wb") as file:
        file.truncate(1 << 40)
    text = """(module
      (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 0x8000) "large")
      (func (export "_start") (local i32)
        (loop (i64.store (local.get 0) (i64.const 0x700000009000))
          (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 8))) (i32.const 0x2000))))
        (drop (call $open (i32.const 3) (i32.const 0) (i32.const 0x8000) (i32.const 5) (i32.const 0)
          (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0x8010)))
        (loop (br_if 0 (i32.eqz (call $read
          (i32.load (i32.const 0x8010)) (i32.const 0) (i32.const 1024) (i32.const 0x8020)))))))"""
    with pytest.raises(linocut.Timeout):
        Wasi(dirs={"/": box}).run(linocut.load(text), timeout=0.05)


def test_a_timeout_without_call_is_known_too(module: linocut.Module) -> None:
    """The deadline is that of the running call, however it was begun."""
    end, other = os.pipe()
    with Wasi(stdin=end) as wasi:
        guest = Guest(module, wasi)
        address, count = guest.buffers(1)
        with pytest.raises(linocut.Timeout):
            guest.exports.fd_read(0, address, count, OUT, timeout=0.05)
    os.close(end)
    os.close(other)


def test_a_timeout_reaches_the_start_function() -> None:
    spin = linocut.load('(module (func $spin (loop (br 0))) (start $spin) (func (export "_start")))')
    for go in (lambda: Wasi().run(spin, timeout=0.05), lambda: Wasi().instantiate(spin, timeout=0.05)):
        with pytest.raises(linocut.Timeout):
            go()
    with pytest.raises(linocut.Timeout):
        spin.instantiate(timeout=0.05)
