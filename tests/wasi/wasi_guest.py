"""A guest that only calls WASI functions, with arguments that a test chooses."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linocut.wasi import Wasi, errno, rights
from linocut.wasi.function import SIGNATURES

if TYPE_CHECKING:
    from typing import Any

    import linocut

FOLLOW = 1
CREATE, DIRECTORY, EXCLUSIVE, TRUNCATE = 1, 2, 4, 8

# Where the guest keeps paths and results; the memory has one page.
PATHS, OUT, BUFFER = 0x100, 0x8000, 0x9000
PAGE = 0x10000


def forwarder() -> str:
    """The text of a module that imports every function of preview 1, and exports one that calls it."""
    fields = []
    for name, (parameters, results) in SIGNATURES.items():
        kind = f"(param {' '.join(parameters)}) " + (f"(result {results[0]})" if results else "")
        arguments = " ".join(f"local.get {i}" for i in range(len(parameters)))
        fields.append(f'(import "wasi_snapshot_preview1" "{name}" (func ${name} {kind}))')
        fields.append(f'(func (export "{name}") {kind} {arguments} call ${name})')
    imports = [field for field in fields if field.startswith("(import")]
    functions = [field for field in fields if field.startswith("(func")]
    return f'(module {" ".join(imports)} (memory (export "memory") 1 4) {" ".join(functions)})'


class Guest:
    """Calls functions by name; bytes become an address and a length. The result is the name of the errno."""

    def __init__(self, module: linocut.Module, wasi: Wasi, timeout: float | None = None) -> None:
        self._module = module
        self._timeout = timeout
        self.wasi = wasi
        self.exports = wasi.instantiate(module).exports
        self.memory = self.exports.memory

    def __call__(self, function: str, *arguments: int | bytes) -> str:
        flat: list[int] = []
        free = PATHS
        for argument in arguments:
            if isinstance(argument, bytes):
                self.memory.write(free, argument)
                flat += [free, len(argument)]
                free += len(argument)
            else:
                flat.append(argument)
        return errno.NAMES[self.exports[function](*flat, timeout=self._timeout)]

    def restart(self, **streams: Any) -> Guest:
        """The same module in a WASI process with these streams."""
        return Guest(self._module, Wasi(**streams), self._timeout)

    def u32(self, address: int = OUT) -> int:
        return int.from_bytes(self.memory.read(address, 4), "little")

    def u64(self, address: int = OUT) -> int:
        return int.from_bytes(self.memory.read(address, 8), "little")

    def open(
        self,
        path: str | bytes,
        oflags: int = 0,
        base: int = rights.ALL,
        inheriting: int = rights.ALL,
        *,
        fd: int = 3,
        lookup: int = FOLLOW,
        fdflags: int = 0,
    ) -> int | str:
        """A descriptor, or the errno's name."""
        base &= rights.FILE | rights.DIRECTORY
        inheriting &= rights.FILE | rights.DIRECTORY
        failure = self("path_open", fd, lookup, os.fsencode(path), oflags, base, inheriting, fdflags, OUT)
        return self.u32() if failure == "SUCCESS" else failure

    def buffers(self, *sizes: int) -> tuple[int, int]:
        """The address and length of an array of buffers, which lie one after the other from BUFFER on."""
        address = BUFFER
        for i, size in enumerate(sizes):
            self.memory.write(OUT + 16 + 8 * i, address.to_bytes(4, "little") + size.to_bytes(4, "little"))
            address += size
        return OUT + 16, len(sizes)

    def write(self, fd: int, data: bytes) -> str:
        self.memory.write(BUFFER, data)
        return self("fd_write", fd, *self.buffers(len(data)), OUT)

    def read(self, fd: int, size: int = 100) -> bytes | str:
        failure = self("fd_read", fd, *self.buffers(size), OUT)
        return self.memory.read(BUFFER, self.u32()) if failure == "SUCCESS" else failure

    def contents(self, path: str) -> bytes | str:
        fd = self.open(path, base=rights.FD_READ)
        if isinstance(fd, str):
            return fd
        data = self.read(fd)
        assert self("fd_close", fd) == "SUCCESS"
        return data
