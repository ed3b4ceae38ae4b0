"""WebAssembly's features beyond version 1.0: one list, read by everything that speaks of features.

Names are those of the proposals' repositories (github.com/WebAssembly/<name>). Whoever implements a feature
sets `is_supported`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TIERS: Final = ("1.0", "2.0", "3.0", "legacy", "proposal")
"""The versions of the standard, each of which includes those before it, then what is in none of them."""


@dataclass(frozen=True)
class Feature:
    """A part of WebAssembly that an engine may lack."""

    name: str
    title: str
    """What people call it."""
    tier: str
    """The first of `TIERS` that has it."""
    is_supported: bool = False
    has_scripts: bool = True
    """Whether the official suite has scripts about it."""
    types: tuple[int, ...] = ()
    """Bytes of the value types that it brings, which are those of heap types too (§5.3)."""
    forms: tuple[int, ...] = ()
    """First bytes of entries of the type section (§5.5.4)."""

    @property
    def ident(self) -> str:
        """The name as an identifier."""
        return self.name.replace("-", "_")


# https://webassembly.org/features and the change history of the core specification (appendix).
# A feature comes after those that it builds on.
FEATURES: Final = (
    Feature("sign-extension-ops", "sign extension", "2.0", is_supported=True),
    Feature("nontrapping-float-to-int-conversions", "saturating conversions", "2.0", is_supported=True),
    Feature("multi-value", "several results", "2.0", is_supported=True),
    Feature("bulk-memory-operations", "bulk memory", "2.0", is_supported=True),
    Feature("reference-types", "references", "2.0", is_supported=True, types=(0x6F, 0x70)),
    Feature("extended-const", "arithmetic in constant expressions", "3.0", is_supported=True),
    # This is a part of gc that engines have without the rest: a global's value may be that of any before it.
    Feature("constant-globals", "globals in constant expressions", "3.0", is_supported=True),
    Feature("multi-memory", "several memories", "3.0"),
    Feature("tail-call", "tail calls", "3.0"),
    Feature("function-references", "typed references", "3.0", types=(0x63, 0x64)),
    Feature("memory64", "64-bit memories and tables", "3.0", is_supported=True),
    Feature(
        "gc", "garbage-collected objects (GC)", "3.0",
        types=(0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x71, 0x72, 0x73, 0x74), forms=(0x4E, 0x4F, 0x50, 0x5E, 0x5F),
    ),
    Feature("exception-handling", "exceptions", "3.0", is_supported=True, types=(0x69,)),
    Feature("legacy-exceptions", "legacy exceptions", "legacy", is_supported=True),  # of the same proposal
    Feature("threads", "threads and atomics", "proposal", is_supported=True),
    Feature("simd", "SIMD", "2.0", is_supported=True, types=(0x7B,)),
    Feature("relaxed-simd", "relaxed SIMD", "3.0", is_supported=True),
    Feature("annotations", "annotations in text", "proposal"),
    Feature("wide-arithmetic", "128-bit arithmetic", "proposal"),
    Feature("custom-descriptors", "custom descriptors", "proposal", types=(0x62,), forms=(0x4C, 0x4D)),
    Feature("custom-page-sizes", "pages of other sizes", "proposal"),
    Feature(
        "stack-switching", "stack switching", "proposal", has_scripts=False, types=(0x68, 0x75), forms=(0x5D,)
    ),
    Feature("component-model", "components", "proposal", has_scripts=False),
)  # fmt: skip

_BY_NAME: Final = {feature.name: feature for feature in FEATURES}


def feature(name: str) -> Feature:
    """The feature of that name; KeyError when there is none."""
    return _BY_NAME[name]
