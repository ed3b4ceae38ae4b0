"""WebAssembly's opcodes as data: one row each, in `OPCODES`.

Stdlib only and importable before anything is built: the stencil generator, the
compiler's tables, the printer and docs/opcodes.md are all made from these rows.
"""

from linocut_isa import control, memory, numeric, reference, table, variable
from linocut_isa.features import FEATURES, Feature
from linocut_isa.row import OPCODES, Opcode, Operand, by_code, by_name, define
from linocut_isa.types import Imm, Trap, ValType

__all__ = [
    "FEATURES",
    "OPCODES",
    "Feature",
    "Imm",
    "Opcode",
    "Operand",
    "Trap",
    "ValType",
    "by_code",
    "by_name",
    "define",
]

del control, memory, numeric, reference, table, variable
