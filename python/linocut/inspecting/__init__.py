"""`linocut inspect`: a module's functions, or one's machine code beside its WebAssembly and another engine's.

`overview.py` lists functions. `listing.py` puts one together out of what `machine.py` (instructions),
`stencils.py` (what they were copied from), `comments.py` (what they reach) and `marks.py` (what they are for)
say; `listing_lines.py` shows it. `view.py` makes the documents that `--json`, the page and the notebook have.
`against/` asks other engines, `align.py` pairs their code with ours, `beside.py` shows both. `command.py`
reads the command line.
"""
