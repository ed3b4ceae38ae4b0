"""The lookup answers like the kernel's openat2 with RESOLVE_BENEATH, for random trees and paths."""

from __future__ import annotations

import ctypes
import errno as host
import os
import random
from struct import pack
from typing import TYPE_CHECKING

import pytest
from linocut.wasi.errno import NAMES, Failure, from_host
from linocut.wasi.lookup import Place

if TYPE_CHECKING:
    from pathlib import Path

OPENAT2 = 437  # on every architecture
RESOLVE_NO_MAGICLINKS, RESOLVE_BENEATH = 2, 8

SYSCALL = ctypes.CDLL(None, use_errno=True).syscall


def kernel(base: int, path: bytes, flags: int) -> int | str:
    """The inode that the kernel finds, or the errno's name."""
    how = pack("<QQQ", os.O_PATH | flags, 0, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS)
    while (fd := SYSCALL(OPENAT2, base, path, how, len(how))) < 0:
        error = ctypes.get_errno()
        if error == host.EAGAIN:  # something was renamed or mounted, anywhere, while it went up by ".."
            continue
        # For leaving the directory, the kernel's errno is EXDEV, and preview 1's tests expect EPERM.
        return "PERM" if error == host.EXDEV else NAMES[from_host(OSError(error, ""))]
    inode = os.fstat(fd).st_ino
    os.close(fd)
    return inode


def ours(base: int, path: bytes, *, follow: bool) -> int | str:
    try:
        with Place(base, path, follow=follow) as place:
            return place.stat().st_ino
    except Failure as failure:
        return str(failure)
    except OSError as error:
        return NAMES[from_host(error)]


NAMES_IN_TREE = ("a", "b", "c", "link", "loop", "file")


def random_path(lottery: random.Random, longest: int) -> str:
    parts = [
        lottery.choice((*NAMES_IN_TREE, *NAMES_IN_TREE, "..", "..", ".", "", "missing"))
        for _ in range(lottery.randint(1, longest))
    ]
    return "/".join(parts) + lottery.choice(("", "", "", "/", "/."))


def plant(lottery: random.Random, folder: Path, depth: int) -> None:
    for name in NAMES_IN_TREE:
        path = folder / name
        kind = lottery.random()
        if kind < 0.35 and depth:
            path.mkdir()
            plant(lottery, path, depth - 1)
        elif kind < 0.55:
            path.touch()
        elif kind < 0.9:
            path.symlink_to(random_path(lottery, 5) or ".")


@pytest.mark.parametrize("seed", range(5))
def test_same_answers_as_the_kernel(tmp_path: Path, seed: int) -> None:
    lottery = random.Random(seed)
    plant(lottery, tmp_path, 3)
    base = os.open(tmp_path, os.O_RDONLY)
    if not isinstance(kernel(base, b".", 0), int):
        pytest.skip("the kernel has no openat2, or forbids it")
    seen: dict[object, int] = {}
    for _ in range(4000):
        path = random_path(lottery, 7).encode()
        for follow in (True, False):
            expected = kernel(base, path, 0 if follow else os.O_NOFOLLOW)
            found = ours(base, path, follow=follow)
            assert found == expected, (path, follow)
            kind = "found" if isinstance(found, int) else found
            seen[kind] = seen.get(kind, 0) + 1
    os.close(base)
    assert {"found", "PERM", "NOENT", "NOTDIR"} <= set(seen)
