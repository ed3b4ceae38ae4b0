"""The project's own kernels: C files that export run(n), built for WebAssembly and for this machine."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from linocut.cli.bench.cache import cached, digest

# -nostdlib and no entry: a kernel is nothing but its exports.
WASM_FLAGS = ("-target", "wasm32-freestanding", "-O2", "-nostdlib", "-Wl,--no-entry")
# No fused multiply-add and no errno, as in WebAssembly: then both builds give the same bits.
NATIVE_FLAGS = ("-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-fno-math-errno", "-ffp-contract=off")


class MissingTool(Exception):  # noqa: N818 - what is missing, with how to get it
    """A compiler or package is not there."""


@dataclass(frozen=True)
class Kernel:
    """One C file; `n` is the size that takes 0.1–0.2 s natively, from its first line."""

    name: str
    source: Path
    n: int
    result: str  # i32 or i64

    def wasm(self) -> Path:
        """Its module."""
        return build_wasm(self.source)

    def native(self) -> Path:
        """Its shared library, by gcc."""
        return _build("gcc", ["gcc"], NATIVE_FLAGS, self.source, ".so")


def source_folder() -> Path:
    """bench/ of the checkout: the wheel does not carry it."""
    for parent in Path(__file__).resolve().parents:
        if (parent / "bench" / "kernels" / "kernel.h").exists():
            return parent / "bench"
    raise MissingTool("the kernels lie in the source tree (bench/kernels), which a wheel does not carry")


def find_kernels(folder: Path | None = None) -> list[Kernel]:
    """All kernels of a folder."""
    return [_read(path) for path in sorted((folder or source_folder() / "kernels").glob("*.c"))]


def _read(path: Path) -> Kernel:
    text = path.read_text()
    size = re.match(r"// n = (\d+)\n", text)
    result = re.search(r"^EXPORT (i32|i64) run\(i32 n\)", text, re.MULTILINE)
    if not size or not result:
        raise ValueError(
            f"{path}: expected '// n = NUMBER' in the first line and 'EXPORT i32|i64 run(i32 n)'"
        )
    return Kernel(path.stem, path, int(size[1]), result[1])


def build_wasm(source: Path) -> Path:
    """Compile a C file to WebAssembly with PyPI's ziglang."""
    return _build("zig", [sys.executable, "-m", "ziglang", "cc"], WASM_FLAGS, source, ".wasm")


def _build(tool: str, command: list[str], flags: tuple[str, ...], source: Path, suffix: str) -> Path:
    headers = [header.read_bytes() for header in sorted(source.parent.glob("*.h"))]
    name = f"{source.stem}-{digest(tool, *flags, source.read_bytes(), *headers)}{suffix}"

    def make(path: Path) -> None:
        line = [*command, *flags, "-o", str(path), str(source)]
        try:
            done = subprocess.run(line, capture_output=True, text=True)
        except FileNotFoundError as error:
            raise MissingTool(f"{tool} is missing: {error}") from error
        if done.returncode:
            raise MissingTool(f"{tool} could not compile {source.name}: {done.stderr.strip()[-500:]}")

    return cached(name, make)
