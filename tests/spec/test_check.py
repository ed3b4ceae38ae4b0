"""`linocut spec check` as a command, on the engines that are installed."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from exploded import ADD, ENTRIES, Exploded, plain, rest
from linocut.cli.spec import main
from linocut.engines.checks.checker import EngineError
from linocut.engines.found import Absent
from linocut.engines.process import python
from linocut.engines.registry import CHECKED

pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")

# The files here that other engines are known to get wrong.
KNOWN = {
    "wasm3": {"call/deep", "i32/bad", "start/start"},  # no guard, no validation, start functions with index 0
}
LINOCUT = (*python("__main__", "run"), "{file}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "exploded", "trap")


def make(path: Path, signal: str) -> Path:
    made = Exploded(path, signal)
    plain(made)
    rest(made)
    return made.finish()


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["check", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def results(capsys: pytest.CaptureFixture[str], path: Path, *arguments: object) -> dict[str, Any]:
    """The JSON that a run writes."""
    file = path / "results.json"
    run(capsys, *arguments, "--json", file)
    document: dict[str, Any] = json.loads(file.read_text())
    return document


@pytest.mark.parametrize("signal", ENTRIES)
@pytest.mark.parametrize("name", CHECKED)
def test_engines_known_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, signal: str):
    try:
        engine = CHECKED[name]()
        assert engine.checker is not None
        engine.checker(signal, ENTRIES[signal])
    except (Absent, EngineError) as absent:
        pytest.skip(str(absent))
    if name == "wasm-interp" and signal == "wasi":
        pytest.skip("Debian builds it without WASI")
    found = results(capsys, tmp_path, make(tmp_path / "x", signal), "--engine", name)
    assert {failure["id"] for failure in found["failures"]} <= KNOWN.get(name, set())
    assert found["counts"]["passed"] >= 5


def test_a_command_line(folder: Path, capsys: pytest.CaptureFixture[str]):
    code, out, _ = run(capsys, folder, "--engine", shlex.join(LINOCUT), "--text")
    assert "exit 0 = ok, exit 134 = trap, exit 135 = exhaustion" in out
    assert "9 of 9 passed" in out
    assert "needs linking (a command that can: --link-option)" in out
    assert code == 0


def test_a_failure_says_where_it_is_from_and_how_to_see_it_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    made = Exploded(tmp_path / "it's")
    made.add("i32/add", made.unless(ADD.replace("42)", "43)")))
    folder = made.finish()
    code, out, _ = run(capsys, folder, "--engine", shlex.join(LINOCUT))
    assert code == 1
    assert (
        "FAILED  i32/add\n  core/i32.wast:1: (assert of i32/add)\n  expected ok\n  got      trap: exit 134"
        in out
    )
    assert "in this signal mode a wrong value traps" in out
    (again,) = [line.partition("again:")[2] for line in out.splitlines() if "again:" in line]
    assert subprocess.run(again, shell=True, capture_output=True).returncode == 134


def test_a_worker_s_failure_is_repeated_by_linocut(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    made = Exploded(tmp_path / "x")
    made.add("i32/add", made.unless(ADD.replace("42)", "43)")))
    _, out, _ = run(capsys, made.finish(), "--engine", "linocut")
    (again,) = [line.partition("again:")[2] for line in out.splitlines() if "again:" in line]
    program, command, *arguments = shlex.split(again)
    assert (program, command) == ("linocut", "spec")
    assert main(arguments) == 1


def test_a_packed_folder_keeps_its_state_also_where_a_file_kills_the_worker(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    made = Exploded(tmp_path / "x", "result", "module")
    count = "(global.set $g (i32.add (global.get $g) (i32.const 1)))"
    functions = "".join(
        f'(func (export "{number}") (result i32) {count} (i32.ne (global.get $g) (i32.const {number})))'
        for number in (1, 2, 3)
    )
    module = f'(module (global $g (mut i32) (i32.const 0)) {functions} (func (export "hang") (result i32) (loop (br 0)) unreachable))'
    for export in ("1", "hang", "2", "3"):
        made.add(f"global/{export}", module, export=export, file="global/all.wasm")
    made.write("global/all.wasm", module)
    found = results(capsys, tmp_path, made.finish(), "--engine", "linocut", "--timeout", "5")
    assert found["results"] == {
        "global/1": "passed",
        "global/hang": "timed out",
        "global/2": "passed",
        "global/3": "passed",
    }


def test_a_closed_pipe_is_no_fault(folder: Path):
    command = shlex.join([*python("__main__"), "spec", "check", "--engine", "linocut", str(folder)])
    done = subprocess.run(
        ["bash", "-c", f"{command} -v | head -1; echo ${{PIPESTATUS[0]}}"], capture_output=True, text=True
    )
    assert done.stdout.splitlines()[0].startswith("linocut (")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("inside", [".", "exploded"])
def test_a_zip_of_the_folder_s_content_or_of_the_folder(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], inside: str
):
    root = folder if inside == "." else folder.parent
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", root, inside)
    code, out, _ = run(capsys, archive, "--engine", "linocut")
    assert (code, "12 of 12 passed" in out) == (0, True)


def test_what_is_written(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "i32" / "add.wasm").write_bytes(b"\0asm")
    found = results(capsys, tmp_path, folder, "--engine", "linocut", "--junit", tmp_path / "junit.xml")
    assert found["counts"] == {"passed": 11, "failed": 1, "not applicable": 2}
    refused = "the engine refuses a probe of it"
    assert found["not_applicable"] == {f"needs tail-call: {refused}": 1, f"needs gc: {refused}": 1}
    assert found["lacks"].keys() == {"tail-call", "gc"}
    assert found["lacks"]["tail-call"].startswith("rejected: says malformed")
    assert found["failures"][0]["id"] == "i32/add"
    assert found["failures"][0]["got"].startswith("rejected: says malformed")
    suites = ET.parse(tmp_path / "junit.xml").getroot()
    (i32,) = [suite for suite in suites if suite.get("name") == "core/i32.wast"]
    assert (i32.get("tests"), i32.get("failures"), i32.get("errors")) == ("4", "1", "0")
    assert len(list(suites.iter("testcase"))) == 14
    assert len(list(suites.iter("skipped"))) == 2
    total = {name: suites.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert total == {"tests": "14", "failures": "1", "errors": "0", "skipped": "2"}
    assert [failure.get("type") for failure in suites.iter("failure")] == ["failed"]
    assert all(float(case.get("time", "no")) >= 0 for case in suites.iter("testcase"))
    times = [float(suite.get("time", "no")) for suite in suites]
    assert float(suites.get("time", "no")) == pytest.approx(sum(times), abs=0.01 * len(times))
    assert float(suites.get("time", "no")) > 0


def test_the_table_has_a_row_for_each_folder_and_tier(folder: Path, capsys: pytest.CaptureFixture[str]):
    _, out, _ = run(capsys, folder, "--engine", "linocut")
    rows = [line.split() for line in out.splitlines() if line.startswith(("core", "all"))]
    assert rows == [
        ["core", "1.0", "11"],
        ["core", "2.0", "1"],
        ["core", "3.0", "2"],
        ["all", "12", "2"],
    ]


def test_a_run_of_nothing_is_no_success(folder: Path, capsys: pytest.CaptureFixture[str]):
    for nothing in ("nothing/like/it", "tail-call/plain"):
        code, _, err = run(capsys, folder, "--engine", "linocut", "--only", nothing)
        assert (code, "nothing of this was run" in err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{folder}"], "say --engine or --worker"),
        (["--engine", "linocut"], "say --engine or --worker, and DIR"),
        (["{folder}", "--engine", "nobody"], "no engine 'nobody'"),
        (["{folder}", "--engine", "no-such-program {file}"], "there is no program 'no-such-program'"),
        (["{folder}", "--worker", "no-such-program"], "no-such-program is not here: there is no program"),
        (["{folder}", "--worker", f"{sys.executable} -c pass"], "does not begin with the line 'ready'"),
        (["{folder}", "--engine", "true {file}"], "it ends alike"),
        (["{folder}/..", "--engine", "linocut"], "was not made by linocut spec explode"),
        (["{folder}/summary.json", "--engine", "linocut"], "neither a folder nor a zip"),
    ],
)
def test_wrong_usage(folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str):
    code, _, err = run(capsys, *(argument.replace("{folder}", str(folder)) for argument in arguments))
    assert code == 2
    assert message in err


def test_a_folder_of_another_format(folder: Path, capsys: pytest.CaptureFixture[str]):
    summary = folder / "summary.json"
    summary.write_text(summary.read_text().replace('"format": 1', '"format": 2'))
    assert "has format 2" in run(capsys, folder, "--engine", "linocut")[2]


def test_the_page_s_worker_answers_for_the_toy_engine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    root = Path(__file__).resolve().parents[2]
    page = (root / "docs" / "exploder.md").read_text()
    (worker,) = (block for block in page.split("```python\n")[1:] if block.startswith("import json"))
    (tmp_path / "worker.py").write_text(worker.partition("```")[0])
    monkeypatch.setenv("PYTHONPATH", str(root / "examples"))
    made = Exploded(tmp_path / "x")
    plain(made)
    command = f"{sys.executable} {tmp_path / 'worker.py'}"
    code, out, _ = run(capsys, made.finish(), "--worker", command, "--expect", "ok,trap,exhaustion")
    assert "6 of 6 passed" in out
    assert code == 0


def test_wizard_calls_no_entry_of_another_name(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LINOCUT_WIZARD", sys.executable)
    code, _, err = run(capsys, folder, "--engine", "wizard")
    assert (code, "explode with --signal result" in err) == (2, True)


def test_list_says_what_is_here(capsys: pytest.CaptureFixture[str]):
    code, out, _ = run(capsys, "--list")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(CHECKED)
