"""What can go wrong, as one tree.

::

    Exception
    └── Error                      everything that linocut itself raises
        ├── ModuleError            the module cannot be used: .offset, .function
        │   ├── MalformedError     its bytes do not decode (§5)
        │   │   └── TextError      its text does not parse (§6): .line, .column
        │   ├── InvalidError       it decodes, but does not validate (§3)
        │   └── UnsupportedError   it needs a part of WebAssembly that is not there yet: .feature
        ├── LinkError              an import is missing or of another type (§4.5.3)
        ├── Trap                   machine code stopped: .kind, .message, .frames (§4.2.10)
        │   └── StackExhausted     too deep a recursion
        ├── WasmException          WebAssembly threw and nobody caught it: .tag, .values, .frames
        ├── Timeout                the call's time was up (also a TimeoutError)
        ├── Interrupted            `Store.interrupt` ended the call
        ├── MissingExtraError      a package of an extra is not installed (also an ImportError)
        └── NoCompilerError        machine code is wanted where modules are only interpreted

An exception that a host function raises is none of these: it comes out of the call as it went in, with a
note (``__notes__``) for each time that it passed through WebAssembly: through which functions. When memory
or address space runs out it is a `MemoryError` that says what was wanted.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from linocut._core import Backtrace, Tag

__all__ = [
    "Error",
    "Frame",
    "Interrupted",
    "InvalidError",
    "LinkError",
    "MalformedError",
    "MissingExtraError",
    "ModuleError",
    "NoCompilerError",
    "StackExhausted",
    "TextError",
    "Timeout",
    "Trap",
    "UnsupportedError",
    "WasmException",
]


class Error(Exception):
    """Base of everything that linocut itself raises."""

    __module__ = "linocut"


class ModuleError(Error):
    """A module cannot be used.

    The message says what, where and what was expected. `offset` is the byte offset in the module and
    `function` the index of the function that it lies in, each None where there is no such place. `feature`
    is the part of WebAssembly that the module seems to need and linocut does not have, mostly None: see
    `UnsupportedError`.
    """

    __module__ = "linocut"

    def __init__(
        self,
        message: str,
        offset: int | None = None,
        function: int | None = None,
        feature: str | None = None,
    ) -> None:
        super().__init__(message, offset, function, feature)
        self.message = message
        self.offset = offset
        self.function = function
        self.feature = feature

    def __str__(self) -> str:
        return self.message


class MalformedError(ModuleError):
    """The bytes are not a WebAssembly module.

    >>> import linocut
    >>> linocut.load(b"GIF89a")
    Traceback (most recent call last):
        ...
    linocut.MalformedError: magic header not detected: expected "\\0asm" (byte 0)
    """

    __module__ = "linocut"


class TextError(MalformedError):
    """Module text does not parse. `line` and `column` are where, both counted from 1, columns in characters.

    >>> import linocut
    >>> linocut.load("(module (func i32.ad))")
    Traceback (most recent call last):
        ...
    linocut.TextError: unknown operator: "i32.ad"; did you mean "i32.and" or "i32.add"? (line 1, column 15)
    """

    __module__ = "linocut"

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.args = (message, line, column)  # what an unpickled copy is made from
        self.line = line
        self.column = column


class InvalidError(ModuleError):
    """The module decodes, but breaks a rule of validation: a type mismatch, an unknown index …"""

    __module__ = "linocut"


class UnsupportedError(ModuleError):
    """The module may be fine, but needs a part of WebAssembly that linocut does not have yet.

    `feature` names it as the proposal's repository does: ``"tail-call"``, ``"function-references"``,
    ``"gc"``, ``"memory64"``, ``"multi-memory"`` … The official suite calls a component and pages of another
    size malformed: for these it is a `MalformedError` with a feature.

    >>> import linocut
    >>> try:
    ...     linocut.load(bytes.fromhex("0061736d 01000000 0103 01 5f 00"))
    ... except linocut.UnsupportedError as error:
    ...     print(error.feature)
    gc
    """

    __module__ = "linocut"


class LinkError(Error):
    """An import is missing, or what was given for it does not fit."""

    __module__ = "linocut"


class Frame:
    """One frame of a wasm backtrace: function index, its name if known, and offset in the module."""

    __slots__ = ("function", "name", "offset")
    __module__ = "linocut"

    def __init__(self, function: int, name: str | None, offset: int) -> None:
        self.function = function
        self.name = name
        self.offset = offset

    def __repr__(self) -> str:
        return f"Frame(function={self.function}, name={self.name!r}, offset={self.offset:#x})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frame) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[int, str | None, int]:
        return self.function, self.name, self.offset


class _TracedError(Error):
    """What comes out of WebAssembly, and where it was."""

    __module__ = "linocut"
    _trace: Backtrace | tuple[Frame, ...]

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The wasm frames, innermost first; found out when first asked for."""
        if not isinstance(self._trace, tuple):
            self._trace = tuple(Frame(*entry) for entry in self._trace.frames())
        return self._trace

    def _placed(self, message: str) -> str:
        """The message, with the innermost frame."""
        if not self.frames:
            return message
        top = self.frames[0]
        name = f" ({top.name})" if top.name else ""
        return f"{message} in function {top.function}{name} at offset {top.offset:#x}"


class Trap(_TracedError):  # noqa: N818 - the specification's word
    """Machine code stopped; the instance stays usable.

    `kind` is the reason as an identifier (``"integer_divide_by_zero"``), `message` the reason in the
    specification's words.
    """

    __module__ = "linocut"

    def __init__(self, kind: str, message: str, trace: Backtrace | tuple[Frame, ...] = ()) -> None:
        super().__init__(kind, message)
        self.kind = kind
        self.message = message
        self._trace = trace

    def __str__(self) -> str:
        return self._placed(self.message)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.kind, self.message, self.frames)


class StackExhausted(Trap):
    """Recursion went deeper than the thread's stack allows."""

    __module__ = "linocut"


class WasmException(_TracedError):  # noqa: N818 - what WebAssembly calls it
    """An exception that WebAssembly threw and nobody caught, or that a host function throws.

    `tag` is the `Tag`, `values` what it carries; an exnref is a WasmException without frames, or None. A host
    function raises one to throw it: the WebAssembly that called it may catch it. One that comes out of a call
    and passes through a host function goes on as it is.

    >>> import linocut
    >>> module = linocut.load('(module (tag $e (export "e") (param i32))'
    ...                       '  (func (export "f") (throw $e (i32.const 7))))')
    >>> exports = module.instantiate().exports
    >>> try:
    ...     exports.f()
    ... except linocut.WasmException as error:
    ...     print(error.tag == exports.e, error.values)
    True (7,)
    """

    __module__ = "linocut"

    def __init__(
        self, tag: Tag, values: Iterable[object] = (), trace: Backtrace | tuple[Frame, ...] = ()
    ) -> None:
        self.tag = tag
        self.values = tuple(values)
        self._trace = trace
        super().__init__(tag, self.values)

    def __str__(self) -> str:
        return self._placed(f"WebAssembly threw {self.values!r}")


class Timeout(Error, TimeoutError):  # noqa: N818 - as the built-in's meaning, not its name
    """The time that `timeout=` gave a call was up."""

    __module__ = "linocut"


class Interrupted(Error):  # noqa: N818 - no error: somebody wanted it
    """`Store.interrupt` ended the call. WebAssembly cannot catch it."""

    __module__ = "linocut"


class MissingExtraError(Error, ImportError):
    """A package, `name`, is not installed; the message names the extra of linocut that brings it."""

    __module__ = "linocut"


class NoCompilerError(Error, NotImplementedError):
    """Machine code is wanted on a processor that has no compiler yet, where all modules are interpreted."""

    __module__ = "linocut"
