"""`make cross-aarch64` and `make test-aarch64`: what they print and read; the rest takes minutes."""

from __future__ import annotations

from types import SimpleNamespace

import aarch64
import debian
import linocut
import pytest
from linocut import _core
from linocut.cli.__main__ import main


def test_a_missing_cross_compiler_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there = {"apt-get", "dpkg-deb"}
    monkeypatch.setattr("shutil.which", lambda name: name if name in there else None)
    monkeypatch.setattr(debian, "KEYRING", SimpleNamespace(exists=lambda: True))
    assert aarch64.cross() == 1
    assert "sudo apt-get install g++-aarch64-linux-gnu\n" in capsys.readouterr().err


def test_without_apt_get_there_is_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert "missing: apt-get dpkg-deb" in str(debian.complaint())


@pytest.mark.parametrize(
    ("user", "release", "said"), [(1000, "6.12.0-1", "needs root"), (0, "6.1.0-38-amd64", "needs Linux 6.7")]
)
def test_what_keeps_the_tests_from_running_is_said(
    user: int, release: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: user)
    monkeypatch.setattr("os.uname", lambda: SimpleNamespace(release=release))
    assert said in str(aarch64._unable_to_test())


def test_what_is_installed_there_is_the_extra_test() -> None:
    names = [requirement.partition("=")[0].rstrip(">") for requirement in aarch64.test_requirements()]
    assert {"pytest", "wasmtime", "capstone", "numpy"} <= set(names)
    assert "playwright" not in names


def test_what_the_emulator_cannot_do_is_still_a_test() -> None:
    for name in aarch64.NOT_EMULATED:
        path, _, function = name.partition("::")
        assert f"def {function}(" in (aarch64.ROOT / path).read_text()


def test_sums_of_rows() -> None:
    rows = [
        {"passed": 1200, "failed": [], "skipped": {"simd": 3, "gc": 2}},
        {"passed": 5, "failed": [{}], "skipped": {}},
    ]
    assert aarch64.sums(rows) == "1,205 passed, 1 failed, 5 skipped"


def test_the_version_says_that_there_is_no_compiler(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_core, "has_compiler", lambda: False)
    monkeypatch.setattr("os.uname", lambda: SimpleNamespace(machine="aarch64"))
    assert main(["--version"]) == 0
    said = f"linocut {linocut.__version__} (interpreted: no compiler for aarch64 yet)\n"
    assert capsys.readouterr().out == said


@pytest.mark.skipif(_core.has_compiler(), reason="there is a compiler for this processor")
def test_without_a_compiler_modules_are_interpreted() -> None:
    text = '(module (func (export "f") (result i32) i32.const 7))'
    module = linocut.load(text)
    assert module.instantiate().exports.f() == 7
    from linocut import experiments

    with pytest.raises(linocut.NoCompilerError, match="no compiler for"):
        experiments.load(text, ["pinned-locals"])
    with pytest.raises(linocut.NoCompilerError, match="no compiler for"):
        module._code.listing(0)
    with pytest.raises(NotImplementedError):
        _core.Listing.forms()
