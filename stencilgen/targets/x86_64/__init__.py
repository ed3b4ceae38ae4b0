"""x86-64: registers, clang's flags, assembly templates, which opcode uses which, and how forms are found.

The baseline is x86-64-v2 (SSE4.1, POPCNT): core/code/x86_64/cpu.cpp looks for it at import.
"""

from __future__ import annotations

from typing import Final

from stencilgen.target import Target
from stencilgen.targets.x86_64 import registers, shapes
from stencilgen.targets.x86_64.compiling import COMPILER_FLAGS, VOCABULARY
from stencilgen.targets.x86_64.forms import Template, make_forms
from stencilgen.targets.x86_64.layout import make_stencil
from stencilgen.targets.x86_64.templates import SUPPORT
from stencilgen.targets.x86_64.writing import ANY_CONDITION, FormWriter

TARGET: Final = Target(
    registers=registers.REGISTERS,
    c_parameters=registers.C_PARAMETERS,
    c_vector_parameters=registers.C_VECTOR_PARAMETERS,
    int_temporaries=registers.INT_TEMPORARIES,
    vector_temporaries=registers.VECTOR_TEMPORARIES,
    kept=registers.KEPT,
    compiler_flags=COMPILER_FLAGS,
    vocabulary=VOCABULARY,
    faulting=shapes.FAULTING,
    make_stencil=make_stencil,
    template=Template,
    support=SUPPORT,
    make_forms=make_forms,
    form_writer=FormWriter,
    any_condition=ANY_CONDITION,
    shapes=shapes.SHAPES,
    better_shapes=shapes.BETTER_SHAPES,
    shape_structs=shapes.SHAPE_STRUCTS,
    folding_form=shapes.FOLDING_FORM,
    vector_folding_form=shapes.VECTOR_FOLDING_FORM,
)
