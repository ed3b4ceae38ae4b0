"""Every module of the corpus loads and is instantiated: memories, tables, data, elements, start function."""

from __future__ import annotations

import linocut
import pytest
from corpus import Package, packages
from fetching import UnreachableError
from stand_ins import stand_ins

SMALL = 1_000_000
"""Bytes of a module that is interpreted as well: to make the interpreter's instructions of all takes a minute."""


def rows() -> list[object]:
    """One test case for each module; `make unit` leaves out those of large packages."""
    return [
        pytest.param(package, file, id=f"{package.name}-{file}", marks=_marks(package))
        for package in packages().values()
        for file in package.modules
    ]


def _marks(package: Package) -> tuple[pytest.MarkDecorator, ...]:
    return () if package.quick else (pytest.mark.corpus,)


@pytest.mark.parametrize(("package", "file"), rows())
def test_it_loads_and_becomes_an_instance(package: Package, file: str) -> None:
    try:
        wasm = package.path(file).read_bytes()
    except UnreachableError as error:
        pytest.skip(str(error))
    module = linocut.load(wasm)
    module.instantiate(stand_ins(module))
    if len(wasm) < SMALL:
        interpreted = linocut.load(wasm, interpret=True)
        assert (interpreted.imports, interpreted.exports) == (module.imports, module.exports)
        interpreted.instantiate(stand_ins(interpreted))
