"""linocut through its public API: the engine under test, or as an interpreter the one that is believed."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import linocut
from linocut import experiments
from linocut.fuzz.harness import Host, Thrown, Trapped, normal, to_python

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from linocut.fuzz.program import Program


class LinocutExecutor:
    """Loads, instantiates and calls as a user would.

    With `timeout`, calls end after so many seconds; `without` names switches of linocut.experiments; with
    `interpret`, modules get no machine code.
    """

    alike: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self, timeout: float | None = None, without: Sequence[str] = (), interpret: bool = False
    ) -> None:
        kind = "interpreter" if interpret else "linocut"
        self.name = " ".join([kind, *(f"without {name}" for name in without)])
        bits = experiments.bits_of(without, unsafe=True)
        self._load = partial(linocut.Module, without=bits, interpret=interpret)
        self._timeout = timeout

    def open(self, wasm: bytes, program: Program, hosts: list[Host]) -> LinocutSession:
        """Compile."""
        return LinocutSession(self._load(wasm), program, hosts, self._timeout)

    def accepts(self, wasm: bytes) -> tuple[bool, str]:
        """Compile: validation and compilation are one pass."""
        try:
            self._load(wasm)
        except linocut.ModuleError as error:
            return False, str(error)
        return True, ""


class LinocutSession:
    """A store, its host objects, and instances."""

    def __init__(
        self, module: linocut.Module, program: Program, hosts: list[Host], timeout: float | None
    ) -> None:
        self._store = linocut.Store()
        self._module = module
        self._timeout = timeout
        self._tags = [f"e{index}" for index in range(len(program.tags))]
        self._imports = {"host": _make_imports(program, hosts, self._store)}
        self._instances: list[Any] = []

    def instantiate(self) -> None:
        """Add an instance."""
        with self._translating():
            instance = self._module.instantiate(self._imports, store=self._store, timeout=self._timeout)
        self._instances.append(instance.exports)

    def call(self, instance: int, name: str, args: list[Any]) -> tuple[Any, ...]:
        """Call an export."""
        with self._translating():
            result = self._instances[instance][name](*args, timeout=self._timeout)
        return result if isinstance(result, tuple) else (result,)

    @contextmanager
    def _translating(self) -> Iterator[None]:
        """What ends a call, in the harness's words."""
        try:
            yield
        except linocut.Trap as trap:
            raise Trapped(trap.kind) from None
        except linocut.Timeout:
            raise Trapped("timeout") from None
        except linocut.WasmException as error:
            raise Thrown(self._index_of(error.tag), tuple(map(normal, error.values))) from None

    def _index_of(self, tag: object) -> int | None:
        """Of a tag of any instance. One whose start function throws shows none of its own."""
        for names in (self._imports["host"], *self._instances):
            for index, name in enumerate(self._tags):
                if name in names and names[name] == tag:
                    return index
        return None

    def set_global(self, instance: int, name: str, value: int) -> None:
        """Set a mutable number."""
        self._instances[instance][name].value = value

    def get_global(self, instance: int, name: str) -> Any:
        """A global's value."""
        return self._instances[instance][name].value

    def memory(self, instance: int) -> bytes:
        """A copy of the memory."""
        return bytes(memoryview(self._instances[instance]["mem"]))

    def table(self, instance: int, name: str, element: str) -> tuple[Any, ...]:
        """What the table holds."""
        table = self._instances[instance][name]
        items = (table[index] for index in range(len(table)))
        return tuple(items) if element == "externref" else tuple(item is None for item in items)


def _make_imports(program: Program, hosts: list[Host], store: linocut.Store) -> dict[str, Any]:
    imports: dict[str, Any] = {}
    for index, (host, type_) in enumerate(zip(hosts, program.hosts, strict=True)):
        function = _throwing(host, imports) if any(tag.by_host for tag in program.tags) else host
        signature = linocut.FuncType(type_.params, type_.results)
        imports[f"h{index}"] = linocut.Func(function, signature, store=store)
    for index, table in enumerate(program.tables):
        if table.imported:
            imports[f"t{index}"] = linocut.Table(table.element, table.min, table.max, address=table.address)
    if program.memory and program.memory.imported:
        memory = program.memory
        imports["mem"] = linocut.Memory(memory.min, memory.max, address=memory.address)
    for index, global_ in enumerate(program.globals):
        if global_.imported:
            global_type = linocut.GlobalType(global_.type, global_.mutable)
            number = None if global_.type.endswith("ref") else to_python(global_.type, global_.init[0].imm)
            imports[f"g{index}"] = linocut.Global(global_type, number)
    for index, tag in enumerate(program.tags):
        if tag.imported:
            imports[f"e{index}"] = linocut.Tag(linocut.TagType(tag.params))
    return imports


def _throwing(host: Host, imports: dict[str, Any]) -> Host:
    """A host function whose throws become linocut's, of the tags among the imports."""

    def throwing(*args: Any) -> Any:
        try:
            return host(*args)
        except Thrown as thrown:
            raise linocut.WasmException(imports[f"e{thrown.tag}"], thrown.values) from None

    return throwing
