"""The page of `linocut inspect --html`, `linocut explore` and notebooks: one HTML file that holds everything.

`page.html`, `css/` and `js/` are what a browser gets; `html.py` puts them together, `scripts.py` the scripts.
`documents.py` makes the documents that a written page holds, `pack.py` makes them small.
"""
