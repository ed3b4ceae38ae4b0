"""The types of what modules import and export: plain frozen values, comparable and hashable.

Value types are strings: "i32" "i64" "f32" "f64" "v128" "funcref" "externref" "exnref".

>>> FuncType(("i32", "i64"), ("f64",))
FuncType(params=('i32', 'i64'), results=('f64',))
>>> FuncType(["i32"]) == FuncType(("i32",), ())
True
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from inspect import Signature
    from typing import TypeAlias

    ExternType: TypeAlias = "FuncType | TableType | MemoryType | GlobalType | TagType"

__all__ = ["ExportType", "FuncType", "GlobalType", "ImportType", "MemoryType", "TableType", "TagType"]

VALUE_TYPES = frozenset({"i32", "i64", "f32", "f64", "v128", "funcref", "externref", "exnref"})


REFERENCE_TYPES = frozenset({"funcref", "externref", "exnref"})


def _checked(name: str) -> str:
    if name not in VALUE_TYPES:
        raise ValueError(f"{name!r} is not a value type; there are {', '.join(sorted(VALUE_TYPES))}")
    return name


def _checked_all(names: Iterable[str]) -> tuple[str, ...]:
    if isinstance(names, str):  # which would be taken apart
        raise TypeError(f"types are given as a list, such as [{names!r}], not as {names!r}")
    return tuple(map(_checked, names))


def _check_limits(min: int, max: int | None) -> None:
    for name, size in (("min", min), ("max", max)):
        if size is None and name == "max":
            continue
        if not isinstance(size, int) or isinstance(size, bool):
            raise TypeError(f"{name} must be an int, not {size!r}")
        if size < 0:
            raise ValueError(f"{name} must be 0 or more, not {size}")
    if max is not None and max < min:
        raise ValueError(f"max must be at least min, {min}, not {max}")


def _checked_address(name: str) -> str:
    if name not in ("i32", "i64"):
        raise ValueError(f"address must be 'i32' or 'i64', not {name!r}")
    return name


def _address_text(address: str) -> str:
    return "" if address == "i32" else f", address={address!r}"


class _Value:
    """Equality, hash and repr over `__slots__`; no attribute changes after `__init__`.

    A dataclass would do as much, but importing dataclasses costs more than all of linocut.
    """

    __slots__: tuple[str, ...] = ()

    def _set(self, **fields: object) -> None:
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def _fields(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash((type(self), self._fields()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({fields})"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), self._fields()


class FuncType(_Value):
    """A function's type: what it takes and what it gives."""

    __slots__ = ("params", "results")
    __module__ = "linocut"
    params: tuple[str, ...]
    results: tuple[str, ...]

    def __init__(self, params: Iterable[str] = (), results: Iterable[str] = ()) -> None:
        self._set(params=_checked_all(params), results=_checked_all(results))

    def signature(self) -> Signature:
        """The type as Python sees a function of it: positional parameters and `timeout`."""
        from inspect import Parameter, Signature

        positional = [Parameter(f"p{i}", Parameter.POSITIONAL_ONLY) for i in range(len(self.params))]
        timeout = Parameter("timeout", Parameter.KEYWORD_ONLY, default=None, annotation="float | None")
        return Signature([*positional, timeout])


class MemoryType(_Value):
    """A linear memory's size now (or at least) and at most, in pages of 64 KiB, whether threads share it, and
    the type of its addresses: "i32" or "i64".

    >>> MemoryType(1, 2, shared=True)
    MemoryType(min=1, max=2, shared=True)
    >>> MemoryType(1, address="i64")
    MemoryType(min=1, max=None, address='i64')
    """

    __slots__ = ("min", "max", "shared", "address")  # noqa: RUF023 - the order of the arguments
    __module__ = "linocut"
    min: int
    max: int | None
    shared: bool
    address: str

    def __init__(self, min: int, max: int | None = None, shared: bool = False, address: str = "i32") -> None:
        _check_limits(min, max)
        if not isinstance(shared, bool):
            raise TypeError(f"shared must be True or False, not {shared!r}")
        self._set(min=min, max=max, shared=shared, address=_checked_address(address))

    def __repr__(self) -> str:
        shared = ", shared=True" if self.shared else ""
        return f"MemoryType(min={self.min!r}, max={self.max!r}{shared}{_address_text(self.address)})"


class TableType(_Value):
    """A table's element type, size now (or at least) and at most, and the type of indices: "i32" or "i64"."""

    __slots__ = ("element", "min", "max", "address")  # noqa: RUF023
    __module__ = "linocut"
    element: str
    min: int
    max: int | None
    address: str

    def __init__(self, element: str, min: int, max: int | None = None, address: str = "i32") -> None:
        _check_limits(min, max)
        if _checked(element) not in REFERENCE_TYPES:
            raise ValueError(f"a table holds references, not {element!r}")
        self._set(element=element, min=min, max=max, address=_checked_address(address))

    def __repr__(self) -> str:
        limits = f"min={self.min!r}, max={self.max!r}{_address_text(self.address)}"
        return f"TableType(element={self.element!r}, {limits})"


class GlobalType(_Value):
    """A global's value type and whether it can be changed."""

    __slots__ = ("value", "mutable")  # noqa: RUF023
    __module__ = "linocut"
    value: str
    mutable: bool

    def __init__(self, value: str, mutable: bool = False) -> None:
        if not isinstance(mutable, bool):
            raise TypeError(f"mutable must be True or False, not {mutable!r}")
        self._set(value=_checked(value), mutable=mutable)


class TagType(_Value):
    """What values an exception with the tag carries."""

    __slots__ = ("params",)
    __module__ = "linocut"
    params: tuple[str, ...]

    def __init__(self, params: Iterable[str] = ()) -> None:
        self._set(params=_checked_all(params))


class ImportType(_Value):
    """What a module wants: from which module, under which name, of which type."""

    __slots__ = ("module", "name", "type")
    __module__ = "linocut"
    module: str
    name: str
    type: ExternType

    def __init__(self, module: str, name: str, type: ExternType) -> None:
        self._set(module=module, name=name, type=type)


class ExportType(_Value):
    """What a module offers: under which name, of which type."""

    __slots__ = ("name", "type")
    __module__ = "linocut"
    name: str
    type: ExternType

    def __init__(self, name: str, type: ExternType) -> None:
        self._set(name=name, type=type)
