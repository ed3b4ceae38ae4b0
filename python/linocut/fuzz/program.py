"""A generated module as a tree, before it becomes bytes.

Every instruction knows what it takes from the stack and what it leaves there, so the
minimiser can replace any of them by drops and constants and still have a valid module.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut_isa import Opcode

Types = tuple[str, ...]
Code = list["Instr"]


@dataclass(frozen=True)
class Signature:
    """Parameters and results of a function or block."""

    params: Types
    results: Types


class Instr:
    """One instruction; `body` and `orelse` hold the inside of a block, loop or if."""

    __slots__ = ("body", "imm", "op", "orelse", "params", "results")

    def __init__(
        self,
        op: Opcode,
        imm: Any = None,
        params: Types = (),
        results: Types = (),
        body: Code | None = None,
        orelse: Code | None = None,
    ) -> None:
        self.op = op
        self.imm = imm
        self.params = params
        self.results = results
        self.body = body
        self.orelse = orelse

    def __repr__(self) -> str:
        return f"<{self.op.name} {self.imm}>"


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


@dataclass
class TableDef:
    """A table, perhaps imported and then shared by both instances."""

    element: str
    min: int
    max: int | None
    imported: bool


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
    globals: list[GlobalDef] = field(default_factory=list)
    elems: list[Elem] = field(default_factory=list)
    datas: list[Data] = field(default_factory=list)
    referable: list[int] = field(default_factory=list)  # functions that ref.func and segments may name
    fuel: int = 0  # index of the global that bounds calls and loops
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
    """Every instruction of a body, nested ones included."""
    for instr in code:
        yield instr
        if instr.body is not None:
            yield from walk(instr.body)
        if instr.orelse is not None:
            yield from walk(instr.orelse)
