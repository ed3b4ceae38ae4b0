"""The reference engine: PyPI wasmtime, restricted to the features that are under test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import wasmtime
from wasmtime import TrapCode

from linocut.fuzz.harness import Host, Thrown, Trapped, to_python
from linocut_isa.features import feature

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linocut.fuzz.program import Program

_KINDS = {
    TrapCode.STACK_OVERFLOW: "stack_exhausted",
    TrapCode.MEMORY_OUT_OF_BOUNDS: "out_of_bounds_memory",
    TrapCode.ATOMIC_WAIT_NON_SHARED_MEMORY: "expected_shared_memory",
    TrapCode.HEAP_MISALIGNED: "unaligned_atomic",
    TrapCode.TABLE_OUT_OF_BOUNDS: "out_of_bounds_table",
    TrapCode.INDIRECT_CALL_TO_NULL: "uninitialized_element",
    TrapCode.BAD_SIGNATURE: "indirect_call_type_mismatch",
    TrapCode.INTEGER_OVERFLOW: "integer_overflow",
    TrapCode.INTEGER_DIVISION_BY_ZERO: "integer_divide_by_zero",
    TrapCode.BAD_CONVERSION_TO_INTEGER: "invalid_conversion",
    TrapCode.UNREACHABLE: "unreachable",
    TrapCode.NULL_REFERENCE: "null_exception",
}
# What has a switch of its own there, by the feature's name: what linocut refuses, the reference must refuse.
_SWITCHES = {
    "tail-call": "wasm_tail_call",
    "multi-memory": "wasm_multi_memory",
    "memory64": "wasm_memory64",
    "relaxed-simd": "wasm_relaxed_simd",
    "threads": "wasm_threads",
    "gc": "wasm_gc",
    "function-references": "wasm_function_references",
    "exception-handling": "wasm_exceptions",
    "simd": "wasm_simd",
    "custom-page-sizes": "wasm_custom_page_sizes",
    "wide-arithmetic": "wasm_wide_arithmetic",
}
_OFF = tuple(switch for name, switch in _SWITCHES.items() if not feature(name).is_supported)
_TOO_LONG = "invalid var_u32: integer representation too long"


class WasmtimeExecutor:
    """Cranelift without optimisation by default: the reference is right either way, and compiles faster."""

    alike: ClassVar[Mapping[str, str]] = {}

    def __init__(self, opt_level: str = "none") -> None:
        self.name = f"wasmtime-{opt_level}"
        self._engine = _engine(opt_level, _OFF)
        self._wide = _engine(opt_level, [switch for switch in _OFF if switch != "wasm_memory64"])

    def open(self, wasm: bytes, program: Program, hosts: list[Host]) -> WasmtimeSession:
        """Compile."""
        return WasmtimeSession(self._engine, wasm, program, hosts)

    def accepts(self, wasm: bytes) -> tuple[bool, str]:
        """Validate only. A memarg's offset may be as long as where memories may have 64 bits (3.0)."""
        accepted, why = _validated(self._engine, wasm)
        return _validated(self._wide, wasm) if _TOO_LONG in why else (accepted, why)


def _engine(opt_level: str, off: Iterable[str]) -> wasmtime.Engine:
    config = wasmtime.Config()
    config.cranelift_opt_level = opt_level
    config.parallel_compilation = False  # no threads, so that a worker may fork
    for switch in off:
        setattr(config, switch, False)
    return wasmtime.Engine(config)


def _validated(engine: wasmtime.Engine, wasm: bytes) -> tuple[bool, str]:
    try:
        wasmtime.Module.validate(engine, wasm)
    except wasmtime.WasmtimeError as error:
        return False, str(error)
    return True, ""


class WasmtimeSession:
    """A store, its host objects, and instances. Values of v128 cannot pass to and from Python there."""

    def __init__(self, engine: wasmtime.Engine, wasm: bytes, program: Program, hosts: list[Host]) -> None:
        self._store = wasmtime.Store(engine)
        self._module = wasmtime.Module(engine, wasm)
        self._imports = _make_imports(self._store, program, hosts)
        self._instances: list[Any] = []

    def instantiate(self) -> None:
        """Add an instance."""
        try:
            instance = wasmtime.Instance(self._store, self._module, self._imports)
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            raise _translated(error) from None
        self._instances.append(instance.exports(self._store))

    def call(self, instance: int, name: str, args: list[Any]) -> tuple[Any, ...]:
        """Call an export."""
        try:
            result = self._instances[instance][name](self._store, *args)
        except wasmtime.Trap as trap:
            raise _translated(trap) from None
        return tuple(result) if isinstance(result, list) else (result,)

    def set_global(self, instance: int, name: str, value: int) -> None:
        """Set a mutable number."""
        self._instances[instance][name].set_value(self._store, value)

    def get_global(self, instance: int, name: str) -> Any:
        """A global's value."""
        return _unwrapped(self._instances[instance][name].value(self._store))

    def memory(self, instance: int) -> bytes:
        """A copy of the memory."""
        memory = self._instances[instance]["mem"]
        return bytes(memory.read(self._store))

    def table(self, instance: int, name: str, element: str) -> tuple[Any, ...]:
        """What the table holds."""
        table, store = self._instances[instance][name], self._store
        items = (_unwrapped(table.get(store, index)) for index in range(table.size(store)))
        return tuple(items) if element == "externref" else tuple(item is None for item in items)


def _unwrapped(value: Any) -> Any:
    """Tables and globals give a null reference as a Val that holds None."""
    return value.value if isinstance(value, wasmtime.Val) else value


def _translated(error: wasmtime.Trap | wasmtime.WasmtimeError) -> Exception:
    """What a call ended with, in the harness's words; of an exception it cannot be told which."""
    if "thrown Wasm exception" in str(error):
        return Thrown()
    return _trapped(error) if isinstance(error, wasmtime.Trap) else error


def _trapped(trap: wasmtime.Trap) -> Trapped:
    return Trapped(_KINDS.get(trap.trap_code, str(trap.trap_code)) if trap.trap_code else str(trap))


def _value_type(name: str) -> wasmtime.ValType:
    type_: wasmtime.ValType = getattr(wasmtime.ValType, name)()
    return type_


def _make_imports(store: wasmtime.Store, program: Program, hosts: list[Host]) -> list[Any]:
    """In the order in which encode.py writes them."""
    imports: list[Any] = []
    for host, type_ in zip(hosts, program.hosts, strict=True):
        params, results = map(_value_type, type_.params), map(_value_type, type_.results)
        imports.append(wasmtime.Func(store, wasmtime.FuncType(list(params), list(results)), host))
    for table in program.tables:
        if table.imported:
            limits = wasmtime.Limits(table.min, table.max)
            imports.append(
                wasmtime.Table(store, wasmtime.TableType(_value_type(table.element), limits), None)
            )
    if program.memory and program.memory.imported:
        limits = wasmtime.Limits(program.memory.min, program.memory.max)
        wide = program.memory.address == "i64"
        imports.append(wasmtime.Memory(store, wasmtime.MemoryType(limits, is_64=wide)))
    for global_ in program.globals:
        if global_.imported:
            global_type = wasmtime.GlobalType(_value_type(global_.type), global_.mutable)
            init = global_.init[0]
            value = None if global_.type.endswith("ref") else to_python(global_.type, init.imm)
            imports.append(wasmtime.Global(store, global_type, _val(global_.type, value)))
    for tag in program.tags:
        if tag.imported:
            signature = wasmtime.FuncType([_value_type(type_) for type_ in tag.params], [])
            imports.append(wasmtime.Tag(store, wasmtime.TagType(signature)))
    return imports


def _val(type_: str, value: Any) -> wasmtime.Val:
    made: wasmtime.Val = getattr(wasmtime.Val, type_)(value)
    return made
