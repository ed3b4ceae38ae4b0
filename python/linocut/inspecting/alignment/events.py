"""What instructions do, as words by which code of two engines can be paired without knowing more of it.

`wasm_words` says in which ways a compiler may have carried out a WebAssembly instruction, `machine_words`
what a machine instruction is; `weight` is how much a word in common says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linocut_isa import Immediate, Space, Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.disassembly.instruction import MachineInstruction
    from linocut.text.instructions import Instruction

# By the opcode's name behind the type: mnemonics, VEX's v left out.
_INTEGER = {
    "add": "add sub lea inc dec", "sub": "sub add lea neg inc dec", "mul": "imul mul shl lea",
    "div_s": "idiv imul", "rem_s": "idiv imul", "div_u": "div mul imul shr", "rem_u": "div mul imul and",
    "and": "and test bt movzx", "or": "or", "xor": "xor not", "shl": "shl shlx lea add", "shr_s": "sar sarx",
    "shr_u": "shr shrx", "rotl": "rol ror rorx", "rotr": "ror rol rorx", "clz": "lzcnt bsr",
    "ctz": "tzcnt bsf", "popcnt": "popcnt", "eqz": "test cmp", "extend8_s": "movsx", "extend16_s": "movsx",
    "extend32_s": "movsxd", "extend_i32_s": "movsxd", "reinterpret_f32": "movd", "reinterpret_f64": "movq",
}  # fmt: skip
_FLOAT = {
    "abs": "andps andpd pand", "neg": "xorps xorpd pxor", "copysign": "orps orpd por shr shl",
    "reinterpret_i32": "movd", "reinterpret_i64": "movq", "demote_f64": "cvtsd2ss",
    "promote_f32": "cvtss2sd",
}  # fmt: skip
_ROUNDED = {"ceil", "floor", "trunc", "nearest"}
_OTHERS = {
    "select": "cmov", "select_t": "cmov", "if": "jcc", "br_if": "jcc", "br": "jmp", "else": "jmp",
    "br_table": "cmp jcc jmp",
}  # fmt: skip
_SUFFIX = {"f32": "ss", "f64": "sd"}
TELLING = 8  # a weight: only an instruction that needs it is made of it
_MEMORY = re.compile(r"\[([^\]]*)\]")
_DISPLACEMENT = re.compile(r"([+-]) (0x[0-9a-f]+|\d+)$")
_IMMEDIATE = re.compile(r", (-?(?:0x[0-9a-f]+|\d+))$")
_SAME_REGISTER = re.compile(r"^xor (\w+), \1$")


def weight(word: str) -> int:
    """How much it says that both sides have this word."""
    kind, _, value = word.partition(" ")
    if kind in ("idiv", "div", "call"):
        return 10
    if kind == "number":
        return 2 if value in ("0", "1") else 5
    if kind in ("load", "store"):
        return 6
    return TELLING if kind.endswith(("ss", "sd")) else 3


_CALLED_TABLE = Immediate(Space.TABLE, Use.CALL)
_NUMBERS = {(space,) for space in (Space.I32, Space.I64, Space.F32, Space.F64)}


def may_trap(instruction: Instruction) -> bool:
    """Whether a compiler may have made a way out of it that does not come back."""
    opcode = instruction.opcode
    reaches = opcode.is_access or opcode.spaces == (Space.TABLE,) or _CALLED_TABLE in opcode.immediates
    return reaches or bool(opcode.trap_if) or opcode.name == "unreachable"


def wasm_words(instruction: Instruction) -> frozenset[str]:
    """Empty for what need not become code of its own."""
    opcode = instruction.opcode
    if opcode.spaces in _NUMBERS:
        return frozenset({_number(instruction.immediates[0])})
    if opcode.is_access:
        kind = "load" if opcode.access is Use.READ else "store"
        return frozenset({f"{kind} {instruction.immediates[0].offset}"})
    if opcode.name.startswith("call"):
        return frozenset({"call"})
    if not opcode.is_plain:
        return frozenset(_OTHERS.get(opcode.name, "").split())
    type_, _, operation = opcode.name.partition(".")
    return frozenset(_numeric_words(type_, operation))


def _number(value: int) -> str:
    """The same word for a number as machine code may have it, 32 bits with or without a sign."""
    low = value & 0xFFFFFFFF
    return f"number {low or value >> 32 & 0xFFFFFFFF}"


def _numeric_words(type_: str, operation: str) -> list[str]:
    suffix = _SUFFIX.get(type_, "")
    if operation.partition("_")[0] in ("eq", "ne", "lt", "gt", "le", "ge"):
        return [f"ucomi{suffix}", f"comi{suffix}"] if suffix else ["cmp", "test"]
    if operation.startswith("trunc_"):
        source = _SUFFIX[operation.split("_")[-2]]
        return ["cvt", f"round{source}", f"ucomi{source}"]
    if not suffix:
        return _INTEGER.get(operation, "").split()
    if operation in _ROUNDED:
        return [f"round{suffix}"]
    if operation.startswith("convert"):
        return ["cvt"]
    return _FLOAT.get(operation, f"{operation}{suffix}").split()


def machine_words(machine: MachineInstruction) -> frozenset[str]:
    """The mnemonic without its variants, the number in it, the place in memory that is not the frame."""
    return frozenset(_machine_words(machine))


def _machine_words(machine: MachineInstruction) -> Iterator[str]:
    mnemonic = machine.mnemonic.removeprefix("v")
    if machine.is_jump:
        yield "jmp" if mnemonic in ("jmp", "ret") else "jcc"
    else:
        yield "cmov" if mnemonic.startswith("cmov") else mnemonic
    if mnemonic.startswith("cvt"):
        yield "cvt"
    if number := _IMMEDIATE.search(machine.text):
        yield _number(int(number[1], 0))
    elif _SAME_REGISTER.match(machine.text):
        yield "number 0"
    if not (machine.loads or machine.spills or mnemonic == "lea"):
        yield from _memory_words(machine)


def _memory_words(machine: MachineInstruction) -> Iterator[str]:
    for address in _MEMORY.findall(machine.text):
        found = _DISPLACEMENT.search(address)
        displacement = int(f"{found[1]}{found[2]}", 0) if found else 0
        yield f"{'store' if machine.stores else 'load'} {displacement}"
