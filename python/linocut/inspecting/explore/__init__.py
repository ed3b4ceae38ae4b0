"""`linocut explore`: the page of `linocut inspect --html`, served on this machine, with an editor.

`server.py` answers requests, after `guard.py` has refused those that come from elsewhere. `library.py` knows
the modules that have been shown; `worker.py` compiles them in a process of its own, which `workers.py` keeps
at hand and ends when it takes too long.
"""
