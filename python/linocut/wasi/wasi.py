"""One WASI process: what its guest imports, and running it."""

from __future__ import annotations

import os
import time

from linocut import Limits
from linocut.errors import LinkError
from linocut.types import FuncType, MemoryType
from linocut.wasi import channel, function, rights, snapshot0, threads
from linocut.wasi.clock import Clock
from linocut.wasi.descriptors import Descriptors
from linocut.wasi.directory import Directory
from linocut.wasi.entropy import Entropy
from linocut.wasi.function import Function
from linocut.wasi.guest import Guest
from linocut.wasi.holdings import Holdings, require_mapping, require_no_nul
from linocut.wasi.paths import Paths
from linocut.wasi.poll import Poll
from linocut.wasi.process import Exit, Process
from linocut.wasi.sockets import Sockets
from linocut.wasi.stream import Stream
from linocut.wasi.strings import Strings
from linocut.wasi.threads import Threads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType
    from typing import Any

    from linocut import Func, Instance, Memory, Module
    from linocut.wasi.descriptor import Descriptor
    from linocut.wasi.function import Noun

    Stdio = int | Any | None

_NOUNS: tuple[type[Noun], ...] = (
    Strings,
    Clock,
    Entropy,
    Descriptors,
    Paths,
    Poll,
    Process,
    Sockets,
)
# The snapshots of WASI, by the module that guests import; each with the classes that replace preview 1's.
_SNAPSHOTS: dict[str, Mapping[type, type]] = {
    "wasi_snapshot_preview1": {},
    snapshot0.MODULE: snapshot0.REPLACED,
}
MODULES = tuple(_SNAPSHOTS)


class Wasi:
    """Arguments, environment, directories and standard streams of one run of a program.

    `args` begins with the program's own name. `dirs` maps the guest's names of directories to the host's;
    nothing outside them can be reached. `stdin`, `stdout` and `stderr` are each a descriptor of the host, a
    binary object with `read` or `write`, or None for the host's own, which are written unbuffered. A
    directory or descriptor that is not there is an OSError here, not later; what cannot be meant, such as a
    str for `args`, is a TypeError or ValueError.

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
        env: Mapping[str, str | bytes] | None = None,
        dirs: Mapping[str, str | os.PathLike[str]] | None = None,
        stdin: Stdio = None,
        stdout: Stdio = None,
        stderr: Stdio = None,
    ) -> None:
        self._holdings = Holdings(args, env if env is not None else {})
        self._guest = Guest()  # for calls that come from no instance
        self._guests: dict[Memory | None, Guest] = {}
        self._served: dict[tuple[str, Memory | None], dict[str, Callable[..., int]]] = {}
        self._threads: Threads | None = None
        for name, stream in (("stdin", stdin), ("stdout", stdout), ("stderr", stderr)):
            self._holdings.table.add(_standard(name, stream))
        self._add_directories(dirs if dirs is not None else {})

    def imports(self) -> dict[str, Mapping[str, Callable[..., int]]]:
        """All functions of each snapshot, for `module.instantiate`.

        Called by an instance, each works on that instance's memory; otherwise on the memory given to `bind`.
        """
        return {module: self._functions(module) for module in MODULES}

    def bind(self, memory: Memory) -> None:
        """Gives the memory for calls that come from no instance. Until then they have no valid address."""
        self._guest.bind(memory)

    def instantiate(
        self, module: Module, *, limits: Limits | None = None, timeout: float | None = None
    ) -> Instance:
        """Checks the types of imports, instantiates, and binds the memory that the module exports.

        The instance has a store of its own with these limits, and each thread of the guest has one, too.

        The guest may run here already, in a start function: Exit is possible, and Timeout. A module that
        imports a shared memory gets one; if it imports `thread-spawn` of wasi-threads, it has threads.
        """
        _check(module)
        instance = self._instance_of(module, limits or Limits(), timeout)
        if any(export.name == "memory" and isinstance(export.type, MemoryType) for export in module.exports):
            self.bind(instance.exports.memory)
        return instance

    def call(
        self, exported: Callable[..., object], *arguments: object, timeout: float | None = None
    ) -> object:
        """Calls a function of the guest; `timeout` in seconds also ends sleeping and waiting for input.

        What ends another thread of the guest, a trap or `proc_exit`, is raised here.
        """
        if self._threads is None:
            return exported(*arguments, timeout=timeout)
        return self._threads.call(exported, *arguments, timeout=timeout)

    def run(self, module: Module, *, limits: Limits | None = None, timeout: float | None = None) -> int:
        """Runs a program, which is a module that exports a function `_start`; gives its exit code.

        Afterwards everything it had open is closed: one Wasi is one process.
        """
        started = time.monotonic()
        with self:
            try:
                start = _start_of(self.instantiate(module, limits=limits, timeout=timeout))
                if timeout is not None:
                    timeout = max(0.0, timeout - (time.monotonic() - started))
                self.call(start, timeout=timeout)
            except Exit as exit:
                return exit.code
        return 0

    def close(self) -> None:
        """Ends the guest's threads, closes directories and whatever it has open, lets go of its memory."""
        if self._threads is not None:
            self._threads.end()
        self._holdings.table.close_all()
        for guest in (self._guest, *self._guests.values()):
            guest.bind(None)
        self._guests.clear()
        self._served.clear()

    def __enter__(self) -> Wasi:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _instance_of(self, module: Module, limits: Limits, timeout: float | None) -> Instance:
        memories = threads.shared_memories(module, limits)
        imports: dict[str, Mapping[str, object]] = {**memories, **self.imports()}
        if not any(map(threads.is_spawn, module.imports)):
            return module.instantiate(imports, limits=limits, timeout=timeout)
        self._threads = Threads(module, imports, limits)
        return self._threads.instantiate(timeout)

    def _functions(self, module: str) -> dict[str, Callable[..., int]]:
        def serving(memory: Memory | None) -> dict[str, Callable[..., int]]:
            if (module, memory) not in self._served:
                guest = self._guests.setdefault(memory, Guest(memory))
                self._served[module, memory] = function.functions(self._nouns(module, guest))
            return self._served[module, memory]

        own = function.functions(self._nouns(module, self._guest))
        return {name: Function(name, call, serving) for name, call in own.items()}

    def _nouns(self, module: str, guest: Guest) -> list[Noun]:
        """One snapshot's nouns for a guest."""
        replaced = _SNAPSHOTS[module]
        return [replaced.get(noun, noun)(guest, self._holdings) for noun in _NOUNS]

    def _add_directories(self, dirs: Mapping[str, str | os.PathLike[str]]) -> None:
        require_mapping("dirs", dirs)
        for name, host in dirs.items():
            if not isinstance(name, str | bytes):
                raise TypeError(f"a directory's name for the guest must be a str, not {name!r}")
            if not name:
                raise ValueError("a directory's name for the guest must not be empty")
            if not isinstance(host, str | bytes | os.PathLike):  # a number would be a descriptor
                raise TypeError(f"a directory of the host must be a path, not {host!r}")
            guest = require_no_nul("a directory's name", os.fsencode(name))
            self._holdings.table.add(
                Directory.preopen(guest, host, rights.DIRECTORY, rights.DIRECTORY | rights.FILE)
            )


def _standard(name: str, given: Stdio) -> Descriptor:
    """What the guest has as its `name`: stdin, stdout or stderr."""
    number = ("stdin", "stdout", "stderr").index(name)
    if given is None and not _is_open(number):
        return channel.file_of(os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC), rights.STANDARD)
    if given is None:
        return channel.standard(number)
    if isinstance(given, int) and not isinstance(given, bool):
        if given < 0:
            raise ValueError(f"{name} must be an open descriptor, not {given}")
        return channel.standard(given)
    return Stream(name, given)


def _start_of(instance: Instance) -> Func:
    """The function `_start` of a program."""
    if "_start" not in instance.exports:
        raise LinkError("not a WASI program: it exports no function _start")
    start: Func = instance.exports["_start"]
    return start


def _check(module: Module) -> None:
    """A plain callable takes any type an import declares; the functions here take only their own."""
    for wanted in module.imports:
        signature = None
        if wanted.module in MODULES and wanted.name in function.SIGNATURES:
            signature = FuncType(*function.SIGNATURES[wanted.name])
        elif threads.is_spawn(wanted):
            signature = threads.SPAWN_TYPE
        if signature is not None and wanted.type != signature:
            raise LinkError(f"{wanted.module}.{wanted.name} is {signature}, but {wanted.type} is imported")


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True
