"""Places in memories and tables, as operands: mostly some that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.fuzz import vocabulary as v
from linocut.fuzz.dice import wrap
from linocut.fuzz.stack import StackGenerator

if TYPE_CHECKING:
    from linocut_isa import Opcode

PAGE = 1 << 16
_NEAR = (0, 0, 0, 1, 2, 3, 4, 8, 12, 16, 100, 127, 128, 129, 255, 1024, 4095)
_FAR_32 = (0x7FFFFFF8, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFF0000, 0xFFFFFFF8, 0xFFFFFFFF)
_FAR_64 = (
    *(0x100000000, 0x1FFFFFFF8, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000),
    *(0xFFFFFFFF00000000, 0xFFFFFFFFFFFFFFF8, 0xFFFFFFFFFFFFFFFF),
)
_FAR = {"i32": _FAR_32, "i64": _FAR_32 + _FAR_64}
_BITS = {"i32": 32, "i64": 64}
_MASKS = (0xFF, 0xFFF, 0x7FFC, 0x7FF8)
_ALIGNED = 0x7FF8
_CURSORS = (1, 1, 2, 6)  # a compiler that remembers what it has checked does so for a few locals


class PlaceGenerator(StackGenerator):
    """Keeps locals that are nothing but addresses: what has been checked of one need not be checked again."""

    def address(self, depth: int) -> int:
        """Push an address; the offset to use with it is returned."""
        if self.is_wild():
            return self.wild_address(depth)
        roll = self.dice.random()
        if roll < 0.02:
            self.constant(self.address_type, PAGE - self.dice.between(0, 9))  # the very end of the first page
            return 0
        if roll < 0.3:
            self.cursor_address()
        elif roll < 0.5:
            self.constant(self.address_type, self.dice.below(0x8000))
        else:
            self.masked(self.address_type, self.dice.pick(_MASKS), depth)
        return self.offset()

    def wild_address(self, depth: int) -> int:
        """The same, anywhere: of some the sum with the offset is only there if it is calculated too short."""
        offset = self.dice.pick(_FAR[self.address_type] if self.dice.chance(0.5) else _NEAR)
        if self.dice.chance(0.3):
            self.constant(self.address_type, wrap(self.dice.below(0x100) - offset, _BITS[self.address_type]))
        else:
            self.produce(self.address_type, depth)
        return offset

    def offset(self) -> int:
        """A small one, or one into any page that is there from the start."""
        if self.dice.chance(0.8):
            return self.dice.pick(_NEAR)
        page = self.dice.below(self.program.memory.min) if self.program.memory else 0
        return page * PAGE + self.dice.below(0x7000)

    def aligned_address(self, depth: int) -> int:
        """The same for an atomic access, mostly where it does not trap."""
        if self.is_wild():
            return self.address(depth)
        if self.dice.chance(0.2):
            self.cursor_address()
        else:
            self.masked(self.address_type, _ALIGNED, depth)
        return 8 * self.dice.below(0x200)

    def alignment(self, op: Opcode) -> int:
        """The hint: natural, or anything below; of an atomic access it is no hint."""
        return op.align if op.is_atomic or self.dice.chance(0.8) else self.dice.below(op.align + 1)

    # ── cursors ──────────────────────────────────────────────────────────────
    def cursor_address(self) -> None:
        """Push a cursor, now and then moved by the same instruction."""
        cursor, type_ = self.cursor(), self.address_type
        if self.dice.chance(0.2):
            self.place()
            self.emit_typed(v.NAMED["local.tee"], cursor, (type_,), (type_,))
        else:
            self.push("local.get", cursor, type_)

    def do_move(self) -> None:
        """A cursor, to another place."""
        cursor = self.cursor()
        self.place()
        self.pop_into("local.set", cursor, self.address_type)

    def cursor(self) -> int:
        """One of the locals that are only used as addresses, and always as such."""
        if not self.cursors:
            count = self.dice.pick(_CURSORS)
            self.cursors = list(range(len(self.locals), len(self.locals) + count))
            self.locals += [self.address_type] * count
        return self.dice.pick(self.cursors)

    def place(self) -> None:
        """Push where a cursor may be: aligned, in the first page, or now and then about the end."""
        if self.is_wild() and self.program.memory:
            self.constant(self.address_type, self.program.memory.min * PAGE + 8 * self.dice.between(-4, 1))
        elif self.dice.chance(0.3):
            self.constant(self.address_type, 8 * self.dice.below(0x1000))
        else:
            self.masked(self.address_type, _ALIGNED, 1)

    # ── tables and numbers ───────────────────────────────────────────────────
    def table_index(self, table: int) -> None:
        """Push an index that the table mostly has."""
        type_ = self.program.tables[table].address
        if self.is_wild():
            self.produce(type_, 1)
        elif self.dice.chance(0.5):
            self.constant(type_, self.dice.below(self.program.tables[table].min or 1))
        else:
            self.masked(type_, 3, 1)

    def small(self, type_: str, bits: int, always: bool = False) -> None:
        """Push a number of at most that many bits, mostly or always."""
        if not always and self.is_wild():
            self.produce(type_, 1)
        elif self.dice.chance(0.7):
            self.constant(type_, self.dice.below(1 << bits))
        else:
            self.masked(type_, (1 << bits) - 1, 1)

    def masked(self, type_: str, bits: int, depth: int) -> None:
        """Push any number with only these bits."""
        self.produce(type_, depth)
        self.mask(bits, type_)
