"""Tries the README on a fresh machine: a minimal Debian or Ubuntu with an ordinary user and a clone.

    python _build/fresh.py RELEASE FOLDER       (root; needs debootstrap; `make fresh RELEASE=trixie`)

The machine holds what `apt-get install` of README.md brings and nothing else. There the user runs `make demo`
and `make test`. What is committed is tried, not what lies in the working tree. The last line is a row of the
table release | make demo | make test; what the commands wrote is in FOLDER/RELEASE.log.

How this machine reaches registries is taken over: proxies, pip's and npm's settings, certificates, and the
local folders that they name. MIRROR is another archive than the release's own, KEYRING the keys that it is
signed with.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
HOME = "/home/somebody"
SHARED_SETTINGS = re.compile(
    r"(https?|all|no)_proxy|(pip|npm_config|linocut)_\w+|ssl_cert_\w+|(curl|requests)_ca_bundle"
    r"|node_extra_ca_certs|git_ssl_cainfo",
    re.IGNORECASE,
)


class Distribution(NamedTuple):
    """How to get a release; where from is debootstrap's to know."""

    keyring: str
    components: str
    script: str
    """Which of debootstrap's scripts knows it: an older debootstrap lacks newer names."""


DEBIAN = Distribution("/usr/share/keyrings/debian-archive-keyring.gpg", "main", "sid")
UBUNTU = Distribution("/usr/share/keyrings/ubuntu-archive-keyring.gpg", "main,universe", "gutsy")
RELEASES = {"bookworm": DEBIAN, "trixie": DEBIAN, "noble": UBUNTU}


def main(release: str, folder: Path) -> int:
    """0 when both commands succeed there."""
    if complaint := _unable(release):
        print(complaint, file=sys.stderr)
        return 1
    if "LINOCUT_UNSHARED" not in os.environ:
        # What is mounted and started there ends with this process.
        command = ["unshare", "--mount", "--pid", "--ipc", "--fork", sys.executable, *sys.argv]
        return subprocess.run(command, env=os.environ | {"LINOCUT_UNSHARED": "1"}).returncode
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{release}.log").open("w") as log:
        machine = Machine(folder.resolve() / release, log.fileno())
        machine.install(release)
        machine.connect()
        results = [machine.command(name) for name in ("make demo", "make test")]
    print(f"| {machine.name()} | {' | '.join(said for _, said in results)} |")
    return 0 if all(succeeded for succeeded, _ in results) else 1


def _unable(release: str) -> str | None:
    if release not in RELEASES:
        return f"no RELEASE {release!r}; there are {', '.join(RELEASES)}"
    if os.geteuid() != 0:
        return "make fresh needs root: it makes a file system with devices and owners of its own"
    if not shutil.which("debootstrap"):
        return "missing: debootstrap\n  sudo apt-get install debootstrap"
    if not Path(_keyring(release)).exists():
        return (
            f"the keys that {release} is signed with are missing: {_keyring(release)}\n"
            "  sudo apt-get install ubuntu-keyring (Debian 12 has none: its .deb is in Ubuntu's archive),\n"
            "  or make fresh KEYRING=FILE"
        )
    return None


def _keyring(release: str) -> str:
    return os.environ.get("KEYRING") or RELEASES[release].keyring


def packages() -> list[str]:
    """What README.md says to install."""
    found = re.search(r"`sudo apt-get install ([^`]+)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    if found is None:
        raise SystemExit("README.md has no `sudo apt-get install …`")
    return found[1].split()


class Machine:
    """A root file system and what runs in it; output goes to the log."""

    def __init__(self, root: Path, log: int) -> None:
        self._root = root
        self._log = log
        self._settings: dict[str, str] = {}

    def install(self, release: str) -> None:
        """The release with README.md's packages and an ordinary user."""
        distribution = RELEASES[release]
        shutil.rmtree(self._root, ignore_errors=True)
        print(f"{release}: a minimal system, then {' '.join(packages())}", flush=True)
        self._run(
            "debootstrap", "--variant=minbase", f"--components={distribution.components}",
            f"--keyring={_keyring(release)}", release, str(self._root),
            os.environ.get("MIRROR", ""), f"/usr/share/debootstrap/scripts/{distribution.script}",
        )  # fmt: skip
        self._mount()
        proxies = subprocess.run(
            ["apt-config", "dump", "Acquire"], capture_output=True, encoding="utf-8"
        ).stdout
        self._write(
            "etc/apt/apt.conf.d/99proxy", "".join(re.findall(r"^.*Proxy .*\n", proxies, re.MULTILINE))
        )
        self._inside("apt-get", "-q", "update")
        self._inside("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "install", *packages())
        self._inside("useradd", "--create-home", "--home-dir", HOME, "--shell", "/bin/sh", "somebody")

    def _mount(self) -> None:
        self._run("mount", "-t", "proc", "proc", str(self._root / "proc"))
        self._run("mount", "--rbind", "-o", "ro", "/sys", str(self._root / "sys"))
        for name, kind in (("shm", "tmpfs"), ("pts", "devpts")):
            (self._root / "dev" / name).mkdir(exist_ok=True)
            self._run("mount", "-t", kind, kind, str(self._root / "dev" / name))
        for name in ("resolv.conf", "hosts"):
            if Path("/etc", name).exists():
                self._write(f"etc/{name}", Path("/etc", name).read_text(encoding="utf-8"))

    def connect(self) -> None:
        """Give it this machine's ways to registries, the official suite if it is here, and the clone."""
        self._settings = _settings()
        self._settings.pop("LINOCUT_UNSHARED", None)
        places = {
            Path(word.removeprefix("file://")) for value in self._settings.values() for word in value.split()
        }
        # An index links to files beside it.
        roots = {place.parent if place.name == "simple" else place for place in places if place.is_absolute()}
        for place in sorted(roots):
            if place.exists() and not roots.intersection(place.parents):
                self._show(place)
        suite = Path(os.environ.get("LINOCUT_SPECTEST") or ROOT.parent / "shared" / "spectest")
        if suite.is_dir():
            self._show(suite)
            self._settings["LINOCUT_SPECTEST"] = str(suite)
        # git reads no repository that is somebody else's.
        self._run("git", "clone", "-q", "--bare", str(ROOT), f"{self._root}{HOME}/linocut.git")
        self._inside("chown", "-R", "somebody:somebody", f"{HOME}/linocut.git")
        self._as_somebody("git clone -q linocut.git linocut", HOME)

    def _show(self, place: Path) -> None:
        """The same file or folder at the same path there, to be read."""
        target = self._root / place.relative_to("/")
        if place.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
        self._run("mount", "--bind", "-o", "ro", str(place), str(target))

    def command(self, command: str) -> tuple[bool, str]:
        """Whether it succeeds in the clone, and in a few words how it ended."""
        print(f"{command} …", flush=True)
        begin = time.monotonic()
        at = os.lseek(self._log, 0, os.SEEK_END)
        done = self._as_somebody(command, f"{HOME}/linocut", check=False)
        minutes, seconds = divmod(int(time.monotonic() - begin), 60)
        with open(f"/proc/self/fd/{self._log}", errors="replace") as log:
            log.seek(at)
            said = _verdict(log.read())
        word = "ok" if done else "FAILED"
        return done, f"{word}, {minutes}:{seconds:02} min{said and ', '}{said}"

    def name(self) -> str:
        """The table's first column."""
        python = "import platform; print(platform.python_version())"
        asked = f"""echo "$PRETTY_NAME, Python $(python3 -c '{python}'), g++ $(g++ -dumpfullversion)" """
        done = subprocess.run(
            ["chroot", str(self._root), "sh", "-c", f". /etc/os-release; {asked}"],
            capture_output=True,
            encoding="utf-8",
        )
        return done.stdout.strip()

    def _as_somebody(self, command: str, folder: str, *, check: bool = True) -> bool:
        settings = [f"{name}={value}" for name, value in self._settings.items()]
        return self._inside(
            "setpriv", "--reuid=somebody", "--regid=somebody", "--init-groups", "env", "-i",
            f"HOME={HOME}", "USER=somebody", "PATH=/usr/local/bin:/usr/bin:/bin", *settings,
            "sh", "-c", f"cd {folder} && {command}", check=check,
        )  # fmt: skip

    def _inside(self, *command: str, check: bool = True) -> bool:
        return self._run("chroot", str(self._root), *command, check=check)

    def _run(self, *command: str, check: bool = True) -> bool:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
        if check and done.returncode:
            raise SystemExit(f"{shlex.join(command)} failed; see {os.readlink(f'/proc/self/fd/{self._log}')}")
        return done.returncode == 0

    def _write(self, name: str, text: str) -> None:
        path = self._root / name
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8")


def _settings() -> dict[str, str]:
    """This machine's environment and pip's files, as variables."""
    listed = subprocess.run(
        ["python3", "-m", "pip", "config", "list"], capture_output=True, encoding="utf-8"
    ).stdout
    found = {
        f"PIP_{name.upper().replace('-', '_')}": value
        for name, value in re.findall(r"^(?:global|install)\.([\w-]+)='(.*)'$", listed, re.MULTILINE)
    }
    return found | {name: value for name, value in os.environ.items() if SHARED_SETTINGS.fullmatch(name)}


def _verdict(text: str) -> str:
    """pytest's last line, else nothing."""
    found = re.findall(
        r"^(?:=+ )?((?:\d+ \w+, )*\d+ (?:passed|failed)[\w ,]*) in [\d.]+s", text, re.MULTILINE
    )
    return found[-1] if found else ""


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
