"""The name section (appendix, custom sections): what identifiers and `@name` annotations have said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from linocut.text.binary import name, unsigned
from linocut_isa import Space

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linocut.wat.module import ModuleReader
    from linocut.wat.spaces import IndexSpace

__all__ = ["name_section"]

_MODULE, _LOCALS, _LABELS, _FIELDS = 0, 2, 3, 10
_PARAMETERS = 12  # of types: no proposal has it, but wasm-tools writes it
_SUBSECTIONS: Final = {
    Space.FUNC: 1, Space.TYPE: 4, Space.TABLE: 5, Space.MEMORY: 6, Space.GLOBAL: 7, Space.ELEM: 8,
    Space.DATA: 9, Space.TAG: 11,
}  # fmt: skip


def name_section(module: ModuleReader) -> bytes:
    """The section, or nothing where there are no names."""
    spaces = {number: _map(module.spaces[space].names) for space, number in _SUBSECTIONS.items()}
    subsections = {
        **spaces,
        _MODULE: b"" if module.name is None else name(module.name),
        _LOCALS: _maps(_names(module.locals)),
        _LABELS: _maps(module.labels),
        _FIELDS: _maps(_names(module.types.fields)),
        _PARAMETERS: _maps(_names(module.types.params)),
    }  # fmt: skip
    content = b"".join(
        bytes([number]) + unsigned(len(subsection)) + subsection
        for number, subsection in sorted(subsections.items())
        if subsection
    )
    body = name("name") + content
    return b"\0" + unsigned(len(body)) + body if content else b""


def _names(spaces: Mapping[int, IndexSpace]) -> dict[int, dict[int, str]]:
    return {index: space.names for index, space in spaces.items() if space.names}


def _map(names: Mapping[int, str]) -> bytes:
    if not names:
        return b""
    return unsigned(len(names)) + b"".join(unsigned(index) + name(text) for index, text in names.items())


def _maps(maps: Mapping[int, Mapping[int, str]]) -> bytes:
    if not maps:
        return b""
    return unsigned(len(maps)) + b"".join(unsigned(index) + _map(names) for index, names in maps.items())
