"""Running one program or function: what `linocut run` does.

`values.py` reads what `--invoke` passes and prints results, `ending.py` knows how runs end, `stopwatch.py`
how long what took.
"""
