"""V8 in node as the engine that is believed: it has the legacy exceptions, which wasmtime has not.

node is another process (node_executor.js). A host function's call comes out of it and its answer goes in,
while the guest waits.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import weakref
from base64 import b64decode, b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from linocut.engines.node import known_flags, node, node_version
from linocut.fuzz.harness import Host, HostError, Thrown, Trapped, normal, to_python

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linocut.fuzz.program import Program, Types

_SCRIPT = Path(__file__).with_name("node_executor.js")
# What the words of V8 hold that tell why it trapped.
_KINDS = {
    "divide result unrepresentable": "integer_overflow",
    "float unrepresentable in integer range": "invalid_conversion",
    "stack": "stack_exhausted",
    "unreachable": "unreachable",
    "memory access out of bounds": "out_of_bounds_memory",
    "data segment": "out_of_bounds_memory",
    "table": "out_of_bounds_table",
    "element segment": "out_of_bounds_table",
    "null function or function signature mismatch": "uninitialized_element",
    "divide by zero": "integer_divide_by_zero",
    "remainder by zero": "integer_divide_by_zero",
    "operation does not support unaligned accesses": "unaligned_atomic",
    "Atomics.wait cannot be called in this context": "expected_shared_memory",
    "dereferencing a null pointer": "null_exception",
    "rethrowing null value": "null_exception",
}

_FUNCTION = object()  # any that is not null


class NodeError(Exception):
    """node did not do what it was asked."""


class NodeExecutor:
    """One node process for each process that asks; vectors do not pass to and from JavaScript."""

    # The same words for a NaN and a number too large, for null and a function of another type.
    alike: ClassVar[Mapping[str, str]] = {
        "integer_overflow": "invalid_conversion",
        "indirect_call_type_mismatch": "uninitialized_element",
    }

    def __init__(self) -> None:
        self.name = node_version(node()).split(",")[0]
        self._worker: _Worker | None = None

    def open(self, wasm: bytes, program: Program, hosts: list[Host]) -> NodeSession:
        """Compile."""
        return NodeSession(self._worker_here(), wasm, program, hosts)

    def accepts(self, wasm: bytes) -> tuple[bool, str]:
        """Validate; node does not say why not."""
        answer = self._worker_here().ask("validate", wasm=_base64(wasm))
        return answer["valid"], "" if answer["valid"] else "not valid"

    def _worker_here(self) -> _Worker:
        if self._worker is None or not self._worker.is_usable():
            self._worker = _Worker()
        return self._worker


class _Worker:
    """The process, and the talk with it."""

    def __init__(self) -> None:
        path = node()
        # A worker of a campaign may be killed while node runs a module.
        setpriv = shutil.which("setpriv")
        to_end = [setpriv, "--pdeathsig", "KILL"] if setpriv else []
        command = [*to_end, path, *known_flags(path), str(_SCRIPT)]
        self._parent = os.getpid()
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        weakref.finalize(self, _end, self._process)

    def is_usable(self) -> bool:
        """Not in a forked child: two would talk at once."""
        return self._parent == os.getpid() and self._process.poll() is None

    def ask(self, command: str, **fields: Any) -> dict[str, Any]:
        """Send it and wait for the answer."""
        return self.tell({"command": command, **fields})

    def tell(self, message: dict[str, Any]) -> dict[str, Any]:
        """The next line for a line."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            raise NodeError(f"node ended with {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _end(process: subprocess.Popen[bytes]) -> None:
    """It ends when nobody writes to it any more."""
    process.communicate()


class NodeSession:
    """A module, what it imports, and instances; only one session of a worker is in use."""

    def __init__(self, worker: _Worker, wasm: bytes, program: Program, hosts: list[Host]) -> None:
        self._worker = worker
        self._program = program
        self._hosts = hosts
        self._error: HostError | None = None
        tags = [tag.params for tag in program.tags]
        made = list(_made(program))
        self._ask("open", wasm=_base64(wasm), hosts=len(hosts), made=made, tags=tags)

    def instantiate(self) -> None:
        """Add an instance."""
        self._ask("instantiate")

    def call(self, instance: int, name: str, args: list[Any]) -> tuple[Any, ...]:
        """Call an export, which is a function f…."""
        type_ = self._program.signature(int(name[1:]))
        values = list(map(_encoded, type_.params, args))
        answer = self._ask("call", instance=instance, name=name, values=values)
        return _decoded_all(type_.results, answer["values"]) or (None,)

    def set_global(self, instance: int, name: str, value: int) -> None:
        """Set a mutable number."""
        type_ = self._program.globals[int(name[1:])].type
        self._ask("set", instance=instance, name=name, value=_encoded(type_, value))

    def get_global(self, instance: int, name: str) -> Any:
        """A global's value."""
        type_ = self._program.globals[int(name[1:])].type
        return _decoded(type_, self._ask("get", instance=instance, name=name)["value"])

    def memory(self, instance: int) -> bytes:
        """A copy of the memory."""
        return b64decode(self._ask("memory", instance=instance)["bytes"])

    def table(self, instance: int, name: str, element: str) -> tuple[Any, ...]:
        """What the table holds."""
        values = self._ask("table", instance=instance, name=name)["values"]
        if element == "externref":
            return _decoded_all((element,) * len(values), values)
        return tuple(value is None for value in values)

    def _ask(self, command: str, **fields: Any) -> dict[str, Any]:
        """The answer, after those of host functions to what node asks in between."""
        answer = self._worker.ask(command, **fields)
        while "host" in answer:
            answer = self._worker.tell(self._called(answer["host"], answer["values"]))
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        if "trap" in answer:
            raise Trapped(_kind(answer["trap"]))
        if "thrown" in answer:
            tag = answer["thrown"]
            types = self._program.tags[tag].params if tag is not None else ()
            raise Thrown(tag, tuple(map(normal, _decoded_all(types, answer["values"]))))
        if "error" in answer:
            raise NodeError(answer["error"])
        return answer

    def _called(self, index: int, values: list[str | None]) -> dict[str, Any]:
        type_ = self._program.hosts[index]
        try:
            result = self._hosts[index](*_decoded_all(type_.params, values))
        except HostError as error:
            self._error = error
            return {"ends": True}
        results = result if len(type_.results) > 1 else (result,)
        return {"values": list(map(_encoded, type_.results, results))}


def _kind(words: str) -> str:
    return next((kind for known, kind in _KINDS.items() if known in words), words)


def _made(program: Program) -> list[tuple[str, str, dict[str, Any]]]:
    """What is imported besides functions: name, kind, type."""
    made: list[tuple[str, str, dict[str, Any]]] = []
    for index, table in enumerate(program.tables):
        if table.imported:
            made.append((f"t{index}", "table", vars(table)))
    if program.memory and program.memory.imported:
        made.append(("mem", "memory", vars(program.memory)))
    for index, global_ in enumerate(program.globals):
        if global_.imported:
            init = None if global_.type.endswith("ref") else _of_bits(global_.type, global_.init[0].imm)
            type_ = {"value": global_.type, "mutable": global_.mutable, "init": init}
            made.append((f"g{index}", "global", type_))
    for index, tag in enumerate(program.tags):
        if tag.imported:
            made.append((f"e{index}", "tag", {"parameters": tag.params}))
    return made


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _encoded(type_: str, value: Any) -> str | None:
    """As node_executor.js reads it: integers of 64 bits by their digits, other numbers by a float's bits."""
    if value is None:
        return None
    if type_.endswith("ref"):
        return f"s{value}"
    if type_ == "i64":
        return f"n{value}"
    return f"f{struct.unpack('<Q', struct.pack('<d', value))[0]}"


def _of_bits(type_: str, value: int) -> str | None:
    return _encoded(type_, to_python(type_, value))


def _decoded(type_: str, text: str | None) -> Any:
    if text is None:
        return None
    if text == "function":
        return _FUNCTION
    if type_.endswith("ref"):
        return text[1:]
    if type_ == "i64":
        return int(text[1:])
    number = struct.unpack("<d", struct.pack("<Q", int(text[1:])))[0]
    return int(number) if type_ == "i32" else number


def _decoded_all(types: Types, texts: list[str | None]) -> tuple[Any, ...]:
    return tuple(map(_decoded, types, texts))
