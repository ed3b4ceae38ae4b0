"""Nothing shipped, built with or tested may need what CPython 3.11.0 to 3.11.4 cannot do but 3.11 can.

`mypy` and `ruff` know minor versions only. Debian 12 has 3.11.2.
"""

from __future__ import annotations

import ast
import io
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import browser
import pytest

ROOT = Path(__file__).resolve().parent.parent
# (...)*+ and its kin, and (?>...); a possessive quantifier behind one character or class is sound.
POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{[\d,]*\})\+|\(\?>")


def strings_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """String literals with their lines; those of f-strings come in pieces."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            yield node.lineno, text


def sources() -> Iterator[Path]:
    for folder in ("python", "linocut_isa", "stencilgen", "_build", "bench", "examples", "tests"):
        yield from (ROOT / folder).rglob("*.py")


def test_no_pattern_has_a_possessive_group() -> None:
    # gh-106052: such groups give back what they must keep, or keep what they never matched.
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text!r}"
        for path in sources()
        for line, text in strings_of(ast.parse(path.read_text()))
        if path != Path(__file__) and POSSESSIVE_GROUP.search(text)
    ]
    assert found == []


@pytest.mark.parametrize("pattern", ["(?:a|b)*+", "(ab)++", "(?:a)?+", "(?:a|b){2,}+", "(?>a|b)"])
def test_the_search_sees_each_spelling(pattern: str) -> None:
    assert POSSESSIVE_GROUP.search(pattern)


@pytest.mark.parametrize("pattern", [r"[^x]*+", r"a++", r"\)*+", "(?:a|b)*", "(a)+"])
def test_the_search_lets_sound_patterns_be(pattern: str) -> None:
    assert not POSSESSIVE_GROUP.search(pattern)


class OldArchive:
    """A `TarFile` as it was before 3.11.4: it knows no filters."""

    def __init__(self) -> None:
        self.folder = None

    def extractall(self, folder: Path) -> None:
        self.folder = folder


def test_an_archive_is_unpacked_where_there_are_no_filters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Filters came with 3.11.4.
    monkeypatch.delattr(tarfile, "data_filter", raising=False)
    archive = OldArchive()
    browser._extract(archive, tmp_path)
    assert archive.folder == tmp_path


def test_an_archive_cannot_leave_its_folder(tmp_path: Path) -> None:
    if not hasattr(tarfile, "data_filter"):
        pytest.skip("this Python has no extraction filters")
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../outside"))
    content.seek(0)
    with tarfile.open(fileobj=content) as archive, pytest.raises(tarfile.TarError):
        browser._extract(archive, tmp_path / "inside")


def without_encoding(call: ast.Call) -> bool:
    """Whether a call reads or writes text in the encoding of the user's locale."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = {keyword.arg for keyword in call.keywords}
    if name in ("read_text", "write_text"):
        return "encoding" not in given
    return bool(given & {"text", "universal_newlines"}) and name in ("run", "Popen", "check_output")


def test_no_text_depends_on_the_locale() -> None:
    # With LC_ALL=C, the locale's encoding is ASCII where Python's UTF-8 mode is off.
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("python", "stencilgen", "linocut_isa", "_build")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and without_encoding(node)
    ]
    assert found == []
