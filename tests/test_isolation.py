"""A test that ends its process is one failed test; the others are not affected. Files run at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
CONFTEST = f"""
import sys
sys.path.insert(0, {str(TESTS)!r})
import isolation

def pytest_configure(config):
    config.pluginmanager.register(isolation.Isolation(2))
"""
FILE = """
import ctypes, os, pytest
made = []

@pytest.fixture(scope="module")
def kept():
    made.append(1)
    return len(made)

def test_one(kept): assert kept == 1
def test_two(kept): assert kept == 1
def test_wrong(): print("said before"); assert 1 == 2, "a plain failure"
@pytest.mark.skip(reason="not today")
def test_skipped(): ...
def test_segfault(): ctypes.string_at(0)
def test_after(kept): assert kept == 1
def test_exit(): os._exit(7)
@pytest.mark.xfail(strict=True)
def test_expected(): assert False
@pytest.fixture
def broken(): os.abort()
def test_in_a_fixture(broken): ...
def test_last(): print("x" * 100_000)
"""


FILES = {"test_it.py": FILE, "test_other.py": "def test_in_another_file(): pass\n"}


def run(folder: Path, *arguments: str, files: dict[str, str] = FILES) -> tuple[int, str]:
    (folder / "conftest.py").write_text(CONFTEST)
    for name, text in files.items():
        (folder / name).write_text(text)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:faulthandler",
        "-v",
        *arguments,
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def test_crashes_are_failures(tmp_path: Path) -> None:
    code, said = run(tmp_path)
    assert code == 1
    assert "5 passed, 1 skipped, 1 xfailed" in said and "4 failed" in said, said
    for name, how in (("segfault", "SIGSEGV"), ("exit", "exit 7"), ("in_a_fixture", "SIGABRT")):
        assert f"test_{name} FAILED" in said
        assert f"the test ended its process: {how}" in said
    assert "a plain failure" in said and "said before" in said
    assert "test_in_another_file PASSED" in said


def test_the_first_failure_may_be_the_last(tmp_path: Path) -> None:
    code, said = run(tmp_path, "-x", "-k", "segfault or after")
    assert code == 1
    assert (
        "test_segfault FAILED" in said
        and "test_after" not in said.partition("short test summary")[0].partition("FAILED")[2]
    )


def test_which_tests_there_are_is_still_asked_in_one_process(tmp_path: Path) -> None:
    code, said = run(tmp_path, "--collect-only", "-q")
    assert code == 0 and "11 tests collected" in said


# Each ends only if the other runs at the same time.
MEETING = """
import pathlib, time
def test_here():
    pathlib.Path("{here}").touch()
    for _ in range(3000):
        if pathlib.Path("{there}").exists():
            return
        time.sleep(0.01)
    assert False, "the other never came"
"""


def test_files_run_at_once(tmp_path: Path) -> None:
    pair = {f"test_{here}.py": MEETING.format(here=here, there=there) for here, there in ("ab", "ba")}
    code, said = run(tmp_path, files=pair)
    assert code == 0 and "2 passed" in said, said


def test_what_runs_beside_the_last_failure_is_ended(tmp_path: Path) -> None:
    files = {
        "test_a.py": "import time\ndef test_endless(): time.sleep(1000)\n",
        "test_b.py": "def test_wrong(): assert False\n",
    }
    code, said = run(tmp_path, "-x", files=files)  # otherwise it would be stopped after 120 s
    assert code == 1 and "1 failed" in said, said
