"""The commands of a .wast script, one frozen dataclass each; `line` is where the command begins, from 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from .values import Pattern, Value


@dataclass(frozen=True, slots=True)
class ModuleText:
    """`(module …)` or bare fields: text that only a text-format parser can judge."""

    text: str


@dataclass(frozen=True, slots=True)
class ModuleQuote:
    """`(module quote "…")`: text given as bytes, because it need not be valid UTF-8."""

    text: bytes


@dataclass(frozen=True, slots=True)
class ModuleBinary:
    """`(module binary "…")`."""

    wasm: bytes


Source: TypeAlias = ModuleText | ModuleQuote | ModuleBinary


@dataclass(frozen=True, slots=True)
class Module:
    """Define a module and, unless it is a `definition`, make an instance, which becomes the current one."""

    line: int
    name: str | None
    source: Source
    definition: bool = False


@dataclass(frozen=True, slots=True)
class Instance:
    """`(module instance $instance $module)`: one more instance of a defined module."""

    line: int
    name: str | None
    module: str | None


@dataclass(frozen=True, slots=True)
class Register:
    """Offer an instance's exports to later imports under a module name."""

    line: int
    as_name: str
    module: str | None


@dataclass(frozen=True, slots=True)
class Invoke:
    """Call an exported function of the named or the current instance."""

    line: int
    module: str | None
    field: str
    arguments: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Get:
    """Read an exported global."""

    line: int
    module: str | None
    field: str


Action: TypeAlias = Invoke | Get


@dataclass(frozen=True, slots=True)
class AssertReturn:
    """The action results in values that fit the patterns."""

    line: int
    action: Action
    expected: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class AssertTrap:
    """The action traps, or the instantiation of a module does."""

    line: int
    subject: Action | Source
    message: str


@dataclass(frozen=True, slots=True)
class AssertExhaustion:
    """The action runs out of stack."""

    line: int
    action: Action
    message: str


@dataclass(frozen=True, slots=True)
class AssertException:
    """The action ends with an uncaught exception."""

    line: int
    action: Action


@dataclass(frozen=True, slots=True)
class AssertInvalid:
    """The module decodes, but does not validate."""

    line: int
    source: Source
    message: str
    custom: bool = False
    """`assert_invalid_custom`: the fault is in a custom section, which an engine may overlook."""


@dataclass(frozen=True, slots=True)
class AssertMalformed:
    """The module does not decode, or its text does not parse."""

    line: int
    source: Source
    message: str
    custom: bool = False


@dataclass(frozen=True, slots=True)
class AssertUnlinkable:
    """The module is valid, but its imports are missing or do not fit."""

    line: int
    source: Source
    message: str


@dataclass(frozen=True, slots=True)
class Thread:
    """Run commands on a thread of its own, which sees only the shared modules (threads proposal)."""

    line: int
    name: str
    shared: tuple[str, ...]
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait for a thread to end (threads proposal)."""

    line: int
    name: str


Assertion: TypeAlias = (
    AssertReturn
    | AssertTrap
    | AssertExhaustion
    | AssertException
    | AssertInvalid
    | AssertMalformed
    | AssertUnlinkable
)
Command: TypeAlias = "Module | Instance | Register | Invoke | Get | Assertion | Thread | Wait"
