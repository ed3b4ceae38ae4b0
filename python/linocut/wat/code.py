"""Instructions (§6.5), flat and folded, from text into bytes.

Nothing here calls itself: what is open lies on a list, so the text may nest as deep as it likes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from linocut.text.binary import unsigned
from linocut.wat.cursor import shown
from linocut.wat.immediates import READERS, ROWS
from linocut.wat.labels import Labels
from linocut.wat.spaces import IndexSpace
from linocut_isa import Space

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linocut.wat.cursor import Cursor
    from linocut.wat.types import TypeSection

__all__ = ["BRANCHES", "Code"]

_HINT: Final = "(@metadata.code.branch_hint"
_PLAIN: Final = {
    keyword: bytes(rows[0].code[:1]) + b"".join(map(unsigned, rows[0].code[1:]))
    for keyword, rows in ROWS.items()
    if not any(row.immediates for row in rows) and keyword not in ("else", "end", "catch_all")
}
"""Opcodes that nothing follows, which are most of those that are used."""
_OPENERS: Final = {keyword for keyword, rows in ROWS.items() if rows[0].opens_block}
_PARTS: Final = {"else": ("if",), "catch": ("try", "catch"), "catch_all": ("try", "catch")}
"""What begins another part of a block, and behind which parts."""
_CLAUSES: Final = {
    "then": ("if",), "else": ("then",), "do": ("try",), "catch": ("do", "catch"),
    "catch_all": ("do", "catch"), "delegate": ("do",),
}  # fmt: skip
"""Forms within folded blocks, and behind which parts."""
BRANCHES: Final = {
    row.keyword
    for rows in ROWS.values()
    for row in rows
    if row.name == "if" or (Space.LABEL in row.spaces and not row.never_goes_on and row.name != "delegate")
}
"""What a hint may stand before: opcodes that branch or do not."""
_WITH_CLAUSES: Final = ("if", "try")
_END: Final = b"\x0b"


class _Block:
    """A block that is open."""

    __slots__ = ("head", "hint", "is_folded", "label", "part")

    def __init__(self, part: str, label: str | None, is_folded: bool) -> None:
        self.part = part
        """What of it was begun last: its opcode, or else, then, do, catch …"""
        self.label = label
        self.is_folded = is_folded
        self.head = b""
        """A folded `if`, until its condition has been written."""
        self.hint: bytes | None = None


class _Clause:
    """A form of a folded block's part that is open, such as `(then`."""


class _Hinted:
    """A folded instruction that waits for its operands, with the hint to its branch."""

    __slots__ = ("head", "hint")

    def __init__(self, head: bytes, hint: bytes) -> None:
        self.head = head
        self.hint = hint


class Code:
    """Reads the instructions of one body or constant expression after the other."""

    cursor: Cursor
    types: TypeSection

    def __init__(self, cursor: Cursor, types: TypeSection, spaces: Mapping[Space, IndexSpace]) -> None:
        self.cursor = cursor
        self.types = types
        self.spaces = dict(spaces)
        self.begin(IndexSpace("local"))

    def begin(self, locals_: IndexSpace) -> None:
        """Forget what belongs to one function, and take the locals of the next."""
        self.spaces[Space.LOCAL] = locals_
        self.out = bytearray()
        self.names_data = False
        """Whether an instruction names a data segment: before code, their number must be known."""
        self.hints: list[tuple[int, bytes]] = []
        """Where in `out` is which hint to a branch."""
        self.labels = Labels()
        self._open: list[bytes | _Block | _Clause | _Hinted] = []
        self._hint: bytes | None = None

    # ── reading ──────────────────────────────────────────────────────────────
    def read(self) -> None:
        """Read instructions up to the parenthesis that closes what they are in, and write their end."""
        self._read(is_single=False)
        self.out += _END

    def read_folded(self) -> None:
        """Read one folded instruction, and write an end: an expression (§6.5.11)."""
        if self.cursor.token != "(":
            raise self.cursor.unexpected("an instruction in parentheses")
        self._read(is_single=True)
        self.out += _END

    def _read(self, is_single: bool) -> None:
        cursor, open_ = self.cursor, self._open
        tokens = cursor.tokens
        while True:
            token = tokens[cursor.at]
            if token == ")":
                self._take_hint(token)
                if not open_:
                    return
                cursor.at += 1
                self._close()
                if is_single and not open_:
                    return
            elif token == "(":
                cursor.at += 1
                self._fold()
            else:
                self._flat(token)

    def _flat(self, token: str) -> None:
        """Read one instruction that is not in parentheses."""
        if self._open and not self._may_hold_flat() and token != _HINT:
            raise self._misplaced(token)
        plain = _PLAIN.get(token)
        if plain is not None and self._hint is None:
            self.cursor.at += 1
            self.out += plain
        elif token in _OPENERS:
            self._open_flat(token)
        elif token in _FLAT:
            self._take_hint(token)
            self.cursor.at += 1
            _FLAT[token](self)
        elif token == _HINT:
            self._read_hint()
        else:
            self._place_hint(self._take_hint(token))
            self.out += self._instruction(token)

    def _instruction(self, token: str) -> bytes:
        read = READERS.get(token)
        if read is None:
            raise self._no_instruction(token)
        self.cursor.at += 1
        return read(self)

    # ── flat blocks ──────────────────────────────────────────────────────────
    def _open_flat(self, keyword: str) -> None:
        self._place_hint(self._take_hint(keyword))
        block, head = self._opener(keyword, is_folded=False)
        self.out += head
        self.labels.enter(block.label)
        self._open.append(block)

    def _opener(self, keyword: str, is_folded: bool) -> tuple[_Block, bytes]:
        self.cursor.at += 1
        label = self.cursor.identifier()
        return _Block(keyword, label, is_folded), READERS[keyword](self)

    def _top(self, keyword: str, parts: tuple[str, ...] | None = None) -> _Block:
        """The flat block that a keyword belongs to; TextError if there is none."""
        block = self._open[-1] if self._open else None
        if not isinstance(block, _Block) or block.is_folded or (parts and block.part not in parts):
            behind = " or ".join(map(repr, parts)) if parts else "an open block"
            raise self.cursor.fault(f"unexpected token: {keyword!r} without {behind}", self.cursor.at - 1)
        return block

    def _end(self) -> None:
        block = self._top("end")
        self._check_label(block)
        self.labels.leave(block.label)
        self._open.pop()
        self.out += _END

    def _else(self) -> None:
        block = self._top("else", _PARTS["else"])
        self._check_label(block)
        block.part = "else"
        self.out += READERS["else"](self)

    def _catch(self) -> None:
        self._begin_catch("catch")

    def _catch_all(self) -> None:
        self._begin_catch("catch_all")

    def _begin_catch(self, keyword: str) -> None:
        block = self._top(keyword, _PARTS[keyword])
        block.part = keyword
        self.out += READERS[keyword](self)

    def _delegate(self) -> None:
        """It ends its `try`, whose label it cannot mean."""
        block = self._top("delegate", ("try",))
        self.labels.leave(block.label)
        self._open.pop()
        self.out += READERS["delegate"](self)

    def _check_label(self, block: _Block) -> None:
        at = self.cursor.at
        label = self.cursor.identifier()
        if label is not None and label != block.label:
            raise self.cursor.fault(f"mismatching label: expected {block.label or 'none'}", at)

    # ── folded instructions ──────────────────────────────────────────────────
    def _fold(self) -> None:
        """Read the beginning of a form, of which the parenthesis has been read."""
        keyword = self.cursor.token
        top = self._open[-1] if self._open else None
        if isinstance(top, _Block) and top.is_folded and top.part in _WITH_FORMS and keyword in _CLAUSES:
            self._open_clause(top, keyword)
        elif isinstance(top, _Block) and top.is_folded and not self._may_hold_folded(top):
            raise self.cursor.unexpected("'(then'" if top.part == "if" else "a clause of the block or ')'")
        elif keyword in _OPENERS:
            self._open_folded(keyword)
        elif keyword in _PARTS or keyword in ("end", "delegate"):
            raise self.cursor.fault(f"unexpected token: {keyword!r} in parentheses, outside its block")
        else:
            hint = self._take_hint(keyword)
            head = self._instruction(keyword)
            self._open.append(head if hint is None else _Hinted(head, hint))

    def _open_folded(self, keyword: str) -> None:
        hint = self._take_hint(keyword)
        block, head = self._opener(keyword, is_folded=True)
        self._open.append(block)
        if keyword == "if":
            block.head, block.hint = head, hint
        else:
            self._place_hint(hint)
            self.out += head
            self.labels.enter(block.label)

    def _open_clause(self, block: _Block, keyword: str) -> None:
        cursor = self.cursor
        if block.part not in _CLAUSES[keyword]:
            raise cursor.unexpected(f"{keyword!r} behind {' or '.join(map(repr, _CLAUSES[keyword]))}")
        cursor.at += 1
        if keyword == "then":
            self._place_hint(block.hint)
            self.out += block.head
            self.labels.enter(block.label)
        elif keyword == "delegate":
            self.labels.leave(block.label)
            self.out += READERS[keyword](self)
        elif keyword != "do":
            self.out += READERS[keyword](self)
        block.part = keyword
        self._open.append(_Clause())

    def _close(self) -> None:
        """End what the parenthesis that has been read closes."""
        top = self._open.pop()
        if isinstance(top, bytes):
            self.out += top
        elif isinstance(top, _Hinted):
            self._place_hint(top.hint)
            self.out += top.head
        elif isinstance(top, _Block):
            self._close_block(top)

    def _close_block(self, block: _Block) -> None:
        if not block.is_folded:
            raise self.cursor.unexpected("'end'", self.cursor.at - 1)
        if block.part in _WITH_CLAUSES:
            expected = "'(then'" if block.part == "if" else "'(do'"
            raise self.cursor.unexpected(expected, self.cursor.at - 1)
        if block.part != "delegate":
            self.labels.leave(block.label)
            self.out += _END

    def _may_hold_flat(self) -> bool:
        """Whether instructions without parentheses may be in what is open.

        Those between operands, as in `(i32.add i32.const 1 (local.get 0))`, are not in the specification's
        grammar. wasm-tools takes them, so texts have them, and there is one thing that they can mean.
        """
        top = self._open[-1]
        return not (isinstance(top, _Block) and top.is_folded and top.part in _WITH_FORMS)

    @staticmethod
    def _may_hold_folded(block: _Block) -> bool:
        """Whether a folded block has instructions in it now, and not only clauses."""
        return block.part == "if" or block.part not in _WITH_FORMS

    # ── hints ────────────────────────────────────────────────────────────────
    def _read_hint(self) -> None:
        if self._hint is not None:
            raise self.cursor.fault("@metadata.code.branch_hint annotation: duplicate annotation")
        self.cursor.at += 1
        self._hint = self.cursor.string()
        self.cursor.expect(")")

    def _take_hint(self, keyword: str) -> bytes | None:
        """The hint that stands before an instruction; TextError where that does not branch."""
        hint, self._hint = self._hint, None
        if hint is not None and keyword not in BRANCHES:
            what = f"invalid target: {shown(keyword)} is no conditional branch"
            raise self.cursor.fault(f"@metadata.code.branch_hint annotation: {what}")
        return hint

    def _place_hint(self, hint: bytes | None) -> None:
        if hint is not None:
            self.hints.append((len(self.out), hint))

    # ── immediates ───────────────────────────────────────────────────────────
    def label(self) -> bytes:
        """The label that is next."""
        return self.labels.read(self.cursor)

    # ── mistakes ─────────────────────────────────────────────────────────────
    def _misplaced(self, token: str) -> Exception:
        if token not in READERS:
            return self._no_instruction(token)
        return self.cursor.unexpected(
            "'(' or ')': a folded block has its condition and its parts in parentheses"
        )

    def _no_instruction(self, token: str) -> Exception:
        if token[0].isalpha():
            return self.cursor.unknown("operator", READERS)
        return self.cursor.unexpected("an instruction or ')'")


_FLAT: Final = {
    "end": Code._end,
    "else": Code._else,
    "catch": Code._catch,
    "catch_all": Code._catch_all,
    "delegate": Code._delegate,
}
_WITH_FORMS: Final = ("if", "try", "then", "else", "do", "catch", "catch_all", "delegate")
"""The parts of a folded block that has clauses; of one that has none the part is its opcode."""
