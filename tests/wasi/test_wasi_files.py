"""Files and directories do what preview 1 says, within the rights of their descriptors."""

from __future__ import annotations

import os
from struct import unpack_from
from typing import TYPE_CHECKING

import pytest
from linocut.wasi import Wasi, rights
from linocut.wasi.table import MAX_DESCRIPTORS
from wasi_guest import BUFFER, CREATE, DIRECTORY, EXCLUSIVE, FOLLOW, OUT, TRUNCATE, Guest

if TYPE_CHECKING:
    from pathlib import Path

    import linocut

APPEND, DSYNC, NONBLOCK = 1, 2, 4


def opened(guest: Guest, path: str, oflags: int = 0, base: int = rights.ALL, **more: int) -> int:
    fd = guest.open(path, oflags, base, **more)
    assert isinstance(fd, int), fd
    return fd


def test_write_seek_read(guest: Guest, box: Path) -> None:
    fd = opened(guest, "new", CREATE)
    assert guest.write(fd, b"hello world") == "SUCCESS"
    assert guest.u32() == 11
    assert guest("fd_seek", fd, -5, 2, OUT) == "SUCCESS"
    assert guest.u64() == 6
    assert guest.read(fd) == b"world"
    assert guest.read(fd) == b""
    assert guest("fd_seek", fd, -100, 1, OUT) == "INVAL"
    assert guest("fd_seek", fd, 0, 3, OUT) == "INVAL"
    assert guest("fd_tell", fd, OUT) == "SUCCESS"
    assert guest.u64() == 11
    assert (box / "new").read_bytes() == b"hello world"


def test_several_buffers(guest: Guest) -> None:
    fd = opened(guest, "file")
    assert guest("fd_read", fd, *guest.buffers(2, 0, 3), OUT) == "SUCCESS"
    assert (guest.u32(), guest.memory.read(BUFFER, 5)) == (5, b"insid")
    assert guest("fd_seek", fd, 0, 0, OUT) == "SUCCESS"
    guest.memory.write(BUFFER, b"ABCDE")
    assert guest("fd_write", fd, *guest.buffers(1, 1, 0, 2), OUT) == "SUCCESS"
    assert guest.u32() == 4
    assert guest.contents("file") == b"ABCDde"


def test_pread_and_pwrite_leave_the_offset_alone(guest: Guest) -> None:
    fd = opened(guest, "file")
    guest.memory.write(BUFFER, b"XY")
    assert guest("fd_pwrite", fd, *guest.buffers(2), 4, OUT) == "SUCCESS"
    assert guest("fd_pread", fd, *guest.buffers(6), 2, OUT) == "SUCCESS"
    assert guest.memory.read(BUFFER, guest.u32()) == b"siXY"
    assert guest("fd_pread", fd, *guest.buffers(6), 1 << 63, OUT) == "INVAL"
    assert guest.read(fd) == b"insiXY"


def test_append_can_be_set_and_cleared(guest: Guest) -> None:
    fd = opened(guest, "file", fdflags=APPEND)
    guest("fd_seek", fd, 0, 0, OUT)
    guest.write(fd, b"!")
    assert guest.contents("file") == b"inside!"
    assert guest("fd_fdstat_set_flags", fd, 0) == "SUCCESS"
    guest("fd_seek", fd, 0, 0, OUT)
    guest.write(fd, b"O")
    assert guest.contents("file") == b"Onside!"
    assert guest("fd_fdstat_set_flags", fd, DSYNC) == "NOTSUP"
    assert guest("fd_fdstat_set_flags", fd, APPEND | NONBLOCK) == "SUCCESS"
    assert guest("fd_fdstat_get", fd, OUT) == "SUCCESS"
    assert unpack_from("<BxH", guest.memory.read(OUT, 24)) == (4, APPEND | NONBLOCK)


def test_a_descriptor_opened_for_reading_cannot_write(guest: Guest, box: Path) -> None:
    fd = opened(guest, "file", base=rights.FD_READ)
    assert guest.write(fd, b"no") == "NOTCAPABLE"
    assert guest("fd_pwrite", fd, *guest.buffers(2), 0, OUT) == "NOTCAPABLE"
    assert guest("fd_filestat_set_size", fd, 0) == "NOTCAPABLE"
    assert guest("fd_allocate", fd, 0, 100) == "NOTCAPABLE"
    assert guest("fd_filestat_set_times", fd, 0, 0, 5) == "NOTCAPABLE"
    assert (box / "file").read_text() == "inside"


def test_rights_are_only_ever_given_up(guest: Guest) -> None:
    fd = opened(guest, "file", base=rights.FD_READ | rights.FD_WRITE)
    assert guest("fd_fdstat_set_rights", fd, rights.FD_READ, 0) == "SUCCESS"
    assert guest.write(fd, b"no") == "NOTCAPABLE"
    assert guest("fd_fdstat_set_rights", fd, rights.FD_READ | rights.FD_WRITE, 0) == "NOTCAPABLE"
    readable = rights.FILE & ~rights.FD_WRITE
    assert guest("fd_fdstat_set_rights", 3, rights.PATH_OPEN, readable) == "SUCCESS"
    assert guest.open("file") == "NOTCAPABLE"
    assert guest.open("file", base=rights.FD_READ, inheriting=0, oflags=TRUNCATE) == "NOTCAPABLE"
    assert guest.open("new", base=rights.FD_READ, inheriting=0, oflags=CREATE) == "NOTCAPABLE"
    assert isinstance(guest.open("file", base=rights.FD_READ, inheriting=0), int)
    assert guest("path_unlink_file", 3, b"file") == "NOTCAPABLE"
    assert guest("path_create_directory", 3, b"new") == "NOTCAPABLE"
    assert guest("fd_readdir", 3, BUFFER, 100, 0, OUT) == "NOTCAPABLE"


def test_all_bits_as_rights_are_all_there_are(guest: Guest) -> None:
    arguments = (3, FOLLOW, b"file", 0, rights.FILE | -1 << 30, -1 << 30, 0, OUT)
    assert guest("path_open", *arguments) == "SUCCESS"
    assert guest.write(guest.u32(), b"yes") == "SUCCESS"


def test_open_flags(guest: Guest, box: Path) -> None:
    assert guest.open("new") == "NOENT"
    assert guest.open("file", DIRECTORY) == "NOTDIR"
    assert guest.open("file", CREATE | EXCLUSIVE) == "EXIST"
    assert guest.open("new", CREATE | DIRECTORY) == "INVAL"
    assert guest.open("sub", base=rights.FD_WRITE) == "ISDIR"
    assert isinstance(guest.open("sub", base=rights.FD_READ), int)
    assert isinstance(guest.open("file", CREATE), int)
    assert isinstance(guest.open("file", TRUNCATE), int)
    assert (box / "file").read_bytes() == b""
    assert guest.open("file/x") == "NOTDIR"
    file = opened(guest, "file")
    assert guest.open("x", fd=file) == "NOTDIR"
    assert guest.open("x", fd=77) == "BADF"


def test_a_directory_is_no_file(guest: Guest) -> None:
    assert guest.read(3) == "ISDIR"
    assert guest.write(3, b"") == "ISDIR"
    assert guest("fd_seek", 3, 0, 0, OUT) == "ISDIR"
    assert guest("fd_filestat_set_size", 3, 0) == "ISDIR"
    assert guest("fd_fdstat_get", 3, OUT) == "SUCCESS"
    kind, _, base, inheriting = unpack_from("<BxH4xQQ", guest.memory.read(OUT, 24))
    assert (kind, base, inheriting) == (3, rights.DIRECTORY, rights.DIRECTORY | rights.FILE)


def test_file_stat(guest: Guest, box: Path) -> None:
    os.utime(box / "file", ns=(1_500_000_001, 2_500_000_002))
    os.link(box / "file", box / "second")
    host = os.stat(box / "file")
    fd = opened(guest, "file")
    for arguments in (("fd_filestat_get", fd, OUT), ("path_filestat_get", 3, FOLLOW, b"second", OUT)):
        assert guest(*arguments) == "SUCCESS"
        fields = unpack_from("<QQB7xQQQQQ", guest.memory.read(OUT, 64))
        assert fields == (
            *(host.st_dev, host.st_ino, 4, 2, 6),
            *(1_500_000_001, 2_500_000_002, host.st_ctime_ns),
        )


def test_set_size_times_and_space(guest: Guest, box: Path) -> None:
    fd = opened(guest, "file")
    assert guest("fd_filestat_set_size", fd, 2) == "SUCCESS"
    assert guest("fd_filestat_set_size", fd, 4) == "SUCCESS"
    assert (box / "file").read_bytes() == b"in\0\0"
    assert guest("fd_filestat_set_size", fd, 1 << 63) == "INVAL"
    assert guest("fd_allocate", fd, 0, 100) == "SUCCESS"
    assert (box / "file").stat().st_size == 100
    assert guest("fd_filestat_set_times", fd, 7, 8, 1 | 4) == "SUCCESS"
    assert guest("fd_filestat_set_times", fd, 9, 9, 4) == "SUCCESS"
    assert ((box / "file").stat().st_atime_ns, (box / "file").stat().st_mtime_ns) == (7, 9)
    assert guest("path_filestat_set_times", 3, FOLLOW, b"file", 0, 0, 8) == "SUCCESS"
    assert (box / "file").stat().st_mtime > 1e9
    assert guest("fd_filestat_set_times", fd, 0, 0, 3) == "INVAL"
    assert guest("fd_advise", fd, 0, 100, 5) == "SUCCESS"
    assert guest("fd_advise", fd, 0, 100, 6) == "INVAL"
    assert guest("fd_sync", fd) == guest("fd_datasync", fd) == "SUCCESS"


def test_readlink_is_cut_off(guest: Guest, box: Path) -> None:
    (box / "link").symlink_to("file")
    assert guest("path_readlink", 3, b"link", BUFFER, 2, OUT) == "SUCCESS"
    assert (guest.u32(), guest.memory.read(BUFFER, 4)) == (2, b"fi\0\0")
    assert guest("path_readlink", 3, b"file", BUFFER, 2, OUT) == "INVAL"


def test_preopened_directories_tell_their_names(guest: Guest) -> None:
    assert guest("fd_prestat_get", 3, OUT) == "SUCCESS"
    assert unpack_from("<B3xI", guest.memory.read(OUT, 8)) == (0, 4)
    assert guest("fd_prestat_dir_name", 3, BUFFER, 3) == "NAMETOOLONG"
    assert guest("fd_prestat_dir_name", 3, BUFFER, 9) == "SUCCESS"
    assert guest.memory.read(BUFFER, 6) == b"/box\0\0"
    assert guest("fd_prestat_get", 4, OUT) == "BADF"
    assert guest("fd_prestat_get", opened(guest, "sub", DIRECTORY), OUT) == "BADF"
    assert guest("fd_close", 3) == "SUCCESS"
    assert guest("fd_prestat_get", 3, OUT) == "BADF"


def entries(guest: Guest, fd: int, size: int, cookie: int = 0) -> list[tuple[str, int, int]]:
    """(name, kind, next cookie) of the entries that fit into a buffer of this size."""
    assert guest("fd_readdir", fd, BUFFER, size, cookie, OUT) == "SUCCESS"
    data = guest.memory.read(BUFFER, guest.u32())
    found = []
    while len(data) >= 24:
        following, _, length, kind = unpack_from("<QQIB", data)
        name = data[24 : 24 + length]
        if len(name) < length:
            break
        found.append((name.decode(), kind, following))
        data = data[24 + length :]
    return found


def test_readdir(guest: Guest, box: Path) -> None:
    (box / "link").symlink_to("file")
    found = entries(guest, 3, 1000)
    assert [entry[:2] for entry in found[:2]] == [(".", 3), ("..", 3)]
    assert {entry[:2] for entry in found[2:]} == {("file", 4), ("sub", 3), ("link", 7)}


def test_readdir_in_pieces_while_entries_go_away(guest: Guest, box: Path) -> None:
    names = {f"{i:03}" for i in range(200)}
    sub = box / "sub" / "deep"
    for name in names:
        (sub / name).touch()
    fd = opened(guest, "sub/deep", DIRECTORY)
    seen: list[str] = []
    cookie = 0
    while found := entries(guest, fd, 100, cookie):
        seen += [name for name, _, _ in found]
        cookie = found[-1][2]
        for name, _, _ in found:
            if name in names:
                assert guest("path_unlink_file", fd, name.encode()) == "SUCCESS"
        (sub / f"late{cookie}").touch()
    assert sorted(seen) == sorted({".", "..", *names})
    assert len(entries(guest, fd, 0x4000)) > 2  # from the start again: the entries that are there now
    assert entries(guest, fd, 100, 1 << 40) == []
    assert entries(guest, fd, 100, -1) == []
    assert entries(guest, fd, 10) == []


def test_readdir_may_begin_anywhere(guest: Guest) -> None:
    whole = entries(guest, 3, 1000)
    again = opened(guest, ".", DIRECTORY)
    assert {entry[0] for entry in entries(guest, again, 1000, 2)} == {entry[0] for entry in whole[2:]}


def test_renumber(guest: Guest) -> None:
    first, second = opened(guest, "file"), opened(guest, "sub/file")
    assert guest("fd_renumber", first, second) == "SUCCESS"
    assert guest.read(second) == b"inside"
    assert guest("fd_close", first) == "BADF"
    assert guest("fd_renumber", second, first) == "BADF"
    assert guest("fd_renumber", second, second) == "SUCCESS"
    assert guest.read(second) == b""


def test_the_lowest_free_number_is_given(guest: Guest) -> None:
    assert [opened(guest, "file") for _ in range(3)] == [4, 5, 6]
    guest("fd_close", 5)
    guest("fd_close", 4)
    assert [opened(guest, "file") for _ in range(3)] == [4, 5, 7]


def test_descriptors_run_out_before_the_hosts_do(guest: Guest) -> None:
    count = 0
    while isinstance(guest.open("file"), int):
        count += 1
    assert count == MAX_DESCRIPTORS - 4
    assert guest.open("file") == "MFILE"
    assert guest.open("new", CREATE) == "MFILE"
    assert guest.open("new") == "MFILE"  # nothing was created
    assert guest("fd_close", 100) == "SUCCESS"
    assert guest.open("file") == 100


def test_several_directories(module: linocut.Module, box: Path, tmp_path: Path) -> None:
    with Wasi(dirs={"a": box, "b": tmp_path / "outside", "c": box / "sub"}) as wasi:
        guest = Guest(module, wasi)
        assert guest("path_rename", 3, b"file", 4, b"moved") == "SUCCESS"
        assert guest("path_link", 4, 0, b"secret", 5, b"second") == "SUCCESS"
        assert guest.contents("sub/second") == b"secret"


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Wasi(dirs={"a": tmp_path, "b": tmp_path / "missing"})
