"""`linocut.inspect`, and what the commands `inspect`, `explore`, `diff` and `explain` show.

`inspection.py` is the function for programs and notebooks. `overview.py` lists a module's functions. One
function's machine code beside its WebAssembly is made in `listing/`; `other_engine.py` asks another engine
for its code, which `alignment/` pairs with ours. `view.py` makes the JSON document of all that (`schema.py`
documents its keys). `side_by_side.py` and `panes.py` print it in columns, `page/` shows it in a browser,
`explore/` serves that page, and `diff/` compares two such documents. `catalogue.py` knows all forms and
stencils, `explanation.py` those of one opcode.
"""
