"""Compilers: C to WebAssembly by PyPI's ziglang, C to this machine by any; results lie in the cache."""

from __future__ import annotations

import functools
import importlib.util
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from linocut.engines.cache import cached, digest
from linocut.engines.found import Absent
from linocut.engines.process import execute, first_line
from linocut.extras import advice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from linocut.engines.program import WasiProgram

# What every engine reads: of WebAssembly 2.0's scalar instructions all but references, whose call_indirect an
# MVP engine such as pywasm3 takes for malformed. The code is the same but for that.
_FEATURES = "-mcpu=mvp+bulk_memory+mutable_globals+nontrapping_fptoint+sign_ext"
COMMAND_FLAGS = ("-target", "wasm32-wasi", _FEATURES, "-O2", "-s")
# Nothing but its exports: no libc, no entry.
EXPORTS_FLAGS = ("-target", "wasm32-freestanding", _FEATURES, "-O2", "-nostdlib", "-Wl,--no-entry")
# No fused multiply-add and no errno, as in WebAssembly: then both builds give the same bits.
NATIVE_FLAGS = ("-O2", "-ffp-contract=off", "-fno-math-errno")

_TIMEOUT = 600

Item = TypeVar("Item")
Result = TypeVar("Result")


def source_folder() -> Path:
    """bench/ of the checkout; Absent where there is only a wheel, which does not carry it."""
    for parent in Path(__file__).resolve().parents:
        if (parent / "bench" / "programs" / "bench.h").exists():
            return parent / "bench"
    raise Absent("the programs lie in the source tree (bench/); a wheel can only measure a folder of yours")


@functools.cache
def zig() -> tuple[str, ...]:
    """The command of zig: PyPI's, or the system's."""
    if importlib.util.find_spec("ziglang") is not None:
        return (sys.executable, "-m", "ziglang")
    found = shutil.which("zig")
    if found is None:
        raise Absent(advice("ziglang"))
    return (found,)


def wasm(source: Path, flags: tuple[str, ...]) -> Path:
    """A C file as a module; raises ProcessError with what the compiler said."""
    return _compiled((*zig(), "cc"), flags, source, f"{source.stem}-", ".wasm")


def native(program: WasiProgram, name: str, compiler: tuple[str, ...]) -> Path:
    """A program's C as a program of this machine, by the compiler of that command line."""
    assert program.source is not None
    flags = (*NATIVE_FLAGS, *program.native_flags, *program.defines)
    return _compiled(compiler, flags, program.source, f"{program.name}-{name}-", "", ("-lm",))


def in_parallel(
    make: Callable[[Item], Result], items: Iterable[Item], say: Callable[[str], None], what: str
) -> list[Result]:
    """The results for all items, made by a few threads, since each waits for a compiler's process."""
    listed, results = list(items), []
    with ThreadPoolExecutor(min(4, cpu_count() or 1)) as pool:
        for number, result in enumerate(pool.map(make, listed), 1):
            say(f"{what} {number}/{len(listed)}")
            results.append(result)
    return results


def _compiled(
    compiler: tuple[str, ...],
    flags: tuple[str, ...],
    source: Path,
    prefix: str,
    suffix: str,
    libraries: tuple[str, ...] = (),
) -> Path:
    """The file made of a source: its name has the digest of all that it comes from."""
    include = f"-I{source_folder() / 'programs'}"
    inputs = digest(_version(compiler), *flags, source.read_bytes(), *_headers())

    def make(path: Path) -> None:
        execute([*compiler, *flags, include, str(source), "-o", str(path), *libraries], _TIMEOUT)

    return cached(f"{prefix}{inputs}{suffix}", make)


@functools.cache
def _version(compiler: tuple[str, ...]) -> str:
    return f"{compiler} {first_line([*compiler, '--version'])}"


@functools.cache
def _headers() -> tuple[bytes, ...]:
    """Every header that a program may include; few enough that nobody need know which does."""
    return tuple(path.read_bytes() for path in sorted((source_folder() / "programs").rglob("*.h")))
