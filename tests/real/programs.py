"""A WASI program, its input, and its outcome in linocut and in node."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import linocut
from linocut.engines.node import node
from linocut.wasi import Exit, Wasi
from stand_ins import stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NODE_WASI = Path(__file__).parent / "node_wasi.mjs"
Argument = str | tuple[str, ...]
PATIENCE = 600
"""Seconds after which node hangs."""


@dataclass(frozen=True)
class Outcome:
    """Everything in which engines must agree, to the byte."""

    code: int
    out: bytes
    errors: bytes
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Program:
    """A command, or a reactor whose exports are called after `_initialize`.

    `files` are in its root directory beforehand, by their paths; `calls` are names of exports with arguments.
    """

    wasm: Path
    arguments: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    given: bytes = b""
    calls: tuple[tuple[str, *tuple[Argument, ...]], ...] = ()

    def in_linocut(self, *, interpret: bool = False) -> Outcome:
        """The outcome in linocut, compiled or interpreted."""
        return self._in_folder(lambda folder: self._run(folder, interpret))

    def in_node(self) -> Outcome:
        """The outcome in V8, with node's own WASI."""
        return self._in_folder(self._run_node)

    def _in_folder(self, run: Callable[[Path], tuple[int, bytes, bytes]]) -> Outcome:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for path, content in self.files.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(content)
            code, out, errors = run(folder)
            files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
            return Outcome(code, out, errors, {name: path.read_bytes() for name, path in files.items()})

    def _run(self, folder: Path, interpret: bool) -> tuple[int, bytes, bytes]:
        module = linocut.load(self.wasm, interpret=interpret)
        out, errors = io.BytesIO(), io.BytesIO()
        with Wasi(
            self.arguments, dirs={"/": folder}, stdin=io.BytesIO(self.given), stdout=out, stderr=errors
        ) as wasi:
            exports = module.instantiate({**stand_ins(module), **wasi.imports()}).exports
            try:
                for name, *values in (("_initialize",), *self.calls) if self.calls else (("_start",),):
                    wasi.call(exports[name], *(word for value in values for word in _lower(exports, value)))
                code = 0
            except Exit as exit:
                code = exit.code
        return code, out.getvalue(), errors.getvalue()

    def _run_node(self, folder: Path) -> tuple[int, bytes, bytes]:
        job = {
            "wasm": str(self.wasm),
            "arguments": self.arguments,
            "folder": str(folder),
            "calls": self.calls,
        }
        done = subprocess.run(
            [node(), "--no-warnings", str(NODE_WASI), json.dumps(job)],
            input=self.given,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr


def _lower(exports: linocut.Exports, value: Argument) -> tuple[int, int]:
    """How a component takes a string or list of strings: address and length, in the program's memory."""
    if isinstance(value, str):
        return _place(exports, value.encode(), 1)
    words = [word for text in value for word in _lower(exports, text)]
    return _place(exports, struct.pack(f"<{len(words)}I", *words), 4)[0], len(value)


def _place(exports: linocut.Exports, content: bytes, alignment: int) -> tuple[int, int]:
    at = exports.cabi_realloc(0, 0, alignment, len(content))
    exports.memory.write(at, content)
    return at, len(content)
