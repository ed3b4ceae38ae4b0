"""What can be told of a module without decoding its sections: their sizes (§5.5.2)."""

from __future__ import annotations

from linocut.text.binary import Reader

_CODE = 10
_HEADER = 8


def code_section_size(wasm: bytes) -> int:
    """Bytes of the code section; 0 when there is none, or when the module ends too early."""
    reader = Reader(wasm, _HEADER)
    try:
        while not reader.is_done:
            section, size = reader.byte(), reader.unsigned()
            if section == _CODE:
                return size
            reader.position += size
    except IndexError:  # engines will say what is wrong with it
        pass
    return 0
