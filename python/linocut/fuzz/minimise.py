"""Makes a failing program small: delta debugging on the tree.

Any run of instructions can be replaced by drops of what it takes and constants for what it
gives, so every candidate is valid; what that leaves behind, the clean-up folds away. A
candidate is kept when it is smaller and still fails in the same way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from linocut.fuzz import vocabulary as v
from linocut.fuzz.program import Arm, Code, Function, Instr, Program, Types, walk

Fails = Callable[[Program], bool]
_CONSTANTS = {row.name for row in v.CONST.values()}
_PUSHES = {"local.get", "global.get", "ref.null", "ref.func"} | _CONSTANTS


def minimise(program: Program, fails: Fails, seconds: float = 60.0) -> Program:
    """The smallest program found in that time that still fails."""
    return _Minimiser(fails, time.monotonic() + seconds).run(clone(program))


def shortened(data: bytes, fails: Callable[[bytes], bool], seconds: float) -> bytes:
    """What is left of the bytes when runs of them have been taken out, as long as it still fails."""
    deadline = time.monotonic() + seconds
    size = len(data)
    while size and time.monotonic() < deadline:
        for start in range(0, len(data), size):
            less = data[:start] + data[start + size :]
            if fails(less):
                data = less
                break
            if time.monotonic() > deadline:
                return data
        else:
            size //= 2
    return data


def clone(program: Program) -> Program:
    """A copy whose bodies can be edited."""
    functions = [replace(f, locals=list(f.locals), body=clone_code(f.body)) for f in program.functions]
    return replace(
        program,
        functions=functions,
        plan=list(program.plan),
        elems=[replace(e, items=list(e.items)) for e in program.elems],
        datas=[replace(d) for d in program.datas],
    )


def clone_code(code: Code) -> Code:
    """A copy of a body."""
    return [_clone(instr) for instr in code]


def _clone(instr: Instr) -> Instr:
    body = None if instr.body is None else clone_code(instr.body)
    arms = [Arm(_clone(arm.head), clone_code(arm.code)) for arm in instr.arms]
    return Instr(instr.op, instr.imm, instr.params, instr.results, body, arms)


def cost(program: Program) -> int:
    """What is minimised: constants count least, so that replacing by them is progress."""
    instructions = sum(_WEIGHT.get(i.op.name, 4) for f in program.functions for i in walk(f.body))
    sizes = sum(len(e.items) for e in program.elems) + sum(len(d.content) for d in program.datas)
    numbers = sum(1 for f in program.functions for i in walk(f.body) if i.op.name in _CONSTANTS and i.imm)
    numbers += sum(_clauses(i) for f in program.functions for i in walk(f.body))
    locals_ = sum(len(f.locals) for f in program.functions)
    return instructions * 4 + len(program.plan) * 8 + sizes + numbers + locals_ + 8 * len(program.functions)


_WEIGHT = {"drop": 1, "nop": 1, "local.get": 2, "global.get": 3} | dict.fromkeys({"ref.null"} | _CONSTANTS, 1)


class _Minimiser:
    def __init__(self, fails: Fails, deadline: float) -> None:
        self.fails = fails
        self.deadline = deadline

    def run(self, program: Program) -> Program:
        """All passes, over and over, until nothing helps."""
        while time.monotonic() < self.deadline:
            before = cost(program)
            for edits in _PASSES:
                program = self.apply(program, edits)
            if cost(program) == before:
                break
        return program

    def apply(self, program: Program, edits: Callable[[Program], Iterator[Program]]) -> Program:
        """Take the first candidate that helps, then ask for candidates of that one, from where it was."""
        position = 0
        while time.monotonic() < self.deadline:
            for index, candidate in enumerate(edits(program)):
                if index < position or cost(candidate) >= cost(program):
                    continue
                if self.fails(candidate):
                    program, position = candidate, index
                    break
                if time.monotonic() > self.deadline:
                    return program
            else:
                if position == 0:
                    return program
                position = 0
        return program


def _drop_calls(program: Program) -> Iterator[Program]:
    """Fewer calls in the plan: halves, quarters, … one."""
    for start, end in _ranges(len(program.plan)):
        if end - start < len(program.plan):
            candidate = clone(program)
            del candidate.plan[start:end]
            yield candidate


def _ranges(length: int) -> Iterator[tuple[int, int]]:
    """Runs of a list, the long ones first."""
    size = length
    while size:
        yield from ((start, min(start + size, length)) for start in range(0, length, size))
        size //= 2


def _empty_functions(program: Program) -> Iterator[Program]:
    """Bodies that only give constants; and away with the last function when nobody names it."""
    for index, function in enumerate(program.functions):
        candidate = clone(program)
        candidate.functions[index].body = _constants(function.type.results)
        yield candidate
    last = len(program.hosts) + len(program.functions) - 1
    if len(program.functions) > 1 and last not in _named(program):
        candidate = clone(program)
        candidate.functions.pop()
        candidate.referable = [index for index in program.referable if index != last]
        yield candidate


def _named(program: Program) -> set[int | None]:
    """Functions that something refers to."""
    named = {call.function for call in program.plan} | {program.start}
    named |= {item for segment in program.elems for item in segment.items if item is not None}
    for function in program.functions:
        named |= {i.imm for i in walk(function.body) if i.op.name in ("call", "ref.func")}
    return named


def _constants(types: Types) -> Code:
    return [
        Instr(v.CONST[t], 0, (), (t,)) if t in v.CONST else Instr(v.NAMED["ref.null"], t, (), (t,))
        for t in types
    ]


# ── instructions ─────────────────────────────────────────────────────────────
def _lists(program: Program) -> Iterator[tuple[Code, Types, Types]]:
    """Every instruction list with what its frame starts and ends with, outer ones first."""
    for function in program.functions:
        yield from _lists_of(function.body, (), function.type.results)


def _lists_of(code: Code, start: Types, end: Types) -> Iterator[tuple[Code, Types, Types]]:
    yield code, start, end
    for instr in code:
        for inside, types in instr.insides:
            yield from _lists_of(inside, types, instr.block.results)


def _stub_chunks(program: Program) -> Iterator[Program]:
    """A run of instructions gives way to drops and constants."""
    for number, (code, start, end) in enumerate(_lists(program)):
        for first, last in _ranges(len(code)):
            stub = _stub(code, first, last, start, end)
            if stub is not None:
                candidate = clone(program)
                inside = next(c for n, (c, _, _) in enumerate(_lists(candidate)) if n == number)
                inside[first:last] = stub
                for function in candidate.functions:
                    function.body = _clean(function.body)
                yield candidate


def _stub(code: Code, first: int, last: int, start: Types, end: Types) -> Code | None:
    """Drops and constants with the effect of code[first:last]; None when that is not known."""
    stack: list[str] = []
    taken: list[str] = []  # from below, the topmost first
    for instr in code[first:last]:
        for type_ in reversed(instr.params):
            if stack:
                stack.pop()
            else:
                taken.append(type_)
        if instr.op.never_goes_on:
            return _stub_to_end(code, first, start, end)
        stack += instr.results
    return [Instr(v.NAMED["drop"], None, (t,), ()) for t in taken] + _constants(tuple(stack))


def _stub_to_end(code: Code, first: int, start: Types, end: Types) -> Code | None:
    """Replace all from code[first] on, a branch included, by what the frame must end with."""
    stack = list(start)
    for instr in code[:first]:
        if instr.op.never_goes_on or len(instr.params) > len(stack):
            return None
        del stack[len(stack) - len(instr.params) :]
        stack += instr.results
    drops = [Instr(v.NAMED["drop"], None, (t,), ()) for t in reversed(stack)]
    return drops + _constants(end) if len(code) > first else None


def _clean(code: Code) -> Code:
    """Fold away dead code, and values that are dropped as soon as they are made."""
    out: Code = []
    for instr in code:
        if instr.body is not None:
            instr.body = _clean(instr.body)
        for arm in instr.arms:
            arm.code = _clean(arm.code)
        if instr.op.name == "drop":
            _drop_onto(out, instr)
        elif instr.op.name != "nop":
            out.append(instr)
        if instr.op.never_goes_on:
            break
    return _without_pairs(out)


def _without_pairs(code: Code) -> Code:
    """Without what is pushed and, whatever happens between, dropped."""
    makers: list[int | None] = []  # of the values on the stack
    gone: set[int] = set()
    for index, instr in enumerate(code):
        taken = [makers.pop() if makers else None for _ in instr.params]
        if instr.op.name == "drop" and taken[0] is not None and code[taken[0]].op.name in _PUSHES:
            gone |= {index, taken[0]}
        makers += [index] * len(instr.results)
    return [instr for index, instr in enumerate(code) if index not in gone]


def _drop_onto(out: Code, drop: Instr) -> None:
    """Append a drop, or rather take away what it drops."""
    if not out or len(out[-1].results) != 1 or out[-1].body is not None:
        out.append(drop)
        return
    name = out[-1].op.name
    if name in _PUSHES:
        out.pop()
    elif name == "local.tee":
        last = out.pop()
        out.append(Instr(v.NAMED["local.set"], last.imm, last.params, ()))
    elif out[-1].op.is_plain or name in ("select", "select_t"):
        for type_ in reversed(out.pop().params):
            _drop_onto(out, Instr(drop.op, None, (type_,), ()))
    else:
        out.append(drop)


def _unwrap(program: Program) -> Iterator[Program]:
    """A block gives way to its inside, when no branch needs it; an if to one of its arms."""
    for number, (code, _, _) in enumerate(_lists(program)):
        for index, instr in enumerate(code):
            for arm, types in instr.insides:
                if _targets(arm, 0):
                    continue
                candidate = clone(program)
                inside = next(c for n, (c, _, _) in enumerate(_lists(candidate)) if n == number)
                unwrapped = clone_code(arm)
                _lower(unwrapped, 0)
                inside[index : index + 1] = _instead(instr.params, types) + unwrapped
                for function in candidate.functions:
                    function.body = _clean(function.body)
                yield candidate


def _instead(taken: Types, given: Types) -> Code:
    """What makes the values that an arm begins with of those that its block takes."""
    kept = len(given) if taken[: len(given)] == given else 0
    drops = [Instr(v.NAMED["drop"], None, (t,), ()) for t in reversed(taken[kept:])]
    return drops + _constants(given[kept:])


def _targets(code: Code, depth: int) -> bool:
    """Whether the block at that depth is branched to, or ends in dead code, which must not spread."""
    for instr in code:
        named = [*instr.labels, *(label for arm in instr.arms for label in arm.head.labels)]
        if depth in named or (depth == 0 and instr.op.never_goes_on):
            return True
        if any(_targets(inside, depth + 1) for inside, _ in instr.insides):
            return True
    return False


def _lower(code: Code, depth: int) -> None:
    """Branches that leave the block at that depth have one block less to leave."""
    for instr in code:
        for named in (instr, *(arm.head for arm in instr.arms)):
            named.relabel(lambda label: label - (label > depth))
        for inside, _ in instr.insides:
            _lower(inside, depth + 1)


def _drop_clauses(program: Program) -> Iterator[Program]:
    """A try catches less."""
    for index, function in enumerate(program.functions):
        for position, instr in enumerate(walk(function.body)):
            for number in range(len(instr.arms) if instr.op.name == "try" else _clauses(instr)):
                candidate = clone(program)
                _drop_clause(list(walk(candidate.functions[index].body))[position], number)
                yield candidate


def _clauses(instr: Instr) -> int:
    return len(instr.imm[1]) if instr.op.name == "try_table" else 0


def _drop_clause(instr: Instr, number: int) -> None:
    if instr.arms:
        del instr.arms[number]
    else:
        type_, clauses = instr.imm
        instr.imm = type_, clauses[:number] + clauses[number + 1 :]


# ── the rest ─────────────────────────────────────────────────────────────────
def _shrink_rest(program: Program) -> Iterator[Program]:
    """Empty segments; no locals that nothing names."""
    for index in range(len(program.elems)):
        candidate = clone(program)
        candidate.elems[index].items.clear()
        yield candidate
    for index in range(len(program.datas)):
        candidate = clone(program)
        candidate.datas[index].content = b""
        yield candidate
    for index in range(len(program.functions)):
        candidate = clone(program)
        _drop_unused_locals(candidate.functions[index])
        yield candidate


def _drop_unused_locals(function: Function) -> None:
    instructions = [i for i in walk(function.body) if i.op.name.startswith("local.")]
    used = {i.imm for i in instructions}
    params = len(function.type.params)
    kept = [*range(params), *(params + n for n in range(len(function.locals)) if params + n in used)]
    moved = {old: new for new, old in enumerate(kept)}
    function.locals = [function.locals[old - params] for old in kept[params:]]
    for instr in instructions:
        instr.imm = moved[instr.imm]


def _zero_constants(program: Program) -> Iterator[Program]:
    """Constants that could as well be 0."""
    for index, function in enumerate(program.functions):
        for position, instr in enumerate(walk(function.body)):
            if instr.op.name in _CONSTANTS and instr.imm:
                candidate = clone(program)
                list(walk(candidate.functions[index].body))[position].imm = 0
                yield candidate


_PASSES = (
    *(_drop_calls, _empty_functions, _stub_chunks, _unwrap, _drop_clauses, _shrink_rest),
    _zero_constants,
)
