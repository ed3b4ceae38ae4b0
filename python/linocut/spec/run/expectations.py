"""How many commands of the suite need which later feature. The table may only shrink.

Every command is tried. One that cannot succeed counts for a feature that its module needs, and a count that
is not exactly the one here fails the run. A lower count means that something passes unexpectedly, so that its
entry has to be lowered.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from linocut.spec.suite import names_under

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from .outcome import ScriptReport

# A script, or a folder whose scripts are counted together. What is not here needs no later feature.
EXPECTED: dict[str, dict[str, int]] = {
    "core/br_if.wast": {"function-references": 1},
    "core/br_on_non_null.wast": {"function-references": 12},
    "core/br_on_null.wast": {"function-references": 10},
    "core/br_table.wast": {"function-references": 162},
    "core/call_ref.wast": {"function-references": 35},
    "core/elem.wast": {"function-references": 18},
    "core/func.wast": {"function-references": 1},
    "core/instance.wast": {"multi-memory": 15},
    "core/linking.wast": {"function-references": 43},
    "core/local_init.wast": {"function-references": 10},
    "core/local_tee.wast": {"function-references": 1},
    "core/ref.wast": {"function-references": 13},
    "core/ref_as_non_null.wast": {"function-references": 7},
    "core/ref_is_null.wast": {"function-references": 20},
    "core/ref_null.wast": {"gc": 34},
    "core/return_call.wast": {"function-references": 36, "tail-call": 13},
    "core/return_call_indirect.wast": {"function-references": 52, "tail-call": 17},
    "core/return_call_ref.wast": {"function-references": 51},
    "core/select.wast": {"function-references": 1},
    "core/table.wast": {"function-references": 18},
    "core/type-canon.wast": {"gc": 2},
    "core/type-equivalence.wast": {"gc": 18, "function-references": 12},
    "core/type-rec.wast": {"gc": 26, "function-references": 1},
    "core/unreached-invalid.wast": {"function-references": 3},
    "core/unreached-valid.wast": {"function-references": 11},
    "core/bulk-memory/table-sub.wast": {"function-references": 1},
    "core/bulk-memory/table_init.wast": {"gc": 2},
    "core/simd": {"multi-memory": 1},
    "core/exceptions": {"tail-call": 42, "function-references": 8, "gc": 5},
    "core/gc": {"gc": 781},
    "core/memory64": {"gc": 2},
    "core/multi-memory": {"multi-memory": 872},
    "legacy/exceptions": {"tail-call": 52},
    "custom": {"annotations": 1},
    "proposals/custom-descriptors": {"custom-descriptors": 653, "gc": 76, "function-references": 1},
    "proposals/custom-page-sizes": {"custom-page-sizes": 76},
    # These scripts are older than version 2.0, which made several tables valid, and 3.0, which allows several
    # memories.
    "proposals/threads": {"reference-types": 3, "multi-memory": 5},
    "proposals/wide-arithmetic": {"wide-arithmetic": 109},
}


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
