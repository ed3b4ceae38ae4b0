"""`linocut bench`: compile time, execution time, calls and start beside other engines.

Every number comes from a fresh process of an engine (`process.py`, `workers/`), interleaved with the others::

    command.py → options.py, selection.py     what is asked for, found and built
                   └→ engines/                an adapter per engine: how to find it, its flags, how it runs
                   └→ programs/               our suites, a user's folder, published modules, C compilers
               → measures/ → progress.py      rows of results.py and the steps that fill them, then taken
               → report/                      tables, plots, JSON and HTML of results.py alone
"""
