"""wasmtime's engine with one of its compilers: the first argument of the workers names it."""

from __future__ import annotations

import wasmtime
from wasmtime import _ffi

# wasmtime_strategy_t of its C API. The setter of the Python class knows no name for Winch.
_STRATEGIES = {"cranelift": 1, "winch": 2}


def make_engine(name: str) -> wasmtime.Engine:
    """One compiling thread; what is not set is wasmtime's default, its checks among them."""
    config = wasmtime.Config()
    _ffi.wasmtime_config_strategy_set(config.ptr(), _STRATEGIES[name])
    config.parallel_compilation = False
    if name == "cranelift":
        config.cranelift_opt_level = "speed"
    return wasmtime.Engine(config)
