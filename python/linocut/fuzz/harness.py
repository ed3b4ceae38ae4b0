"""Runs a program in one engine and notes everything that can be seen of it.

An engine is an executor with the few verbs of `Session`; nothing here knows which one runs.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from linocut.fuzz.generate import FUEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linocut.fuzz.program import Invocation, Program, Types

Host = Callable[..., Any]
ANY_EXCEPTION = "exception"


class Trapped(Exception):  # noqa: N818 - a trap, as WebAssembly calls it
    """The guest trapped; the argument is the kind, in the words of `linocut_isa.Trap`."""

    @property
    def kind(self) -> str:
        """The trap's name."""
        return str(self.args[0])


class Thrown(Exception):  # noqa: N818 - a throw, as WebAssembly calls it
    """An exception of WebAssembly's: one that nobody caught, or one that a host function throws.

    `tag` is the index of a tag of the program, None where an engine does not tell.
    """

    def __init__(self, tag: int | None = None, values: tuple[Any, ...] = ()) -> None:
        self.tag = tag
        self.values = values
        super().__init__(tag, values)


class HostError(Exception):
    """What a host function raises now and then: it must cross the guest and come out as itself."""


class Session(Protocol):
    """One loaded module with its host objects, and up to two instances of it."""

    def instantiate(self) -> None:
        """Add an instance; raises Trapped or Thrown."""

    def call(self, instance: int, name: str, args: list[Any]) -> tuple[Any, ...]:
        """Call an export; raises Trapped or Thrown."""

    def set_global(self, instance: int, name: str, value: int) -> None:
        """Set a mutable number."""

    def get_global(self, instance: int, name: str) -> Any:
        """A number; for a reference, whether it is null."""

    def memory(self, instance: int) -> bytes:
        """The whole memory."""

    def table(self, instance: int, name: str, element: str) -> tuple[Any, ...]:
        """Its items: externrefs as they are, functions as whether they are null."""


class Executor(Protocol):
    """Something that runs WebAssembly."""

    name: str
    alike: ClassVar[Mapping[str, str]]
    """Kinds of traps that it does not tell from another kind, which stands for both."""

    def open(self, wasm: bytes, program: Program, hosts: list[Host]) -> Session:
        """Compile the module and make what it imports."""

    def accepts(self, wasm: bytes) -> tuple[bool, str]:
        """Whether the bytes are a valid module, and if not, why."""


@dataclass
class Outcome:
    """What could be seen of a run, in comparable form, by name."""

    seen: dict[str, Any] = field(default_factory=dict)
    exhausted: bool = False  # where the stack ends differs between engines: such runs are not compared


def run(engine: Executor, wasm: bytes, program: Program) -> Outcome:
    """Carry out the program's plan."""
    outcome = Outcome()
    trace: list[Any] = []
    tags = [index for index, tag in enumerate(program.tags) if tag.by_host]
    hosts = [_make_host(program, index, tags, trace) for index in range(len(program.hosts))]
    session = engine.open(wasm, program, hosts)
    instances = 1 + max((call.instance for call in program.plan), default=0)
    for index in range(instances):
        outcome.seen[f"instantiate {index}"] = _attempt(outcome, session.instantiate)
    if any(value is not None for value in outcome.seen.values()):
        return outcome  # a trap in a segment or start function: nothing to call
    for number, call in enumerate(program.plan):
        outcome.seen[f"call {number}: f{call.function}"] = _call(session, program, call, outcome)
    for index in range(instances):
        _look(session, index, program, outcome)
    outcome.seen["host calls"] = trace
    return outcome


def _call(session: Session, program: Program, call: Invocation, outcome: Outcome) -> Any:
    """The results of one call, or its trap."""
    if program.fuel is not None:
        session.set_global(call.instance, f"g{program.fuel}", FUEL)
    types = program.signature(call.function).params
    args = [to_python(type_, arg) for type_, arg in zip(types, call.args, strict=True)]

    def invoke() -> Any:
        return tuple(normal(value) for value in session.call(call.instance, f"f{call.function}", args))

    return _attempt(outcome, invoke)


def _attempt(outcome: Outcome, action: Callable[[], Any]) -> Any:
    try:
        return action()
    except Trapped as trap:
        outcome.exhausted |= trap.kind == "stack_exhausted"
        return f"trap: {trap.kind}"
    except Thrown as thrown:
        return ANY_EXCEPTION if thrown.tag is None else f"{ANY_EXCEPTION}: e{thrown.tag}{thrown.values}"
    except HostError as error:
        return f"host error: {error}"


def _look(session: Session, index: int, program: Program, outcome: Outcome) -> None:
    """Note the state that an instance is in."""
    if program.memory:
        outcome.seen[f"memory of {index}"] = session.memory(index)
    for number, global_ in enumerate(program.globals):
        if global_.exported:
            outcome.seen[f"global {number} of {index}"] = normal(session.get_global(index, f"g{number}"))
    for number, table in enumerate(program.tables):
        if table.exported:
            outcome.seen[f"table {number} of {index}"] = session.table(index, f"t{number}", table.element)


def normal(value: Any) -> Any:
    """A value such that equality is what matters: NaNs as a class, zeros by their sign."""
    if isinstance(value, float):
        return "nan" if value != value else struct.pack("<d", value).hex()
    if isinstance(value, bytes):
        return value.hex()
    if value is None or isinstance(value, int | str):
        return value
    return "function"


def to_python(type_: str, value: Any) -> Any:
    """A generated number or vector as the Python value that stands for it."""
    if type_ == "f32":
        return struct.unpack("<f", struct.pack("<I", value))[0]
    if type_ == "f64":
        return struct.unpack("<d", struct.pack("<Q", value))[0]
    return value.to_bytes(16, "little") if type_ == "v128" else value


def _make_host(program: Program, index: int, tags: list[int], trace: list[Any]) -> Host:
    """A host function that notes its arguments and answers with a hash of them, or raises or throws."""
    results = program.hosts[index].results

    def host(*args: Any) -> Any:
        seen = tuple(normal(arg) for arg in args)
        trace.append((index, seen))
        mixed = zlib.crc32(repr(seen).encode())
        if mixed % 16 == 0:
            raise HostError(mixed)
        if tags and mixed % 16 < 4:
            tag = tags[mixed % len(tags)]
            raise Thrown(tag, _answers(program.tags[tag].params, mixed, args))
        answers = _answers(results, mixed, args)
        return answers[0] if len(answers) == 1 else answers or None

    return host


def _answers(types: Types, mixed: int, args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(_answer(type_, mixed, args) for type_ in types)


def _answer(type_: str, mixed: int, args: tuple[Any, ...]) -> Any:
    if type_ == "i32":
        return mixed - 0x80000000
    if type_ == "i64":
        return mixed * 0x1000001 - 0x80000000000000
    if type_ in ("f32", "f64"):
        return (mixed & 0xFFFFF) / 16 - 1000.0
    if type_ == "v128":
        return struct.pack("<4I", *(mixed ^ lane for lane in range(4)))
    if type_ == "externref":
        return next((arg for arg in args if isinstance(arg, str)), None)
    return None
