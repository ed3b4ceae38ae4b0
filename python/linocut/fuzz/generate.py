"""A whole module from a seed: what it has, then its bodies, then the calls to make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.fuzz import vocabulary as v
from linocut.fuzz.body import BodyGenerator
from linocut.fuzz.dice import Dice
from linocut.fuzz.profile import Profile, draw_profile
from linocut.fuzz.program import (
    Data,
    Elem,
    Function,
    GlobalDef,
    Instr,
    Invocation,
    MemoryDef,
    Program,
    Signature,
    TableDef,
    TagDef,
    Types,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

FUEL = 100
_REFERENCES = (None, "a", "b")


def generate(seed: int, *, portable: bool = True, forms: Sequence[str] = ()) -> Program:
    """The module of a seed; the same on every machine.

    `portable`: it does the same in all engines. Relaxed rows only get operands for which there is one result,
    vectors do not pass to and from Python, and host functions do not throw. `forms` are those of exceptions
    that the engines know, of which a module has one: "exnref" (for portable modules, if nothing is said),
    "legacy", or "both" together (for others).
    """
    dice = Dice(seed)
    profile = draw_profile(dice, portable, forms or (("exnref",) if portable else ("both",)))
    program = Program(seed)
    _draw_storage(dice, profile, program)
    signatures = _draw_signatures(dice, profile)
    program.hosts = [_draw_signature(dice, profile, profile.foreign_types) for _ in range(dice.below(3))]
    _draw_functions(dice, profile, program, signatures)
    if dice.chance(0.1):
        _draw_start(dice, profile, program)
    program.plan = _draw_plan(dice, program)
    return program


def _draw_signatures(dice: Dice, profile: Profile) -> list[Signature]:
    """Those of functions that Python calls come first."""
    foreign = [_draw_signature(dice, profile, profile.foreign_types) for _ in range(dice.between(1, 3))]
    return foreign + [_draw_signature(dice, profile, profile.types) for _ in range(dice.below(4))]


def _draw_signature(dice: Dice, profile: Profile, types: Types) -> Signature:
    return Signature(
        dice.pick_some(types, profile.params),
        dice.pick_some(types, profile.results) or dice.pick_some(types, 1),
    )


def _draw_storage(dice: Dice, profile: Profile, program: Program) -> None:
    program.tables = _draw_tables(dice, profile)
    program.tags = _draw_tags(dice, profile) if profile.throws else []
    program.globals = _draw_globals(dice, profile)
    program.fuel = len(program.globals)
    program.globals.append(GlobalDef("i32", True, [_const("i32", FUEL)], imported=False))
    program.globals.append(GlobalDef("i64", True, [_const("i64", 0)], imported=False))
    low = dice.between(1, 2)
    program.memory = MemoryDef(
        low, dice.pick((None, low, low + 2)), imported=dice.chance(0.3), address=_draw_address(dice)
    )
    for _ in range(dice.between(1, 3)):
        content = bytes(dice.bits(8) for _ in range(dice.between(8, 40)))
        offset = 65536 * low - dice.below(64) if dice.chance(0.01) else dice.below(1000)
        program.datas.append(Data(content, offset if dice.chance(0.7) else None))


def _draw_address(dice: Dice) -> str:
    return "i64" if dice.chance(0.35) else "i32"


def _draw_tables(dice: Dice, profile: Profile) -> list[TableDef]:
    tables = []
    elements = ("externref", "exnref") if profile.has_exnref else ("externref",)
    for number in range(dice.between(1, 3)):
        low = dice.between(4, 9)
        element = dice.pick(elements) if number and dice.chance(0.5) else "funcref"
        table = TableDef(element, low, dice.pick((None, low, low + 4)), False, _draw_address(dice))
        # wasmtime's package makes no tables with wide addresses.
        table.imported = (
            table.exported and not (profile.portable and table.address == "i64") and dice.chance(0.3)
        )
        tables.append(table)
    return sorted(tables, key=lambda table: not table.imported)


def _draw_tags(dice: Dice, profile: Profile) -> list[TagDef]:
    tags = []
    for _ in range(dice.between(1, 4)):
        imported = dice.chance(0.3)
        types = profile.foreign_types if imported else profile.types
        by_host = imported and not profile.portable and dice.chance(0.7)
        tags.append(TagDef(dice.pick_some(types, 4), imported, by_host))
    return sorted(tags, key=lambda tag: not tag.imported)


def _draw_globals(dice: Dice, profile: Profile) -> list[GlobalDef]:
    globals_ = []
    for _ in range(dice.below(8)):
        type_ = dice.pick(profile.types)
        number = _const(type_, dice.number(type_)) if type_ in v.CONST else _null(type_)
        foreign = profile.is_foreign((type_,))
        imported = foreign and dice.chance(0.25)
        globals_.append(GlobalDef(type_, dice.chance(0.7), [number], imported, exported=foreign))
    globals_.sort(key=lambda g: not g.imported)
    return globals_


def _const(type_: str, value: int) -> Instr:
    return Instr(v.CONST[type_], value, (), (type_,))


def _null(type_: str) -> Instr:
    return Instr(v.NAMED["ref.null"], type_, (), (type_,))


def _draw_functions(dice: Dice, profile: Profile, program: Program, signatures: list[Signature]) -> None:
    """Guarded functions pay fuel and may call anything; the others call guarded ones only.

    So every cycle of calls, also one through a table, pays.
    """
    first = len(program.hosts)
    types = [signatures[0], *(dice.pick(signatures) for _ in range(dice.between(1, 5)))]
    guarded = [dice.chance(0.6) for _ in types]
    careful = [first + index for index, yes in enumerate(guarded) if yes]
    everyone = [*range(first + len(types)), *careful]
    program.referable = careful
    _draw_elems(dice, program)
    # The bodies ask for each other's types, so these must be there first.
    program.functions = [
        Function(type_, [], [], exported=profile.is_foreign(type_.params + type_.results)) for type_ in types
    ]
    for index, type_ in enumerate(types):
        callees = everyone if guarded[index] else careful
        body = BodyGenerator(dice, profile, program, type_, guarded[index])
        program.functions[index].locals, program.functions[index].body = body.generate(callees)
    for index, function in enumerate(list(program.functions), first):
        if not function.exported:
            _draw_wrapper(dice, profile, program, index)


def _draw_wrapper(dice: Dice, profile: Profile, program: Program, callee: int) -> None:
    """A function for Python to call, in place of one that it cannot."""
    type_ = _draw_signature(dice, profile, profile.foreign_types)
    locals_, body = BodyGenerator(dice, profile, program, type_, guarded=False).wrap(callee)
    program.functions.append(Function(type_, locals_, body))


def _draw_start(dice: Dice, profile: Profile, program: Program) -> None:
    """A start function: one more that nobody calls."""
    program.start = len(program.hosts) + len(program.functions)
    program.functions.append(Function(Signature((), ()), [], []))
    body = BodyGenerator(dice, profile, program, Signature((), ()), guarded=False)
    program.functions[-1].locals, program.functions[-1].body = body.generate(program.referable)


def _draw_elems(dice: Dice, program: Program) -> None:
    for index, table in enumerate(program.tables):
        count = dice.between(1, 4)
        items: list[int | None] = [None] * count
        if table.element == "funcref" and program.referable:
            items = [dice.pick(program.referable) if dice.chance(0.9) else None for _ in items]
        active = dice.chance(0.8)
        program.elems.append(
            Elem(table.element, items, index, dice.below(table.min - count + 1) if active else None)
        )


def _draw_plan(dice: Dice, program: Program) -> list[Invocation]:
    """Two or three calls of every exported function, with edges as arguments, on two instances in turn."""
    plan = []
    both = dice.chance(0.4)
    for _ in range(dice.between(2, 3)):
        for index, function in enumerate(program.functions):
            if not function.exported:
                continue
            args = tuple(_draw_argument(dice, type_) for type_ in function.type.params)
            plan.append(Invocation(dice.below(2) if both else 0, index + len(program.hosts), args))
    return plan


def _draw_argument(dice: Dice, type_: str) -> int | str | None:
    if type_ in v.CONST:
        return dice.number(type_)
    return dice.pick(_REFERENCES) if type_ == "externref" else None
