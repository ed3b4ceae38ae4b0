"""Listings are linear in the size of a module, whatever its shape: their bytes are compared for two sizes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import linocut
import pytest

pytest.importorskip("capstone", reason="disassembly needs linocut[inspect]")
pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")
sys.path.append(str(Path(__file__).parents[1] / "jit"))

from bombs import BOMBS, nested_blocks, single
from linocut.inspecting.diff.document import Side, function_diff, module_diff
from linocut.inspecting.diff.lines import function_lines, module_lines
from linocut.inspecting.listing.lines import listing_lines
from linocut.inspecting.listing.listing import Listing
from linocut.inspecting.overview import module_view, overview_lines
from linocut.inspecting.page.columns import in_columns
from linocut.inspecting.panes import Screen
from linocut.inspecting.side_by_side import beside_lines
from linocut.inspecting.view import function_view
from linocut.text.wat import wat_to_wasm
from modules import BLOCK, DROP, EMPTY, END, I32, I64, UNREACHABLE, body, const, function_type, module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from linocut import Module

SMALL, LARGE = 400, 800
MOST = 250  # bytes per byte of a module and its machine code; the JSON of two sides is the longest
SCREEN = Screen(160, True)


def total(lines: Iterable[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)


def text(module: Module, function: int) -> int:
    return total(listing_lines(Listing.of(module, function)))


def document(module: Module, function: int) -> int:
    return len(json.dumps(function_view(module, function)))


def page(module: Module, function: int) -> int:
    """The size of a page's data before it is compressed."""
    return len(json.dumps(in_columns(function_view(module, function))))


def difference(module: Module, function: int) -> int:
    sides = Side("a", module), Side("b", module)
    found = function_diff(*sides, str(function))
    return total(function_lines(found, SCREEN)) + len(json.dumps(found))


def whole(module: Module, function: int) -> int:
    """The size of the lists of all functions."""
    sides = Side("a", module), Side("b", module)
    lists = total(overview_lines(module)) + total(module_lines(module_diff(*sides), SCREEN))
    return lists + len(json.dumps(module_view(module, "m.wasm")))


LISTINGS = [text, document, page, difference, whole]

# ── shapes beside those of code ──────────────────────────────────────────────


def long_name_of_a_callee(n: int) -> bytes:
    return wat_to_wasm(f'(module (func $f {"(call $g)" * n}) (func $g (@name "{"n" * n * 50}")))')


def long_name_of_a_local(n: int) -> bytes:
    return wat_to_wasm(f'(module (func $f (param (@name "{"n" * n * 50}") i32) {"local.get 0 drop " * n}))')


def long_name_of_a_global(n: int) -> bytes:
    return wat_to_wasm(
        f'(module (global (@name "{"n" * n * 50}") i32 (i32.const 0)) (func $f {"global.get 0 drop " * n}))'
    )


def long_names_of_an_import(n: int) -> bytes:
    return wat_to_wasm(f'(module (import "{"m" * n * 20}" "{"i" * n * 20}" (func)) (func {"call 0 " * n}))')


def long_names_that_must_be_escaped(n: int) -> bytes:
    name = "\\1b\\u{202e}" * n * 10
    return wat_to_wasm(f'(module (func $f {"(call $g)" * n}) (func $g (@name "{name}")))')


def exports_of_one_function(n: int) -> bytes:
    exports = "".join(f'(export "e{i}")' for i in range(n))
    return wat_to_wasm(f"(module (func $f {exports}))")


def long_types_of_blocks(n: int) -> bytes:
    types = [function_type([], []), function_type([], [I32] * n)]
    return single((BLOCK + b"\1" + UNREACHABLE + END + UNREACHABLE) * n, None, types)


def long_types_of_indirect_calls(n: int) -> bytes:
    many = " ".join(["i32"] * n)
    return wat_to_wasm(
        f"(module (type $t (func (param {many}))) (table 1 funcref) (func unreachable {'call_indirect (type $t) ' * n}))"
    )


def long_types_of_functions(n: int) -> bytes:
    return module(
        [function_type([], []), function_type([I32] * 1000, [])], [0] + [1] * n, [body(b"")] * (n + 1)
    )


def locals_declared_in_a_few_bytes(n: int) -> bytes:
    return single(const(1) + DROP, [(n * 50, I64)])


def locals_declared_one_by_one(n: int) -> bytes:
    return single(const(1) + DROP, [(1, I32), (1, I64)] * n)


SHAPES: list[Callable[[int], bytes]] = [
    *(
        bomb for bomb in BOMBS if bomb.__name__ != "many_locals_of_many_types"
    ),  # it has no function at so small a size
    locals_declared_one_by_one,
    long_name_of_a_callee,
    long_name_of_a_local,
    long_name_of_a_global,
    long_names_of_an_import,
    long_names_that_must_be_escaped,
    exports_of_one_function,
    long_types_of_blocks,
    long_types_of_indirect_calls,
    long_types_of_functions,
    locals_declared_in_a_few_bytes,
]


def sizes(wasm: bytes, listing: Callable[[Module, int], int]) -> tuple[int, int]:
    """The size of the module with its machine code, and of the listing of the first function."""
    module = linocut.load(wasm)
    first, end = module._code.defined_functions()
    code = sum(module._code.function_sizes(function)[0] for function in range(first, end))
    return len(wasm) + code, listing(module, first)


@pytest.mark.parametrize("listing", LISTINGS)
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_listing_is_linear(shape: Callable[[int], bytes], listing: Callable[[Module, int], int]) -> None:
    (small, shown), (large, more) = (sizes(shape(n), listing) for n in (SMALL, LARGE))
    assert more - shown <= MOST * (large - small), f"{shown} bytes of {small}, {more} of {large}"


def test_nesting_beyond_any_screen() -> None:
    """With two more spaces for each block this would be 450 MB, and 45 GB for ten times as many."""
    module = linocut.load(single((BLOCK + EMPTY) * 15_000 + END * 15_000))
    lines = list(listing_lines(Listing.of(module, 0)))
    assert total(lines) < 3_000_000
    deepest = [line for line in lines if line.endswith("block")][-1]
    assert "14999" in deepest and len(deepest) < 100


def test_columns_beside_another_engine_are_linear() -> None:
    pytest.importorskip("wasmtime")
    from linocut.inspecting.other_engine import open_code

    def beside(module: Module, function: int) -> int:
        return total(beside_lines(function_view(module, function, open_code("winch", module._wasm)), SCREEN))

    for shape in (nested_blocks, long_name_of_a_callee, long_types_of_indirect_calls):
        (small, shown), (large, more) = (sizes(shape(n), beside) for n in (SMALL, LARGE))
        assert more - shown <= MOST * (large - small), f"{shown} bytes of {small}, {more} of {large}"
