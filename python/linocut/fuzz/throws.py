"""The exceptional half of a body generator: what throws, and both forms of what catches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.fuzz import vocabulary as v
from linocut.fuzz.blocks import EMPTY, BlockGenerator, Label
from linocut.fuzz.program import Arm, Instr, Signature, Types

if TYPE_CHECKING:
    from collections.abc import Callable

_EXNREF: Types = ("exnref",)
_CATCH, _CATCH_REF, _CATCH_ALL, _CATCH_ALL_REF = range(4)  # §5.4.1
_KINDS = (_CATCH, _CATCH, _CATCH_REF, _CATCH_ALL, _CATCH_ALL_REF)
_BRAVE = 0.1  # of throws where nothing here catches, which mostly end the call


class ThrowGenerator(BlockGenerator):
    """Throws more where something may catch it."""

    tries = 0  # around here

    # ── throwing ─────────────────────────────────────────────────────────────
    def do_throw(self) -> None:
        """An exception, by chance of the program's own or of mine."""
        if not self.program.tags or not (self.tries or self.dice.chance(_BRAVE)):
            return
        if self.dice.chance(0.4):
            self.throw()
        else:
            self.produce("i32", self.profile.depth)
            self.nest("if", EMPTY, self.throw)

    def throw(self) -> None:
        """One of what there is to throw; what follows is dead."""
        caught = self.caught_labels()
        if caught and self.dice.chance(0.4):
            self.emit_dead("rethrow", self.dice.pick(caught), ())
        elif self.profile.has_exnref and self.dice.chance(0.15):
            self.want(_EXNREF)
            self.emit_dead("throw_ref", None, _EXNREF)
        else:
            tag = self.dice.below(len(self.program.tags))
            types = self.program.tags[tag].params
            self.want(types)
            self.emit_dead("throw", tag, types)

    def caught_labels(self) -> list[int]:
        """Depths of the labels whose exception can be thrown again."""
        last = len(self.labels) - 1
        return [last - index for index, label in enumerate(self.labels) if label.has_caught]

    # ── try_table ────────────────────────────────────────────────────────────
    def do_try_table(self) -> None:
        """A try whose clauses lead to blocks around it, made for them or already there."""
        if self.may_nest():
            kinds = [self.dice.pick(_KINDS) for _ in range(self.dice.below(4))]
            self.landings([(kind, self.draw_tag(kind)) for kind in kinds], [])

    def draw_tag(self, kind: int) -> int | None:
        """What such a clause catches, if it has tags at all."""
        return self.dice.below(len(self.program.tags)) if kind in (_CATCH, _CATCH_REF) else None

    def landings(self, wanted: list[tuple[int, int | None]], clauses: list[tuple[int, ...]]) -> None:
        """A block around what remains for each clause that finds no label of its types; within, the try."""
        if not wanted:
            self.try_table(clauses)
            return
        (kind, tag), *rest = wanted
        types = self.landing_types(kind, tag)
        alike = [depth for depth in self.open_labels() if self.labels[-1 - depth].types == types]
        named = (kind,) if tag is None else (kind, tag)
        if alike and self.dice.chance(0.5):
            self.landings(rest, [*clauses, (*named, self.dice.pick(alike))])
            return

        def write() -> None:
            deeper = [(*clause[:-1], clause[-1] + 1) for clause in clauses]
            self.landings(rest, [*deeper, (*named, 0)])
            self.finish(types)

        self.nest("block", Signature((), types), write)
        self.inspect(types)

    def landing_types(self, kind: int, tag: int | None) -> Types:
        """What such a clause leaves at its label."""
        values = () if tag is None else self.program.tags[tag].params
        return values + (_EXNREF if kind in (_CATCH_REF, _CATCH_ALL_REF) else ())

    def inspect(self, types: Types) -> None:
        """After a landing: now and then the reference that has been caught is thrown again."""
        may_throw = self.tries or self.dice.chance(_BRAVE)
        if types[-1:] == _EXNREF and not self.dead and may_throw and self.dice.chance(0.3):
            self.produce("i32", self.profile.depth)
            self.nest("if", Signature(_EXNREF, _EXNREF), self.throw_again)

    def throw_again(self) -> None:
        """The reference on the stack."""
        self.emit_dead("throw_ref", None, _EXNREF)

    def try_table(self, clauses: list[tuple[int, ...]]) -> None:
        """The try, on values of its own."""
        if self.dice.chance(0.3):
            self.produce(self.dice.pick(self.profile.types), 1)
        type_ = self.draw_type()
        self.open_try("try_table", (type_, tuple(clauses)), type_)

    # ── the older form ───────────────────────────────────────────────────────
    def do_try(self) -> None:
        """A try with its handlers; or one that leaves all to another, or to the caller."""
        if not self.may_nest():
            return
        type_ = self.draw_type()
        instr = self.open_try("try", type_, type_)
        if self.dice.chance(0.2):
            instr.arms.append(Arm(self.head("delegate", self.dice.below(len(self.labels)), ()), []))
            return
        for _ in range(self.dice.below(3)):
            tag = self.dice.below(len(self.program.tags))
            self.add_handler(instr, self.head("catch", tag, self.program.tags[tag].params))
        if self.dice.chance(0.3):
            self.add_handler(instr, self.head("catch_all", None, ()))

    def head(self, name: str, imm: int | None, results: Types) -> Instr:
        """What an arm begins with."""
        return Instr(v.NAMED[name], imm, (), results)

    def add_handler(self, instr: Instr, head: Instr) -> None:
        """An arm that runs when an exception has been caught."""
        label = Label(instr.block.results)
        label.has_caught = True
        code = self.inside(head.results, label, self.fill_try(instr.block.results))
        instr.arms.append(Arm(head, code))

    # ── both ─────────────────────────────────────────────────────────────────
    def open_try(self, name: str, imm: object, type_: Signature) -> Instr:
        """Emit a try, with a body in which more is thrown."""
        self.tries += 1
        instr = self.block(v.NAMED[name], imm, type_, Label(type_.results), self.fill_try(type_.results))
        self.tries -= 1
        return instr

    def fill_try(self, results: Types) -> Callable[[], None]:
        """What writes a body or handler; some throw at once."""
        fill = self.fill(results)

        def write() -> None:
            if self.dice.chance(0.3):
                self.do_throw()
            fill()

        return write
