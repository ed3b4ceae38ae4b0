"""Arguments, environment, clocks, randomness, standard streams, waiting, ending."""

from __future__ import annotations

import doctest
import io
import os
import socket
import threading
import time
from struct import pack, unpack, unpack_from
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.wasi import Exit, Wasi
from wasi_guest import BUFFER, OUT, Guest

if TYPE_CHECKING:
    from pathlib import Path

SUBSCRIPTIONS, EVENTS = 0x1000, 0x2000
READ, WRITE = 1, 2
NONBLOCK = 4


def strings(guest: Guest, what: str) -> list[bytes]:
    assert guest(f"{what}_sizes_get", OUT, OUT + 4) == "SUCCESS"
    count, size = guest.u32(), guest.u32(OUT + 4)
    assert guest(f"{what}_get", OUT, BUFFER) == "SUCCESS"
    found = []
    for address in unpack(f"<{count}I", guest.memory.read(OUT, 4 * count)):
        text = guest.memory.read(address, BUFFER + size - address)
        found.append(text[: text.index(b"\0")])
    return found


def test_arguments_and_environment(module: linocut.Module) -> None:
    with Wasi(["a", "", "ä b", b"\xff"], {"HOME": "/", "X": "a=b", "EMPTY": ""}) as wasi:
        guest = Guest(module, wasi)
        assert strings(guest, "args") == [b"a", b"", "ä b".encode(), b"\xff"]
        assert strings(guest, "environ") == [b"HOME=/", b"X=a=b", b"EMPTY="]


def test_no_arguments_and_no_environment(module: linocut.Module) -> None:
    with Wasi() as wasi:
        guest = Guest(module, wasi)
        assert strings(guest, "args") == strings(guest, "environ") == []


def test_a_nul_cannot_be_passed() -> None:
    with pytest.raises(ValueError, match="NUL"):
        Wasi(["a\0b"])
    with pytest.raises(ValueError, match="NUL"):
        Wasi(env={"a": "\0"})


def test_clocks(guest: Guest) -> None:
    for clock, host in enumerate(
        (time.time_ns, time.monotonic_ns, time.process_time_ns, time.thread_time_ns)
    ):
        before = host()
        assert guest("clock_time_get", clock, 1000, OUT) == "SUCCESS"
        assert before <= guest.u64() <= host()
        assert guest("clock_res_get", clock, OUT) == "SUCCESS"
        assert 1 <= guest.u64() <= 10**7
    assert guest("clock_time_get", 4, 0, OUT) == guest("clock_res_get", 4, OUT) == "INVAL"


def test_random_bytes(guest: Guest) -> None:
    assert guest("random_get", BUFFER, 32) == guest("random_get", BUFFER + 32, 32) == "SUCCESS"
    first, second, rest = (guest.memory.read(BUFFER + 32 * i, 32) for i in range(3))
    assert len({first, second, rest}) == 3
    assert rest == bytes(32)


def test_a_large_request_for_random_bytes(guest: Guest) -> None:
    guest.memory.grow(3)
    assert guest("random_get", 0, 4 * 65536) == "SUCCESS"
    assert bytes(64) not in guest.memory.read(0, 4 * 65536)


def test_streams_are_objects(module: linocut.Module) -> None:
    given, taken, errors = io.BytesIO(b"input"), io.BytesIO(), []

    class Lines:
        def write(self, data: bytes) -> None:
            errors.append(data)

    with Wasi(stdin=given, stdout=taken, stderr=Lines()) as wasi:
        guest = Guest(module, wasi)
        assert (guest.read(0, 3), guest.read(0), guest.read(0)) == (b"inp", b"ut", b"")
        assert guest.write(1, b"out") == guest.write(2, b"err") == "SUCCESS"
        assert guest.write(0, b"?") == "SUCCESS"  # a BytesIO can be written to
        assert guest.read(2) == "BADF"
        assert guest("fd_seek", 1, 0, 0, OUT) == "NOTCAPABLE"
        assert guest("fd_filestat_get", 1, OUT) == "SUCCESS"
        assert guest("fd_sync", 1) == "NOTCAPABLE"
        assert guest("fd_close", 1) == "SUCCESS"
        assert guest.write(1, b"more") == "BADF"
    assert (taken.getvalue(), errors) == (b"out", [b"err"])


def test_what_a_stream_raises_comes_out(module: linocut.Module) -> None:
    class Broken:
        def write(self, data: bytes) -> int:
            raise LookupError(data.decode())

    class Full:
        def write(self, data: bytes) -> int:
            raise OSError(28, "full")

    with Wasi(stdout=Broken(), stderr=Full()) as wasi:
        guest = Guest(module, wasi)
        with pytest.raises(LookupError, match="x"):
            guest.write(1, b"x")
        assert guest.write(2, b"x") == "NOSPC"


def test_a_stream_must_be_one() -> None:
    with pytest.raises(TypeError, match="read or write"):
        Wasi(stdout=object())


def test_streams_are_descriptors_of_the_host(module: linocut.Module) -> None:
    end, other = os.pipe()
    with Wasi(stdin=end, stdout=other) as wasi:
        guest = Guest(module, wasi)
        assert guest.write(1, b"through") == "SUCCESS"
        assert guest.read(0, 4) == b"thro"
        assert guest("fd_seek", 0, 0, 1, OUT) == "SPIPE"
        assert guest("fd_close", 0) == "SUCCESS"
    assert os.read(end, 10) == b"ugh"  # it was only borrowed: it is still open, and nothing was read ahead
    os.close(end)
    with Wasi(stdout=other) as wasi:
        assert Guest(module, wasi).write(1, b"x") == "PIPE"
    os.close(other)


def test_a_guest_does_not_make_the_hosts_stream_nonblocking(module: linocut.Module) -> None:
    end, other = os.pipe()
    with Wasi(stdin=end) as wasi:
        guest = Guest(module, wasi)
        assert guest("fd_fdstat_set_flags", 0, NONBLOCK) == "SUCCESS"
        assert os.get_blocking(end)
        assert guest.read(0) == "AGAIN"
        os.write(other, b"now")
        assert guest.read(0) == b"now"
        assert guest("fd_fdstat_get", 0, OUT) == "SUCCESS"
        assert unpack_from("<BxH", guest.memory.read(OUT, 4)) == (0, NONBLOCK)
        assert guest("fd_fdstat_set_flags", 0, 1) == "NOTSUP"
    os.close(end)
    os.close(other)


def test_no_socket_is_there(guest: Guest) -> None:
    for name, rest in (("accept", (0, OUT)), ("recv", (0, 0, 0, OUT, OUT)), ("send", (0, 0, 0, OUT))):
        assert guest(f"sock_{name}", 3, *rest) == "NOTSOCK"
        assert guest(f"sock_{name}", 9, *rest) == "BADF"
    assert guest("sock_shutdown", 1, 0) == "NOTSOCK"


def clock(userdata: int, timeout: int, *, clock_id: int = 1, flags: int = 0) -> bytes:
    return pack("<QB7xI4xQQH6x", userdata, 0, clock_id, timeout, 0, flags)


def ready(userdata: int, tag: int, fd: int) -> bytes:
    return pack("<QB7xI28x", userdata, tag, fd)


def poll(guest: Guest, *subscriptions: bytes) -> list[tuple[int, ...]]:
    """The (userdata, error, tag, bytes, flags) of each event."""
    guest.memory.write(SUBSCRIPTIONS, b"".join(subscriptions))
    assert guest("poll_oneoff", SUBSCRIPTIONS, EVENTS, len(subscriptions), OUT) == "SUCCESS"
    return [unpack("<QHB5xQH6x", guest.memory.read(EVENTS + 32 * i, 32)) for i in range(guest.u32())]


def test_sleeping(guest: Guest) -> None:
    start = time.monotonic_ns()
    assert poll(guest, clock(5, 20_000_000), clock(6, 10**18)) == [(5, 0, 0, 0, 0)]
    assert 20_000_000 <= time.monotonic_ns() - start < 60 * 10**9
    assert poll(guest, clock(5, 0), clock(6, 0)) == [(5, 0, 0, 0, 0), (6, 0, 0, 0, 0)]
    soon = time.time_ns() + 10_000_000
    assert poll(guest, clock(7, soon, clock_id=0, flags=1)) == [(7, 0, 0, 0, 0)]
    assert time.time_ns() >= soon - 2_000_000
    assert poll(guest, clock(8, 1, clock_id=9)) == [(8, 28, 0, 0, 0)]


def test_waiting_for_descriptors(module: linocut.Module, box: Path) -> None:
    end, other = socket.socketpair()
    with end, other, Wasi(dirs={"/": box}, stdin=end.fileno(), stdout=io.BytesIO()) as wasi:
        guest = Guest(module, wasi)
        assert poll(guest, ready(1, READ, 0), clock(2, 10_000_000)) == [(2, 0, 0, 0, 0)]
        assert poll(guest, ready(1, READ, 0), ready(2, WRITE, 0)) == [(2, 0, WRITE, 0, 0)]
        threading.Timer(0.02, other.send, (b"abc",)).start()
        assert poll(guest, ready(1, READ, 0), clock(2, 60 * 10**9)) == [(1, 0, READ, 3, 0)]
        assert poll(guest, ready(3, WRITE, 1)) == [(3, 0, WRITE, 0, 0)]
        assert poll(guest, ready(4, READ, 3), ready(5, READ, 9)) == [(4, 31, READ, 0, 0), (5, 8, READ, 0, 0)]
        file = guest.open("file")
        assert isinstance(file, int)
        assert poll(guest, ready(6, READ, file)) == [(6, 0, READ, 6, 0)]
        other.close()
        assert poll(guest, ready(7, READ, 0)) == [(7, 0, READ, 3, 1)]


def test_an_unknown_subscription(guest: Guest) -> None:
    guest.memory.write(SUBSCRIPTIONS, ready(1, 3, 0))
    assert guest("poll_oneoff", SUBSCRIPTIONS, EVENTS, 1, OUT) == "INVAL"


def test_exit(guest: Guest) -> None:
    with pytest.raises(Exit) as raised:
        guest.exports.proc_exit(7)
    assert raised.value.code == 7
    with pytest.raises(Exit) as raised:
        guest.exports.proc_exit(-1)
    assert raised.value.code == 0xFFFF_FFFF
    assert guest("sched_yield") == "SUCCESS"


def test_signals(guest: Guest) -> None:
    with pytest.raises(Exit) as raised:
        guest("proc_raise", 6)
    assert raised.value.code == 134
    assert guest("proc_raise", 16) == "SUCCESS"
    assert guest("proc_raise", 31) == "INVAL"


PROGRAM = """(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "\\00\\08\\00\\00\\00\\10\\00\\00")
  (func (export "_start") {}))"""


@pytest.mark.usefixtures("module")  # text can be assembled
def test_run_gives_the_exit_code() -> None:
    assert Wasi().run(linocut.load(PROGRAM.format(""))) == 0
    assert Wasi().run(linocut.load(PROGRAM.format("(call $exit (i32.const 3)) unreachable"))) == 3
    with pytest.raises(linocut.Trap):
        Wasi().run(linocut.load(PROGRAM.format("unreachable")))


SLEEP = """(i64.store (i32.const 24) (i64.const -1))
  (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))"""
READ_INPUT = "(drop (call $read (i32.const 0) (i32.const 0x400) (i32.const 1) (i32.const 128)))"
WRITE_MUCH = """(loop
  (drop (call $write (i32.const 1) (i32.const 0x400) (i32.const 1) (i32.const 128))) (br 0))"""


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize("body", [SLEEP, READ_INPUT, WRITE_MUCH], ids=["sleep", "read", "write"])
def test_a_timeout_ends_waiting(body: str) -> None:
    end, other = os.pipe()
    program = linocut.load(PROGRAM.format(body))
    start = time.monotonic()
    with pytest.raises(linocut.Timeout):
        Wasi(stdin=end, stdout=other).run(program, timeout=0.1)
    assert 0.1 <= time.monotonic() - start < 60
    os.close(end)
    os.close(other)


def test_run_closes_what_the_guest_had_open(module: linocut.Module, box: Path) -> None:
    before = os.listdir("/proc/self/fd")
    wasi = Wasi(dirs={"/": box})
    with pytest.raises(linocut.LinkError, match="_start"):
        wasi.run(module)
    assert os.listdir("/proc/self/fd") == before
    Wasi(dirs={"/": box})  # dropped without having been run
    assert os.listdir("/proc/self/fd") == before


@pytest.mark.usefixtures("module")
def test_the_example_in_the_docstring() -> None:
    tests = doctest.DocTestFinder().find(Wasi, globs={"Wasi": Wasi})
    results = [doctest.DocTestRunner().run(test) for test in tests]
    assert sum(result.attempted for result in results) >= 4
    assert sum(result.failed for result in results) == 0


@pytest.mark.usefixtures("module")
def test_an_import_of_another_type_is_unlinkable() -> None:
    text = '(module (import "wasi_snapshot_preview1" "fd_close" (func (param f32) (result i32))))'
    with Wasi() as wasi, pytest.raises(linocut.LinkError, match="fd_close"):
        wasi.instantiate(linocut.load(text))
    text = '(module (import "wasi_unstable" "fd_close" (func (param f32) (result i32))))'
    with Wasi() as wasi, pytest.raises(linocut.LinkError, match=r"wasi_unstable\.fd_close"):
        wasi.instantiate(linocut.load(text))
    text = '(module (import "wasi_unstable" "sock_accept" (func (param i32 i32 i32) (result i32))))'
    with Wasi() as wasi, pytest.raises(linocut.LinkError, match="sock_accept"):  # came with preview 1
        wasi.instantiate(linocut.load(text))
    text = '(module (import "wasi_snapshot_preview1" "fd_dance" (func)))'
    with Wasi() as wasi, pytest.raises(linocut.LinkError, match="fd_dance"):
        wasi.instantiate(linocut.load(text))
