"""`linocut inspect`: a module's functions, or one's machine code beside its WebAssembly and another engine's.

`overview.py` lists functions. `listing.py` puts one together out of what `disassembly/` (instructions),
`stencils.py` (what they were copied from), `comments.py` (what they reach) and `marks.py` (what they are for)
say; `listing_lines.py` shows it. `view.py` makes the documents that `--json`, the page and the notebook have.
`other_engine.py` asks another engine, `align.py` pairs its code with ours, `side_by_side.py` shows both.
"""
