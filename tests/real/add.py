"""Prints a package's row for `packages.toml`, with the newest version.

python tests/real/add.py npm|pypi NAME "WHAT IT IS"
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tarfile
import urllib.parse
import urllib.request
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"\0asm"


def main(registry: str, name: str, what: str) -> None:
    """Print the row, with every module in the archive once."""
    version, archive = {"npm": newest_of_npm, "pypi": newest_of_pypi}[registry](name)
    row = {"registry": registry, "name": name, "version": version, "archive": archive, "what": what}
    print("[[package]]")
    for key, value in row.items():
        print(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    print("[package.modules]")
    for file, digest in modules(archive):
        print(f"{json.dumps(file)} = {json.dumps(digest)}")


def newest_of_npm(name: str) -> tuple[str, str]:
    """The newest version of a package, and the address of its archive."""
    document = ask(f"https://registry.npmjs.org/{name.replace('/', '%2f')}/latest")
    return document["version"], document["dist"]["tarball"]


def newest_of_pypi(name: str) -> tuple[str, str]:
    """The same for the last wheel that is not a preview."""
    document = ask(f"https://pypi.org/simple/{name}/")
    wheels = [file for file in document["files"] if file["filename"].endswith("-py3-none-any.whl")]
    file = [wheel for wheel in wheels if ".dev" not in wheel["filename"]][-1]
    archive = urllib.parse.urljoin(f"https://pypi.org/simple/{name}/", file["url"])
    return file["filename"].split("-")[1], archive


def ask(url: str) -> Any:
    """The JSON that a registry answers with."""
    accept = "application/vnd.pypi.simple.v1+json, application/json"
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": accept})) as answer:
        return json.load(answer)


def modules(archive: str) -> Iterator[tuple[str, str]]:
    """The names and digests of the modules in an archive, each digest once."""
    seen = set()
    for name, content in sorted(files(archive)):
        digest = hashlib.sha256(content).hexdigest()
        if content.startswith(MAGIC) and digest not in seen:
            seen.add(digest)
            yield name, digest


def files(archive: str) -> Iterator[tuple[str, bytes]]:
    """The names and contents of all files in an archive."""
    with urllib.request.urlopen(archive) as answer:
        content = io.BytesIO(answer.read())
    if archive.endswith(".whl"):
        with zipfile.ZipFile(content) as wheel:
            yield from ((name, wheel.read(name)) for name in wheel.namelist())
        return
    with tarfile.open(fileobj=content) as package:
        for member in package:
            if stream := package.extractfile(member):
                yield member.name, stream.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
