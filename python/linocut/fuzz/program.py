"""A generated module as a tree, before it becomes bytes.

Every instruction knows what it takes from the stack and what it leaves there, so the
minimiser can replace any of them by drops and constants and still have a valid module.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from linocut_isa import Space, supported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from linocut_isa import Opcode

Types = tuple[str, ...]
Code = list["Instr"]


@dataclass(frozen=True)
class Signature:
    """Parameters and results of a function or block."""

    params: Types
    results: Types


class Instr:
    """One instruction; `body` holds the inside of a block, `arms` what follows that up to the end."""

    __slots__ = ("arms", "body", "imm", "op", "params", "results")

    def __init__(
        self,
        op: Opcode,
        imm: Any = None,
        params: Types = (),
        results: Types = (),
        body: Code | None = None,
        arms: list[Arm] | None = None,
    ) -> None:
        self.op = op
        self.imm = imm
        self.params = params
        self.results = results
        self.body = body
        self.arms = arms or []

    def __repr__(self) -> str:
        return f"<{self.op.name} {self.imm}>"

    @property
    def block(self) -> Signature:
        """A block's type."""
        type_: Signature = self.imm if isinstance(self.imm, Signature) else self.imm[0]
        return type_

    @property
    def insides(self) -> list[Inside]:
        """A block's lists of instructions, with the types that they begin with."""
        if self.body is None:
            return []
        arms = self.arms[:-1] if self.is_delegated else self.arms
        return [(self.body, self.block.params), *((arm.code, arm.head.results) for arm in arms)]

    @property
    def is_delegated(self) -> bool:
        """Whether its last arm stands for the end."""
        return bool(self.arms) and self.arms[-1].head.op.name == "delegate"

    @property
    def labels(self) -> list[int]:
        """Those that the instruction names, seen from where it stands."""
        return _LABELS_OF.get(self.op.name, _no_labels)(self.imm)

    def relabel(self, change: Callable[[int], int]) -> None:
        """Put others in their place."""
        if self.op.name in _RELABELLED:
            self.imm = _RELABELLED[self.op.name](self.imm, change)


@dataclass
class Arm:
    """What follows a block's body: `else` or `catch`, which leaves its results to the code; or `delegate`."""

    head: Instr
    code: Code


Inside = tuple[Code, Types]


def _no_labels(_: Any) -> list[int]:
    return []


def _relabel_clauses(imm: Any, change: Callable[[int], int]) -> Any:
    type_, clauses = imm
    return type_, tuple((*clause[:-1], change(clause[-1])) for clause in clauses)


# A program has one value for all immediates of an opcode: of several, a tuple.
_LABELS_IN: dict[Space, Callable[[Any], list[int]]] = {
    Space.LABEL: lambda label: [label],
    Space.LABELS: list,
    Space.CATCHES: lambda imm: [clause[-1] for clause in imm[1]],
}
_RELABELLED_IN: dict[Space, Callable[[Any, Callable[[int], int]], Any]] = {
    Space.LABEL: lambda label, change: change(label),
    Space.LABELS: lambda labels, change: [change(label) for label in labels],
    Space.CATCHES: _relabel_clauses,
}
_LABELS_OF = {row.name: _LABELS_IN[s] for row in supported() for s in row.spaces if s in _LABELS_IN}
_RELABELLED = {row.name: _RELABELLED_IN[s] for row in supported() for s in row.spaces if s in _RELABELLED_IN}


@dataclass
class Function:
    """A defined function; locals exclude the parameters."""

    type: Signature
    locals: list[str]
    body: Code
    exported: bool = True


@dataclass
class MemoryDef:
    """The memory: limits in pages; an imported one is shared by both instances."""

    min: int
    max: int | None
    imported: bool
    address: str = "i32"


@dataclass
class TableDef:
    """A table, perhaps imported and then shared by both instances."""

    element: str
    min: int
    max: int | None
    imported: bool
    address: str = "i32"

    @property
    def exported(self) -> bool:
        """Python has no values of exnref."""
        return self.element != "exnref"


@dataclass
class TagDef:
    """A tag; host functions may throw an imported one."""

    params: Types
    imported: bool
    by_host: bool = False


@dataclass
class GlobalDef:
    """A global; `init` is a constant expression, for an imported one a single constant."""

    type: str
    mutable: bool
    init: Code
    imported: bool
    exported: bool = True


@dataclass
class Elem:
    """An element segment: active at `offset`, else passive. Items are function indices or None."""

    type: str
    items: list[int | None]
    table: int = 0
    offset: int | None = None


@dataclass
class Data:
    """A data segment: active at `offset`, else passive."""

    content: bytes
    offset: int | None = None


@dataclass(frozen=True)
class Invocation:
    """One call of the plan; floats and integers are given as numbers, references as text or None."""

    instance: int
    function: int
    args: tuple[Any, ...]


@dataclass
class Program:
    """A module and the calls to make on two instances of it."""

    seed: int
    hosts: list[Signature] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    memory: MemoryDef | None = None
    tables: list[TableDef] = field(default_factory=list)
    tags: list[TagDef] = field(default_factory=list)
    globals: list[GlobalDef] = field(default_factory=list)
    elems: list[Elem] = field(default_factory=list)
    datas: list[Data] = field(default_factory=list)
    referable: list[int] = field(default_factory=list)  # functions that ref.func and segments may name
    fuel: int | None = 0  # index of the global that bounds calls and loops; None: they are bounded otherwise
    start: int | None = None  # function index
    plan: list[Invocation] = field(default_factory=list)

    def signature(self, index: int) -> Signature:
        """The type of a function by its index, imports first."""
        if index < len(self.hosts):
            return self.hosts[index]
        return self.functions[index - len(self.hosts)].type

    @property
    def size(self) -> int:
        """How many instructions there are."""
        return sum(1 for function in self.functions for _ in walk(function.body))


def walk(code: Code) -> Iterator[Instr]:
    """Every instruction of a body, nested ones and heads of arms included."""
    for instr in code:
        yield instr
        if instr.body is not None:
            yield from walk(instr.body)
            for arm in instr.arms:
                yield arm.head
                yield from walk(arm.code)
