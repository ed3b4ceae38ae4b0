"""WebAssembly's opcodes as data: one row each, in `OPCODES`, and its features, in `FEATURES`.

It holds all of version 3.0 and of the proposals that engines have, also what linocut does not compile yet:
what reads modules, prints them or refuses them knows every opcode by name.

Stdlib only and importable before anything is built: the stencil generator, the compiler's tables, the printer
and docs/opcodes.md are all made from these rows.
"""

from linocut_isa import (
    atomic,
    control,
    exceptions,
    memory,
    numeric,
    objects,
    reference,
    simd,
    stacks,
    table,
    variable,
)
from linocut_isa.features import FEATURES, TIERS, Feature, feature
from linocut_isa.immediate import Encoding, Immediate, Space, Use
from linocut_isa.row import OPCODES, Effect, Opcode, Operand, by_code, by_name, define, supported
from linocut_isa.types import HEAP_TYPES, Trap, ValType, reference_word

__all__ = [
    "FEATURES",
    "HEAP_TYPES",
    "OPCODES",
    "TIERS",
    "Effect",
    "Encoding",
    "Feature",
    "Immediate",
    "Opcode",
    "Operand",
    "Space",
    "Trap",
    "Use",
    "ValType",
    "by_code",
    "by_name",
    "define",
    "feature",
    "reference_word",
    "supported",
]

del atomic, control, exceptions, memory, numeric, objects, reference, simd, stacks, table, variable
