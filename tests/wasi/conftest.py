"""Fixtures: a sandbox, and a guest in it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.wasi import Wasi
from wasi_guest import Guest, forwarder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def module() -> linocut.Module:
    pytest.importorskip("wasmtime", reason="reads module text")
    return linocut.load(forwarder())


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """The sandbox; the folder `outside` beside it must not be reached."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("secret")
    box = tmp_path / "box"
    (box / "sub" / "deep").mkdir(parents=True)
    (box / "file").write_text("inside")
    (box / "sub" / "file").write_text("inside sub")
    return box


@pytest.fixture
def guest(module: linocut.Module, box: Path) -> Iterator[Guest]:
    """A guest with the sandbox as descriptor 3. It must close all that it opens."""
    before = len(os.listdir("/proc/self/fd"))
    with Wasi(["guest"], dirs={"/box": box}) as wasi:
        yield Guest(module, wasi)
    assert len(os.listdir("/proc/self/fd")) == before
