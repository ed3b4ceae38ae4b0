"""Can one trust the files that `linocut spec explode` writes, and what `linocut spec check` says of them?

`python -m trust` (`make trust`) applies every question to the whole suite, tests/spec/test_trust.py to a few
hundred files.
"""
