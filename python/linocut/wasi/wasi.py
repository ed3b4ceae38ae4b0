"""One WASI process: what its guest imports, and running it."""

from __future__ import annotations

import os

from linocut.errors import LinkError
from linocut.types import FuncType, MemoryType
from linocut.wasi import function, rights
from linocut.wasi.clock import Clock
from linocut.wasi.deadline import Deadline
from linocut.wasi.descriptors import Descriptors
from linocut.wasi.directory import Directory
from linocut.wasi.entropy import Entropy
from linocut.wasi.exit import Exit
from linocut.wasi.file import File
from linocut.wasi.guest import Guest
from linocut.wasi.paths import Paths
from linocut.wasi.poll import Poll
from linocut.wasi.process import Process
from linocut.wasi.sockets import Sockets
from linocut.wasi.stream import Stream
from linocut.wasi.strings import Strings
from linocut.wasi.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType
    from typing import Any

    from linocut import Func, Instance, Memory, Module

    Stdio = int | Any | None

MODULE = "wasi_snapshot_preview1"


class Wasi:
    """Arguments, environment, directories and standard streams of one run of a program.

    `args` begins with the program's own name. `dirs` maps the guest's names of directories to the host's;
    nothing outside them can be reached. `stdin`, `stdout` and `stderr` are each a descriptor of the host, a
    binary object with `read` or `write`, or None for the host's own, which are written unbuffered. A
    directory that cannot be opened is an OSError here, not later.

    >>> import io, linocut
    >>> module = linocut.load('''(module
    ...   (import "wasi_snapshot_preview1" "fd_write"
    ...     (func $write (param i32 i32 i32 i32) (result i32)))
    ...   (memory (export "memory") 1)
    ...   (data (i32.const 0) "\\\\08\\\\00\\\\00\\\\00\\\\03\\\\00\\\\00\\\\00hi\\\\n")
    ...   (func (export "_start")
    ...     (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))))''')
    >>> out = io.BytesIO()
    >>> Wasi(["hi"], stdout=out).run(module)
    0
    >>> out.getvalue()
    b'hi\\n'
    """

    __module__ = "linocut.wasi"

    def __init__(
        self,
        args: Iterable[str | bytes] = (),
        env: Mapping[str, str] | None = None,
        dirs: Mapping[str, str | os.PathLike[str]] | None = None,
        stdin: Stdio = None,
        stdout: Stdio = None,
        stderr: Stdio = None,
    ) -> None:
        self._guest = guest = Guest()
        self._deadline = deadline = Deadline()
        self._table = table = Table()
        self._nouns = (
            Strings(guest, args, env or {}),
            Clock(guest),
            Entropy(guest, deadline),
            Descriptors(guest, table),
            Paths(guest, table, deadline),
            Poll(guest, table, deadline),
            Process(),
            Sockets(table),
        )
        for number, stream in enumerate((stdin, stdout, stderr)):
            self._add_standard(number, stream)
        for name, host in (dirs or {}).items():
            table.add(
                Directory.preopen(os.fsencode(name), host, rights.DIRECTORY, rights.DIRECTORY | rights.FILE)
            )

    def imports(self) -> dict[str, Mapping[str, Callable[..., int]]]:
        """All of preview 1 as plain callables, for `module.instantiate`; `bind` is to follow."""
        functions: dict[str, Callable[..., int]] = {}
        for noun in self._nouns:
            functions |= function.functions(noun)
        return {MODULE: functions}

    def bind(self, memory: Memory) -> None:
        """Tells which memory the guest's addresses are in. Before, each of them is out of bounds."""
        self._guest.bind(memory)

    def instantiate(self, module: Module) -> Instance:
        """Checks the types of imports, instantiates, and binds the memory that the module exports.

        The guest may run here already, in a start function: Exit is possible.
        """
        _check(module)
        instance = module.instantiate(self.imports())
        if any(export.name == "memory" and isinstance(export.type, MemoryType) for export in module.exports):
            self.bind(instance.exports.memory)
        return instance

    def call(self, exported: Func, *arguments: object, timeout: float | None = None) -> object:
        """Calls a function of the guest; `timeout` in seconds also ends sleeping and waiting for input."""
        self._deadline.set(timeout)
        return exported(*arguments, timeout=timeout)

    def run(self, module: Module, *, timeout: float | None = None) -> int:
        """Runs a program, which is a module that exports a function `_start`; gives its exit code.

        Afterwards everything it had open is closed: one Wasi is one process.
        """
        with self:
            self._deadline.set(timeout)  # a start function may wait too
            try:
                self.call(_start_of(self.instantiate(module)), timeout=timeout)
            except Exit as exit:
                return exit.code
        return 0

    def close(self) -> None:
        """Closes the directories and whatever the guest has open, and lets go of its memory."""
        self._table.close_all()
        self._guest.bind(None)

    def __enter__(self) -> Wasi:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _add_standard(self, number: int, stream: Stdio) -> None:
        if stream is None and not _is_open(number):
            self._table.add(
                File(os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC), rights.STANDARD, self._deadline)
            )
        elif stream is None or isinstance(stream, int):
            self._table.add(File.standard(number if stream is None else stream, self._deadline))
        else:
            self._table.add(Stream(stream))


def _start_of(instance: Instance) -> Func:
    """The function `_start` of a program."""
    if "_start" not in instance.exports:
        raise LinkError("not a WASI program: it exports no function _start")
    start: Func = instance.exports["_start"]
    return start


def _check(module: Module) -> None:
    """A plain callable takes any type an import declares; the functions here take only their own."""
    for wanted in module.imports:
        if wanted.module == MODULE and wanted.name in function.SIGNATURES:
            signature = FuncType(*function.SIGNATURES[wanted.name])
            if wanted.type != signature:
                raise LinkError(f"{MODULE}.{wanted.name} is {signature}, but {wanted.type} is imported")


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True
