"""Debian's packages as files: fetched and unpacked for another release or processor; none is installed.

apt-get does the fetching, with settings and folders of its own, so that nothing of this machine changes.
MIRROR is another archive than Debian's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SETTINGS = """#clear APT::Architectures;
APT::Architecture "{architecture}";
Dir::State "{folder}/state";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
Dir::Etc::SourceList "{folder}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
APT::Sandbox::User "";
"""


def mirror() -> str:
    """The archive to fetch from."""
    return os.environ.get("MIRROR") or "http://deb.debian.org/debian"


def complaint(*commands: str) -> str | None:
    """What is missing of these commands and of what this file needs itself, and how to get it."""
    missing = [name for name in ("apt-get", "dpkg-deb") if not shutil.which(name)]
    if missing:
        return f"missing: {' '.join(missing)}: this works on Debian and what is made from it"
    packages = [PACKAGES[name] for name in commands if not shutil.which(name)]
    if not KEYRING.exists():
        packages.append("debian-archive-keyring")
    return f"missing: {' '.join(packages)}\n  sudo apt-get install {' '.join(packages)}" if packages else None


# Which package brings a command, where it is not called so.
PACKAGES = {
    "aarch64-linux-gnu-g++": "g++-aarch64-linux-gnu",
    "debootstrap": "debootstrap",
    "unshare": "util-linux",
}


class Archive:
    """The packages of one release for one processor; `folder` keeps what was fetched of them."""

    def __init__(self, folder: Path, release: str, architecture: str) -> None:
        self._folder = folder.resolve()
        self._release = release
        self._architecture = architecture

    def unpack(self, packages: Iterable[str], target: Path) -> None:
        """Put the packages' files below `target`, unless that was done before."""
        done = target / ".unpacked"
        names = "\n".join(packages)
        if done.exists() and done.read_text(encoding="utf-8") == names:
            return
        shutil.rmtree(target, ignore_errors=True)
        self._fetch(names.split())
        for package in sorted(self._folder.glob("*.deb")):
            unpack(package, target)
        done.write_text(names, encoding="utf-8")

    def _fetch(self, packages: list[str]) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        for name in ("state/lists/partial", "cache/archives/partial"):
            (self._folder / name).mkdir(parents=True)
        (self._folder / "status").touch()
        source = f"deb [signed-by={KEYRING}] {mirror()} {self._release} main\n"
        (self._folder / "sources.list").write_text(source, encoding="utf-8")
        settings = SETTINGS.format(folder=self._folder, architecture=self._architecture)
        (self._folder / "apt.conf").write_text(settings, encoding="utf-8")
        self._apt_get("update")
        self._apt_get("download", *packages)

    def _apt_get(self, *arguments: str) -> None:
        settings = os.environ | {"APT_CONFIG": str(self._folder / "apt.conf")}
        subprocess.run(["apt-get", "-qq", *arguments], cwd=self._folder, env=settings, check=True)


def unpack(package: Path, target: Path) -> None:
    """A package's files, and no more: nothing of it is run."""
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["dpkg-deb", "-x", str(package), str(target)], check=True)
