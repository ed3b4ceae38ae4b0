"""The processors that stencils can be made for, one package for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stencilgen.targets import x86_64

if TYPE_CHECKING:
    from stencilgen.target import Target

TARGET: Final[Target] = x86_64.TARGET
