"""Where files go: a folder, or a zip archive."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that an archive can say: the same input makes the same bytes


class Folder:
    """Writes files below a folder, which must not be there or be empty."""

    def __init__(self, path: Path) -> None:
        if path.exists() and any(path.iterdir()):
            raise FileExistsError(f"{path} is not empty")
        self._root = str(path)
        self._made: set[str] = set()

    def write(self, name: str, content: bytes) -> None:
        """One file; its folders are made."""
        path = f"{self._root}/{name}"
        folder = path.rpartition("/")[0]
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)
            self._made.add(folder)
        with open(path, "wb") as file:
            file.write(content)

    def close(self) -> None:
        """Nothing is open."""


class Archive:
    """Writes files into a zip archive."""

    def __init__(self, path: Path) -> None:
        if path.exists():
            raise FileExistsError(f"{path} is there already")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)

    def write(self, name: str, content: bytes) -> None:
        """One file."""
        self._archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)

    def close(self) -> None:
        """Write the directory of the archive."""
        self._archive.close()


def open_output(path: Path, pack: str) -> Folder | Archive:
    """The archive for `pack` "zip", which is called so; else the folder."""
    if pack == "zip":
        return Archive(path if path.suffix == ".zip" else path.with_name(path.name + ".zip"))
    return Folder(path)
