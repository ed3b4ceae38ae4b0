"""Running one program or function: what `linocut run` does.

`program.py` runs what `request.py` asks for; `values.py` reads and writes the values of a function. How runs
end is in `ending.py`, how long they take in `stopwatch.py`.
"""
