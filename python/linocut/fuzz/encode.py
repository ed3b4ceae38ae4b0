"""A Program's bytes (§5). Written apart from the decoder under test, and from any library."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from linocut.fuzz.program import Code, Elem, Instr, MemoryDef, Program, Signature, TableDef, Types
from linocut.fuzz.vocabulary import CONST
from linocut.text.binary import name, signed, unsigned
from linocut.text.immediates import MemArg, immediate_bytes
from linocut_isa import Encoding, Immediate, Space, ValType, supported

if TYPE_CHECKING:
    from collections.abc import Iterable

_TYPE = {type_.text: bytes([type_]) for type_ in ValType}
_MAGIC = b"\0asm\1\0\0\0"
_END = b"\x0b"
_WIDE = 4  # flag of limits: addresses are i64

_CODE = {row.name: bytes(row.code[:1]) + b"".join(unsigned(c) for c in row.code[1:]) for row in supported()}


def _vector(items: Iterable[bytes]) -> bytes:
    items = list(items)
    return unsigned(len(items)) + b"".join(items)


def _types(types: Iterable[str]) -> bytes:
    return _vector(_TYPE[type_] for type_ in types)


def _limits(of: MemoryDef | TableDef) -> bytes:
    flags = (of.max is not None) | (_WIDE if of.address == "i64" else 0)
    return bytes([flags]) + unsigned(of.min) + (b"" if of.max is None else unsigned(of.max))


def _offset(number: int, address: str) -> bytes:
    """The constant expression of an active segment's offset."""
    return _CODE[CONST[address].name] + signed(number) + _END


class Encoder:
    """Encodes one program; function types get their indices as they are met."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._signatures: dict[Signature, int] = {}

    def encode(self) -> bytes:
        """The module."""
        program = self.program
        code = _vector(self._function(f.locals, f.body) for f in program.functions)
        functions = _vector(unsigned(self._type_index(f.type)) for f in program.functions)
        imports = _vector(self._imports())
        tags = _vector(self._tag(tag.params) for tag in program.tags if not tag.imported)
        sections = (
            (1, _vector(b"\x60" + _types(s.params) + _types(s.results) for s in self._signatures)),
            (2, imports),
            (3, functions),
            (4, _vector(_TYPE[t.element] + _limits(t) for t in program.tables if not t.imported)),
            (5, self._memory()),
            (13, tags),
            (6, _vector(self._global_type(g.type, g.mutable) + self.expression(g.init)
                        for g in program.globals if not g.imported)),
            (7, _vector(self._exports())),
            (8, unsigned(program.start) if program.start is not None else b""),
            (9, _vector(self._elem(e) for e in [*program.elems, *self._declared()])),
            (12, unsigned(len(program.datas))),
            (10, code),
            (11, _vector(self._data(d.offset, d.content) for d in program.datas)),
        )  # fmt: skip
        return _MAGIC + b"".join(bytes([i]) + unsigned(len(s)) + s for i, s in sections if s and s != b"\0")

    # ── sections ─────────────────────────────────────────────────────────────
    def _type_index(self, signature: Signature) -> int:
        return self._signatures.setdefault(signature, len(self._signatures))

    def _global_type(self, type_: str, mutable: bool) -> bytes:
        return _TYPE[type_] + (b"\1" if mutable else b"\0")

    def _imports(self) -> Iterable[bytes]:
        program, module = self.program, name("host")
        for index, signature in enumerate(program.hosts):
            yield module + name(f"h{index}") + b"\0" + unsigned(self._type_index(signature))
        for index, table in enumerate(program.tables):
            if table.imported:
                yield module + name(f"t{index}") + b"\1" + _TYPE[table.element] + _limits(table)
        if program.memory and program.memory.imported:
            yield module + name("mem") + b"\2" + _limits(program.memory)
        for index, global_ in enumerate(program.globals):
            if global_.imported:
                yield module + name(f"g{index}") + b"\3" + self._global_type(global_.type, global_.mutable)
        for index, tag in enumerate(program.tags):
            if tag.imported:
                yield module + name(f"e{index}") + b"\4" + self._tag(tag.params)

    def _tag(self, params: Types) -> bytes:
        return b"\0" + unsigned(self._type_index(Signature(params, ())))

    def _memory(self) -> bytes:
        memory = self.program.memory
        if memory is None or memory.imported:
            return b""
        return _vector([_limits(memory)])

    def _exports(self) -> Iterable[bytes]:
        program = self.program
        for index, function in enumerate(program.functions, len(program.hosts)):
            if function.exported:
                yield name(f"f{index}") + b"\0" + unsigned(index)
        for index, table in enumerate(program.tables):
            if table.exported:
                yield name(f"t{index}") + b"\1" + unsigned(index)
        if program.memory:
            yield name("mem") + b"\2\0"
        for index, global_ in enumerate(program.globals):
            if global_.exported:
                yield name(f"g{index}") + b"\3" + unsigned(index)
        for index in range(len(program.tags)):
            yield name(f"e{index}") + b"\4" + unsigned(index)

    def _declared(self) -> list[Elem]:
        """A segment that lets ref.func name every referable function (§3.4.6)."""
        return [Elem("funcref", list(self.program.referable), table=-1)] if self.program.referable else []

    def _elem(self, segment: Elem) -> bytes:
        """One of the eight forms of §5.5.12: the shortest, or with expressions if an item is null."""
        plain = segment.type == "funcref" and None not in segment.items
        kind = b"\0" if plain else _TYPE[segment.type]
        if segment.offset is None:
            flags = 3 if segment.table < 0 else 1
            head = kind
        else:
            implicit = segment.table == 0 and segment.type == "funcref"
            flags = 0 if implicit else 2
            offset = _offset(segment.offset, self.program.tables[segment.table].address)
            head = offset if implicit else unsigned(segment.table) + offset + kind
        if plain:
            items = _vector(unsigned(item) for item in segment.items if item is not None)
        else:
            items = _vector(self._item(segment.type, item) for item in segment.items)
        return unsigned(flags | (0 if plain else 4)) + head + items

    def _item(self, type_: str, item: int | None) -> bytes:
        return (b"\xd0" + _TYPE[type_] if item is None else b"\xd2" + unsigned(item)) + _END

    def _data(self, offset: int | None, content: bytes) -> bytes:
        memory = self.program.memory
        address = memory.address if memory else "i32"
        head = b"\1" if offset is None else b"\0" + _offset(offset, address)
        return head + unsigned(len(content)) + content

    # ── code ─────────────────────────────────────────────────────────────────
    def _function(self, locals_: list[str], body: Code) -> bytes:
        runs: list[tuple[int, str]] = []
        for type_ in locals_:
            if runs and runs[-1][1] == type_:
                runs[-1] = (runs[-1][0] + 1, type_)
            else:
                runs.append((1, type_))
        content = _vector(unsigned(count) + _TYPE[type_] for count, type_ in runs) + self.expression(body)
        return unsigned(len(content)) + content

    def expression(self, code: Code) -> bytes:
        """Instructions and their end."""
        out: list[bytes] = []
        self._write(code, out)
        return b"".join(out) + _END

    def _write(self, code: Code, out: list[bytes]) -> None:
        for instr in code:
            opcode, writers = _FORMS[instr.op.name]
            out.append(opcode)
            if len(writers) == 1:
                out.append(writers[0](self, instr.imm))
            elif writers:  # a program has one value for all: a tuple
                out += [write(self, value) for write, value in zip(writers, instr.imm, strict=False)]
            if instr.body is not None:
                self._write_inside(instr, out)

    def _write_inside(self, instr: Instr, out: list[bytes]) -> None:
        assert instr.body is not None
        self._write(instr.body, out)
        for arm in instr.arms:
            self._write([arm.head], out)
            self._write(arm.code, out)
        if not instr.is_delegated:
            out.append(_END)

    def block_type(self, type_: Signature) -> bytes:
        """The shortest of the three forms (§5.4.1)."""
        if not type_.params and not type_.results:
            return b"\x40"
        if not type_.params and len(type_.results) == 1:
            return _TYPE[type_.results[0]]
        return signed(self._type_index(type_))

    def type_index(self, type_: Signature) -> bytes:
        """The index of a type that a call names."""
        return unsigned(self._type_index(type_))


# What a program says in other words than the bytes do.
_Write = Callable[[Encoder, Any], bytes]
_OTHER_WORDS: dict[Space, _Write] = {
    Space.BLOCK: Encoder.block_type,
    Space.TYPE: Encoder.type_index,
    Space.TYPES: lambda _, types: _types(types),
    Space.HEAP_TYPE: lambda _, type_: _TYPE[type_],
    Space.MEMARG: lambda _, imm: immediate_bytes(MemArg(*imm), Encoding.MEMARG),
}


def _writer(immediate: Immediate) -> _Write:
    """What writes an immediate."""
    encoding = immediate.encoding
    return _OTHER_WORDS.get(immediate.space) or (lambda _, value: immediate_bytes(value, encoding))


_FORMS = {row.name: (_CODE[row.name], tuple(map(_writer, row.immediates))) for row in supported()}


def encode(program: Program) -> bytes:
    """The program's module."""
    return Encoder(program).encode()
