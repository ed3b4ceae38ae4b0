"""One assertion, ready to be written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .deed import Deed


@dataclass
class Case:
    """A file's bytes and what an engine has to do with them.

    `assertion` is what the script says, `expect` what must happen. `signal` is None where nothing is called.
    """

    line: int
    assertion: str
    expect: str
    content: bytes
    features: frozenset[str]
    signal: str | None = None
    entry: str | None = None
    name: str = ""
    """The export that the script calls."""
    message: str | None = None
    is_text: bool = False
    replay: int = 0
    control: bytes | None = None
    """The same module, but nothing is called in the end: it has to go well."""
    links: Sequence[Link] = field(default_factory=tuple)
    imports: tuple[str, ...] = ()
    """What a host has to offer, beyond WASI, such as `host.externref`."""
    deed: Deed | None = None
    """What it does with an instance, or None."""


@dataclass(frozen=True)
class Link:
    """A module to instantiate before the file, and the name that its exports are offered under."""

    as_name: str
    content: bytes


@dataclass(frozen=True)
class LeftOut:
    """An assertion that has no file, and why."""

    line: int
    reason: str
