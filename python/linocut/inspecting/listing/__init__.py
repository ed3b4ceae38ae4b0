"""One function's machine code beside the WebAssembly that it was made from.

`listing.py` puts it together from the instructions of `disassembly/`, from what they were copied from
(`stencils.py`), what they reach (`comments.py`) and what they are for (`marks.py`). `lines.py` prints it.
"""
