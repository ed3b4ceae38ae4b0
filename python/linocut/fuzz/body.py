"""Function bodies: a random walk over the typed operand stack (§3.3 and its validation algorithm).

Operands are taken from the stack when their types happen to fit, and produced otherwise, so
values stay pending across statements, branches and blocks as in no compiler's output.
Everything ends: loops count down or pay fuel, and so does every function that can be reached
from itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.fuzz import vocabulary as v
from linocut.fuzz.blocks import LOOP_DEPTH
from linocut.fuzz.program import Code, Program, Signature
from linocut.fuzz.stack import I32
from linocut.fuzz.throws import ThrowGenerator
from linocut_isa import by_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.fuzz.dice import Dice
    from linocut.fuzz.profile import Profile

_EXTEND = by_name("i64.extend_i32_u")
_TO_I64 = {
    "i32": (_EXTEND,),
    "i64": (),
    "f32": (by_name("i32.reinterpret_f32"), _EXTEND),
    "f64": (by_name("i64.reinterpret_f64"),),
}
_TABLE_KINDS = ("table.set", "table.set", "table.grow", "table.size", "table.fill", "ref.is_null")
# A constant number of bytes, up to so many, is moved without a helper.
_BY_REGISTERS, _MOST_BY_REGISTERS = ("memory.copy", "memory.fill"), 64
_WAITS = ("memory.atomic.wait32", "memory.atomic.wait64")
_ROTL, _XOR = by_name("i64.rotl"), by_name("i64.xor")
_LOAD, _STORE, _ADD = by_name("v128.load"), by_name("v128.store"), by_name("i64x2.add")


class BodyGenerator(ThrowGenerator):
    """Writes one function's body."""

    def __init__(
        self, dice: Dice, profile: Profile, program: Program, type_: Signature, guarded: bool
    ) -> None:
        super().__init__(dice, profile, program, type_)
        self.guarded = guarded
        self.callees: list[int] = []
        if dice.chance(0.5):
            self.counters = [self.add_local("i32") for _ in range(LOOP_DEPTH)]
        for _ in range(dice.below(profile.locals + 1)):
            self.add_local(dice.pick(profile.types))
        for index, local in enumerate(self.locals):
            if index not in self.counters:
                self.by_type.setdefault(local, []).append(index)
        self.steps: dict[str, Callable[[], None]] = {
            name: getattr(self, f"do_{name}") for name in dict.fromkeys(profile.steps)
        }

    # ── the function ─────────────────────────────────────────────────────────
    def generate(self, callees: list[int]) -> tuple[list[str], Code]:
        """The function's locals and body; it calls only `callees`, and through tables if it is guarded."""
        self.callees = callees
        if self.guarded:
            self.pay_fuel()
        if self.dice.chance(0.5):
            self.fill_locals()
        self.statements()
        if self.dice.chance(self.profile.fold) and not self.dead:
            self.fold_locals()
        self.finish(self.type.results)
        return self.locals[len(self.type.params) :], self.out

    def wrap(self, callee: int) -> tuple[list[str], Code]:
        """A function that does nothing but call another and show what comes back."""
        type_ = self.program.signature(callee)
        for param in type_.params:
            self.leaf(param)
        self.emit_typed(v.NAMED["call"], callee, type_.params, type_.results)
        while self.stack:
            self.show_top()
        self.finish(self.type.results)
        return self.locals[len(self.type.params) :], self.out

    def fill_locals(self) -> None:
        """Give the locals values that tell them apart."""
        for type_, indices in self.by_type.items():
            for index in indices:
                if index >= len(self.type.params):
                    self.fresh(type_)
                    self.pop_into("local.set", index, type_)

    def fold_locals(self) -> None:
        """Mix locals, and globals that it cannot see, into what the harness sees: a lost register shows."""
        found = [("local.get", i, type_) for type_ in v.CONST for i in self.by_type.get(type_, ())]
        found += [
            ("global.get", i, g.type)
            for i, g in enumerate(self.program.globals)
            if g.type in v.CONST and not g.exported
        ]
        for _ in range(min(8, len(found))):
            self.fold(*self.dice.pick(found))

    def fold(self, name: str, index: int, type_: str) -> None:
        """Mix a local or global into what the harness sees."""
        if type_ == v.VECTOR:
            self.fold_into_memory(name, index)
        else:
            self.fold_into_global(name, index, type_)

    def fold_into_memory(self, name: str, index: int) -> None:
        """Add a vector to one near the end of the first page."""
        place = 0x10000 - 16 * self.dice.between(1, 16)
        self.constant(self.address_type, place)
        self.constant(self.address_type, place)
        self.emit(_LOAD, (0, 0))
        self.push(name, index, v.VECTOR)
        self.emit(_ADD)
        self.emit(_STORE, (0, 0))

    def fold_into_global(self, name: str, index: int, type_: str) -> None:
        """Mix a scalar into the last global."""
        target = len(self.program.globals) - 1
        self.push("global.get", target, "i64")
        self.constant("i64", 7)
        self.emit(_ROTL)
        self.push(name, index, type_)
        if type_[0] == "f":
            self.canonicalise(type_)
        for op in _TO_I64[type_]:
            self.emit(op)
        self.emit(_XOR)
        self.pop_into("global.set", target, "i64")

    def statements(self) -> None:
        """A few statements, until the budget or the fancy ends."""
        nested = len(self.labels) > 1
        while self.budget > 0:
            self.steps[self.dice.pick(self.profile.steps)]()
            if (self.dead and self.dice.chance(0.5)) or (nested and self.dice.chance(0.2)):
                return

    # ── statements without blocks ────────────────────────────────────────────
    def do_plain(self) -> None:
        """A row of the table, on what lies there; what it gives is shown at once, or stays pending."""
        self.plain(self.dice.pick(self.rows.plain), self.profile.depth, take=True)
        if self.dice.chance(self.profile.show):
            self.show_top()

    def show_top(self) -> None:
        """Take a number or vector from the stack, and mix it into what the harness sees."""
        type_ = self.stack[-1]
        scratch = self.scratch_local(type_)
        self.pop_into("local.set", scratch, type_)
        if type_ in v.CONST:
            self.fold("local.get", scratch, type_)

    def do_push(self) -> None:
        """Values that stay pending."""
        for _ in range(self.dice.between(1, 4)):
            if len(self.stack) - self.base < 16:
                self.leaf(self.dice.pick(self.profile.types))

    def do_nop(self) -> None:
        """Nothing."""
        self.emit_typed(v.NAMED["nop"], None, (), ())

    def do_drop(self) -> None:
        """Forget the top."""
        if len(self.stack) > self.base:
            self.pop_into("drop", None, self.stack[-1])

    def do_select(self) -> None:
        """One of two values."""
        self.select(self.dice.pick(self.profile.types), self.profile.depth)

    def do_local_set(self) -> None:
        """Into a local, or through it."""
        if not self.by_type:
            return
        type_ = self.dice.pick(tuple(self.by_type))
        self.want((type_,))
        index = self.dice.pick(self.by_type[type_])
        if self.dice.chance(0.3):
            self.emit_typed(v.NAMED["local.tee"], index, (type_,), (type_,))
        else:
            self.pop_into("local.set", index, type_)

    def do_global_set(self) -> None:
        """Into a global."""
        found = self.globals_of(self.dice.pick(self.profile.types), mutable=True)
        if found:
            index = self.dice.pick(found)
            type_ = self.program.globals[index].type
            self.want((type_,))
            self.pop_into("global.set", index, type_)

    def do_store(self) -> None:
        """A store to somewhere that mostly exists."""
        self.access(self.dice.pick(self.rows.stores), self.profile.depth)

    def do_call(self) -> None:
        """A direct call."""
        # Host calls are slow: keep them out of inner loops.
        callees = [c for c in self.callees if c >= len(self.program.hosts) or self.loop_depth < 2]
        if callees:
            callee = self.dice.pick(callees)
            type_ = self.program.signature(callee)
            self.want(type_.params)
            self.emit_typed(v.NAMED["call"], callee, type_.params, type_.results)

    def do_call_indirect(self) -> None:
        """Through a table: mostly a slot that holds, at the start, a function of the type."""
        program = self.program
        tables = self.tables_of("funcref")
        slots = [
            (segment.table, segment.offset + position, item)
            for segment in program.elems
            if segment.offset is not None and segment.table in tables
            for position, item in enumerate(segment.items)
            if item is not None
        ]
        if not slots or not self.guarded:
            return
        table, slot, function = self.dice.pick(slots)
        type_ = program.signature(function)
        address = program.tables[table].address
        self.want(type_.params)
        if self.dice.chance(0.1):
            self.table_index(table)
        else:
            self.constant(address, slot)
        self.emit_typed(v.NAMED["call_indirect"], (type_, table), (*type_.params, address), type_.results)

    def do_grow(self) -> None:
        """The memory, larger or asked for its size."""
        type_ = self.address_type
        if self.dice.chance(0.5):
            self.push("memory.size", 0, type_)
        else:
            memory = self.program.memory
            self.small(type_, 1, always=memory is None or memory.max is None)  # gigabytes would be granted
            self.emit_typed(v.NAMED["memory.grow"], 0, (type_,), (type_,))

    def do_table(self) -> None:
        """One of the table instructions."""
        table = self.dice.below(len(self.program.tables))
        element = self.program.tables[table].element
        address = self.program.tables[table].address
        kind = self.dice.pick(_TABLE_KINDS)
        if kind == "table.size":
            self.push(kind, table, address)
        elif kind == "ref.is_null":
            self.produce(element, 1)
            self.emit_typed(v.NAMED[kind], None, (element,), I32)
        elif kind == "table.grow":
            self.produce(element, 1)
            self.small(address, 1, always=self.program.tables[table].max is None)
            self.emit_typed(v.NAMED[kind], table, (element, address), (address,))
        elif kind == "table.set":
            self.table_index(table)
            self.produce(element, 1)
            self.emit_typed(v.NAMED[kind], table, (address, element), ())
        else:
            self.table_index(table)
            self.produce(element, 1)
            self.small(address, 2)
            self.emit_typed(v.NAMED[kind], table, (address, element, address), ())

    def do_atomic(self) -> None:
        """An atomic instruction without a body. As no memory is shared, to wait is a trap."""
        kinds = _WAITS if self.is_wild() else ("atomic.fence", "memory.atomic.notify")
        op = v.NAMED[self.dice.pick(kinds)]
        if op.is_access:
            self.access(op, self.profile.depth)
        else:
            self.emit(op, 0)

    def do_bulk(self) -> None:
        """One of the bulk instructions (§5.4.5, §5.4.6): three numbers, or a drop."""
        program, dice = self.program, self.dice
        data, elem = dice.below(len(program.datas)), dice.below(len(program.elems))
        table = dice.pick(self.tables_of(program.elems[elem].type))
        other = dice.pick(self.tables_of(program.tables[table].element))
        here, there, memory = program.tables[table].address, program.tables[other].address, self.address_type
        name, imm, bits, address, source = dice.pick(
            (
                ("memory.init", (data, 0), 3, memory, memory),
                ("memory.copy", (0, 0), 12, memory, memory),
                ("memory.fill", 0, 12, memory, memory),
                ("table.init", (elem, table), 1, here, here),
                ("table.copy", (table, other), 2, here, there),
                ("data.drop", data, 0, memory, memory),
                ("elem.drop", elem, 0, here, here),
            )
        )
        if not bits and not self.is_wild():
            return
        op = v.NAMED[name]
        params = v.typed(op.params, address, source)
        for type_ in params[:-1]:
            self.small(type_, bits)
        if name in _BY_REGISTERS and dice.below(2):
            self.constant(params[-1], dice.below(_MOST_BY_REGISTERS + 4))
        elif params:
            self.small(params[-1], bits)
        self.emit_typed(op, imm, params, ())
