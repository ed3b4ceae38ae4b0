"""How many commands of the suite need which later feature. The table may only shrink.

Every command is tried. One that cannot succeed counts for a feature that its module needs, and a count that
is not exactly the one here fails the run: a lower one is an unexpected pass, its entry must be shortened.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from linocut.spec.suite import names_under

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from .outcome import ScriptReport

# Folders that are about one later feature.
FOLDERS = {
    "core/simd": "SIMD",
    "core/relaxed-simd": "relaxed SIMD",
    "core/exceptions": "exceptions",
    "core/gc": "GC",
    "core/memory64": "memory64",
    "core/multi-memory": "multi-memory",
    "legacy/exceptions": "legacy exceptions",
    "custom": "custom annotations",
    "proposals/custom-descriptors": "custom descriptors",
    "proposals/custom-page-sizes": "custom page sizes",
    "proposals/threads": "threads",
    "proposals/wide-arithmetic": "wide arithmetic",
}

# A script, or a folder whose scripts are counted together. What is not here needs no later feature.
EXPECTED: dict[str, dict[str, int]] = {
    "core/br_if.wast": {"typed references": 1},
    "core/br_on_non_null.wast": {"typed references": 12},
    "core/br_on_null.wast": {"typed references": 10},
    "core/br_table.wast": {"typed references": 162},
    "core/call_ref.wast": {"typed references": 35},
    "core/elem.wast": {"typed references": 18},
    "core/exports.wast": {"exceptions": 1},
    "core/func.wast": {"typed references": 1},
    "core/imports.wast": {"exceptions": 59},
    "core/instance.wast": {"exceptions": 23},
    "core/linking.wast": {"typed references": 43},
    "core/local_init.wast": {"typed references": 10},
    "core/local_tee.wast": {"typed references": 1},
    "core/ref.wast": {"typed references": 13},
    "core/ref_as_non_null.wast": {"typed references": 7},
    "core/ref_is_null.wast": {"typed references": 20},
    "core/ref_null.wast": {"exceptions": 34},
    "core/return_call.wast": {"typed references": 36, "tail calls": 13},
    "core/return_call_indirect.wast": {"typed references": 52, "tail calls": 17},
    "core/return_call_ref.wast": {"typed references": 51},
    "core/select.wast": {"typed references": 1},
    "core/table.wast": {"typed references": 18},
    "core/type-canon.wast": {"GC": 2},
    "core/type-equivalence.wast": {"GC": 18, "typed references": 12},
    "core/type-rec.wast": {"GC": 26, "typed references": 1},
    "core/unreached-invalid.wast": {"typed references": 3},
    "core/unreached-valid.wast": {"typed references": 11},
    "core/bulk-memory/table-sub.wast": {"typed references": 1},
    "core/bulk-memory/table_init.wast": {"GC": 2},
    "core/simd": {"SIMD": 25359},
    "core/relaxed-simd": {"relaxed SIMD": 77},
    "core/exceptions": {"exceptions": 103},
    "core/gc": {"GC": 769, "typed references": 12},
    "core/memory64": {"memory64": 2280, "GC": 2},
    "core/multi-memory": {"multi-memory": 872},
    "legacy/exceptions": {"legacy exceptions": 84, "exceptions": 5},
    "custom": {"custom annotations": 1, "exceptions": 1},
    "proposals/custom-descriptors": {"custom descriptors": 653, "GC": 76, "typed references": 1},
    "proposals/custom-page-sizes": {"custom page sizes": 75},
    "proposals/threads": {"threads": 311, "multi-memory": 5},  # of before 3.0, which made two memories valid
    "proposals/wide-arithmetic": {"wide arithmetic": 109},
}


def folder_feature(name: str | None) -> str | None:
    """The later feature that the whole of a script is about."""
    return None if name is None else next((FOLDERS[key] for key in _enclosing(name) if key in FOLDERS), None)


def surprises(reports: Collection[ScriptReport], suite: Path) -> Iterator[str]:
    """What differs from the table, one message each; folders that were not run in full are left out."""
    counts: dict[str, Counter[str]] = {key: Counter() for key in EXPECTED}
    ran = {report.name: report.features for report in reports if report.name is not None}
    for name, features in ran.items():
        counts.setdefault(_key(name), Counter()).update(features)
    for key, counted in counts.items():
        if names_under(suite, key) <= ran.keys():
            yield from _differences(key, EXPECTED.get(key, {}), counted)


def _key(name: str) -> str:
    """The entry that a script counts for: its own, that of the nearest folder, or none yet."""
    return next((key for key in _enclosing(name) if key in EXPECTED), name)


def _enclosing(name: str) -> tuple[str, ...]:
    return (name, *(folder.as_posix() for folder in PurePosixPath(name).parents))


def _differences(key: str, expected: dict[str, int], counted: Counter[str]) -> Iterator[str]:
    for feature in sorted({*expected, *counted}):
        wanted, got = expected.get(feature, 0), counted[feature]
        counts = f"{key}: {got} commands need {feature}, {wanted} are listed"
        if got > wanted:
            yield f"{counts}: {got - wanted} stopped working"
        elif got < wanted:
            yield f"{counts}: {wanted - got} unexpected passes, shorten the list"
