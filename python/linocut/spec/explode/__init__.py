"""`linocut spec explode`: each assertion of a script as a module of its own.

One mechanism does it all. A script's modules are cut into items (functions, memories, globals …) whose
bytes have holes where they name other items (`module`, `cutter`); imports are simply the items of those who
export them (`instance`). What an assertion can reach, and what happened before that it can notice, is kept
(`slicing`), numbered anew and written (`writing`), with one more function that repeats what happened, acts
and compares (`entry`).
"""
