"""`import linocut` costs next to nothing: it imports and opens little."""

from __future__ import annotations

import subprocess
import sys

import linocut
import pytest

HEAVY = ("dataclasses", "inspect", "re", "typing", "asyncio", "linocut._core")


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def with_path(code: str) -> str:
    """The code with linocut on its path: -S leaves out site, and so the modules that .pth files import."""
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


# The costs of an import: modules, and files that are opened or looked for. Measured here: 9 and 31.
MODULES, FILES = 12, 60
COUNT = """
import sys
files = []
sys.addaudithook(lambda event, _: event in ('open', 'os.listdir', 'import') and files.append(event))
before = len(sys.modules)
import linocut; linocut.load
print(len(sys.modules) - before, len(files))
"""


def test_imports_little_and_opens_little() -> None:
    modules, files = map(int, run(with_path(f"exec({COUNT!r})")).split())
    assert 0 < modules <= MODULES
    assert 0 < files <= FILES


def test_every_public_name_resolves() -> None:
    for name in linocut.__all__:
        assert getattr(linocut, name) is not None
    assert set(linocut.__all__) <= set(dir(linocut))


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        linocut.nonsense  # noqa: B018
