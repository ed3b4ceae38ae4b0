"""Modules: `load` compiles one, `Module` says what it imports and exports and makes instances."""

from __future__ import annotations

from linocut import _bridge, _core
from linocut.instance import Instance, resolve_imports
from linocut.source import read_source
from linocut.types import ExportType, ImportType

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from linocut._core import Store
    from linocut.limits import Limits

__all__ = ["Module", "has_compiler", "load", "validate"]

# No machine has more, and each takes memory before it has anything to do.
_MOST_THREADS = 1024

del _bridge  # imported for what it does: the extension must know the face before its first use


def load(
    source: str | os.PathLike[str] | bytes | bytearray | memoryview,
    *,
    threads: int | None = None,
    interpret: bool = False,
    deterministic: bool = False,
) -> Module:
    """Compile a module from a path, from its bytes, or from WebAssembly text.

    A string that begins with a form, ``(``, or a comment, ``;;``, is text, any other string a path. A file is
    text if it begins so, too, or if its name ends in ``.wat`` and it is no binary module. Text needs the
    extra ``linocut[wat]``. Bytes are always the binary format. `threads` is how many compile at once; by
    default as many as pay for a module of that size. With `interpret` the module gets no machine code: an
    interpreter runs it, with the same results, about ten times slower. On a processor that there is no
    compiler for every module is interpreted: see `has_compiler`.

    With `deterministic` the module gives the same bits on every processor (the specification's deterministic
    profile, A.7): a NaN that arithmetic makes is the canonical one, and relaxed vector operations do what
    that profile says. Arithmetic of floats is slower then.

    Raises `MalformedError`, `InvalidError` or `UnsupportedError`, `MissingExtraError` for text where nothing
    can read it, and what reading a file raises.

    >>> import linocut
    >>> module = linocut.load('(module (func (export "twice") (param i64) (result i64)'
    ...                       '  local.get 0 i64.const 1 i64.shl))')
    >>> module.instantiate().exports.twice(21)
    42
    """
    if not isinstance(deterministic, bool):
        raise TypeError(f"deterministic must be True or False, not {deterministic!r}")
    without = _core.FREE_CHOICES if deterministic else 0
    return Module(read_source(source), threads, without, interpret)


def has_compiler() -> bool:
    """Whether there is a compiler for this processor; if not, every module is interpreted.

    >>> import linocut
    >>> linocut.has_compiler() or linocut.load("(module)").instantiate() is not None
    True
    """
    return _core.has_compiler()


def validate(source: str | os.PathLike[str] | bytes | bytearray | memoryview) -> None:
    """Decode and validate a module, given as `load` takes it, without compiling it.

    It makes no machine code; that saves memory rather than time, since compiling validates in the same pass.
    Raises what `load` raises.

    >>> import linocut
    >>> linocut.validate(b"\\0asm\\1\\0\\0\\0")
    """
    _core.check(read_source(source))


def _checked_threads(threads: int | None) -> int:
    """The number of threads as the extension wants it: 0 for as many as pay."""
    if threads is None:
        return 0
    if not isinstance(threads, int) or isinstance(threads, bool):
        raise TypeError(f"threads must be an int or None, not {type(threads).__name__}")
    if threads < 1:
        raise ValueError(f"threads must be at least 1, not {threads}")
    return min(threads, _MOST_THREADS)


def _store_with(limits: Limits, store: Store | None) -> Store:
    if store is not None:
        raise ValueError("limits are those of a new store: the given store has its own")
    return _core.Store(limits)


class Module:
    """A compiled module: immutable, shared freely between threads, the source of instances.

    Modules can be pickled; the copy compiles its bytes again.

    >>> import linocut
    >>> module = linocut.load('(module (import "env" "log" (func (param i32))) (memory (export "m") 1))')
    >>> module.imports
    (ImportType(module='env', name='log', type=FuncType(params=('i32',), results=())),)
    >>> module.exports
    (ExportType(name='m', type=MemoryType(min=1, max=None)),)
    """

    __slots__ = (
        "__weakref__",
        "_code",
        "_exports",
        "_imports",
        "_interpret",
        "_threads",
        "_wasm",
        "_without",
    )
    __module__ = "linocut"

    # `without` has a bit for each switch of linocut.experiments.
    def __init__(
        self, wasm: bytes, threads: int | None = None, without: int = 0, interpret: bool = False
    ) -> None:
        if not isinstance(interpret, bool):
            raise TypeError(f"interpret must be True or False, not {interpret!r}")
        self._wasm = wasm
        self._threads = threads
        self._without = without
        self._interpret = interpret
        self._code = _core.Code(wasm, _checked_threads(threads), without, interpret)
        self._imports: tuple[ImportType, ...] | None = None
        self._exports: tuple[ExportType, ...] | None = None

    @property
    def name(self) -> str | None:
        """The module's name as its name section has it."""
        return self._code.name

    @property
    def imports(self) -> tuple[ImportType, ...]:
        """What the module wants, in its order."""
        if self._imports is None:
            self._imports = tuple(ImportType(*entry) for entry in self._code.imports())
        return self._imports

    @property
    def exports(self) -> tuple[ExportType, ...]:
        """What the module offers, in its order."""
        if self._exports is None:
            self._exports = tuple(ExportType(*entry) for entry in self._code.exports())
        return self._exports

    def custom_sections(self, name: str) -> tuple[bytes, ...]:
        """The contents of the custom sections of that name (§5.5.3), in the module's order."""
        return self._code.custom_sections(name)

    def instantiate(
        self,
        imports: Mapping[str, Mapping[str, object]] | None = None,
        *,
        store: Store | None = None,
        limits: Limits | None = None,
        timeout: float | None = None,
    ) -> Instance:
        """Link the imports, make an instance and run its start function (§4.5.4).

        `imports` gives for each module name what stands under each name: a `Func`, `Memory`, `Table` or
        `Global`, or for a function any callable. The instance lives in `store`; without one in the
        store that an import belongs to, or else in a new one. It lives as long as that store. `limits` are
        those of a new store for it; a given store has its own. `timeout` gives the start function so many
        seconds.

        Raises `LinkError` when an import is missing or does not fit, or something begins beyond the limits;
        `Trap` and whatever a host function raises when a segment does not fit or the start function fails;
        `Timeout`; `MemoryError` when address space or memory runs out.

        >>> import linocut
        >>> module = linocut.load('(module (import "env" "ask" (func $ask (result i32)))'
        ...                       '  (func (export "next") (result i32) call $ask i32.const 1 i32.add))')
        >>> module.instantiate({"env": {"ask": lambda: 41}}).exports.next()
        42
        """
        given = resolve_imports(self.imports, {} if imports is None else imports)
        if limits is not None:
            store = _store_with(limits, store)
        return Instance(self._code.instantiate(given, store, timeout), self)

    def __reduce__(self) -> tuple[object, ...]:
        return Module, (self._wasm, self._threads, self._without, self._interpret)

    def __repr__(self) -> str:
        name = f" {self.name!r}" if self.name else ""
        return f"<linocut.Module{name}: {len(self._wasm)} bytes>"
