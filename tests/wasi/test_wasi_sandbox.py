"""Nothing outside the preopened directories can be reached, read, changed or created."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from linocut.wasi import lookup
from wasi_guest import BUFFER, CREATE, DIRECTORY, EXCLUSIVE, FOLLOW, OUT, TRUNCATE, Guest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def outside(tmp_path: Path, box: Path) -> Iterator[Path]:
    """The folder outside, which each test must leave unchanged: names, sizes and times."""

    def look() -> list[tuple[object, ...]]:
        found = []
        for folder, _, names in os.walk(tmp_path / "outside"):
            stats = [os.lstat(os.path.join(folder, name)) for name in names]
            found.append((folder, names, [(s.st_ino, s.st_size, s.st_mtime_ns, s.st_nlink) for s in stats]))
        return found

    os.utime(tmp_path / "outside" / "secret", ns=(1, 1))
    before = look()
    yield tmp_path / "outside"
    assert look() == before
    assert sorted(os.listdir(tmp_path)) == ["box", "outside"]


@pytest.fixture
def traps(box: Path, outside: Path) -> None:
    """Links of every kind that leave the sandbox."""
    links = {
        "out": "../outside",
        "secret": "../outside/secret",
        "absolute": str(outside),
        "absolute_secret": str(outside / "secret"),
        "root": "/",
        "parent": "..",
        "here": ".",
        "sub/up": "../..",
        "sub/first": "second",
        "sub/second": "deep/../../../outside",
        "slashed": "../outside/",
        "dangling": "../outside/new",
        "proc": "/proc/self/root",
    }
    for name, text in links.items():
        (box / name).symlink_to(text)


# Paths that lead to outside/secret, or would if one step were trusted.
ESCAPES = [
    "../outside/secret",
    "sub/../../outside/secret",
    "sub/deep/../../../outside/secret",
    "./.././outside/secret",
    "sub//..//..//outside/secret",
    "out/secret",
    "out/../outside/secret",
    "absolute/secret",
    "root/etc/passwd",
    "parent/outside/secret",
    "here/here/parent/outside/secret",
    "here/../outside/secret",
    "sub/up/outside/secret",
    "sub/first/secret",
    "slashed/secret",
    "proc/etc/passwd",
    "/etc/passwd",
    "//etc/passwd",
    "file/../../outside/secret",
    "../box/file",
    "..",
    "../",
    "sub/../..",
    "parent/",
    "out/.",
    "out/..",
]
LINKS = ["secret", "absolute_secret", "out", "absolute", "root", "parent", "sub/up", "sub/first", "dangling"]

ANSWERS = {"PERM", "NOTDIR"}  # NOTDIR where a path goes through a file before it leaves


@pytest.mark.usefixtures("traps")
@pytest.mark.parametrize("path", ESCAPES + LINKS)
def test_no_function_follows_a_path_out(guest: Guest, path: str) -> None:
    name = path.encode()
    for oflags in (0, DIRECTORY, CREATE, CREATE | TRUNCATE, TRUNCATE):
        creates_directory = oflags & CREATE and path == "parent/"  # which does not depend on a link
        assert guest.open(path, oflags) in ({"ISDIR"} if creates_directory else ANSWERS)
    assert guest("path_filestat_get", 3, FOLLOW, name, OUT) in ANSWERS
    assert guest("path_filestat_set_times", 3, FOLLOW, name, 5, 5, 5) in ANSWERS
    assert guest("path_link", 3, FOLLOW, name, 3, b"mine") in ANSWERS


@pytest.mark.usefixtures("traps")
@pytest.mark.parametrize("path", [path for path in ESCAPES if "outside" in path or path.endswith("secret")])
def test_no_function_changes_a_name_outside(guest: Guest, path: str) -> None:
    name = path.encode()
    new = name + b"2"
    assert guest("path_unlink_file", 3, name) in ANSWERS
    assert guest("path_remove_directory", 3, name) in ANSWERS
    assert guest("path_create_directory", 3, new) in ANSWERS
    assert guest("path_symlink", b"file", 3, new) in ANSWERS
    assert guest("path_readlink", 3, name, BUFFER, 100, OUT) in ANSWERS
    assert guest("path_rename", 3, name, 3, b"mine") in ANSWERS
    assert guest("path_rename", 3, b"file", 3, new) in ANSWERS
    assert guest("path_link", 3, 0, name, 3, b"mine") in ANSWERS
    assert guest("path_link", 3, 0, b"file", 3, new) in ANSWERS
    assert guest.open(new, CREATE | EXCLUSIVE) in ANSWERS


@pytest.mark.usefixtures("traps")
def test_a_link_itself_can_be_handled_without_following_it(guest: Guest, box: Path) -> None:
    assert guest.open("secret", lookup=0) == "LOOP"
    assert guest.open("out", DIRECTORY, lookup=0) in ("LOOP", "NOTDIR")
    assert guest("path_filestat_get", 3, 0, b"secret", OUT) == "SUCCESS"
    assert guest.memory.read(OUT + 16, 1) == b"\x07"
    assert guest("path_filestat_set_times", 3, 0, b"secret", 5, 5, 5) == "SUCCESS"
    assert os.lstat(box / "secret").st_mtime_ns == 5
    assert guest("path_rename", 3, b"secret", 3, b"moved") == "SUCCESS"
    assert guest.open("moved") == "PERM"
    assert guest("path_rename", 3, b"file", 3, b"moved") == "SUCCESS"  # replaces the link
    assert guest.contents("moved") == b"inside"
    assert guest("path_link", 3, 0, b"out", 3, b"again") == "SUCCESS"  # a second name of the link
    assert guest.open("again/secret") == "PERM"
    assert guest("path_unlink_file", 3, b"out") == "SUCCESS"


def test_links_and_dots_that_stay_inside_work(guest: Guest, box: Path) -> None:
    (box / "sub" / "up").symlink_to("../file")
    (box / "chain").symlink_to("sub/./deep/../up")
    (box / "folder").symlink_to("sub/")
    (box / "sub" / "back").symlink_to("..")
    for path in ("sub/up", "chain", "folder/up", "sub/../file", "sub/back/file", "folder/back/./file"):
        assert guest.contents(path) == b"inside"
    assert guest.contents("folder/file") == b"inside sub"
    assert isinstance(guest.open("sub/deep/../..", DIRECTORY), int)


def test_an_opened_directory_is_a_sandbox_too(guest: Guest, box: Path) -> None:
    sub = guest.open("sub", DIRECTORY)
    assert isinstance(sub, int)
    (box / "sub" / "up").symlink_to("../file")
    assert guest.open("../file", fd=sub) == "PERM"
    assert guest.open("up", fd=sub) == "PERM"
    assert guest.open("file", fd=sub) != "PERM"
    assert guest("path_rename", sub, b"file", 3, b"renamed") == "SUCCESS"
    assert guest.contents("renamed") == b"inside sub"


def test_symlink_loops_end(guest: Guest, box: Path) -> None:
    (box / "self").symlink_to("self")
    (box / "ping").symlink_to("pong")
    (box / "pong").symlink_to("sub/../ping")
    (box / "bush").symlink_to("bush/bush/bush")
    for path in ("self", "self/x", "ping", "ping/", "bush", "bush/a/b"):
        assert guest.open(path) == "LOOP"
        assert guest.open(path, CREATE) == ("ISDIR" if path.endswith("/") else "LOOP")


def test_as_many_links_are_followed_as_on_the_host(guest: Guest, box: Path) -> None:
    (box / "0").symlink_to("file")
    for i in range(1, lookup.MAX_LINKS + 1):
        (box / str(i)).symlink_to(str(i - 1))
    assert guest.contents(str(lookup.MAX_LINKS - 1)) == b"inside"
    assert guest.open(str(lookup.MAX_LINKS)) == "LOOP"


def test_creating_through_a_dangling_link(guest: Guest, box: Path) -> None:
    (box / "in").symlink_to("sub/new")
    (box / "out").symlink_to("../outside/new")
    (box / "far").symlink_to("missing/new")
    assert guest.open("out", CREATE) == "PERM"
    assert guest.open("far", CREATE) == "NOENT"
    assert guest.open("in", CREATE | EXCLUSIVE) == "EXIST"
    assert guest.open("out", CREATE | EXCLUSIVE) == "EXIST"
    assert guest.open("in", CREATE, lookup=0) == "LOOP"
    assert isinstance(guest.open("in", CREATE), int)
    assert (box / "sub" / "new").is_file()


def test_links_the_guest_makes_lead_nowhere(guest: Guest) -> None:
    assert guest("path_symlink", b"/etc", 3, b"a") == "PERM"
    assert guest("path_symlink", b"../outside", 3, b"b") == "SUCCESS"
    assert guest.open("b/secret") == "PERM"
    # The link is harmless where it is made, but leads outside after the move.
    assert guest("path_symlink", b"../../outside", 3, b"sub/deep/c") == "SUCCESS"
    assert guest.open("sub/deep/c/secret") == "NOENT"
    assert guest("path_rename", 3, b"sub/deep/c", 3, b"sub/c") == "SUCCESS"
    assert guest.open("sub/c/secret") == "PERM"
    assert guest("path_readlink", 3, b"sub/c", BUFFER, 100, OUT) == "SUCCESS"
    assert guest.memory.read(BUFFER, guest.u32()) == b"../../outside"


def test_an_absolute_link_is_not_even_read(guest: Guest, box: Path) -> None:
    (box / "absolute").symlink_to("/somewhere/private")
    assert guest("path_readlink", 3, b"absolute", BUFFER, 100, OUT) == "PERM"


def test_a_directory_moved_out_does_not_lead_out(guest: Guest, box: Path, tmp_path: Path) -> None:
    deep = guest.open("sub/deep", DIRECTORY)
    assert isinstance(deep, int)
    (box / "sub" / "deep").rename(tmp_path / "outside" / "deep")
    try:
        assert guest.open("..", DIRECTORY, fd=deep) == "PERM"
        assert guest.open("../secret", fd=deep) == "PERM"
        assert guest.open("x/../../secret", fd=deep) in ("PERM", "NOENT")
    finally:
        (tmp_path / "outside" / "deep").rename(box / "sub" / "deep")


def between_steps(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], object]) -> None:
    """Makes `act` happen once, right after the lookup has opened the directory `name`."""
    real = os.open

    def opened(path: bytes, flags: int, *more: int, dir_fd: int | None = None) -> int:
        fd = real(path, flags, *more, dir_fd=dir_fd)
        if path == name.encode():
            monkeypatch.undo()
            act()
        return fd

    monkeypatch.setattr(os, "open", opened)


def test_a_directory_moved_out_in_mid_lookup_does_not_lead_out(
    guest: Guest, box: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    between_steps(monkeypatch, "deep", lambda: (box / "sub" / "deep").rename(tmp_path / "outside" / "deep"))
    # The kernel's `..` would now be outside; that of the lookup is sub.
    assert guest.contents("sub/deep/../file") == b"inside sub"
    (tmp_path / "outside" / "deep").rename(box / "sub" / "deep")


def test_a_directory_exchanged_for_a_link_in_mid_lookup(
    guest: Guest, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exchange() -> None:
        (box / "sub" / "deep").rename(box / "away")
        (box / "sub" / "deep").symlink_to("../../outside")

    between_steps(monkeypatch, "sub", exchange)
    assert guest.open("sub/deep/secret") == "PERM"


def test_a_file_exchanged_for_a_link_in_mid_lookup(
    guest: Guest, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.readlink

    def no_link_yet(path: bytes, *, dir_fd: int | None = None) -> bytes:
        try:
            return real(path, dir_fd=dir_fd)
        finally:
            monkeypatch.undo()
            (box / "file").unlink()
            (box / "file").symlink_to("../outside/secret")

    monkeypatch.setattr(os, "readlink", no_link_yet)
    assert guest.open("file") == "LOOP"


SWAP = """
import os, sys
os.chdir(sys.argv[1])
while True:
    os.rename("inner", "spare"); os.rename("link", "inner")
    os.rename("inner", "link"); os.rename("spare", "inner")
"""


def test_a_race_is_never_won(guest: Guest, box: Path) -> None:
    """A directory and a link to the outside change places as fast as possible.

    A process of its own does that: a thread would take turns with the lookup, maybe always at the same step.
    """
    (box / "inner").mkdir()
    (box / "inner" / "secret").write_text("inside")
    (box / "link").symlink_to("../outside")
    seen: set[str | bytes] = set()
    with subprocess.Popen([sys.executable, "-c", SWAP, str(box)]) as swapper:
        for attempt in range(300_000):
            seen.add(guest.contents("inner/secret"))
            if attempt >= 3000 and {b"inside", "PERM"} <= seen:
                break
        swapper.kill()
    assert {b"inside", "PERM"} <= seen <= {b"inside", "PERM", "NOENT", "NOTDIR"}


def test_slashes_at_the_end_mean_a_directory(guest: Guest) -> None:
    assert guest.open("file/") == "NOTDIR"
    assert guest.open("new/", CREATE) == guest.open("file/", CREATE) == "ISDIR"
    assert isinstance(guest.open("sub///", DIRECTORY), int)
    assert guest("path_unlink_file", 3, b"file/") == "NOTDIR"
    assert guest("path_unlink_file", 3, b"sub/") == "ISDIR"
    assert guest("path_rename", 3, b"file/", 3, b"new") == "NOTDIR"
    assert guest("path_rename", 3, b"file", 3, b"new/") == "NOTDIR"
    assert guest("path_link", 3, 0, b"file", 3, b"new/") == "NOENT"
    assert guest("path_symlink", b"file", 3, b"new/") == "NOENT"
    assert guest("path_symlink", b"file", 3, b"sub/") == "EXIST"
    assert guest("path_rename", 3, b"sub/", 3, b"dub/") == "SUCCESS"
    assert guest("path_create_directory", 3, b"new/") == "SUCCESS"
    assert guest("path_remove_directory", 3, b"new/") == "SUCCESS"


def test_dots_at_the_end_name_no_entry(guest: Guest) -> None:
    for path in (b".", b"./", b"sub/..", b"sub/../."):
        expected = "NOTEMPTY" if path.endswith(b"..") else "INVAL"
        assert guest("path_remove_directory", 3, path) == expected
        assert guest("path_unlink_file", 3, path) in ("ISDIR", "PERM")
        assert guest("path_create_directory", 3, path) == "EXIST"
        assert guest("path_rename", 3, path, 3, b"new") == "BUSY"


def test_odd_paths(guest: Guest) -> None:
    assert guest.open("") == "NOENT"
    assert guest.open("/") == "PERM"
    assert guest.open("file\0") == "INVAL"
    assert guest.open("x" * 300) == "NAMETOOLONG"
    assert guest.open("./" * 2047) != "NAMETOOLONG"
    assert guest.open("./" * 2048) == "NAMETOOLONG"
    assert guest.open(b"\xff\xfe", CREATE) != "ILSEQ"


def test_depth_is_limited(guest: Guest, box: Path) -> None:
    (box / "d").mkdir()
    (box / "d" / "d").symlink_to(".")
    assert isinstance(guest.open("d/" * 20, DIRECTORY), int)
    fd = os.open(box, os.O_PATH)
    for _ in range(lookup.MAX_DEPTH + 1):
        os.mkdir("n", dir_fd=fd)
        below = os.open("n", os.O_PATH, dir_fd=fd)
        os.close(fd)
        fd = below
    os.close(fd)
    assert isinstance(guest.open("n/" * (lookup.MAX_DEPTH - 1), DIRECTORY), int)
    assert guest.open("n/" * (lookup.MAX_DEPTH + 1), DIRECTORY) == "NAMETOOLONG"
