"""A small folder of test files with one entry of each kind, as `linocut spec explode` writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from linocut.text.wat import wat_to_wasm

ENTRIES = {"trap": "_start", "wasi": "_start", "result": "main"}
EXIT = '(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))'
ADD = "(i32.ne (i32.add (i32.const 40) (i32.const 2)) (i32.const 42))"


class Exploded:
    """Writes files and the manifest that lists them."""

    def __init__(self, path: Path, signal: str = "trap", pack: str = "file") -> None:
        self.path, self.signal, self._pack = path, signal, pack
        self.lines: list[dict[str, Any]] = []
        path.mkdir(parents=True, exist_ok=True)

    def add(self, name: str, module: str | bytes, expect: str = "ok", **keys: Any) -> None:
        """Add a file and its line in the manifest; `name` is its id, with the suffix .wat for text."""
        id_ = name.removesuffix(".wat")
        calls = expect not in ("invalid", "malformed", "unlinkable")
        file = f"{id_}/main.wasm" if keys.get("link") else name if name.endswith(".wat") else f"{id_}.wasm"
        line: dict[str, Any] = {
            "id": id_,
            "file": file,
            "source": f"core/{id_.partition('/')[0]}.wast",
            "line": len(self.lines) + 1,
            "wast": f"(assert of {id_})",
            "assertion": "return" if expect == "ok" else expect,
            "expect": expect,
            "message": None,
            "signal": self.signal if calls else None,
            "entry": ENTRIES[self.signal] if calls else None,
            "tier": "1.0",
            "features": [],
            "imports": [],
            "control": None,
            "control_of": None,
            "link": None,
            "replay": 0,
        }
        self.write(line["file"], module)
        self.lines.append(line | keys)

    def twin(self, name: str, before: str, last: str, expect: str, more: str = "") -> None:
        """Add a file that ends in a trap, and its control twin, which stops before that."""
        control = f"{name}-control"
        self.add(
            name, self.module(before + last, more), expect, control=control, message=f"the {expect} of it"
        )
        self.add(control, self.module(before, more), assertion="control", control_of=name)

    def module(self, body: str, more: str = "") -> str:
        """The text of a module whose entry does `body` and ends well."""
        entry = ENTRIES[self.signal]
        imports = EXIT if self.signal == "wasi" else ""
        if self.signal == "result":
            return f'(module {more} (func (export "{entry}") (result i32) {body} (i32.const 0)))'
        return f'(module {imports} {more} (func (export "{entry}") {body}))'

    def unless(self, is_wrong: str) -> str:
        """The text of a module that reports a wrong value if `is_wrong` is not 0."""
        bad = {
            "trap": "unreachable",
            "wasi": "(call $exit (i32.const 1))",
            "result": "(return (i32.const 1))",
        }
        return self.module(f"(if {is_wrong} (then {bad[self.signal]}))")

    def write(self, file: str, module: str | bytes) -> None:
        path = self.path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(module, str) and not file.endswith(".wat"):
            module = wat_to_wasm(module)
        path.write_bytes(module.encode() if isinstance(module, str) else module)

    def finish(self) -> Path:
        """Write the manifest and the summary."""
        summary = {
            "format": 1,
            "signal": self.signal,
            "tier": "all",
            "pack": self._pack,
            "entry": ENTRIES[self.signal],
        }
        (self.path / "summary.json").write_text(json.dumps(summary))
        lines = "".join(json.dumps(line) + "\n" for line in self.lines)
        (self.path / "manifest.jsonl").write_text(lines)
        return self.path


def plain(folder: Exploded) -> None:
    """Add files that any engine of WebAssembly 1.0 can run."""
    folder.add("i32/add", folder.unless(ADD))
    folder.twin("i32/div", "nop", "(drop (i32.div_s (i32.const 1) (i32.const 0)))", "trap")
    folder.twin(
        "call/deep", "nop", "(drop (call $f))", "exhaustion", "(func $f (result i32) (call $f) i32.eqz)"
    )
    starting = folder.module("", "(func $s unreachable) (start $s)")
    folder.add("start/start", starting, "trap", wast="(assert_trap (module …")
    folder.add("i32/bad", "(module (func (result i32)))", "invalid", message="type mismatch")
    folder.add("binary/short", b"\0asm\1\0", "malformed")


def rest(folder: Exploded) -> None:
    """Add files that need text, linking, hosts or later features."""
    folder.add("tokens/bad.wat", "(module (func nonsense))", "malformed")
    provider = [{"as": "m", "file": "linking/m.wasm"}]
    folder.write("linking/m.wasm", '(module (func (export "f") (result i32) (i32.const 7)))')
    call = "(if (i32.ne (call $f) (i32.const 7)) (then unreachable))"
    imported = '(import "m" "f" (func $f (result i32)))'
    folder.add("linking/call", folder.module(call, imported).replace(EXIT, ""), link=provider)
    folder.add("linking/type", '(module (import "m" "f" (func)))', "unlinkable", link=provider)
    body = "(drop (call $e (i32.const 7)))"
    host = '(import "host" "externref" (func $e (param i32) (result externref)))'
    reference = folder.module(body, host)
    features: dict[str, Any] = {"tier": "2.0", "features": ["reference-types"]}
    folder.add("ref/extern", reference, imports=["host.externref"], **features)
    tail_call = folder.module("(call $tail)", "(func $last) (func $tail (return_call $last))")
    folder.add("tail-call/plain", tail_call, tier="3.0", features=["tail-call"])
    gc = folder.module("(drop (ref.i31 (i32.const 1)))")
    folder.add("gc/i31", gc, tier="3.0", features=["gc"])
