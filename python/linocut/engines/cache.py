"""Files that are made or fetched once: in the user's cache, under the digest of what they come from."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def cache_folder() -> Path:
    """Where they lie; LINOCUT_CACHE moves it."""
    chosen = os.environ.get("LINOCUT_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(chosen) if chosen else Path(base) / "linocut" / "bench"


def digest(*parts: str | bytes) -> str:
    """A short name for inputs."""
    hash_ = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        hash_.update(len(data).to_bytes(8, "little") + data)
    return hash_.hexdigest()[:16]


def cached(name: str, make: Callable[[Path], None]) -> Path:
    """The file of that name; `make` writes it when it is missing."""
    path = cache_folder() / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            fresh = Path(folder) / path.name
            make(fresh)
            shutil.move(fresh, path)  # whole or not at all
    return path
