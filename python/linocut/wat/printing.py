"""A binary module printed as text (§6), which assembles to the same module."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from linocut.errors import MalformedError
from linocut.text.binary import EndlessNumberError, Reader
from linocut.text.instructions import Called, Scope, read_locals
from linocut.text.names import (
    FIELD_NAMES,
    LABEL_NAMES,
    LOCAL_NAMES,
    NAME_MAPS,
    PARAMETER_NAMES,
    escape,
    literal,
)
from linocut.wat.binary_code import LabelNames, body_lines, expression, folded
from linocut.wat.binary_module import BinaryModule
from linocut.wat.binary_segments import data_text, elem_text
from linocut.wat.binary_types import FuncText, TypeReader, memory_type_text, storage_text, table_type_text
from linocut.wat.identifiers import head, heads_of, identifiers_of, listed
from linocut.wat.sections import HINTS, KINDS, SECTIONS
from linocut_isa import Space

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["print_module"]

_WITH_VALUE: Final = 0x40  # what a table begins with that has a first value
_EXACT: Final = 0x20
_KINDS: Final = {number: kind for kind, number in KINDS.items()}
_MOST_LOCALS: Final = 50_000  # of one function, as engines have it: a few bytes could ask for billions
_MOST_WRITTEN: Final = 64  # parameters and results: who has more and names none is not read, only made
_MOST_WORDS: Final = 1 << 26  # of locals and parameters, in all functions


def print_module(module: bytes) -> str:
    """The module as text, flat, which `linocut.wat.assemble` turns into the same bytes again.

    Not the same are: numbers that the module writes longer than need be (LEB128), empty sections, runs of
    locals of the same type, types that are `sub final` of nothing, the first memory where a segment or an
    access names it, the count of data segments where no function needs it, and what is in the name section,
    which becomes identifiers, as well as its place among other custom sections.

    Raises MalformedError where the bytes are no module; it is not validated.

    >>> import linocut.wat
    >>> print(linocut.wat.print(linocut.wat.assemble("(func $f (result i32) i32.const 42)")))
    (module
      (type (;0;) (func (result i32)))
      (func $f (type 0) (result i32)
        i32.const 42))
    <BLANKLINE>
    """
    try:
        return "\n".join(_Printer(BinaryModule(module)).lines())
    except EndlessNumberError as error:
        raise MalformedError(f"malformed module: {error}") from None
    except IndexError:
        raise MalformedError("unexpected end of the module or of one of its parts") from None
    except KeyError as error:
        raise MalformedError(f"malformed module: nothing has the code {error}") from None
    except ValueError as error:
        raise MalformedError(f"malformed module: {error}") from None


class _Printer:
    """A module, what its things are called, and how many of them have been printed."""

    def __init__(self, module: BinaryModule) -> None:
        self._module = module
        maps = module.names.maps
        self._heads = {space: heads_of(maps[number]) for space, number in NAME_MAPS.items()}
        self._names = {space: identifiers_of(maps[number]) for space, number in NAME_MAPS.items()}
        self._scope = Scope((), self._names, identify=str)
        self._counts: dict[Space, int] = defaultdict(int)
        indirect = module.names.indirect
        self._types = TypeReader(self._scope, indirect[FIELD_NAMES], indirect[PARAMETER_NAMES])
        self._functions: list[int] = []
        """The types of those that have a body."""
        self._words = 0

    def lines(self) -> Iterator[str]:
        """The text, line by line, and an empty line at its end."""
        name = self._module.names.module
        lines = [f"  {line}" for line in self._fields()]
        title = "(module" + ("" if name is None else f" {heads_of({0: name})[0]}")
        if not lines:
            yield f"{title})"
        else:
            yield title
            yield from lines[:-1]
            yield f"{lines[-1]})"
        yield ""

    def _fields(self) -> Iterator[str]:
        """All fields, in the order of sections; custom ones say themselves where they belong."""
        for custom in self._module.customs:
            place = f"(after {custom.behind})" if custom.behind else "(before first)"
            yield f'(@custom "{escape(custom.name)}" {place} {literal(custom.content)})'
        for section in SECTIONS:
            reader = Reader(self._module.sections.get(section, b"\0"))
            yield from self._section(section, reader)
            if not reader.is_done:
                raise ValueError(f"section size mismatch: there is more in the section of {section}")

    def _section(self, section: str, reader: Reader) -> Iterator[str]:
        """A section's fields; none where it only says the types of functions or counts data segments."""
        if section == "type":
            yield from self._types.lines(reader, self._type_heads())
        elif section == "func":
            self._forget_missing()
            self._functions = [reader.unsigned() for _ in range(reader.unsigned())]
        elif section == "code":
            yield from self._bodies(reader)
        elif section == "start" and "start" in self._module.sections:
            yield f"(start {self._scope.called(Space.FUNC, reader.unsigned())})"
        else:
            number = reader.unsigned()
            if read := _READERS.get(section):
                for _ in range(number):
                    yield read(self, reader)

    def _next(self, space: Space) -> tuple[int, str]:
        """The index of the next thing of a kind, and what its definition has behind the keyword."""
        index = self._counts[space]
        self._counts[space] += 1
        return index, head(index, self._heads[space])

    def _type_heads(self) -> Iterator[str]:
        while True:
            yield self._next(Space.TYPE)[1]

    def _forget_missing(self) -> None:
        """Forget names of what there is none of: nothing can be called by them. Imports have been counted."""
        for space in NAME_MAPS:
            if space is not Space.TYPE:
                defined = Reader(self._module.sections.get(space.value, b"\0")).unsigned()
                count = self._counts[space] + defined
                names = self._names[space]
                self._names[space] = {index: name for index, name in names.items() if index < count}

    # ── what can be imported ─────────────────────────────────────────────────
    def _import(self, reader: Reader) -> str:
        names = f'"{escape(reader.name())}" "{escape(reader.name())}"'
        code = reader.byte()
        kind = _KINDS[0 if code == _EXACT else code]
        index, text = self._next(Space(kind))
        type_ = self._imported(kind, index, reader)
        return f"(import {names} ({kind} {text} {f'(exact {type_})' if code == _EXACT else type_}))"

    def _imported(self, kind: str, index: int, reader: Reader) -> str:
        if kind == "func":
            return self._type_use(reader.unsigned(), heads_of(self._local_names(index)))
        if kind == "table":
            return table_type_text(reader, self._scope)
        if kind == "memory":
            return memory_type_text(reader)
        return storage_text(reader, self._scope) if kind == "global" else self._tag_type(reader)

    def _type_use(self, type_: int, heads: dict[int, str]) -> str:
        """A type by its index, and for whoever reads it also its parameters and results."""
        function = self._types.functions.get(type_)
        index = f"(type {self._scope.called(Space.TYPE, type_)})"
        if function is None:
            return index
        words = len(function.params) + len(function.results)
        if words > _MOST_WRITTEN and not heads:
            return index
        self._spend(words)
        return index + listed("param", function.params, heads) + listed("result", function.results)

    def _spend(self, words: int) -> None:
        self._words += words
        if self._words > _MOST_WORDS:
            raise ValueError(f"more than {_MOST_WORDS} parameters and locals in all functions")

    def _local_names(self, function: int) -> dict[int, str]:
        return self._module.names.indirect[LOCAL_NAMES].get(function, {})

    def _hints(self, function: int) -> dict[int, str]:
        """Annotations of branches, by their offset in the body."""
        hints = self._module.hints.get(function, {})
        return {offset: f"(@{HINTS} {literal(hint)})" for offset, hint in hints.items()}

    def _table(self, reader: Reader) -> str:
        _, text = self._next(Space.TABLE)
        if reader.data[reader.position] != _WITH_VALUE:
            return f"(table {text} {table_type_text(reader, self._scope)})"
        reader.take(2)
        type_ = table_type_text(reader, self._scope)
        return f"(table {text} {type_} {_flat_or_folded(expression(reader, self._scope))})"

    def _memory(self, reader: Reader) -> str:
        return f"(memory {self._next(Space.MEMORY)[1]} {memory_type_text(reader)})"

    def _global(self, reader: Reader) -> str:
        _, text = self._next(Space.GLOBAL)
        type_ = storage_text(reader, self._scope)
        return f"(global {text} {type_} {_flat_or_folded(expression(reader, self._scope))})"

    def _tag(self, reader: Reader) -> str:
        return f"(tag {self._next(Space.TAG)[1]} {self._tag_type(reader)})"

    def _tag_type(self, reader: Reader) -> str:
        if attribute := reader.byte():
            raise ValueError(f"malformed tag attribute: {attribute}")
        return self._type_use(reader.unsigned(), {})

    # ── all else ─────────────────────────────────────────────────────────────
    def _export(self, reader: Reader) -> str:
        name = escape(reader.name())
        kind = _KINDS[reader.byte()]
        return f'(export "{name}" ({kind} {self._scope.called(Space(kind), reader.unsigned())}))'

    def _elem(self, reader: Reader) -> str:
        return elem_text(reader, self._scope, self._next(Space.ELEM)[1])

    def _data(self, reader: Reader) -> str:
        return data_text(reader, self._scope, self._next(Space.DATA)[1])

    def _bodies(self, reader: Reader) -> Iterator[str]:
        if reader.unsigned() != len(self._functions):
            raise ValueError("function and code section have inconsistent lengths")
        for type_ in self._functions:
            yield self._function(type_, Reader(reader.take(reader.unsigned())))

    def _function(self, type_: int, reader: Reader) -> str:
        index, text = self._next(Space.FUNC)
        params = self._types.functions.get(type_, FuncText((), ())).params
        types = self._read_locals(reader)
        names = self._module.names.indirect[LOCAL_NAMES].get(index, {})
        names = {local: name for local, name in names.items() if local < len(params) + len(types)}
        heads = heads_of(names)
        lines = [f"(func {text} {self._type_use(type_, heads)}"]
        if types:
            lines.append(f"   {listed('local', types, heads, len(params))}")
        labels = LabelNames(self._module.names.indirect[LABEL_NAMES].get(index, {}))
        own: dict[Space, Called] = {Space.LABEL: labels, Space.LOCAL: identifiers_of(names)}
        scope = self._scope._replace(names={**self._names, **own})
        lines += body_lines(reader, scope, labels, self._hints(index))
        lines[-1] += ")"
        return "\n".join(lines)

    def _read_locals(self, reader: Reader) -> list[str]:
        """The types of a body's locals."""
        runs = read_locals(reader, self._scope)
        total = sum(count for count, _ in runs)
        if total > _MOST_LOCALS:
            raise ValueError(f"too many locals: {total}")
        self._spend(total)
        return [type_ for count, type_ in runs for _ in range(count)]


def _flat_or_folded(texts: list[str]) -> str:
    return folded("", texts) if len(texts) == 1 else " ".join(texts)


_READERS: Final = {
    "import": _Printer._import, "table": _Printer._table, "memory": _Printer._memory, "tag": _Printer._tag,
    "global": _Printer._global, "export": _Printer._export, "elem": _Printer._elem, "data": _Printer._data,
}  # fmt: skip
