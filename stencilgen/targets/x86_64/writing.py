"""Forms as the C++ of core/jit/x86_64/form.hpp."""

from __future__ import annotations

from typing import Final

from stencilgen.stencil import Form
from stencilgen.targets.x86_64.forms import REGISTER_COUNT, Encoding, RegisterMask

# Forms whose condition the emitter changes: set_condition() and move_if() of core/jit/x86_64/encode.hpp.
ANY_CONDITION: Final = frozenset({"set_condition", "move_if32", "move_if64"})


class FormWriter:
    """Writes forms, whose register masks share one table."""

    def __init__(self) -> None:
        self._rows: dict[RegisterMask, int] = {}

    def type(self, form: Form) -> str:
        """How many registers it takes, whether it has a displacement, whether it begins with VEX."""
        assert isinstance(form, Encoding)
        vex = ", true" if form.is_vex else ""
        return f"Form<{len(form.masks)}, {str(form.has_displacement).lower()}{vex}>"

    def form(self, form: Form) -> str:
        """A form's initialiser."""
        assert isinstance(form, Encoding)
        rows = [self._rows.setdefault(mask, len(self._rows)) for mask in form.masks]
        rows += [0] * (3 - len(rows))
        masks = "{" + ", ".join(map(str, rows)) + "}"
        fields = [f"{form.head:#x}", f"{form.prefix:#x}", form.length, form.modrm]
        fields += [str(form.can_omit).lower(), masks]
        return f"{self.type(form)}{{{', '.join(map(str, fields))}}}"

    def tables(self) -> list[str]:
        """What the forms written so far refer to."""
        masks = [f"    {{{', '.join(f'{b:#x}' for b in mask.bits)}}}," for mask in self._rows]
        return [
            f"inline constexpr uint64_t REGISTER_MASKS[{len(masks)}][{REGISTER_COUNT}] = {{",
            *masks,
            "};",
        ]
