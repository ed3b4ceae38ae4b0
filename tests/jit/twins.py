"""The same module in linocut and in wasmtime, with the same calls made in both."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import linocut
import wasmtime
from linocut.text.wat import wat_to_wasm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Call = tuple[Any, ...]

_KINDS = {
    wasmtime.TrapCode.STACK_OVERFLOW: "stack_exhausted",
    wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS: "out_of_bounds_memory",
    wasmtime.TrapCode.TABLE_OUT_OF_BOUNDS: "undefined_element",
    wasmtime.TrapCode.INDIRECT_CALL_TO_NULL: "uninitialized_element",
    wasmtime.TrapCode.BAD_SIGNATURE: "indirect_call_type_mismatch",
    wasmtime.TrapCode.INTEGER_OVERFLOW: "integer_overflow",
    wasmtime.TrapCode.INTEGER_DIVISION_BY_ZERO: "integer_divide_by_zero",
    wasmtime.TrapCode.BAD_CONVERSION_TO_INTEGER: "invalid_conversion",
    wasmtime.TrapCode.UNREACHABLE: "unreachable",
}
Outcome = tuple[Any, ...] | str


def _engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    config.cranelift_opt_level = "none"
    return wasmtime.Engine(config)


ENGINE = _engine()


class Twins:
    """An instance in each engine; host functions are made from the same callables."""

    def __init__(
        self, source: str | bytes, host: dict[str, tuple[str, str, Callable[..., Any]]] | None = None
    ) -> None:
        wasm = source if isinstance(source, bytes) else wat_to_wasm(source)
        host = host or {}
        self.module = linocut.load(wasm)
        self.exports = self.module.instantiate(
            {"host": {name: f for name, (_, _, f) in host.items()}}
        ).exports
        self._store = wasmtime.Store(ENGINE)
        module = wasmtime.Module(ENGINE, wasm)
        imports = [self._host_function(*host[entry.name or ""]) for entry in module.imports]
        self._other = wasmtime.Instance(self._store, module, imports).exports(self._store)

    def _host_function(self, params: str, results: str, callable: Callable[..., Any]) -> wasmtime.Func:
        def types(names: str) -> list[wasmtime.ValType]:
            return [getattr(wasmtime.ValType, name)() for name in names.split()]

        return wasmtime.Func(self._store, wasmtime.FuncType(types(params), types(results)), callable)

    def ours(self, name: str, *args: Any) -> Outcome:
        """What linocut gives: values, with all NaNs made equal, or "trap: kind"."""
        try:
            return _canonical(self.exports[name](*args))
        except linocut.Trap as trap:
            return f"trap: {trap.kind}"

    def theirs(self, name: str, *args: Any) -> Outcome:
        """What wasmtime gives, in the same terms."""
        try:
            return _canonical(self._other[name](self._store, *args))
        except wasmtime.Trap as trap:
            return f"trap: {_KINDS.get(trap.trap_code, trap.trap_code)}"

    def agree(self, calls: Iterable[Call]) -> None:
        """Make each call (name, arguments…) in both; they must give the same."""
        for name, *args in calls:
            ours, theirs = self.ours(name, *args), self.theirs(name, *args)
            assert ours == theirs, f"{name}{tuple(args)} gives {ours}, wasmtime {theirs}"


def agree(source: str | bytes, calls: Iterable[Call]) -> None:
    """The module gives the same in both engines, call by call."""
    Twins(source).agree(calls)


def _canonical(result: Any) -> Outcome:
    values = result if isinstance(result, tuple | list) else () if result is None else (result,)
    return tuple(_bits(value) for value in values)


def _bits(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return "nan" if value != value else struct.pack("<d", value)
