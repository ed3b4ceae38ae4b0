"""wabt's wasm2c: WebAssembly to C, then gcc."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from linocut.bench.cache import cached, digest
from linocut.bench.programs.build import NATIVE_FLAGS, source_folder
from linocut.engines import found
from linocut.engines.absent import Absent
from linocut.engines.measured.engine import Engine, Kind
from linocut.engines.process import execute, first_line

if TYPE_CHECKING:
    from linocut.bench.programs.program import Program

# The names in its C change from version to version; bench/wasm2c/host.c is written for those of Debian 12's.
_VERSION = "1.0.32"
# What wabt says gcc needs so that the C means what the WebAssembly means.
_FLAGS = (*NATIVE_FLAGS, "-fno-optimize-sibling-calls", "-frounding-math", "-fsignaling-nans")
_TIMEOUT = 600


def find() -> Engine:
    """With its own bounds check, which is a guard region, as in the compilers that it is compared with."""
    path = Path(found.program("LINOCUT_WASM2C", "wasm2c", get=f"apt-get install wabt (version {_VERSION})"))
    gcc = found.program("LINOCUT_GCC", "gcc", get="apt-get install gcc")
    version = first_line([str(path), "--version"])
    if not version.startswith(_VERSION):
        raise Absent(f"wabt {_VERSION} is wanted, not {version}: the C of others has other names")

    def command(program: Program) -> list[str]:
        name = f"{program.name}-wasm2c-{digest(version, *_FLAGS, program.wasm.read_bytes())}"
        return [str(cached(name, lambda out: _build(path, gcc, program.wasm, out))), *program.arguments]

    said = f"wasm2c {version}, {first_line([gcc, '--version'])}"
    return Engine("wasm2c", Kind.NATIVE, said, command, flags=_FLAGS)


def _build(wasm2c: Path, gcc: str, wasm: Path, out: Path) -> None:
    """The C of wasm2c, our system around it and wabt's runtime library, linked."""
    prefix = wasm2c.resolve().parent.parent
    runtime = prefix / "share" / "wabt" / "wasm2c"
    host = source_folder() / "wasm2c" / "host.c"
    with TemporaryDirectory() as folder:
        program = Path(folder) / "program.c"
        execute([str(wasm2c), str(wasm), "-n", "program", "-o", str(program)], _TIMEOUT)
        includes = (f"-I{folder}", f"-I{prefix / 'include'}", f"-I{runtime}")
        sources = (str(program), str(host), str(runtime / "wasm-rt-impl.c"))
        execute([gcc, *_FLAGS, *includes, *sources, "-o", str(out), "-lm"], _TIMEOUT)
