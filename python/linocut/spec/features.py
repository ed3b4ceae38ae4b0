"""Features as the official suite knows them: which version has one, which folders are about one."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from linocut_isa import FEATURES, TIERS

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMITS = ("1.0", "2.0", "3.0", "all")
"""Up to which tier: each version of the standard has all of those before."""

TIER_OF = {feature.name: feature.tier for feature in FEATURES if feature.has_scripts}

# Folders that are about one feature.
_FOLDERS = {
    "core/simd": "simd",
    "core/relaxed-simd": "relaxed-simd",
    "core/exceptions": "exception-handling",
    "core/gc": "gc",
    "core/memory64": "memory64",
    "core/multi-memory": "multi-memory",
    "core/bulk-memory": "bulk-memory-operations",
    "legacy/exceptions": "legacy-exceptions",
    "custom": "annotations",
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


def folder_feature(script: str) -> str | None:
    """What all of a script is about, by where it lies (`core/simd/simd_load.wast`)."""
    folders = (folder.as_posix() for folder in PurePosixPath(script).parents)
    return next((_FOLDERS[folder] for folder in folders if folder in _FOLDERS), None)


def folder_features(script: str) -> frozenset[str]:
    """The same as a set, as the features of a module are."""
    feature = folder_feature(script)
    return frozenset() if feature is None else frozenset({feature})
