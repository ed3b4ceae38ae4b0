"""Processes that an engine is measured or checked in.

*_compile  do a compile job (compile_jobs.py says what job and answer are)
*_calls    measure what a call costs (call_jobs.py)
*_run      run a WASI command: `x_run.py FILE ARGUMENT…`
*_check    run exploded test files, a line for each (check_jobs.py)
"""
