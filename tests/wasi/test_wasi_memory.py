"""Whatever a guest passes, it gets an errno; the host raises nothing and accesses no other memory."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING

import pytest
from linocut.wasi import Exit, Wasi, errno, rights
from linocut.wasi.function import SIGNATURES
from wasi_guest import BUFFER, OUT, PAGE, PATHS, Guest

if TYPE_CHECKING:
    from pathlib import Path

    import linocut

# Function → the positions of arguments that are addresses of memory that it reads or writes.
ADDRESSES = {
    "args_get": (0, 1),
    "args_sizes_get": (0, 1),
    "environ_get": (0, 1),
    "environ_sizes_get": (0, 1),
    "clock_res_get": (1,),
    "clock_time_get": (2,),
    "random_get": (0,),
    "fd_read": (1, 3),
    "fd_write": (1, 3),
    "fd_pread": (1, 4),
    "fd_pwrite": (1, 4),
    "fd_seek": (3,),
    "fd_tell": (1,),
    "fd_fdstat_get": (1,),
    "fd_filestat_get": (1,),
    "fd_prestat_get": (1,),
    "fd_prestat_dir_name": (1,),
    "fd_readdir": (1, 4),
    "path_open": (2, 8),
    "path_create_directory": (1,),
    "path_remove_directory": (1,),
    "path_unlink_file": (1,),
    "path_filestat_get": (2, 4),
    "path_filestat_set_times": (2,),
    "path_readlink": (1, 3, 5),
    "path_symlink": (0, 3),
    "path_rename": (1, 4),
    "path_link": (2, 5),
    "poll_oneoff": (0, 1, 3),
}
DIRECTORY_CALLS = ("fd_readdir", "fd_prestat_get", "fd_prestat_dir_name")


def good_arguments(guest: Guest, name: str, fd: int) -> list[int]:
    """Arguments with which the function gets as far as to use the addresses."""
    guest.memory.write(PATHS, b"file")
    guest.memory.write(PATHS + 8, b"link")
    guest.memory.write(BUFFER + 0x100, bytes(48))  # a clock subscription that is due
    path, link, flags = (PATHS, 4), (PATHS + 8, 4), 0
    return {
        "fd_read": [fd, *guest.buffers(1), OUT],
        "fd_write": [fd, *guest.buffers(1), OUT],
        "fd_pread": [fd, *guest.buffers(1), 0, OUT],
        "fd_pwrite": [fd, *guest.buffers(1), 0, OUT],
        "fd_readdir": [3, BUFFER, 50, 0, OUT],
        "fd_prestat_dir_name": [3, BUFFER, 50],
        "random_get": [BUFFER, 50],
        "path_open": [3, 0, *path, 0, rights.FD_READ, 0, 0, OUT],
        "path_filestat_get": [3, 0, *path, OUT],
        "path_filestat_set_times": [3, 0, *path, 0, 0, 0],
        "path_readlink": [3, *link, BUFFER, 50, OUT],
        "path_symlink": [*path, 3, *link],
        "path_rename": [3, *path, 3, *link],
        "path_link": [3, flags, *path, 3, *link],
        "path_create_directory": [3, *path],
        "path_remove_directory": [3, *path],
        "path_unlink_file": [3, *path],
        "poll_oneoff": [BUFFER + 0x100, BUFFER + 0x200, 1, OUT],
        "clock_time_get": [0, 0, OUT],
        "clock_res_get": [0, OUT],
        "fd_seek": [fd, 0, 1, OUT],
    }.get(name, [3 if name in DIRECTORY_CALLS else fd, OUT] if name.startswith("fd_") else [OUT, BUFFER])


@pytest.mark.parametrize("bad", [PAGE, PAGE - 1, -1, -4, 0x7FFF_FFFF, -0x8000_0000])
@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_out_of_bounds(module: linocut.Module, box: Path, name: str, bad: int) -> None:
    (box / "link").symlink_to("file")
    with Wasi(["guest"], {"a": "b"}, {"/box": box}) as wasi:
        guest = Guest(module, wasi)
        fd = guest.open("file")
        assert isinstance(fd, int)
        for position in ADDRESSES[name]:
            arguments = good_arguments(guest, name, fd)
            arguments[position] = bad
            assert guest(name, *arguments) == "FAULT", position
        assert isinstance(guest.open("file"), int)
    assert (box / "file").read_text() == "inside"


def test_every_function_with_an_address_is_covered() -> None:
    without = {name for name in SIGNATURES if name.startswith(("sock_", "proc_", "sched_"))}
    without |= {"fd_close", "fd_renumber", "fd_sync", "fd_datasync", "fd_advise", "fd_allocate"}
    without |= {
        "fd_fdstat_set_flags",
        "fd_fdstat_set_rights",
        "fd_filestat_set_size",
        "fd_filestat_set_times",
    }
    assert set(SIGNATURES) == without | set(ADDRESSES)
    assert len(SIGNATURES) == 46


def test_a_length_out_of_bounds(guest: Guest) -> None:
    fd = guest.open("file")
    assert isinstance(fd, int)
    assert guest("random_get", 1, PAGE) == "FAULT"
    assert guest("random_get", 1, -1) == "FAULT"
    assert guest("random_get", PAGE, 0) == "SUCCESS"
    assert guest("fd_readdir", 3, BUFFER, PAGE, 0, OUT) == "FAULT"
    assert guest("path_create_directory", 3, PAGE - 4, 5) == "FAULT"
    for address, size in ((PAGE, 1), (PAGE - 3, 4), (0xFFFF_FFFF, 0xFFFF_FFFF), (0x10, 0xFFFF_FFF8)):
        guest.memory.write(OUT + 16, address.to_bytes(4, "little") + size.to_bytes(4, "little"))
        for name in ("fd_read", "fd_write"):
            assert guest(name, fd, OUT + 16, 1, OUT) == "FAULT"


def test_the_count_of_buffers_is_bounded(guest: Guest) -> None:
    fd = guest.open("file")
    assert isinstance(fd, int)
    assert guest("fd_read", fd, 0x2000, 1024, OUT) == "SUCCESS"
    for count in (1025, 0x2000, 0x1000_0000, 0x2000_0000, -1):
        assert guest("fd_read", fd, 0, count, OUT) == "INVAL"
        assert guest("fd_write", fd, 0, count, OUT) == "INVAL"
    for count in (0, 4097, 0x0600_0000, -1):
        assert guest("poll_oneoff", 0, 0, count, OUT) == "INVAL"


def test_overlapping_buffers_and_results(guest: Guest) -> None:
    fd = guest.open("file")
    assert isinstance(fd, int)
    address, count = guest.buffers(6)
    guest.memory.write(address, address.to_bytes(4, "little"))  # the data overwrites the array of buffers
    assert guest("fd_read", fd, address, count, address) == "SUCCESS"
    assert guest.u32(address) == 6


def test_a_bad_result_address_costs_no_data(module: linocut.Module, box: Path) -> None:
    given, taken = io.BytesIO(b"input"), io.BytesIO()
    with Wasi(dirs={"/box": box}, stdin=given, stdout=taken) as wasi:
        guest = Guest(module, wasi)
        assert guest("fd_read", 0, *guest.buffers(3), PAGE) == "FAULT"
        assert guest.read(0) == b"input"
        assert guest("fd_write", 1, *guest.buffers(3), PAGE) == "FAULT"
        assert taken.getvalue() == b""
        assert guest("path_open", 3, 0, b"new", 1, rights.FD_READ, 0, 0, PAGE) == "FAULT"
        assert not (box / "new").exists()
        assert guest("fd_close", 4) == "BADF"


def test_memory_that_has_grown_is_seen(guest: Guest) -> None:
    assert guest("clock_time_get", 0, 0, PAGE) == "FAULT"
    guest.memory.grow(1)
    assert guest("clock_time_get", 0, 0, PAGE) == "SUCCESS"
    assert guest("random_get", PAGE - 8, 16) == "SUCCESS"
    assert guest("random_get", PAGE, PAGE) == "SUCCESS"
    assert guest("random_get", PAGE, PAGE + 1) == "FAULT"


def test_before_bind_every_address_is_out_of_bounds() -> None:
    with Wasi() as wasi:
        functions = wasi.imports()["wasi_snapshot_preview1"]
        assert functions["clock_time_get"](0, 0, 0) == errno.FAULT
        assert functions["fd_write"](1, 0, 1, 8) == errno.FAULT


NUMBERS = (
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    64,
    511,
    4096,
    OUT,
    BUFFER,
    PAGE - 8,
    PAGE,
    0x7FFF_FFFF,
    -0x8000_0000,
    -8,
    -1,
)
LONG_NUMBERS = (0, 1, 2, 5, 4096, rights.FD_READ | rights.FD_WRITE, (1 << 63) - 1, -1 << 63, -1)


def test_random_arguments(module: linocut.Module, box: Path) -> None:
    """Twenty thousand calls with random arguments: each gives an errno or asks to end the process."""
    lottery = random.Random(2)
    kinds = {"i32": NUMBERS, "i64": LONG_NUMBERS}
    names = sorted(set(SIGNATURES) - {"poll_oneoff", "fd_allocate"})  # they would sleep, and fill the disk
    seen = set()
    with Wasi(["a"], {"b": "c"}, {"/box": box}, io.BytesIO(b"x" * 99), io.BytesIO(), io.BytesIO()) as wasi:
        guest = Guest(module, wasi)
        for turn in range(20_000):
            if turn % 100 == 0:
                guest.memory.write(0, b"sub/../file\0../x" * 16 + lottery.randbytes(256))
            name = lottery.choice(names)
            arguments = [lottery.choice(kinds[kind]) for kind in SIGNATURES[name][0]]
            try:
                seen.add(guest(name, *arguments))
            except Exit:
                assert name in ("proc_exit", "proc_raise")
    assert {"SUCCESS", "FAULT", "BADF", "INVAL", "NOTDIR", "NOTSOCK"} <= seen
    assert sorted(path.name for path in box.parent.iterdir()) == ["box", "outside"]
