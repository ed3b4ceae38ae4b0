"""The code that pip, CMake and make share (_build)."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path
from types import SimpleNamespace

import preflight
import pytest
import requirements
import tables

ROOT = Path(__file__).resolve().parent.parent
needs_compiler = pytest.mark.skipif(not shutil.which("g++"), reason="no C++ compiler")


@pytest.mark.parametrize("here", [("Linux", "riscv64"), ("Darwin", "arm64"), ("Windows", "AMD64")])
def test_unsupported_platform_is_refused_with_the_list(
    here: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(platform, "system", lambda: here[0])
    monkeypatch.setattr(platform, "machine", lambda: here[1])
    monkeypatch.setattr("sys.argv", ["preflight.py", "--platform"])
    assert preflight.main() == 1
    said = capsys.readouterr().err
    assert " ".join(here) in said
    for name in preflight.SUPPORTED.values():
        assert name in said


def test_missing_packages_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("sysconfig.get_path", lambda _: "/nowhere")
    monkeypatch.setattr(preflight, "_has_venv", lambda: False)
    monkeypatch.setattr("sys.argv", ["preflight.py"])
    assert preflight.main() == 1
    assert "sudo apt-get install g++ python3-dev python3-venv" in capsys.readouterr().err


@needs_compiler
def test_this_machine_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["preflight.py"])
    assert preflight.main() == 0


@pytest.mark.parametrize(
    "name", ["a b", "a:b", "a;b", "a'b", "a#b", "a$b", "a%b", "a\\b", "a\nb", "a(b)", "a*b"]
)
def test_a_path_that_cannot_work_is_refused_at_once(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(preflight, "ROOT", Path("/home/me", name))
    monkeypatch.setattr("sys.argv", ["preflight.py"])
    assert preflight.main() == 1
    said = capsys.readouterr().err.strip()
    assert repr(name[1]) in said and "move" in said


@pytest.mark.parametrize("name", ["linocut-0.1", "a_b", "größe", "a+b", "a@2,b=c~"])
def test_other_paths_are_fine(name: str) -> None:
    assert preflight.unusable_path(Path("/home/me", name)) is None


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=12_345_678))


@needs_compiler
@pytest.mark.usefixtures("full_disk")
def test_little_room_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["preflight.py"])
    assert preflight.main() == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "12 MB" in line and "2,000 MB are needed" in line


HOOKS = ("get_requires_for_build_wheel", "get_requires_for_build_editable", "build_wheel", "build_editable")


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("hook", HOOKS)
def test_pip_says_that_there_is_little_room(hook: str) -> None:
    backend = pytest.importorskip("backend", exc_type=ImportError)

    with pytest.raises(SystemExit, match="too little disk space"):
        getattr(backend, hook)("." if hook.startswith("build") else None)


@pytest.mark.parametrize("hook", HOOKS)
def test_pip_says_that_there_is_no_compiler(hook: str, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = pytest.importorskip("backend", exc_type=ImportError)

    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(SystemExit, match=r"missing: g\+\+; sudo apt-get install g\+\+$"):
        getattr(backend, hook)("." if hook.startswith("build") else None)


@needs_compiler
def test_a_wheel_needs_no_venv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "_has_venv", lambda: False)
    assert preflight.complaint_about_wheel(Path.cwd()) is None


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small source tree with up-to-date tables."""
    for folder in ("linocut_isa", "stencilgen", "abi", "build/gen"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "linocut_isa" / "rows.py").write_text("rows = 1\n")
    (tmp_path / "stencilgen" / "__main__.py").write_text(
        "import sys, pathlib\n"
        f"for name in {tables.OUTPUTS}:\n"
        "    pathlib.Path(sys.argv[1], name).write_text('made')\n"
    )
    (tmp_path / "stencilgen" / "__init__.py").touch()
    (tmp_path / "stencilgen" / "clang.py").write_text("def version_text(): return 'clang version 22'\n")
    (tmp_path / "abi" / "context.h").write_text("\n")
    (tmp_path / "pyproject.toml").write_bytes((tables.ROOT / "pyproject.toml").read_bytes())
    monkeypatch.setattr(tables, "ROOT", tmp_path)
    monkeypatch.setattr(tables, "GEN", tmp_path / "build" / "gen")
    tables.refresh()
    assert tables.are_fresh()
    return tmp_path


@pytest.mark.parametrize("changed", ["linocut_isa/rows.py", "stencilgen/__main__.py", "abi/context.h"])
def test_a_changed_input_makes_the_tables_stale(tree: Path, changed: str) -> None:
    path = tree / changed
    path.write_text(path.read_text() + "\n")
    assert not tables.are_fresh()
    tables.refresh()
    assert tables.are_fresh()


def test_the_digest_names_the_clang(tree: Path) -> None:
    assert (tree / "build" / "gen" / "DIGEST").read_text().splitlines()[1] == "clang version 22"


def test_a_touched_input_does_not(tree: Path) -> None:
    (tree / "linocut_isa" / "rows.py").touch()
    assert tables.are_fresh()


def test_a_missing_table_is_made_again(tree: Path) -> None:
    (tree / "build" / "gen" / tables.OUTPUTS[0]).unlink()
    assert not tables.are_fresh()


def test_a_generator_that_fails_leaves_no_digest(tree: Path) -> None:
    (tree / "stencilgen" / "__main__.py").write_text("raise SystemExit(1)")
    with pytest.raises(Exception, match="exit status 1"):
        tables.refresh()
    assert not tables.are_fresh()
    assert not (tree / "build" / "gen" / "DIGEST").exists()


def test_the_toolchain_is_asked_for_only_when_the_tables_are_stale(tree: Path) -> None:
    backend = pytest.importorskip("backend", exc_type=ImportError)

    assert not set(tables.requirements()) & set(backend.get_requires_for_build_wheel())
    (tree / "abi" / "context.h").write_text("changed\n")
    assert set(tables.requirements()) <= set(backend.get_requires_for_build_wheel())
    assert set(tables.requirements()) <= set(backend.get_requires_for_build_sdist())


def test_extras_expand_to_what_pip_can_install() -> None:
    extras = {"a": ["x>=1", "linocut[b,c]"], "b": ["y"], "c": ["linocut[b]", "z"]}
    assert requirements.expand(extras, "a") == ["x>=1", "y", "y", "z"]


# Files that lie beside the code that reads them: some of each kind.
READ = [
    "py.typed",
    "_core.pyi",
    "bench/report/page.css",
    "bench/report/page.js",
    "engines/workers/node_check.js",
    "engines/workers/node_compile.js",
    "engines/workers/node_run.js",
    "fuzz/node_executor.js",
    "engines/workers/wasm3_run.py",
    "inspecting/explore/example.wat",
    "inspecting/page/css/frame.css",
    "inspecting/page/js/app.js",
    "inspecting/page/page.html",
    "spec/explode/output.md",
    "spec/explode/spectest.wat",
]


def test_a_wheel_carries_what_the_code_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    processor = pytest.importorskip("scikit_build_core.build._file_processor")
    monkeypatch.chdir(ROOT)
    package = Path("python", "linocut")
    packed = {
        path.relative_to(package).as_posix()
        for path in processor.each_unignored_file(package, mode="default")
    }
    assert set(READ) <= packed
    there = {path.relative_to(package) for path in package.rglob("*") if path.is_file()}
    left = {path.as_posix() for path in there if path.suffix not in {".pyc", ".so"}} - packed
    assert not left
