"""The page of `linocut inspect --html`, `linocut explore` and notebooks: one HTML file that holds everything.

`page.html`, `css/` and `js/` are what a browser gets; `html.py` puts them together, `scripts.py` the scripts.
`write.py` chooses the functions that a page holds, `columns.py` and `pack.py` make their documents small.
"""
