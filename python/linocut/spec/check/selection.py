"""Which entries of a folder are run on an engine, and why the others are not."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from linocut.spec.features import is_within

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from linocut.spec.check.manifest import ManifestEntry

EXPECTATIONS = frozenset({"ok", "trap", "exhaustion", "invalid", "malformed", "unlinkable"})

REFUSED = "the engine refuses a probe of it"


@dataclass(frozen=True)
class Wish:
    """What the user wants to see run."""

    tier: str = "all"
    without: frozenset[str] = frozenset()
    expect: frozenset[str] = EXPECTATIONS
    only: tuple[str, ...] = ()
    strict: bool = False
    despite: frozenset[str] = frozenset()
    """Features whose files are run whatever became of their probes; `strict`: all of them."""


@dataclass
class Selection:
    """`asked` are to be run and judged, `run` those and their control twins; `left` say why not, by id."""

    asked: list[ManifestEntry] = field(default_factory=list)
    run: list[ManifestEntry] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)


def select(
    entries: Iterable[ManifestEntry], wish: Wish, abilities: Collection[str], lacks: Collection[str]
) -> Selection:
    """Go through the manifest; everything is in `asked` or in `left`."""
    selection = Selection()
    entries = list(entries)
    excused = frozenset() if wish.strict else frozenset(lacks) - wish.despite
    for entry in entries:
        reason = _unwanted(entry, wish) or _impossible(entry, abilities) or _lacking(entry, excused)
        if reason:
            selection.left[entry.id] = reason
        else:
            selection.asked.append(entry)
    needed = {entry.id for entry in selection.asked} | {entry.control for entry in selection.asked}
    selection.run = [entry for entry in entries if entry.id in needed]
    return selection


def _unwanted(entry: ManifestEntry, wish: Wish) -> str | None:
    """Why the user does not want it."""
    if wish.only and not any(fnmatchcase(name, glob) for name in _names(entry) for glob in wish.only):
        return "not named by --only"
    if entry.expect not in wish.expect:
        return f"{entry.expect}, left out by --expect"
    if not is_within(entry.tier, wish.tier):
        return f"of tier {entry.tier}, left out by --tier {wish.tier}"
    if unwanted := sorted(wish.without.intersection(entry.features)):
        return f"left out by --without {','.join(unwanted)}"
    return None


def _lacking(entry: ManifestEntry, excused: frozenset[str]) -> str | None:
    """What it needs and the engine has shown not to have."""
    lacked = sorted(excused.intersection(entry.features))
    return f"needs {', '.join(lacked)}: {REFUSED}" if lacked else None


def _names(entry: ManifestEntry) -> tuple[str, str, str]:
    return entry.id, entry.file, f"{entry.source}:{entry.line}"


def _impossible(entry: ManifestEntry, abilities: Collection[str]) -> str | None:
    """Why the engine cannot be given it."""
    if entry.is_text and "text" not in abilities:
        return "in the text format, which the engine does not read (a command that does: --text)"
    if entry.link and "link" not in abilities:
        return "needs linking (a command that can: --link-option)"
    if entry.imports and "host" not in abilities:
        return "imports host.externref, which only a worker can offer"
    if entry.export and "pack" not in abilities:
        return "one of several calls of a file, which only a worker can make"
    return None
