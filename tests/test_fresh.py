"""`make fresh` (_build/fresh.py): only what it reads; the rest needs root and a quarter of an hour."""

from __future__ import annotations

import fresh
import preflight
import pytest


def test_readme_names_what_a_build_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("sysconfig.get_path", lambda _: "/nowhere")
    monkeypatch.setattr(preflight, "_has_venv", lambda: False)
    assert {*preflight.missing_for_development(), "make", "git"} == set(fresh.packages())


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("....\n5125 passed, 7 skipped in 401.22s (0:06:41)\n", "5125 passed, 7 skipped"),
        ("==== 2 failed, 3 passed, 1 error in 9.10s ====\n", "2 failed, 3 passed, 1 error"),
        ("g++: error\n", ""),
    ],
)
def test_the_verdict_is_pytest_s(said: str, verdict: str) -> None:
    assert fresh._verdict(said) == verdict


def test_ways_to_registries_are_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    monkeypatch.setenv("PIP_INDEX_URL", "https://index/simple")
    monkeypatch.setenv("SOMETHING_ELSE", "1")
    found = fresh._settings()
    assert (found["https_proxy"], found["PIP_INDEX_URL"]) == ("http://proxy:3128", "https://index/simple")
    assert "SOMETHING_ELSE" not in found


def test_an_unknown_release_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    assert fresh.main("slink", tmp_path) == 1
    assert capsys.readouterr().err == "no RELEASE 'slink'; there are bookworm, trixie, noble\n"
