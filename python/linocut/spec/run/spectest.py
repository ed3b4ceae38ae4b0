"""The host module "spectest" that the suite's modules import from, as the reference interpreter has it."""

from __future__ import annotations

import linocut

_PRINTED = {
    "print": (),
    "print_i32": ("i32",),
    "print_i64": ("i64",),
    "print_f32": ("f32",),
    "print_f64": ("f64",),
    "print_i32_f32": ("i32", "f32"),
    "print_f64_f64": ("f64", "f64"),
}
_GLOBALS: dict[str, int | float] = {"i32": 666, "i64": 666, "f32": 666.6, "f64": 666.6}


def spectest(store: linocut.Store) -> dict[str, object]:
    """Fresh objects for one script: a table or memory must not carry what another script wrote."""
    module: dict[str, object] = {
        "table": linocut.Table("funcref", 10, 20),
        "table64": linocut.Table("funcref", 10, 20, address="i64"),
        "memory": linocut.Memory(1, 2),
        "shared_memory": linocut.Memory(1, 2, shared=True),
    }
    for type_, value in _GLOBALS.items():
        module[f"global_{type_}"] = linocut.Global(linocut.GlobalType(type_), value)
    for name, params in _PRINTED.items():
        module[name] = linocut.Func(_print, linocut.FuncType(params), store=store)
    return module


def _print(*_values: int | float) -> None:
    """The suite looks at calls, never at what is printed."""
