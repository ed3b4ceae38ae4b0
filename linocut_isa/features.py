"""Parts of WebAssembly that linocut does not have yet, and the bytes that show the need.

Names are those of the proposals' repositories. Who adds a feature deletes its entry here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Feature:
    """One later feature; its bytes are refused with its name instead of as malformed."""

    name: str  # of the proposal's repository
    title: str  # what people call it
    opcodes: tuple[tuple[int, int], ...] = ()  # first and last: a byte, or prefix << 16 | number
    types: tuple[int, ...] = ()  # bytes of value types, which are those of heap types too
    forms: tuple[int, ...] = ()  # bytes that open an entry of the type section

    @property
    def ident(self) -> str:
        """The name as an identifier."""
        return self.name.replace("-", "_")


def _numbers(prefix: int, *ranges: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    return tuple((prefix << 16 | first, prefix << 16 | last) for first, last in ranges)


FEATURES: Final = (
    Feature(
        "simd",
        "SIMD",
        opcodes=_numbers(
            0xFD,
            *(
                (0x00, 0x99),
                (0x9B, 0xA1),
                (0xA3, 0xA4),
                (0xA7, 0xAE),
                (0xB1, 0xB1),
                (0xB5, 0xBA),
                (0xBC, 0xC1),
            ),
            *((0xC3, 0xC4), (0xC7, 0xCE), (0xD1, 0xD1), (0xD5, 0xE1), (0xE3, 0xED), (0xEF, 0xFF)),
        ),
        types=(0x7B,),
    ),
    Feature("relaxed-simd", "relaxed SIMD", opcodes=_numbers(0xFD, (0x100, 0x113))),
    Feature("threads", "threads and atomics", opcodes=_numbers(0xFE, (0x00, 0x03), (0x10, 0x4E))),
    Feature(
        "exception-handling",
        "exceptions",
        opcodes=((0x08, 0x08), (0x0A, 0x0A), (0x1F, 0x1F)),
        types=(0x69, 0x74),
    ),
    Feature(
        "legacy-exceptions",
        "legacy exceptions",
        opcodes=((0x06, 0x07), (0x09, 0x09), (0x18, 0x19)),
    ),
    Feature("tail-call", "tail calls", opcodes=((0x12, 0x13),)),
    Feature(
        "function-references",
        "typed references",
        opcodes=((0x14, 0x15), (0xD4, 0xD6)),
        types=(0x63, 0x64),
    ),
    Feature(
        "gc",
        "garbage-collected objects (GC)",
        opcodes=((0xD3, 0xD3), *_numbers(0xFB, (0, 30))),
        types=(0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x71, 0x72, 0x73),
        forms=(0x4E, 0x4F, 0x50, 0x5E, 0x5F),
    ),
    Feature("multi-memory", "several memories"),
    Feature("memory64", "64-bit memories and tables"),
    Feature("custom-page-sizes", "pages of other sizes"),
    Feature("wide-arithmetic", "128-bit arithmetic", opcodes=_numbers(0xFC, (19, 22))),
    Feature(
        "custom-descriptors",
        "custom descriptors",
        opcodes=_numbers(0xFB, (32, 38)),
        types=(0x62,),
        forms=(0x4C, 0x4D),
    ),
    Feature(
        "stack-switching",
        "stack switching",
        opcodes=((0xE0, 0xE6),),
        types=(0x68, 0x75),
        forms=(0x5D,),
    ),
    Feature("component-model", "components"),
)
