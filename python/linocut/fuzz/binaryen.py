"""Modules from another project's generator: binaryen's wasm-opt, which translates random bytes into a module.

It has a taste of its own, deep nesting above all, and an idea of what is valid that owes nothing to our
table.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.engines import found
from linocut.fuzz import vocabulary as v
from linocut.fuzz.dice import Dice
from linocut.fuzz.framed import read_sections, write_sections
from linocut.fuzz.program import Function, Invocation, MemoryDef, Program, Signature
from linocut.fuzz.sources import Case
from linocut.text.binary import Reader, name, unsigned
from linocut.text.instructions import read_body
from linocut.tooling import ToolError
from linocut_isa import ValType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# As Debian's version 108 has them. References are left out: there a function may be an externref. It makes no
# exceptions.
_ALWAYS = ("sign-ext", "mutable-globals", "nontrapping-float-to-int", "bulk-memory", "multivalue")
_SOMETIMES = ("simd", "memory64", "extended-const")
_SIZES = (50, 200, 1000, 3000, 8000)  # of random bytes; the module has about as many
_CUSTOM, _TYPE, _IMPORT, _FUNCTION, _MEMORY, _EXPORT, _CODE = 0, 1, 2, 3, 5, 7, 10
_BEFORE_EACH_CALL = "hangLimitInitializer"
_CALL, _DROP, _NOP = 0x10, 0x1A, 0x01


class WasmOpt:
    """`wasm-opt --translate-to-fuzz`; Absent when it is not here."""

    def __init__(self) -> None:
        self._path = found.program("LINOCUT_WASM_OPT", "wasm-opt", get="apt-get install binaryen")

    def case(self, seed: int) -> Case:
        """The seed's random bytes translated."""
        return self._translated(seed, Dice(seed).bytes(self._size(seed)))

    def minimised(self, seed: int, fails: Callable[[Case], bool], seconds: float) -> Case:
        """Of fewer random bytes: runs of them are taken out while what is left still fails."""
        from linocut.fuzz.minimise import shortened

        start = Dice(seed).bytes(self._size(seed))
        return self._translated(
            seed, shortened(start, lambda data: fails(self._translated(seed, data)), seconds)
        )

    def text(self, case: Case) -> str:
        """As wasm-opt prints it."""
        return self._run(["-S", "--all-features"], case.wasm, "module.wasm").decode()

    def _size(self, seed: int) -> int:
        return Dice(seed).pick(_SIZES)

    def _translated(self, seed: int, data: bytes) -> Case:
        dice = Dice(seed)
        features = [*_ALWAYS, *(name for name in _SOMETIMES if dice.chance(0.3))]
        flags = ["--mvp-features", *(f"--enable-{feature}" for feature in features)]
        # No NaN is computed with: the bits of their results differ between engines.
        return adapted(self._run(["-ttf", "--denan", *flags], data, "random"), seed)

    def _run(self, flags: Sequence[str], data: bytes, kind: str) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder, kind), Path(folder, "out")
            source.write_bytes(data)
            command = [self._path, str(source), "-o", str(target), *flags]
            done = subprocess.run(command, capture_output=True, check=False)
            if done.returncode:
                raise ToolError(f"wasm-opt: {done.stderr.decode(errors='replace').strip()[:500]}")
            return target.read_bytes()


def adapted(wasm: bytes, seed: int) -> Case:
    """The module with names that the harness knows, and a plan: each function once, by random arguments."""
    sections = {number: content for number, content in read_sections(wasm) if number != _CUSTOM}
    types = list(_types(Reader(sections[_TYPE])))
    imports = list(_imports(Reader(sections[_IMPORT])))
    sections[_CODE] = _without_shown_vectors(sections[_CODE], [types[type_] for type_ in imports])
    # What is called no more takes something else, as wasmtime's package has no functions of vectors.
    plain = next(type_ for type_ in imports if not _has_vector(types[type_]))
    imports = [plain if _has_vector(types[type_]) else type_ for type_ in imports]
    program = Program(seed, hosts=[types[type_] for type_ in imports], fuel=None)
    reader = Reader(sections[_FUNCTION])
    program.functions = [_function(types[reader.unsigned()]) for _ in range(reader.unsigned())]
    if _MEMORY in sections:
        program.memory = _memory(Reader(sections[_MEMORY]))
    exports = list(_exports(Reader(sections[_EXPORT])))
    sections[_IMPORT] = _renamed_imports(imports)
    sections[_EXPORT] = _renamed_exports(exports)
    program.plan = list(_plan(program, exports, Dice(seed)))
    return Case(wasm[:8] + write_sections(sections.items()), program)


def _types(reader: Reader) -> Iterator[Signature]:
    for _ in range(reader.unsigned()):
        reader.byte()
        yield Signature(_value_types(reader), _value_types(reader))


def _value_types(reader: Reader) -> tuple[str, ...]:
    return tuple(ValType(reader.byte()).text for _ in range(reader.unsigned()))


def _imports(reader: Reader) -> Iterator[int]:
    """The types of the imported functions: nothing else is imported."""
    for _ in range(reader.unsigned()):
        reader.name()
        reader.name()
        reader.byte()
        yield reader.unsigned()


def _function(type_: Signature) -> Function:
    return Function(type_, [], [])


def _memory(reader: Reader) -> MemoryDef:
    reader.unsigned()
    flags, least = reader.byte(), reader.unsigned()
    return MemoryDef(least, reader.unsigned() if flags & 1 else None, False, "i64" if flags & 4 else "i32")


def _exports(reader: Reader) -> Iterator[tuple[str, int, int]]:
    for _ in range(reader.unsigned()):
        yield reader.name(), reader.byte(), reader.unsigned()


def _renamed_imports(types: list[int]) -> bytes:
    names = (name("host") + name(f"h{index}") for index in range(len(types)))
    entries = (text + b"\0" + unsigned(type_) for text, type_ in zip(names, types, strict=True))
    return unsigned(len(types)) + b"".join(entries)


def _renamed_exports(exports: list[tuple[str, int, int]]) -> bytes:
    named = {
        f"f{index}" if kind == 0 else "mem": (kind, index) for _, kind, index in exports if kind in (0, 2)
    }
    entries = (name(text) + bytes([kind]) + unsigned(index) for text, (kind, index) in named.items())
    return unsigned(len(named)) + b"".join(entries)


def _has_vector(type_: Signature) -> bool:
    return v.VECTOR in type_.params + type_.results


def _without_shown_vectors(code: bytes, hosts: list[Signature]) -> bytes:
    """Vectors do not pass to the host in every engine: the calls that would show them become a drop."""
    takes_vector = {index for index, type_ in enumerate(hosts) if _has_vector(type_)}
    changed, reader = bytearray(code), Reader(code)
    for _ in range(reader.unsigned()):
        size = reader.unsigned()
        start = reader.position
        for instruction in read_body(reader.take(size), start)[1]:
            at = instruction.offset
            if code[at] == _CALL and code[at + 1] in takes_vector:
                changed[at : at + 2] = _DROP, _NOP
    return bytes(changed)


def _plan(program: Program, exports: list[tuple[str, int, int]], dice: Dice) -> Iterator[Invocation]:
    functions = {text: index for text, kind, index in exports if kind == 0}
    first = functions.pop(_BEFORE_EACH_CALL, None)
    for index in functions.values():
        type_ = program.signature(index)
        if _has_vector(type_):
            continue
        if first is not None:
            yield Invocation(0, first, ())
        yield Invocation(0, index, tuple(map(dice.number, type_.params)))
