"""`import linocut` costs next to nothing: no heavy module, no time."""

from __future__ import annotations

import subprocess
import sys
import time

import linocut
import pytest

HEAVY = ("dataclasses", "inspect", "re", "typing", "asyncio", "linocut._core")


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def with_path(code: str) -> str:
    """-S leaves out site and with it the modules that other packages' .pth files import."""
    package_parent = str(next(iter(linocut.__path__)).rsplit("/", 1)[0])
    return f"import sys; sys.path.insert(0, {package_parent!r}); {code}"


def test_loads_no_heavy_module() -> None:
    loaded = run(with_path("import linocut; print(*sys.modules)")).split()
    assert "linocut" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_using_the_engine_loads_no_heavy_module() -> None:
    loaded = run(with_path("import linocut; linocut.Memory(1); linocut.load; print(*sys.modules)")).split()
    assert "linocut._core" in loaded
    assert [name for name in HEAVY[:-1] if name in loaded] == []


def test_takes_less_than_ten_milliseconds() -> None:
    def seconds(code: str) -> float:
        started = time.perf_counter()
        run(code)
        return time.perf_counter() - started

    bare = with_path("pass")
    ours = with_path("import linocut; linocut.load")
    pairs = [(seconds(bare), seconds(ours)) for _ in range(15)]
    # The least of each: what else the machine does can only add.
    assert min(b for _, b in pairs) - min(a for a, _ in pairs) <= 0.010


def test_every_public_name_resolves() -> None:
    for name in linocut.__all__:
        assert getattr(linocut, name) is not None
    assert set(linocut.__all__) <= set(dir(linocut))


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        linocut.nonsense  # noqa: B018
