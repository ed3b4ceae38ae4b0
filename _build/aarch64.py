"""linocut for aarch64, on a machine of another kind.

    python _build/aarch64.py cross         the extension, by Debian's cross compiler (make cross-aarch64)
    python _build/aarch64.py test [TESTS]  suite and tests, in an emulated arm64 system (make test-aarch64);
                                           with TESTS only those, as pytest is told them

Everything is fetched into build/aarch64 and stays there: Python's headers, QEMU's emulator of one program
(version 10 or newer: older ones keep a record for each page of a memory's reservation), a minimal Debian for
arm64, and what the tests import.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import debian
import requirements

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "aarch64"
RELEASE = "bookworm"
PYTHON = "3.11"  # the release's
SOABI = "cpython-311-aarch64-linux-gnu"
EXTENSION = f"_core.{SOABI}.so"
SYSTEM = FOLDER / "system"
CLONE = "/linocut"
SUITE = "/spectest"
# pip takes each of these for a wheel's word of what it runs on.
PLATFORMS = (
    "manylinux2014_aarch64",
    "manylinux_2_27_aarch64",
    "manylinux_2_28_aarch64",
    "manylinux_2_34_aarch64",
)
NOT_THERE = ("playwright",)  # the page's tests are the same on every processor
# The emulator does not keep a program to a limit of its address space.
NOT_EMULATED = (
    "tests/runtime/test_scarce.py::test_a_store_can_be_dropped_without_memory",
    "tests/runtime/test_scarce.py::test_messages_say_what_ran_out",
)
# How the kernel tells a program for arm64, as Debian's qemu-user-binfmt says it.
MAGIC = rb"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"
MASK = rb"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff"
OWN_NAMESPACES = "LINOCUT_UNSHARED"
Row = dict[str, Any]  # of `linocut spec run --json`


# ── make cross-aarch64 ───────────────────────────────────────────────────────
def cross() -> int:
    """Compile all of core/; 0 when it does."""
    if said := debian.complaint("aarch64-linux-gnu-g++"):
        return _fail(said)
    headers = FOLDER / "headers"
    debian.Archive(FOLDER / "packages", RELEASE, "arm64").unpack([f"libpython{PYTHON}-dev"], headers)
    build = FOLDER / "dev"
    if not (build / "build.ninja").exists():
        _progress("Configuring for aarch64", *_cmake(build, headers))
    return _progress("Compiling for aarch64", _tool("cmake"), "--build", str(build), "-j2")


def _cmake(build: Path, headers: Path) -> list[str]:
    return [
        _tool("cmake"), "-S", str(ROOT), "-B", str(build), "-G", "Ninja", "--log-level=WARNING",
        f"-DCMAKE_MAKE_PROGRAM={_tool('ninja')}",
        "-DCMAKE_SYSTEM_NAME=Linux",
        "-DCMAKE_SYSTEM_PROCESSOR=aarch64",
        "-DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++",
        "-DCMAKE_ASM_COMPILER=aarch64-linux-gnu-g++",
        f"-DCMAKE_CXX_FLAGS=-isystem {headers}/usr/include",
        f"-DPython_EXECUTABLE={sys.executable}",
        f"-DPython_INCLUDE_DIR={headers}/usr/include/python{PYTHON}",
        f"-DSKBUILD_SOABI={SOABI}",
    ]  # fmt: skip


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _progress(what: str, *command: str) -> int:
    progress = str(ROOT / "_build" / "progress.py")
    return subprocess.run([sys.executable, progress, what, *command]).returncode


# ── make test-aarch64 ────────────────────────────────────────────────────────
def test(arguments: list[str]) -> int:
    """The official suite on both processors, then the tests; 0 if the suite ends alike and the tests pass."""
    if OWN_NAMESPACES in os.environ:
        return _test_inside(arguments)
    if said := _unable_to_test():
        return _fail(said)
    if code := cross():
        return code
    emulator = debian.Archive(FOLDER / "emulator-package", f"{RELEASE}-backports", _own_architecture())
    emulator.unpack(["qemu-user"], FOLDER / "emulator")
    _install_system()
    _install_packages()
    _copy_clone()
    # In a user namespace of its own the kernel learns how to start programs for arm64; mounts end with it.
    command = ["unshare", "--user", "--map-root-user", "--mount", "--fork", sys.executable, __file__, "test"]
    return subprocess.run([*command, *arguments], env=os.environ | {OWN_NAMESPACES: "1"}).returncode


def _unable_to_test() -> str | None:
    if os.geteuid() != 0:
        return "make test-aarch64 needs root: debootstrap makes a file system with owners of its own"
    release = tuple(int(word) for word in os.uname().release.split(".")[:2])
    if release < (6, 7):
        return "make test-aarch64 needs Linux 6.7 or newer: before, binfmt_misc belongs to the whole machine"
    if os.environ.get("LINOCUT_SPECTEST") is None and not _suite().is_dir():
        return f"the official suite is not here: set LINOCUT_SPECTEST to its folder ({_suite()} is none)"
    return debian.complaint("aarch64-linux-gnu-g++", "debootstrap", "unshare")


def _own_architecture() -> str:
    return subprocess.check_output(["dpkg", "--print-architecture"], encoding="utf-8").strip()


def _suite() -> Path:
    return Path(os.environ.get("LINOCUT_SPECTEST") or ROOT.parent / "shared" / "spectest")


def _install_system() -> None:
    """Debian's packages unpacked are enough to run Python: none of their scripts is run."""
    complete = SYSTEM / "complete"
    if complete.exists():
        return
    shutil.rmtree(SYSTEM, ignore_errors=True)
    _progress(
        "Fetching a minimal Debian for arm64",
        "debootstrap", "--arch=arm64", "--foreign", "--variant=minbase", "--include=python3,ca-certificates",
        f"--keyring={debian.KEYRING}", RELEASE, str(SYSTEM), debian.mirror(),
    )  # fmt: skip
    for package in sorted(SYSTEM.glob("var/cache/apt/archives/*.deb")):
        debian.unpack(package, SYSTEM)
    complete.touch()


def _install_packages() -> None:
    """What the tests import, below /opt/packages there."""
    wanted = "\n".join(test_requirements())
    target = SYSTEM / "opt" / "packages"
    done = target / "complete"
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(target, ignore_errors=True)
    _progress(
        "Installing what the tests import",
        sys.executable, "-m", "pip", "install", "--target", str(target), "--only-binary=:all:",
        "--python-version", PYTHON, *(f"--platform={name}" for name in PLATFORMS), *wanted.split("\n"),
    )  # fmt: skip
    done.write_text(wanted, encoding="utf-8")


def test_requirements() -> list[str]:
    """The extra `test`, but for what is not tested there."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        extras = tomllib.load(file)["project"]["optional-dependencies"]
    return [name for name in requirements.expand(extras, "test") if not name.startswith(NOT_THERE)]


def _copy_clone() -> None:
    """What lies in the working tree, with the generated tables and the extension."""
    target = SYSTEM / CLONE.lstrip("/")
    shutil.rmtree(target, ignore_errors=True)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.check_output(listed, cwd=ROOT, encoding="utf-8").rstrip("\0").split("\0")
    for name in names:
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    shutil.copytree(ROOT / "build" / "gen", target / "build" / "gen")
    shutil.copy2(FOLDER / "dev" / EXTENSION, target / "python" / "linocut" / EXTENSION)


# ── there ────────────────────────────────────────────────────────────────────
def _test_inside(arguments: list[str]) -> int:
    _teach_the_kernel()
    for place in ("proc", "dev", "sys"):
        _mount("--rbind", f"/{place}", SYSTEM / place)
    _mount("--bind", str(_suite()), SYSTEM / SUITE.lstrip("/"))
    is_alike = bool(arguments) or _compare_suites()
    begin = time.monotonic()
    without = [f"--deselect={name}" for name in NOT_EMULATED]
    done = subprocess.run(_inside("python3", "-m", "pytest", *without, *(arguments or ["tests"])))
    print(f"Tests on aarch64: {(time.monotonic() - begin) / 60:.0f} min", flush=True)
    return done.returncode or not is_alike


def _teach_the_kernel() -> None:
    """To start programs for arm64 by the emulator, which it opens now (F), wherever that lies."""
    emulator = FOLDER / "emulator" / "usr" / "bin" / "qemu-aarch64"
    subprocess.run(["mount", "-t", "binfmt_misc", "none", "/proc/sys/fs/binfmt_misc"], check=True)
    rule = b":linocut-aarch64:M::" + MAGIC + b":" + MASK + b":" + bytes(emulator) + b":OF"
    Path("/proc/sys/fs/binfmt_misc/register").write_bytes(rule)


def _mount(how: str, source: str, target: Path) -> None:
    target.mkdir(exist_ok=True)
    subprocess.run(["mount", how, source, str(target)], check=True)


def _inside(*command: str) -> list[str]:
    settings = ["PATH=/usr/bin:/bin", "HOME=/root", "LC_ALL=C.UTF-8", f"LINOCUT_SPECTEST={SUITE}"]
    paths = f"PYTHONPATH={CLONE}/python:{CLONE}:/opt/packages"
    shell = f"cd {CLONE} && exec {shlex.join(command)}"
    return ["chroot", str(SYSTEM), "/usr/bin/env", "-i", *settings, paths, "/bin/sh", "-c", shell]


def _compare_suites() -> bool:
    """Whether each of the suite's scripts ends alike here and there; says how."""
    command = ["-m", "linocut", "spec", "run", "--json"]
    here = _report([sys.executable, *command])
    there = _report(_inside("python3", *command))
    for name in sorted(here.keys() | there.keys()):
        if here.get(name) != there.get(name):
            print(f"{name}: here {here.get(name)}, on aarch64 {there.get(name)}")
    print(f"The official suite on aarch64: {len(there)} scripts, {sums(there.values())}", flush=True)
    return here == there


def _report(command: list[str]) -> dict[str, Row]:
    """The suite's scripts by name."""
    begin = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8")
    print(f"linocut spec run: {time.monotonic() - begin:.0f} s", flush=True)
    return {row["script"]: row for row in json.loads(done.stdout)["scripts"]}


def sums(rows: Iterable[Row]) -> str:
    """How many assertions ended how."""
    total = Counter[str]()
    for row in rows:
        total["passed"] += row["passed"]
        total["failed"] += len(row["failed"])
        total["skipped"] += sum(row["skipped"].values())
    return ", ".join(f"{total[what]:,} {what}" for what in ("passed", "failed", "skipped"))


def _fail(said: str) -> int:
    print(said, file=sys.stderr)
    return 1


if __name__ == "__main__":
    if sys.argv[1:] == ["cross"]:
        sys.exit(cross())
    elif sys.argv[1:2] == ["test"]:
        sys.exit(test(sys.argv[2:]))
    sys.exit(__doc__)
