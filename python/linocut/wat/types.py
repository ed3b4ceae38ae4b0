"""Types (§6.4), read from text into bytes, and the type section, with those that only uses write out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from linocut.text.binary import signed, unsigned
from linocut.wat.spaces import IndexSpace
from linocut_isa import HEAP_TYPES, ValType, reference_word

if TYPE_CHECKING:
    from linocut.wat.cursor import Cursor

__all__ = ["Signature", "TypeSection"]

_REF_NULL, _REF, _EXACT = b"\x63", b"\x64", b"\x62"
_REC, _SUB, _SUB_FINAL, _DESCRIPTOR, _DESCRIBES = b"\x4e", b"\x50", b"\x4f", b"\x4d", b"\x4c"
_FUNC, _STRUCT, _ARRAY, _CONT = b"\x60", b"\x5f", b"\x5e", b"\x5d"
_PACKED: Final = {"i8": b"\x78", "i16": b"\x77"}


_HEAPS: Final = {word: bytes([byte]) for byte, word in HEAP_TYPES.items()}
_WORDS: Final = {
    **{type_.text: bytes([type_]) for type_ in ValType if type_ not in HEAP_TYPES},
    **{reference_word(byte): bytes([byte]) for byte in HEAP_TYPES},
}
"""All value types that are one word."""


class Signature(NamedTuple):
    """A function's type, each value type as its bytes."""

    params: tuple[bytes, ...] = ()
    results: tuple[bytes, ...] = ()

    @property
    def encoded(self) -> bytes:
        """The entry of the type section."""
        return _FUNC + _vector(self.params) + _vector(self.results)


class TypeSection:
    """A module's types: those that are defined, then those that only uses write out (§6.4.11)."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self.space = IndexSpace("type")
        self.fields: dict[int, IndexSpace] = {}
        """Of each struct."""
        self.params: dict[int, IndexSpace] = {}
        """Of each function type that names some."""
        self.groups: list[bytes] = []
        self._signatures: dict[int, Signature] = {}
        self._indices: dict[Signature, int] = {}

    # ── definitions ──────────────────────────────────────────────────────────
    def define(self, index: int) -> int:
        """Read the definition that is next, `(type …)` or `(rec …)`, of that index; the next one's index."""
        cursor = self._cursor
        if cursor.accept_form("type"):
            self.groups.append(self._definition(index, is_alone=True))
            return index + 1
        cursor.at += 2
        types = []
        start = index
        while cursor.accept_form("type"):
            types.append(self._definition(index, is_alone=False))
            index += 1
        cursor.expect(")")
        if index - start == 1 and start in self._signatures:
            self._indices.setdefault(self._signatures[start], start)
        self.groups.append(_REC + _vector(types))
        return index

    def _definition(self, index: int, is_alone: bool) -> bytes:
        """The rest of `(type`."""
        cursor = self._cursor
        cursor.identifier()
        if cursor.accept("(@name"):
            cursor.at += 2
        is_sub = cursor.accept_form("sub")
        head = self._supertypes() if is_sub else b""
        entry = head + self._described() + self._composite(index)
        if is_sub:
            cursor.expect(")")
        cursor.expect(")")
        if is_alone and not head and index in self._signatures:
            self._indices.setdefault(self._signatures[index], index)
        return entry

    def _supertypes(self) -> bytes:
        """The rest of `(sub`, up to what the type is made of."""
        cursor = self._cursor
        is_final = cursor.accept("final")
        supers = []
        while cursor.token[0] != "(":
            supers.append(self.space.bytes(cursor))
        if is_final and not supers:
            return b""
        return (_SUB_FINAL if is_final else _SUB) + _vector(supers)

    def _described(self) -> bytes:
        """`(describes $t)` and `(descriptor $t)`."""
        cursor = self._cursor
        parts = []
        for word, code in (("describes", _DESCRIBES), ("descriptor", _DESCRIPTOR)):
            if cursor.accept_form(word):
                parts.append(code + self.space.bytes(cursor))
                cursor.expect(")")
        return b"".join(parts)

    def _composite(self, index: int) -> bytes:
        """`(func …)`, `(struct …)`, `(array …)` or `(cont …)`."""
        cursor = self._cursor
        if cursor.accept_form("func"):
            names = IndexSpace("parameter")
            signature = self._signatures[index] = self.signature(names)
            self.params[index] = names
            entry = signature.encoded
        elif cursor.accept_form("struct"):
            entry = _STRUCT + _vector(self._fields(index))
        elif cursor.accept_form("array"):
            entry = _ARRAY + self._field_type()
        elif cursor.accept_form("cont"):
            entry = _CONT + signed(self.space.index(cursor))
        else:
            raise cursor.unexpected("'(func', '(struct', '(array' or '(cont'")
        cursor.expect(")")
        return entry

    def _fields(self, index: int) -> list[bytes]:
        cursor = self._cursor
        space = self.fields[index] = IndexSpace("field")
        found = []
        while cursor.accept_form("field"):
            if cursor.token[0] == "$" or cursor.token == "(@name":
                space.add(cursor)
                found.append(self._field_type())
            else:
                while cursor.token != ")":
                    space.count += 1
                    found.append(self._field_type())
            cursor.expect(")")
        return found

    def _field_type(self) -> bytes:
        cursor = self._cursor
        if cursor.accept_form("mut"):
            type_ = self._storage_type()
            cursor.expect(")")
            return type_ + b"\1"
        return self._storage_type() + b"\0"

    def _storage_type(self) -> bytes:
        packed = _PACKED.get(self._cursor.token)
        if packed is None:
            return self.value_type()
        self._cursor.at += 1
        return packed

    # ── value types ──────────────────────────────────────────────────────────
    def value_type(self) -> bytes:
        """The value type that is next."""
        cursor = self._cursor
        found = _WORDS.get(cursor.token)
        if found is not None:
            cursor.at += 1
            return found
        if cursor.opens("ref"):
            return self.encode_reference(*self.reference())
        if cursor.token[0].isalpha():
            raise cursor.unknown("type", _WORDS)
        raise cursor.unexpected("a value type")

    def reference(self) -> tuple[bool, bytes]:
        """The reference type that is next: whether it may be null, and its heap type."""
        cursor = self._cursor
        word = _WORDS.get(cursor.token)
        if word is not None and word[0] in HEAP_TYPES:
            cursor.at += 1
            return True, word
        if not cursor.accept_form("ref"):
            raise cursor.unexpected("a reference type")
        is_nullable = cursor.accept("null")
        heap = self.heap_type()
        cursor.expect(")")
        return is_nullable, heap

    @staticmethod
    def encode_reference(is_nullable: bool, heap: bytes) -> bytes:
        """A reference type's bytes, as few as there are."""
        if is_nullable and len(heap) == 1 and heap[0] in HEAP_TYPES:
            return heap
        return (_REF_NULL if is_nullable else _REF) + heap

    def heap_type(self) -> bytes:
        """The heap type that is next."""
        cursor = self._cursor
        found = _HEAPS.get(cursor.token)
        if found is not None:
            cursor.at += 1
            return found
        if cursor.accept_form("exact"):
            heap = _EXACT + signed(self.space.index(cursor))
            cursor.expect(")")
            return heap
        if cursor.token[0].isalpha():
            raise cursor.unknown("heap type", _HEAPS)
        return signed(self.space.index(cursor))

    # ── function types ───────────────────────────────────────────────────────
    def signature(self, names: IndexSpace | None = None) -> Signature:
        """The parameters and results that are next; with `names`, the former may have identifiers."""
        params = self.listed("param", names)
        return Signature(tuple(params), tuple(self.listed("result", None)))

    def listed(self, keyword: str, names: IndexSpace | None) -> list[bytes]:
        """The types in forms of that keyword that are next, as many as there are."""
        cursor = self._cursor
        found = []
        while cursor.accept_form(keyword):
            if names is not None and (cursor.token[0] == "$" or cursor.token == "(@name"):
                names.add(cursor)
                found.append(self.value_type())
            else:
                start = len(found)
                while cursor.token != ")":
                    found.append(self.value_type())
                if names is not None:
                    names.count += len(found) - start
            cursor.expect(")")
        return found

    def use(self, names: IndexSpace | None = None) -> tuple[int, Signature]:
        """The type use that is next (§6.4.10): the index of the type, and what it is."""
        index, signature = self._use(names)
        return self.index_of(signature) if index is None else index, signature

    def block_type(self) -> bytes:
        """The type of a block, in the shortest of its forms unless it is named."""
        index, signature = self._use(None)
        if index is None:
            if not signature.params and len(signature.results) <= 1:
                return signature.results[0] if signature.results else b"\x40"
            index = self.index_of(signature)
        return signed(index)

    def _use(self, names: IndexSpace | None) -> tuple[int | None, Signature]:
        cursor = self._cursor
        at = cursor.at
        index = None
        if cursor.accept_form("type"):
            index = self.space.index(cursor)
            cursor.expect(")")
        start = cursor.at
        signature = self.signature(names)
        if index is None:
            return None, signature
        meant = self._signatures.get(index, Signature())
        if cursor.at == start:
            if names is not None:
                names.count += len(meant.params)
        elif signature != meant:
            raise cursor.fault("inline function type: it is not that of the type that is named", at)
        return index, meant

    def index_of(self, signature: Signature) -> int:
        """The first type that is this one alone; it is added if there is none (§6.4.10)."""
        index = self._indices.get(signature)
        if index is None:
            index = self._indices[signature] = self.space.count
            self.space.count += 1
            self._signatures[index] = signature
            self.groups.append(signature.encoded)
        return index


def _vector(items: list[bytes] | tuple[bytes, ...]) -> bytes:
    return unsigned(len(items)) + b"".join(items)
