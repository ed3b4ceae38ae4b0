"""What V8's flags do to Liftoff's code: read from the code that node itself prints, not from memory.

A flag's name says what somebody meant; `--print-wasm-code` shows what it does in the version at hand.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.bench.ablation import LIFTOFF_ABLATIONS
from linocut.bench.report.table import Cell, Column, Table, text
from linocut.engines.code.v8_text import read_printed_code
from linocut.engines.node import LIFTOFF_FLAGS
from linocut.engines.process import execute
from linocut.text.wat import wat_to_wasm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linocut.engines.code.v8_text import PrintedCode

# The functions in the order of their indices; the heading is what a function does besides its frame.
_FUNCTIONS = {
    "nothing": "(func)",
    "call": "(func (call 0))",
    "call_indirect": "(func (call_indirect (type $none) (i32.const 0)))",
    "loop": "(func (param i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))",
    "i32.div_u": "(func (param i32 i32) (result i32) (i32.div_u (local.get 0) (local.get 1)))",
    "i32.div_s": "(func (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))",
    "i32.load": "(func (param i32) (result i32) (i32.load (local.get 0)))",
}
_MODULE = f"(module (type $none (func)) (memory 1) (table 1 funcref) {' '.join(_FUNCTIONS.values())})"

# What is switched by flags besides those of Liftoff alone: what is measured, and a flag that changes nothing.
SWITCHES = {switch.name: " ".join(switch.flags) for switch in LIFTOFF_ABLATIONS}
SWITCHES["no bounds checks"] = "--no-wasm-bounds-checks"

# Called often enough to use up the budget after which V8 wants better code (13 MB of executed code).
_HOT = """(module (func (export "hot") (param i32) (result i32)
  (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0)) (else (i32.add
    (call 0 (i32.sub (local.get 0) (i32.const 1))) (call 0 (i32.sub (local.get 0) (i32.const 2))))))))"""
_HOW_OFTEN = 33
_TIERS = (
    ("--liftoff", "--no-wasm-tier-up"),
    ("--liftoff", "--no-wasm-tier-up", "--single-threaded"),
    ("--liftoff", "--no-wasm-dynamic-tiering"),
    ("--liftoff", "--no-wasm-tier-up", "--no-wasm-dynamic-tiering"),
    ("--liftoff-only",),
)

_LOAD = """const bytes = require('fs').readFileSync(process.argv[1]);
const made = new WebAssembly.Instance(new WebAssembly.Module(bytes));"""


@dataclass(frozen=True)
class Code:
    """Instructions from the entry to the first return, and bytes of the function without padding."""

    instructions: int
    size: int

    def __str__(self) -> str:
        return f"{self.instructions} / {self.size}"


def read_codes(listing: str) -> dict[int, Code]:
    """Liftoff's functions in what `--print-wasm-code` prints, by function index."""
    return {code.index: _measure(code) for code in read_printed_code(listing) if code.compiler == "Liftoff"}


def _measure(code: PrintedCode) -> Code:
    return Code([i.mnemonic for i in code.instructions].index("retl") + 1, code.size)


def switches(node: str) -> Table:
    """One switch in a row, one function in a column: Liftoff's code, then how each switch changes it."""
    plain = _codes(node)
    rows = [(text("Liftoff alone"), text(_code(LIFTOFF_FLAGS)), *(text(str(code)) for code in plain))]
    for name, flag in SWITCHES.items():
        changes = (_change(*pair) for pair in zip(plain, _codes(node, *flag.split()), strict=True))
        rows.append((text(name), text(f"`{flag}`"), *changes))
    heads = (Column("switch", text=True), Column("flag", text=True), *map(Column, _FUNCTIONS))
    notes = (
        _version(node),
        "instructions from the entry to the first return / bytes of the function",
        "below the first row: what a flag, added to those of the first row, changes",
    )
    return Table("Liftoff's code by flags", heads, tuple(rows), 0, notes)


def _code(flags: Iterable[str]) -> str:
    return f"`{' '.join(flags)}`"


def _codes(node: str, *more: str) -> list[Code]:
    codes = read_codes(_print_code(node, (*LIFTOFF_FLAGS, *more), _MODULE, _LOAD))
    return [codes[index] for index in range(len(_FUNCTIONS))]


def _change(before: Code, after: Code) -> Cell:
    if before == after:
        return text("–")
    more = (after.instructions - before.instructions, after.size - before.size)
    return text(" / ".join(f"{one:+d}".replace("-", "−") for one in more))


def tiers(node: str) -> Table:
    """One set of flags in a row: which compilers V8 uses for a function that is called very often."""
    rows = []
    for flags in _TIERS:
        listing = _print_code(
            node, (*flags, "--no-wasm-lazy-compilation"), _HOT, f"{_LOAD} made.exports.hot({_HOW_OFTEN});"
        )
        compilers = dict.fromkeys(re.findall(r"^compiler: (Liftoff|TurboFan)$", listing, re.MULTILINE))
        rows.append((text(_code(flags)), text(", ".join(sorted(compilers)))))
    heads = (Column("flags", text=True), Column("compilers used", text=True))
    return Table("Who compiles a hot function", heads, tuple(rows), 0, (_version(node),))


def _print_code(node: str, flags: tuple[str, ...], module: str, script: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "module.wasm"
        path.write_bytes(wat_to_wasm(module))
        return execute([node, *flags, "--print-wasm-code", "-e", script, str(path)], 60.0).output


def _version(node: str) -> str:
    script = "`node ${process.versions.node}, V8 ${process.versions.v8}`"
    return execute([node, "-p", script], 60.0).output.strip()
