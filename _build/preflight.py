"""What must be true before anything is built; says what is missing and how to get it.

Runs under the system's python3, before .venv exists, so: stdlib only, and old syntax.
``--platform`` checks the platform only (pip and CMake look after the rest themselves).
"""

from __future__ import annotations

import platform
import shutil
import sys
import sysconfig
from pathlib import Path

SUPPORTED = {("Linux", "x86_64"): "Linux x86-64 (glibc)"}


def unsupported_platform() -> str | None:
    """The complaint about this machine, or None when it is supported."""
    here = (platform.system(), platform.machine())
    if here in SUPPORTED and sys.maxsize > 2**32:
        return None
    return f"linocut does not run on {here[0]} {here[1]} yet. Supported: {', '.join(SUPPORTED.values())}."


def missing_packages() -> list[str]:
    """Debian names of what a build needs and this machine lacks."""
    missing = []
    if not shutil.which("g++"):
        missing.append("g++")
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        missing.append("python3-dev")
    if not _has_venv():
        missing.append("python3-venv")
    return missing


def _has_venv() -> bool:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def main() -> int:
    """Print what is wrong; 0 when nothing is."""
    complaint = unsupported_platform()
    if complaint is None and sys.version_info < (3, 11):
        complaint = f"linocut needs Python 3.11 or newer; this is {platform.python_version()}."
    if complaint is None and "--platform" not in sys.argv and (missing := missing_packages()):
        complaint = f"missing: {' '.join(missing)}\n  sudo apt-get install {' '.join(missing)}"
    if complaint is not None:
        print(complaint, file=sys.stderr)
    return complaint is not None


if __name__ == "__main__":
    sys.exit(main())
