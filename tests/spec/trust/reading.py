"""A small module as text: the instructions of its functions."""

from __future__ import annotations

from linocut.text.binary import Reader
from linocut.text.instructions import Scope, instruction_text, read_body

_CODE = 10


def functions_text(wasm: bytes) -> str:
    """The instructions of each function, one on a line, indented by their nesting."""
    reader, text = Reader(wasm, 8), []
    while not reader.is_done:
        number = reader.byte()
        content = reader.take(reader.unsigned())
        if number == _CODE:
            text = [*_functions(Reader(content))]
    return "\n".join(text)


def _functions(reader: Reader) -> list[str]:
    lines = []
    for number in range(reader.unsigned()):
        locals_, instructions = read_body(reader.take(reader.unsigned()))
        lines.append(f"function {number}" + (f", locals {' '.join(locals_)}" if locals_ else ""))
        lines += ["  " * (each.depth + 1) + instruction_text(each, Scope()) for each in instructions]
    return lines
