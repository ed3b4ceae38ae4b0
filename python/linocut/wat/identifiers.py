"""The identifiers that printed text has (§6.3.5), made from what the name section says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.text.names import escape, identifier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["LONGEST", "head", "heads_of", "identifiers_of", "listed"]


LONGEST = 256
"""Characters of an identifier; longer names stand in an annotation, once."""


def identifiers_of(names: Mapping[int, str]) -> dict[int, str]:
    """The identifiers of things by index: of those that have the same name only the first gets one.

    None is very long, as it is written wherever the thing is used.

    >>> identifiers_of({0: "a", 1: "a", 2: "b c", 3: "", 4: "d" * 1000})
    {0: '$a', 2: '$"b c"'}
    """
    found: dict[str, int] = {}
    for index, name in names.items():
        if 0 < len(name) <= LONGEST:
            found.setdefault(name, index)
    return {index: identifier(name) for name, index in found.items()}


def heads_of(names: Mapping[int, str]) -> dict[int, str]:
    """What stands in the definition of each thing that has a name: its identifier, or a `@name`."""
    identifiers = identifiers_of(names)
    return {index: identifiers.get(index) or f'(@name "{escape(name)}")' for index, name in names.items()}


def head(index: int, heads: Mapping[int, str]) -> str:
    """What stands behind the keyword of a definition: a comment counts those that have no identifier."""
    found = heads.get(index, "")
    return found if found.startswith("$") else f"(;{index};) {found}".rstrip()


def listed(keyword: str, types: Sequence[str], heads: Mapping[int, str] | None = None, start: int = 0) -> str:
    """Forms of that keyword, each behind a space: one for each type with a head, one for all in between.

    `start` is the index of the first type.

    >>> listed("param", ["i32", "i64", "f32"], {2: "$x"})
    ' (param i32 i64) (param $x f32)'
    """
    if not types:
        return ""
    if not heads:
        return f" ({keyword} {' '.join(types)})"
    forms: list[str] = []
    unnamed: list[str] = []
    for index, type_ in enumerate(types, start):
        if index not in heads:
            unnamed.append(type_)
            continue
        if unnamed:
            forms.append(" ".join(unnamed))
            unnamed = []
        forms.append(f"{heads[index]} {type_}")
    return "".join(f" ({keyword} {form})" for form in [*forms, " ".join(unnamed)] if form)
