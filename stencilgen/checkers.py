"""Opcode rows → C++ for validation: which immediates a row reads, which operands it pops and pushes.

The functions are made from the signature, out of a small vocabulary of core/validation/validator.cpp. Block
structure (`block`, `else`, `br_table` …) is written there by hand.
"""

from __future__ import annotations

from typing import Final

from linocut_isa import Immediate, Opcode, Operand, Space, Use

# How a validator reads an immediate, and the type that it finds, if any: {n} is the immediate's place,
# {alignment} says whether it may be less than natural.
_READERS: Final = {
    (Space.LABEL, Use.NONE): "const TypeSpan label = d.read_label();",
    (Space.LABEL, Use.CATCH): "d.read_catch_label();",
    (Space.TAG, Use.NONE): "const FuncType& tag = d.read_tag();",
    (Space.FUNC, Use.CALL): "const FuncType& type = d.read_callee();",
    (Space.FUNC, Use.REFER): "read_declared_function(d.c);",
    (Space.TYPE, Use.NONE): "const FuncType& type = d.read_type();",
    (Space.TABLE, Use.CALL): "const TableType& storage{n} = d.read_called_table();",
    (Space.TABLE, Use.READ): "[[maybe_unused]] const TableType& storage{n} = d.read_table();",
    (Space.TABLE, Use.WRITE): "[[maybe_unused]] const TableType& storage{n} = d.read_table();",
    (Space.MEMORY, Use.READ): "const MemoryType& storage{n} = d.read_memory();",
    (Space.MEMORY, Use.WRITE): "const MemoryType& storage{n} = d.read_memory();",
    (Space.ELEM, Use.READ): "const ElemSegment& storage{n} = d.read_elements();",
    (Space.ELEM, Use.WRITE): "read_elem(d.c);",
    (Space.DATA, Use.READ): "read_data(d.c);",
    (Space.DATA, Use.WRITE): "read_data(d.c);",
    (Space.LOCAL, Use.READ): "const ValType local = d.read_local();",
    (Space.LOCAL, Use.WRITE): "const ValType local = d.read_local();",
    (Space.GLOBAL, Use.READ): "const ValType global = d.read_global();",
    (Space.GLOBAL, Use.WRITE): "const ValType global = d.read_mutable_global();",
    (Space.HEAP_TYPE, Use.NONE): "const ValType ref = read_heap_type(d.c);",
    (Space.TYPES, Use.NONE): "const ValType types = d.read_one_type();",
    (Space.MEMARG, Use.READ): "const MemoryType& storage{n} = d.read_{alignment}_memarg(facts.align);",
    (Space.MEMARG, Use.WRITE): "const MemoryType& storage{n} = d.read_{alignment}_memarg(facts.align);",
    (Space.ORDER, Use.NONE): "read_order(d.c);",
    (Space.I32, Use.NONE): "d.c.read_signed(32);",
    (Space.I64, Use.NONE): "d.c.read_signed(64);",
    (Space.F32, Use.NONE): "d.c.read_bytes(4);",
    (Space.F64, Use.NONE): "d.c.read_bytes(8);",
    (Space.V128, Use.NONE): "d.c.read_bytes(16);",
    (Space.LANE, Use.NONE): "read_lane(d.c, facts.lanes);",
    (Space.LANES, Use.NONE): "read_lanes(d.c);",
}
# The C++ for types that depend on the immediates.
_TYPES: Final = {
    "$local": "local", "$global": "global", "$table": "storage0.element", "$ref": "ref", "$types": "types",
    "$label*": "label", "$params*": "type.params", "$results*": "type.results",
    "$return*": "d.frames.front().results", "$number": "number", "$tag*": "tag.params",
}  # fmt: skip


def write_checkers(opcodes: list[Opcode]) -> str:
    """A `check_<name>` for every row that `check_plain` is not enough for, except block structure."""
    return "\n".join(
        _function(opcode) for opcode in opcodes if not (_is_fact(opcode) or _is_block_structure(opcode))
    )


def checker(opcode: Opcode) -> str:
    """The function that checks the opcode."""
    return "check_plain" if _is_fact(opcode) else f"check_{opcode.ident}"


def _is_fact(opcode: Opcode) -> bool:
    """Whether `OpcodeFacts` has all there is to check: plain types and nothing else."""
    return opcode.is_plain and not opcode.immediates


def _is_block_structure(opcode: Opcode) -> bool:
    """Whether checking it takes the types of a block or of several labels, which no signature tells."""
    if {Space.BLOCK, Space.LABELS} & set(opcode.spaces):
        return True
    is_of_block = any(operand.type in ("$params*", "$results*") for operand in opcode.params)
    return is_of_block and not {Space.FUNC, Space.TYPE} & set(opcode.spaces)


def _function(opcode: Opcode) -> str:
    steps = [
        *(["const uint8_t* const at = d.c.state.pc;"] if opcode.requires else []),
        *(_read(opcode, immediate, place) for place, immediate in enumerate(opcode.immediates)),
        *_require(opcode),
        *_pop(opcode),
        *(_push(opcode, operand) for operand in opcode.results),
    ]
    body = " ".join(steps)
    facts = "const OpcodeFacts& facts" if "facts." in body else "const OpcodeFacts&"
    validator = "Validator& d" if body else "Validator&"
    return f"void check_{opcode.ident}({validator}, {facts}) {{ {body} }}"


def _read(opcode: Opcode, immediate: Immediate, place: int) -> str:
    reader = _READERS.get((immediate.space, immediate.use))
    if reader is None:
        raise ValueError(
            f"{opcode.name}: nothing says how the immediate {immediate} is checked (_READERS, {__name__})"
        )
    return reader.format(n=place, alignment="atomic" if opcode.is_atomic else "checked")


def _require(opcode: Opcode) -> list[str]:
    """`1 fits 0`: the elements of one immediate must be of the other's type."""
    if not opcode.requires:
        return []
    source, _, target = opcode.requires.split()
    return [f"check_elem_fits(d.c, storage{source}.element, storage{target}.element, at);"]


def _pop(opcode: Opcode) -> list[str]:
    alike = [operand for operand in opcode.params if operand.type == "$number"]
    steps = [_pop_one(opcode, operand) for operand in reversed(opcode.params) if operand not in alike]
    return [*steps, *(["const ValType number = d.pop_numbers();"] if alike else [])]


def _pop_one(opcode: Opcode, operand: Operand) -> str:
    if operand.type == "$any":
        return "d.pop();"
    if operand.type == "$reference":
        return "d.pop_reference();"
    return f"d.pop({_type(opcode, operand)});"


def _push(opcode: Opcode, operand: Operand) -> str:
    return "d.leave();" if operand.type == "$any*" else f"d.push({_type(opcode, operand)});"


def _type(opcode: Opcode, operand: Operand) -> str:
    if operand.type in ("$address", "$source", "$length"):
        return _address_type(opcode, operand.type)
    return _TYPES.get(operand.type) or f"ValType::{CPP_TYPES[operand.type]}"


def _address_type(opcode: Opcode, type_: str) -> str:
    """The type of addresses in the memory or table that an immediate names."""
    spaces = (Space.MEMARG, Space.MEMORY, Space.TABLE)
    found = [f"storage{n}.address()" for n, space in enumerate(opcode.spaces) if space in spaces]
    if type_ == "$length":
        return f"narrower({', '.join(found)})"
    return found[type_ == "$source"]


CPP_TYPES: Final = {
    "i32": "I32", "i64": "I64", "f32": "F32", "f64": "F64", "v128": "V128", "funcref": "FuncRef",
    "externref": "ExternRef", "exnref": "ExnRef",
}  # fmt: skip
"""Enumerators of ValType (core/wasm/types.hpp)."""
