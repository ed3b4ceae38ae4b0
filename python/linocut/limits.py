"""What instances may take, beside what their modules say."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_GIB = 1 << 30


class Limits:
    """Limits of a `Store`, for code that is not trusted. None is no limit but the system's.

    `memory` is how many bytes each memory may have: beyond it `memory.grow` gives -1, and an instance whose
    memory begins larger is a `LinkError`. `table_elements` is the same for each table; no table has more than
    10,000,000. `instances` is how many the store may have: the next one is a `LinkError`. `stack` is how many
    bytes calls on top of each other may take, 64 KiB more or less: beyond it they end in `StackExhausted`.
    They never have more than the thread's.

    A memory that the host makes may begin as large as the host says; a shared one may grow to its maximum.

    >>> import linocut
    >>> limits = linocut.Limits(memory=1 << 20)
    >>> module = linocut.load('''(module (memory 1) (func (export "grow") (param i32) (result i32)
    ...   (memory.grow (local.get 0))))''')
    >>> exports = module.instantiate(limits=limits).exports
    >>> exports.grow(15), exports.grow(1)
    (1, -1)
    """

    __slots__ = ("instances", "memory", "stack", "table_elements")
    __module__ = "linocut"

    memory: int | None
    table_elements: int | None
    instances: int | None
    stack: int | None

    def __init__(
        self,
        *,
        memory: int | None = _GIB,
        table_elements: int | None = None,
        instances: int | None = None,
        stack: int | None = None,
    ) -> None:
        given = {"memory": memory, "table_elements": table_elements, "instances": instances, "stack": stack}
        for name, value in given.items():
            if value is not None:
                _check(name, value)
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"limits cannot be changed: make new ones with another {name}")

    def _key(self) -> tuple[int | None, ...]:
        return self.memory, self.table_elements, self.instances, self.stack

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Limits) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        said = ", ".join(
            f"{name}={getattr(self, name)}" for name in ("memory", "table_elements", "instances", "stack")
        )
        return f"linocut.Limits({said})"

    def __reduce__(self) -> tuple[object, ...]:
        return _limits, self._key()


def _limits(*key: int | None) -> Limits:
    """What `__reduce__` tells pickle to call."""
    memory, table_elements, instances, stack = key
    return Limits(memory=memory, table_elements=table_elements, instances=instances, stack=stack)


def _check(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be an int or None, not {value!r}")
    if value < 0:
        raise ValueError(f"{name} must not be negative: {value}")
