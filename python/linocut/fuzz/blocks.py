"""The control half of a body generator: blocks, loops that end, branches, dead code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.fuzz import vocabulary as v
from linocut.fuzz.operands import OperandGenerator
from linocut.fuzz.program import Arm, Code, Instr, Program, Signature, Types
from linocut.fuzz.stack import I32
from linocut_isa import Opcode, by_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.fuzz.dice import Dice
    from linocut.fuzz.profile import Profile

EMPTY = Signature((), ())
LOOP_DEPTH = 3
_ADD, _SUB, _EQZ = by_name("i32.add"), by_name("i32.sub"), by_name("i32.eqz")


class Label:
    """A branch target: the types it takes, and whether random branches may go there."""

    __slots__ = ("has_caught", "open", "types")

    def __init__(self, types: Types, open_: bool = True) -> None:
        self.types = types
        self.open = open_
        self.has_caught = False  # whether it is that of a handler


class BlockGenerator(OperandGenerator):
    """Keeps the labels; what a block is filled with, `statements` decides."""

    def __init__(self, dice: Dice, profile: Profile, program: Program, type_: Signature) -> None:
        super().__init__(dice, profile, program, type_.params)
        self.type = type_
        self.labels = [Label(type_.results)]
        self.loop_depth = 0
        self.counters: list[int] = []

    def statements(self) -> None:
        """A few statements, until the budget or the fancy ends."""
        raise NotImplementedError

    def add_local(self, type_: str) -> int:
        """A new local's index."""
        self.locals.append(type_)
        return len(self.locals) - 1

    # ── ends ─────────────────────────────────────────────────────────────────
    def pay_fuel(self) -> None:
        """Take one from the fuel global; when it is empty, leave or trap."""
        fuel = self.program.fuel
        self.push("global.get", fuel, "i32")
        self.emit(_EQZ)
        self.nest("if", EMPTY, self.leave)
        self.push("global.get", fuel, "i32")
        self.constant("i32", 1)
        self.emit(_SUB)
        self.pop_into("global.set", fuel, "i32")

    def leave(self) -> None:
        """Out of the function, by return or by trap."""
        if self.dice.chance(0.3):
            self.emit_dead("unreachable", None, ())
        else:
            for type_ in self.type.results:
                self.leaf(type_)
            self.emit_dead("return", None, self.type.results)

    def finish(self, types: Types) -> None:
        """End a block: exactly `types` on its part of the stack."""
        label = self.labels[-1]
        here = tuple(self.stack[self.base :])
        if self.dead:
            if len(here) <= len(types) and here == types[len(types) - len(here) :] and self.dice.chance(0.6):
                return  # the rest is polymorphic
        elif label.open and label.types == types and self.dice.chance(0.15):
            self.want(types)
            self.emit_dead("br", 0, types)  # throws away the values below
            return
        while tuple(self.stack[self.base :]) != types[: len(self.stack) - self.base]:
            self.consume_top()
        for type_ in types[len(self.stack) - self.base :]:
            self.produce(type_, self.profile.depth)

    def consume_top(self) -> None:
        """Put the top of the stack somewhere."""
        type_ = self.stack[-1]
        if type_ in self.by_type and self.dice.chance(0.7):
            self.pop_into("local.set", self.dice.pick(self.by_type[type_]), type_)
        elif (found := self.globals_of(type_, mutable=True)) and self.dice.chance(0.5):
            self.pop_into("global.set", self.dice.pick(found), type_)
        else:
            self.pop_into("drop", None, type_)

    # ── blocks and branches ──────────────────────────────────────────────────
    def nest(
        self,
        name: str,
        type_: Signature,
        write: Callable[[], None],
        orelse: Callable[[], None] | None = None,
        open_: bool = True,
    ) -> None:
        """Emit a block whose operands are on the stack; `write` fills its inside."""
        if name == "if":
            self.pop(1)
        label = Label(type_.params if name == "loop" else type_.results, open_)
        instr = self.block(v.NAMED[name], type_, type_, label, write)
        if name == "if":
            instr.params += I32
        if orelse:
            head = Instr(v.NAMED["else"], None, (), type_.params)
            code = self.inside(type_.params, label, orelse)
            instr.arms = [Arm(head, code)]

    def block(
        self, op: Opcode, imm: object, type_: Signature, label: Label, write: Callable[[], None]
    ) -> Instr:
        """Emit a block with its body; arms can be added to what is returned."""
        self.pop(len(type_.params))
        instr = Instr(op, imm, type_.params, type_.results)
        instr.body = self.inside(type_.params, label, write)
        self.budget -= 1
        self.out.append(instr)
        self.stack += type_.results
        return instr

    def inside(self, params: Types, label: Label, write: Callable[[], None]) -> Code:
        """The instructions that `write` emits into a frame of its own."""
        out, base, dead = self.out, self.base, self.dead
        height = len(self.stack)
        self.out, self.base, self.dead = [], height, False
        self.stack += params
        self.labels.append(label)
        write()
        self.labels.pop()
        code, self.out, self.base, self.dead = self.out, out, base, dead
        del self.stack[height:]
        return code

    def emit_dead(self, name: str, imm: object, params: Types) -> None:
        """Emit an instruction after which the stack is polymorphic."""
        self.emit_typed(v.NAMED[name], imm, params, ())
        del self.stack[self.base :]
        self.dead = True

    def draw_type(self) -> Signature:
        """A block type that takes what lies on the stack."""
        height = len(self.stack) - self.base
        taken = min(height, self.dice.below(4)) if self.dice.chance(0.4) else 0
        results = self.dice.pick_some(self.profile.types, 3)
        return Signature(tuple(self.stack[len(self.stack) - taken :]) if taken else (), results)

    def fill(self, results: Types) -> Callable[[], None]:
        """What writes the inside of a plain block."""

        def write() -> None:
            self.statements()
            self.finish(results)

        return write

    def may_nest(self) -> bool:
        """Whether one more block is wanted."""
        return len(self.labels) <= self.profile.nesting

    def do_block(self) -> None:
        """A block."""
        if self.may_nest():
            type_ = self.draw_type()
            self.nest("block", type_, self.fill(type_.results))

    def do_if(self) -> None:
        """An if, with or without an else."""
        if not self.may_nest():
            return
        type_ = self.draw_type()
        if self.dice.chance(0.3):
            type_ = Signature(type_.params, type_.params)
        self.produce("i32", self.profile.depth)
        write = self.fill(type_.results)
        without_else = type_.params == type_.results and self.dice.chance(0.5)
        self.nest("if", type_, write, None if without_else else write)

    def do_loop(self) -> None:
        """A loop of one of three shapes."""
        if not self.may_nest() or self.loop_depth >= LOOP_DEPTH:
            return
        self.loop_depth += 1
        self.dice.pick((self.counting_loop, self.while_loop, self.fuelled_loop))()
        self.loop_depth -= 1

    def counter(self) -> int:
        """This depth's counter, set to the number of rounds."""
        while len(self.counters) < self.loop_depth:
            self.counters.append(self.add_local("i32"))
        counter = self.counters[self.loop_depth - 1]
        self.constant("i32", self.dice.between(1, 6 if self.loop_depth == 1 else 3))
        self.pop_into("local.set", counter, "i32")
        return counter

    def counting_loop(self) -> None:
        """do { … } while (--counter)"""
        counter = self.counter()
        type_ = self.draw_type()

        def write() -> None:
            self.statements()
            self.finish(type_.params)
            if not self.dead:
                self.count_down(counter)
                self.emit_typed(v.NAMED["br_if"], 0, (*type_.params, "i32"), type_.params)
            self.finish(type_.results)

        if self.dice.chance(0.5):
            type_ = Signature(type_.params, type_.params)
        self.nest("loop", type_, write, open_=False)

    def count_down(self, counter: int) -> None:
        """Push the counter, less one."""
        self.push("local.get", counter, "i32")
        self.constant("i32", -1)
        self.emit(_ADD)
        self.emit_typed(v.NAMED["local.tee"], counter, I32, I32)

    def while_loop(self) -> None:
        """block { loop { if (!counter--) break; …; continue; } }"""
        counter = self.counter()

        def write() -> None:
            self.push("local.get", counter, "i32")
            self.emit(_EQZ)
            self.pop_into("br_if", 1, "i32")
            self.count_down(counter)
            self.pop_into("drop", None, "i32")
            self.statements()
            self.finish(())
            if not self.dead:
                self.emit_dead("br", 0, ())

        self.nest("block", EMPTY, lambda: self.nest("loop", EMPTY, write, open_=False))

    def fuelled_loop(self) -> None:
        """A loop that anything inside may branch to: each round pays."""
        type_ = self.draw_type()

        def write() -> None:
            self.pay_fuel()
            self.statements()
            self.finish(type_.results)

        self.nest("loop", type_, write)

    def open_labels(self) -> list[int]:
        """Depths of the labels that a random branch may take."""
        last = len(self.labels) - 1
        return [last - index for index, label in enumerate(self.labels) if label.open]

    def do_br_if(self) -> None:
        """A conditional branch, also to the function's end."""
        depth = self.dice.pick(self.open_labels())
        types = self.labels[-1 - depth].types
        self.want((*types, "i32"))
        self.emit_typed(v.NAMED["br_if"], depth, (*types, "i32"), types)

    def do_branch(self) -> None:
        """What ends straight-line code."""
        if len(self.labels) == 1 and not self.dice.chance(0.05):
            return
        if self.dice.chance(0.2):
            self.want(self.type.results)
            self.emit_dead("return", None, self.type.results)
        elif self.dice.chance(0.1):
            self.emit_dead("unreachable", None, ())
        else:
            depth = self.dice.pick(self.open_labels())
            types = self.labels[-1 - depth].types
            self.want(types)
            self.emit_dead("br", depth, types)

    def do_br_table(self) -> None:
        """In a block of its own, so that what follows stays alive."""
        if not self.may_nest():
            return
        results = self.dice.pick_some(self.profile.types, 2)
        depth = self.dice.pick(self.open_labels())
        if self.dice.chance(0.5):
            results = self.labels[-1 - depth].types  # several targets of one type

        def write() -> None:
            alike = [d for d in self.open_labels() if self.labels[-1 - d].types == results]
            count = self.dice.pick((0, 1, 2, 3, 5, 8, 40))
            self.want(results)
            self.produce("i32", self.profile.depth)
            if self.dice.chance(0.7):
                self.mask(7)
            targets = [self.dice.pick(alike) for _ in range(count + 1)]
            self.emit_dead("br_table", targets, (*results, "i32"))

        self.nest("block", Signature((), results), write)
