"""Whatever a path meets, above all slashes at its end: the errno and the files are the same as on Linux."""

from __future__ import annotations

import os
import shutil
import stat
from functools import partial
from typing import TYPE_CHECKING

import pytest
from linocut.wasi import Wasi, rights
from linocut.wasi.errno import NAMES, from_host
from wasi_guest import BUFFER, CREATE, DIRECTORY, EXCLUSIVE, FOLLOW, OUT, TRUNCATE, Guest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import linocut

KINDS = (
    "file",
    "dir",
    "full",
    "link",
    "flink",
    "dangling",
    "loop",
    "none",
    "none/none",
    "file/none",
    "dir/none",
)
SUFFIXES = ("", "/", "//", "/.", "/./", "/..", "/../", "/x", "/x/")
PATHS = [kind + suffix for kind in KINDS for suffix in SUFFIXES] + ["./file", "dir//../file", ".", "./"]


def plant(box: Path) -> None:
    for entry in box.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    (box / "dir").mkdir()
    (box / "full").mkdir()
    (box / "full" / "x").touch()
    (box / "file").write_text("hello")
    for name, target in (("link", "dir"), ("flink", "file"), ("dangling", "nowhere"), ("loop", "loop")):
        (box / name).symlink_to(target)


def state(folder: int) -> list[tuple[str, int, object]]:
    """Everything below a directory: its kind, and its size, target or entries."""
    found: list[tuple[str, int, object]] = []
    for name in sorted(os.listdir(folder)):
        status = os.lstat(name, dir_fd=folder)
        if stat.S_ISDIR(status.st_mode):
            inner = os.open(name, os.O_RDONLY, dir_fd=folder)
            found.append((name, status.st_mode, state(inner)))
            os.close(inner)
        elif stat.S_ISLNK(status.st_mode):
            found.append((name, status.st_mode, os.readlink(name, dir_fd=folder)))
        else:
            found.append((name, status.st_mode, status.st_size))
    return found


class Both:
    """Lets a guest do something in one tree, and the host do the same in another."""

    def __init__(self, module: linocut.Module, ours: Path, theirs: Path) -> None:
        self._trees = ours, theirs
        self._wasi = Wasi(dirs={"/": ours})
        self._ours = os.open(ours, os.O_RDONLY)
        self.theirs = os.open(theirs, os.O_RDONLY)
        self.guest = Guest(module, self._wasi)
        self.differing: list[tuple[object, ...]] = []
        self.seen: set[str] = set()
        self._plant()

    def compare(self, what: tuple[object, ...], found: str, act: Callable[[], object]) -> None:
        """Note a difference between what the guest has done, resulting in `found`, and what the host does."""
        try:
            act()
            expected = "SUCCESS"
        except OSError as error:
            expected = NAMES[from_host(error)]
        self.seen.add(expected)
        after = state(self._ours), state(self.theirs)
        if (found, after[0]) != (expected, after[1]):
            self.differing.append((*what, found, expected))
        if after != self._planted:
            self._plant()

    def close(self) -> None:
        self._wasi.close()
        os.close(self._ours)
        os.close(self.theirs)

    def _plant(self) -> None:
        for tree in self._trees:
            plant(tree)
        self._planted = state(self._ours), state(self.theirs)


@pytest.fixture
def both(module: linocut.Module, tmp_path: Path) -> Iterator[Both]:
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
    both = Both(module, tmp_path / "ours", tmp_path / "theirs")
    yield both
    both.close()


OFLAGS = {CREATE: os.O_CREAT, DIRECTORY: os.O_DIRECTORY, EXCLUSIVE: os.O_EXCL, TRUNCATE: os.O_TRUNC}
ACCESS = {
    rights.FD_READ: os.O_RDONLY,
    rights.FD_WRITE: os.O_WRONLY,
    rights.FD_READ | rights.FD_WRITE: os.O_RDWR,
}


@pytest.mark.parametrize("lookup", [FOLLOW, 0], ids=["follow", "nofollow"])
@pytest.mark.parametrize("base", ACCESS, ids=["read", "write", "both"])
def test_open(both: Both, base: int, lookup: int) -> None:
    for oflags in (0, *OFLAGS, CREATE | EXCLUSIVE, CREATE | TRUNCATE, DIRECTORY | TRUNCATE):
        flags = ACCESS[base] | (0 if lookup else os.O_NOFOLLOW)
        flags |= sum(host for flag, host in OFLAGS.items() if oflags & flag)
        for path in PATHS:
            found = both.guest.open(path, oflags, base, 0, lookup=lookup)
            if isinstance(found, int):
                found = both.guest("fd_close", found)
            both.compare((path, oflags), found, partial(open_and_close, path, flags, both.theirs))
    assert both.differing == []
    assert {"SUCCESS", "NOENT", "NOTDIR", "LOOP", "EXIST", "ISDIR"} <= both.seen


def open_and_close(path: str, flags: int, folder: int) -> None:
    os.close(os.open(path, flags, 0o666, dir_fd=folder))


@pytest.mark.parametrize("path", PATHS)
def test_one_path(both: Both, path: str) -> None:
    name, at = os.fsencode(path), {"dir_fd": both.theirs}
    changes: dict[str, tuple[tuple[int | bytes, ...], Callable[..., object]]] = {
        "path_create_directory": ((3, name), os.mkdir),
        "path_remove_directory": ((3, name), os.rmdir),
        "path_unlink_file": ((3, name), os.unlink),
        "path_readlink": ((3, name, BUFFER, 100, OUT), os.readlink),
        "path_symlink": ((b"text", 3, name), partial(os.symlink, "text")),
    }
    for operation, (arguments, act) in changes.items():
        both.compare((operation,), both.guest(operation, *arguments), partial(act, path, **at))
    for lookup in (0, FOLLOW):
        found = both.guest("path_filestat_get", 3, lookup, name, OUT)
        both.compare(("stat", lookup), found, partial(os.stat, path, follow_symlinks=bool(lookup), **at))
        found = both.guest("path_filestat_set_times", 3, lookup, name, 1, 2, 5)
        act = partial(os.utime, path, ns=(1, 2), follow_symlinks=bool(lookup), **at)
        both.compare(("times", lookup), found, act)
    assert both.differing == []


TWO = [kind + suffix for kind in KINDS[:9] for suffix in ("", "/", "/.", "/..", "/x")]


@pytest.mark.parametrize("old", TWO)
def test_two_paths(both: Both, old: str) -> None:
    for new in TWO:
        at = {"src_dir_fd": both.theirs, "dst_dir_fd": both.theirs}
        found = both.guest("path_rename", 3, os.fsencode(old), 3, os.fsencode(new))
        both.compare(("rename", new), found, partial(os.rename, old, new, **at))
        found = both.guest("path_link", 3, 0, os.fsencode(old), 3, os.fsencode(new))
        both.compare(("link", new), found, partial(os.link, old, new, follow_symlinks=False, **at))
    assert both.differing == []


def test_a_directory_asked_for_with_the_rights_of_a_file(module: linocut.Module, box: Path) -> None:
    """The host opens no directory for writing; but asking for all rights means all that can be had."""
    with Wasi(dirs={"/": box}) as wasi:
        guest = Guest(module, wasi)
        for path in (".", "sub", "sub/", "sub/."):
            assert guest.open(path, DIRECTORY, rights.FD_READ | rights.FD_WRITE, 0) == "ISDIR"
            assert guest.open(path, DIRECTORY, rights.FD_WRITE, 0) == "ISDIR"
            for base in (0, rights.FD_READ, rights.DIRECTORY, rights.ALL):
                assert isinstance(guest.open(path, DIRECTORY, base, 0), int)
            assert isinstance(guest.open(path, 0, rights.DIRECTORY, rights.ALL), int)
