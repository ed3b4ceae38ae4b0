"""Which interpreters CI chooses (_build/pythons.py)."""

from __future__ import annotations

from pathlib import Path

import pythons

MINORS = {(3, 11), (3, 12), (3, 13)}


def interpreter(folder: Path, version: str) -> str:
    """A program that answers like that version of Python."""
    path = folder / f"python-{version}"
    path.write_text(f"#!/bin/sh\necho {version.replace('.', ' ')} {path}\n")
    path.chmod(0o755)
    return str(path)


def versions(folder: Path, system: str, *others: str) -> list[str]:
    made = {version: interpreter(folder, version) for version in (system, *others)}
    found = pythons.chosen(made[system], [made[other] for other in others], MINORS)
    return [".".join(map(str, version)) for version, _ in found]


def test_the_system_s_and_the_newest(tmp_path: Path) -> None:
    assert versions(tmp_path, "3.11.2", "3.12.1", "3.13.0", "3.9.18", "3.11.7") == ["3.11.2", "3.13.0"]


def test_one_that_is_not_supported_is_left_out(tmp_path: Path) -> None:
    assert versions(tmp_path, "3.10.4", "3.12.10", "3.12.9", "3.15.0") == ["3.12.10"]


def test_the_same_version_once(tmp_path: Path) -> None:
    assert versions(tmp_path, "3.13.5", "3.13.5", "3.12.1") == ["3.13.5"]


def test_what_does_not_run_is_left_out(tmp_path: Path) -> None:
    broken = tmp_path / "shim"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    others = [str(broken), "/nowhere/python3", interpreter(tmp_path, "3.12.1")]
    assert [version for version, _ in pythons.chosen("/nowhere/python3", others, MINORS)] == [(3, 12, 1)]


def test_classifiers_name_the_versions() -> None:
    assert (3, 11) in pythons.supported()
