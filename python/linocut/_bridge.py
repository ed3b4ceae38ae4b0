"""The extension, after it has been handed the Python classes that C++ must be able to make.

The extension imports nothing of this package: what it needs is passed down here, once.
"""

from __future__ import annotations

from linocut import _core, errors, types
from linocut._core import Func, Global, Memory, Store, Table, Tag, deadline

__all__ = ["Func", "Global", "Memory", "Store", "Table", "Tag", "deadline"]

_core.set_face(errors, types)
