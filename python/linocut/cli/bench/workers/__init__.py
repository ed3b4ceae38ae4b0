"""Processes that an engine is measured in: each is started anew, does one job and ends.

compile_*  compile jobs (serve.py says what job and answer are)
calls_*    what a call costs (calls.py)
run_*      run a WASI command: `run_x.py FILE ARGUMENT…`
"""
