"""What must be true before anything is built; says what is missing and how to get it.

Runs under the system's python3, before .venv exists, so: stdlib only, and old syntax.
``--platform`` checks the platform only: CMake looks after the rest itself.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path

SUPPORTED = {
    ("Linux", "x86_64"): "Linux x86-64 (glibc)",
    ("Linux", "aarch64"): "Linux aarch64 (glibc; modules are interpreted)",
}
ROOT = Path(__file__).resolve().parent.parent
# Others mean something to make, to a shell's or an interpreter's first line, or to CMake's lists.
PATH_CHARACTERS = "/_-.+@,=~^"
MEGABYTE = 1_000_000
# What a developer's .venv and build take, what pip unpacks on the way; and what a wheel alone takes.
ROOM_FOR_TOOLS = 2_000 * MEGABYTE
ROOM_FOR_DOWNLOADS = 600 * MEGABYTE
ROOM_FOR_WHEEL = 200 * MEGABYTE


def unsupported_platform() -> str | None:
    """The complaint about this machine, or None when it is supported."""
    here = (platform.system(), platform.machine())
    if here in SUPPORTED and sys.maxsize > 2**32:
        return None
    return f"linocut does not run on {here[0]} {here[1]} yet. Supported: {', '.join(SUPPORTED.values())}."


def unusable_path(path: Path) -> str | None:
    """The complaint about characters in a clone's path that the build cannot cope with."""
    bad = sorted({c for c in str(path) if not (c.isalnum() or c in PATH_CHARACTERS)})
    if not bad:
        return None
    return f"make and CMake cannot work in a path with {' '.join(map(repr, bad))}; move the clone: {path}"


def lack_of_room(folder: Path, needed: int) -> str | None:
    """The complaint about too little disk space for a folder."""
    free = shutil.disk_usage(folder).free
    if free >= needed:
        return None
    return (
        f"too little disk space: {folder} has {free // MEGABYTE:,} MB, {needed // MEGABYTE:,} MB are needed;"
        " free some, or use another disk"
    )


def missing_for_wheel() -> list[str]:
    """Debian names of what compiling needs and this machine lacks."""
    missing = []
    if not shutil.which(os.environ.get("CXX", "").split(" ")[0] or "g++"):
        missing.append("g++")
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        missing.append("python3-dev")
    return missing


def missing_for_development() -> list[str]:
    """The same for what `make` does."""
    return missing_for_wheel() + ([] if _has_venv() else ["python3-venv"])


def _has_venv() -> bool:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def _said(missing: list[str]) -> str | None:
    return f"missing: {' '.join(missing)}; sudo apt-get install {' '.join(missing)}" if missing else None


def complaint_about_wheel(folder: Path) -> str | None:
    """What keeps pip from building in a folder, and what to do about it."""
    return unsupported_platform() or _said(missing_for_wheel()) or lack_of_room(folder, ROOM_FOR_WHEEL)


def complaint_about_development() -> str | None:
    """What keeps `make` from filling .venv and building."""
    if sys.version_info < (3, 11):
        return f"linocut needs Python 3.11 or newer; this is {platform.python_version()}."
    return (
        unusable_path(ROOT)
        or _said(missing_for_development())
        or lack_of_room(ROOT, ROOM_FOR_TOOLS)
        or lack_of_room(Path(tempfile.gettempdir()), ROOM_FOR_DOWNLOADS)
    )


def main() -> int:
    """Print what is wrong; 0 when nothing is."""
    complaint = unsupported_platform()
    if "--platform" not in sys.argv:
        complaint = complaint or complaint_about_development()
    if complaint is not None:
        print(complaint, file=sys.stderr)
    return complaint is not None


if __name__ == "__main__":
    sys.exit(main())
