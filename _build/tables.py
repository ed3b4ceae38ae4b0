"""Keeps build/gen (the generated tables) fresh: runs stencilgen when its inputs' digest has changed.

The digest covers the opcode rows, the generator, the ABI headers and the pinned toolchain. An sdist
carries the tables with it, so a build from there needs no clang. ``--list`` prints the tables' paths.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GEN = ROOT / "build" / "gen"
INPUTS = ("linocut_isa/*.py", "stencilgen/**/*.py", "stencilgen/**/*.h", "abi/*.h")
OUTPUTS = (
    "immediates.inc",
    "opcodes.inc",
    "forms.inc",
    "shapes.inc",
    "stencils.inc",
    "handlers.inc",
    "checkers.inc",
    "rows.inc",
    "constants.inc",
    "translators.inc",
    "traps.inc",
    "features.inc",
    "form_names.inc",
)


def requirements() -> list[str]:
    """What stencilgen imports, pinned in pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        found: list[str] = tomllib.load(file)["tool"]["linocut"]["stencil-requires"]
    return found


def digest() -> str:
    """One hash over everything that the tables depend on."""
    total = hashlib.sha256(repr(requirements()).encode())
    for path in sorted(path for pattern in INPUTS for path in ROOT.glob(pattern)):
        total.update(f"\0{path.relative_to(ROOT)}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def are_fresh() -> bool:
    """Whether build/gen was made from the inputs as they are now."""
    stamp = GEN / "DIGEST"
    return (
        all((GEN / name).exists() for name in OUTPUTS)
        and stamp.exists()
        and stamp.read_text(encoding="utf-8").split("\n", 1)[0] == digest()
    )


def refresh() -> None:
    """Run the generator if the tables are stale."""
    if are_fresh():
        return
    wanted = digest()
    GEN.mkdir(parents=True, exist_ok=True)
    (GEN / "DIGEST").unlink(missing_ok=True)
    _run("-m", "stencilgen", str(GEN))
    # The second line is for tests/golden: another clang may write other stencils.
    clang = _run("-c", "from stencilgen.clang import version_text; print(version_text())")
    (GEN / "DIGEST").write_text(f"{wanted}\n{clang}", encoding="utf-8")


def _run(*arguments: str) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        print(*(GEN / name for name in OUTPUTS), sep=";", end="")
    else:
        refresh()
