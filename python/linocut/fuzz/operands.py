"""The operand half of a body generator: values for the typed stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.fuzz import vocabulary as v
from linocut.fuzz.lanes import draw_shuffle, join
from linocut.fuzz.places import PlaceGenerator
from linocut.fuzz.program import Program, Types
from linocut.fuzz.relaxed import OPERANDS, Steps
from linocut_isa import Opcode, Space, by_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.fuzz.dice import Dice
    from linocut.fuzz.profile import Profile

# Floats are of a kind: a scalar type, or the shape of a vector.
_EQUAL = {kind: by_name(f"{kind}.eq") for kind in ("f32", "f64", "f32x4", "f64x2")}
_NAN = {"f32": 0x7FC00000, "f64": 0x7FF8000000000000}
_NAN |= {"f32x4": join([_NAN["f32"]] * 4, 32), "f64x2": join([_NAN["f64"]] * 2, 64)}
_FROM_I32 = {
    "f32": "f32.convert_i32",
    "f64": "f64.convert_i32",
    "f32x4": "f32x4.convert_i32x4",
    "f64x2": "f64x2.convert_low_i32x4",
}
_ONE_AND_A_HALF = {"f32": 0x3FC00000, "f64": 0x3FF8000000000000}
_TAME_UNARY = ("neg", "abs", "ceil", "floor", "trunc", "nearest")
_TAME_BINARY = ("add", "sub", "mul", "min", "max")
_BITSELECT = by_name("v128.bitselect")
_IMMEDIATES: dict[Space, Callable[[Dice, Opcode], int]] = {
    Space.LANE: lambda dice, op: dice.below(op.lanes),
    Space.LANES: lambda dice, _: draw_shuffle(dice),
}


def _type_of(kind: str) -> str:
    """The type of a kind of floats."""
    return v.VECTOR if "x" in kind else kind


class OperandGenerator(PlaceGenerator):
    """Brings operands onto the stack."""

    def __init__(self, dice: Dice, profile: Profile, program: Program, params: Types) -> None:
        super().__init__(dice, profile, program, params)
        self.rows = profile.rows

    # ── operands ─────────────────────────────────────────────────────────────
    def want(self, types: Types) -> None:
        """Bring `types` to the top of the stack, using what lies there."""
        here = tuple(self.stack[self.base :])
        missing = len(types) - len(here)
        if self.dead and missing >= 0 and here == types[missing:] and self.dice.chance(0.4):
            return  # the rest comes from the polymorphic stack
        ready = 0
        if here and self.dice.random() < self.profile.reuse:
            ready = next(
                n for n in range(min(len(here), len(types)), -1, -1) if here[len(here) - n :] == types[:n]
            )
        for type_ in types[ready:]:
            self.produce(type_, self.profile.depth)

    def produce(self, type_: str, depth: int) -> None:
        """Push one value of a type."""
        roll = self.dice.random()
        if depth <= 0 or self.budget <= 0 or roll < 0.45:
            self.leaf(type_)
        elif type_ not in self.rows.plain_by_result:
            self.reference(type_)
        elif roll < 0.53:
            self.access(self.dice.pick(self.rows.loads_by_result[type_]), depth - 1)
        elif roll < 0.57:
            self.select(type_, depth - 1)
        elif roll < 0.61 and type_ in self.by_type:
            self.produce(type_, depth - 1)
            self.emit_typed(v.NAMED["local.tee"], self.dice.pick(self.by_type[type_]), (type_,), (type_,))
        elif type_ == v.VECTOR and roll < 0.65:
            self.tame_float(self.dice.pick(tuple(v.ROWS_OF_SHAPE)), min(depth, 2))
        else:
            self.plain(self.dice.pick(self.rows.plain_by_result[type_]), depth - 1)

    def leaf(self, type_: str) -> None:
        """Push a value by one instruction."""
        roll = self.dice.random()
        if roll < 0.65 and type_ in self.by_type:
            self.push("local.get", self.dice.pick(self.by_type[type_]), type_)
        elif roll > 0.93 and (found := self.globals_of(type_, mutable=False)):
            self.push("global.get", self.dice.pick(found), type_)
        else:
            self.fresh(type_)

    def fresh(self, type_: str) -> None:
        """Push a constant or a reference that is one instruction."""
        if type_ in v.CONST:
            self.constant(type_, self.dice.number(type_))
        elif type_ == "funcref" and self.program.referable and self.dice.chance(0.6):
            self.push("ref.func", self.dice.pick(self.program.referable), type_)
        else:
            self.push("ref.null", type_, type_)

    def reference(self, type_: str) -> None:
        """Push a reference that is more than a leaf."""
        tables = self.tables_of(type_)
        if tables and self.dice.chance(0.6):
            table = self.dice.pick(tables)
            self.table_index(table)
            self.emit_typed(v.NAMED["table.get"], table, (self.program.tables[table].address,), (type_,))
        else:
            self.select(type_, 1)

    def globals_of(self, type_: str, mutable: bool) -> list[int]:
        """Globals of a type, without the fuel."""
        return [
            index
            for index, g in enumerate(self.program.globals)
            if g.type == type_ and index != self.program.fuel and (g.mutable or not mutable)
        ]

    def tables_of(self, element: str) -> list[int]:
        """Tables with that element type."""
        return [index for index, table in enumerate(self.program.tables) if table.element == element]

    # ── plain opcodes ────────────────────────────────────────────────────────
    def plain(self, op: Opcode, depth: int, take: bool = False) -> None:
        """A row of the table, with operands that mostly do not trap; `take` allows those on the stack."""
        self.calculate(op, depth, take)
        if op.name in v.SHAPE_GIVEN:
            self.canonicalise(v.SHAPE_GIVEN[op.name])

    def calculate(self, op: Opcode, depth: int, take: bool = False) -> None:
        """The same, but a vector that it gives may have NaNs from arithmetic."""
        params = self.params[op.name]
        if op.trap_if and not self.is_wild():
            self.tame_operands(params)
        elif op.name in OPERANDS and self.profile.portable:
            self.determined_operands(op, depth)
        elif take and op.name not in v.SHOWS_BITS:
            self.want(params)
        else:
            self.operands(op, depth)
        self.emit(op, self.immediate(op))

    def operands(self, op: Opcode, depth: int, first: int = 0) -> None:
        """New values for a row, from that operand on."""
        for index, type_ in enumerate(self.params[op.name][first:], first):
            if v.SHOWS_BITS.get(op.name) == index:
                self.exact_float(type_, depth)
            elif type_ == v.VECTOR and op.name in v.SHAPE_TAKEN:
                self.floats(v.SHAPE_TAKEN[op.name], depth)
            else:
                self.produce(type_, depth)

    def floats(self, shape: str, depth: int) -> None:
        """A vector for what takes it for such floats: their NaNs may have any bits."""
        if depth <= 0 or self.budget <= 0 or self.dice.chance(0.5):
            self.produce(v.VECTOR, depth)
        else:
            self.calculate(self.dice.pick(v.ROWS_OF_SHAPE[shape]), depth - 1)

    def determined_operands(self, op: Opcode, depth: int) -> None:
        """Operands for which all engines agree."""
        for type_, steps in zip(self.params[op.name], OPERANDS[op.name], strict=True):
            self.produce(type_, depth)
            self.follow(steps)

    def follow(self, steps: Steps) -> None:
        """Emit opcodes of which each takes what the ones before leave."""
        for name, imm in steps:
            self.emit(by_name(name), imm)

    def immediate(self, op: Opcode) -> int | None:
        """The last immediate of a row, which only vectors have."""
        return _IMMEDIATES[op.spaces[-1]](self.dice, op) if op.spaces else None

    def tame_operands(self, params: Types) -> None:
        """Operands for an opcode that can trap: odd divisors, floats in range."""
        type_ = params[0]
        if len(params) == 2:
            self.produce(type_, 1)
            self.produce(type_, 1)
            self.constant(type_, self.dice.pick((1, 1, 3, 0x1001)))
            self.emit(by_name(f"{type_}.or"))
            return
        self.produce("i32", 1)
        self.mask(0xFFFFFF)
        self.emit(by_name(f"{type_}.convert_i32_u"))
        if self.dice.chance(0.4):
            self.constant(type_, _ONE_AND_A_HALF[type_])
            self.emit(by_name(f"{type_}.mul"))

    def select(self, type_: str, depth: int) -> None:
        """One of two values."""
        for operand in (type_, type_, "i32"):
            self.produce(operand, depth)
        params = (type_, type_, "i32")
        if type_ not in v.CONST or self.dice.chance(0.2):
            self.emit_typed(v.NAMED["select_t"], (type_,), params, (type_,))
        else:
            self.emit_typed(v.NAMED["select"], None, params, (type_,))

    # ── floats whose bits show ───────────────────────────────────────────────
    def exact_float(self, type_: str, depth: int) -> None:
        """A float that is no NaN from arithmetic."""
        if self.dice.chance(0.5):
            self.tame_float(type_, min(depth, 2))
            return
        self.produce(type_, depth)
        if not v.has_exact_bits(self.out[-1].op):
            self.canonicalise(type_)

    def tame_float(self, kind: str, depth: int) -> None:
        """Arithmetic on small finite numbers: two levels of products of i32s stay finite even in f32."""
        roll = self.dice.random()
        if depth <= 0 or roll < 0.1:
            self.constant(_type_of(kind), self.dice.tame(kind))
        elif roll < 0.3:
            self.produce("i32" if kind in v.CONST else v.VECTOR, 0)
            self.emit(by_name(f"{_FROM_I32[kind]}_{'su'[self.dice.below(2)]}"))
        elif roll < 0.5:
            self.tame_float(kind, depth - 1)
            self.emit(by_name(f"{kind}.{self.dice.pick(_TAME_UNARY)}"))
        else:
            self.tame_float(kind, depth - 1)
            self.tame_float(kind, depth - 1)
            self.emit(by_name(f"{kind}.{self.dice.pick(_TAME_BINARY)}"))

    def canonicalise(self, kind: str) -> None:
        """x == x ? x : nan, for the float on the stack, or lane by lane."""
        type_ = _type_of(kind)
        scratch = self.scratch_local(type_)
        self.emit_typed(v.NAMED["local.tee"], scratch, (type_,), (type_,))
        self.constant(type_, _NAN[kind])
        self.push("local.get", scratch, type_)
        self.push("local.get", scratch, type_)
        self.emit(_EQUAL[kind])
        if type_ == v.VECTOR:
            self.emit(_BITSELECT)
        else:
            self.emit_typed(v.NAMED["select"], None, (type_, type_, "i32"), (type_,))

    def access(self, op: Opcode, depth: int) -> None:
        """A load from somewhere that mostly exists, or a store."""
        offset = self.aligned_address(depth) if op.is_atomic else self.address(depth)
        self.operands(op, depth, first=1)
        memarg = (self.alignment(op), offset)
        self.emit(op, memarg if len(op.spaces) == 1 else (memarg, self.immediate(op)))
