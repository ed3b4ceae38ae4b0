"""Facts about every correct pairing: a machine instruction stands beside WebAssembly that needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Document = dict[str, Any]

# Mnemonic (without VEX's v) → endings of the names of the opcodes that a compiler makes it for.
NEEDS = {
    "idiv": ("div_s", "rem_s"),
    "div": ("div_u", "rem_u"),
    "popcnt": ("popcnt",),
    "addsd": ("f64.add",),
    "subsd": ("f64.sub",),
    "mulsd": ("f64.mul",),
    "divsd": ("f64.div",),
    "sqrtsd": ("f64.sqrt",),
    "addss": ("f32.add",),
    "mulss": ("f32.mul",),
    "ucomisd": ("f64.lt", "f64.gt", "f64.le", "f64.ge", "f64.eq", "f64.ne"),
    "call": ("call", "call_indirect", "memory.grow", "memory.fill", "memory.copy"),
}


def judged(view: Document) -> Iterator[tuple[str, list[str], bool]]:
    """For each line of the other engine that NEEDS knows: text, opcodes beside it, whether they fit."""
    pieces = {piece["number"]: piece for section in view["sections"] for piece in section["pieces"]}
    for pair in view["against"]["pieces"]:
        opcodes = [line["text"].partition(" ")[0] for n in pair["ours"] for line in pieces[n]["wasm"]]
        for line in pair["code"]:
            needed = NEEDS.get(line["text"].partition(" ")[0].removeprefix("v"))
            # Liftoff's prologue and ways to trap call V8 itself, beside pieces without WebAssembly.
            if needed and opcodes:
                yield line["text"], opcodes, any(opcode.endswith(needed) for opcode in opcodes)


def accesses(view: Document) -> Iterator[tuple[str, list[str]]]:
    """For each line that is said to be of a load or store: that instruction, and those beside the line."""
    pieces = {piece["number"]: piece for section in view["sections"] for piece in section["pieces"]}
    wasm = {line["offset"]: line["text"] for piece in pieces.values() for line in piece["wasm"]}
    for pair in view["against"]["pieces"]:
        beside = [line["text"] for n in pair["ours"] for line in pieces[n]["wasm"]]
        for line in pair["code"]:
            told = wasm.get(line["wasm"], "")
            if (".load" in told or ".store" in told) and beside:
                yield told, beside


def check_shape(view: Document, lines: int) -> None:
    """Each of their lines is in one piece, and each of our pieces is beside at most one of theirs."""
    ours = [number for pair in view["against"]["pieces"] for number in pair["ours"]]
    assert len(ours) == len(set(ours))
    numbers = [piece["number"] for section in view["sections"] for piece in section["pieces"]]
    assert set(ours) <= set(numbers)
    code = [line["offset"] for pair in view["against"]["pieces"] for line in pair["code"]]
    assert len(code) == len(set(code)) == lines
