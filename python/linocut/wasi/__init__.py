"""WASI: programs that read, write and open files, in a sandbox of the directories given to them.

`Wasi` is one process; `Exit` is what leaves it when the guest calls `proc_exit`.
"""

from linocut.wasi.process import Exit
from linocut.wasi.wasi import Wasi

__all__ = ["Exit", "Wasi"]
