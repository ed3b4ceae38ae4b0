"""The module "spectest", which every script may import from."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from linocut.text.wat import wat_to_wasm

from .modules.reading import read_module

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .modules.module import Import, Module

NAME = "spectest"
# What later features add; engines without these can have the rest.
_LATER_EXPORTS = {
    "table64": '(table (export "table64") i64 10 20 funcref)',
    "shared_memory": '(memory (export "shared_memory") 1 2 shared)',
}


@cache
def spectest(has_later: bool) -> Module:
    """The module `spectest`, with or without what later features add."""
    text = resources.files(__package__).joinpath("spectest.wat").read_text(encoding="utf-8").rstrip()
    later = " ".join(_LATER_EXPORTS.values()) if has_later else ""
    return read_module(wat_to_wasm(f"{text.removesuffix(')')} {later})"))


def spectest_for(imports: Iterable[Import]) -> Module:
    """The one that is enough for these imports."""
    return spectest(any(import_.module == NAME and import_.name in _LATER_EXPORTS for import_ in imports))
