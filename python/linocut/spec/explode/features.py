"""Features of WebAssembly and the version of the standard, or the proposal, that each came with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TIERS = ("1.0", "2.0", "3.0", "legacy", "proposal")
LIMITS = ("1.0", "2.0", "3.0", "all")
"""Up to which tier: each version of the standard has all of those before."""

# https://webassembly.org/features and the change history of the core specification (appendix).
TIER_OF = {
    **dict.fromkeys(
        ("bulk-memory", "multi-value", "reference-types", "saturating-conversions", "sign-extension", "simd"),
        "2.0",
    ),
    **dict.fromkeys(
        (
            "constant-globals", "exceptions", "extended-const", "function-references", "gc", "memory64",
            "multi-memory", "relaxed-simd", "tail-calls",
        ),
        "3.0",
    ),
    "legacy-exceptions": "legacy",
    **dict.fromkeys(
        ("custom-annotations", "custom-descriptors", "custom-page-sizes", "threads", "wide-arithmetic"),
        "proposal",
    ),
}  # fmt: skip

# What a module that cannot be read to its end is about, by the folder of its script.
_FOLDERS = {
    "core/simd": "simd",
    "core/relaxed-simd": "relaxed-simd",
    "core/exceptions": "exceptions",
    "core/gc": "gc",
    "core/memory64": "memory64",
    "core/multi-memory": "multi-memory",
    "core/bulk-memory": "bulk-memory",
    "legacy/exceptions": "legacy-exceptions",
    "custom": "custom-annotations",
    "proposals/custom-descriptors": "custom-descriptors",
    "proposals/custom-page-sizes": "custom-page-sizes",
    "proposals/threads": "threads",
    "proposals/wide-arithmetic": "wide-arithmetic",
}


def tier_of(features: Iterable[str]) -> str:
    """The first tier that has all of them."""
    return max((TIER_OF[feature] for feature in features), key=TIERS.index, default="1.0")


def is_within(tier: str, wanted: str) -> bool:
    """Does an engine of the `wanted` tier (`1.0`, `2.0`, `3.0` or `all`) have this one?"""
    return wanted == "all" or TIERS.index(tier) <= TIERS.index(wanted)


def folder_features(source: str) -> frozenset[str]:
    """What all of a script is about, by where it lies (`core/simd/simd_load.wast`)."""
    return frozenset(feature for folder, feature in _FOLDERS.items() if source.startswith(f"{folder}/"))
