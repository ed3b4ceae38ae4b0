"""The typed stack of a body generator, and the instructions that change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linocut.fuzz import vocabulary as v
from linocut.fuzz.program import Code, Instr, Program, Types
from linocut_isa import Opcode, by_name

if TYPE_CHECKING:
    from linocut.fuzz.dice import Dice
    from linocut.fuzz.profile import Profile

I32: Types = ("i32",)
_AND = {type_: by_name(f"{type_}.and") for type_ in ("i32", "i64")}


class StackGenerator:
    """Keeps the stack's types; where values come from, `produce` decides."""

    def __init__(self, dice: Dice, profile: Profile, program: Program, params: Types) -> None:
        self.dice = dice
        self.profile = profile
        self.program = program
        self.address_type = program.memory.address if program.memory else "i32"
        self.params = v.PARAMS[self.address_type]
        self.locals: list[str] = list(params)
        self.by_type: dict[str, list[int]] = {}  # the locals that may be read and written at will
        self.scratch: dict[str, int] = {}
        self.cursors: list[int] = []
        self.out: Code = []
        self.stack: list[str] = []
        self.base = 0  # where the current block's part of the stack begins
        self.dead = False
        self.budget = profile.budget

    def produce(self, type_: str, depth: int) -> None:
        """Push one value of a type."""
        raise NotImplementedError

    def emit_typed(self, op: Opcode, imm: Any, params: Types, results: Types) -> None:
        """Emit an instruction whose operands are on the stack."""
        self.budget -= 1
        if params:
            self.pop(len(params))
        self.stack += results
        self.out.append(Instr(op, imm, params, results))

    def emit(self, op: Opcode, imm: Any = None) -> None:
        """Emit an instruction whose types its row knows."""
        self.emit_typed(op, imm, self.params[op.name], v.RESULTS[op.name])

    def push(self, name: str, imm: Any, type_: str) -> None:
        """Emit an instruction that only pushes."""
        self.emit_typed(v.NAMED[name], imm, (), (type_,))

    def pop_into(self, name: str, imm: Any, type_: str) -> None:
        """Emit an instruction that only pops one value."""
        self.emit_typed(v.NAMED[name], imm, (type_,), ())

    def constant(self, type_: str, value: int) -> None:
        """Push a number."""
        self.emit_typed(v.CONST[type_], value, (), (type_,))

    def pop(self, count: int) -> None:
        """Forget the top types; dead code may pop more than there is (§3.3.8.6)."""
        del self.stack[max(self.base, len(self.stack) - count) :]

    def mask(self, bits: int, type_: str = "i32") -> None:
        """Keep some bits of the integer on the stack."""
        self.constant(type_, bits)
        self.emit(_AND[type_])

    def scratch_local(self, type_: str) -> int:
        """A local whose value is not needed after the next few instructions."""
        if type_ not in self.scratch:
            self.scratch[type_] = len(self.locals)
            self.locals.append(type_)
        return self.scratch[type_]

    def is_wild(self) -> bool:
        """Whether to leave something that may trap as chance gives it."""
        return self.dice.random() < self.profile.wild
