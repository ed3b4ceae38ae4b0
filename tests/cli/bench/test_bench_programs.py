"""Where programs and modules come from."""

from __future__ import annotations

from pathlib import Path

import pytest
from linocut.bench.programs import corpora, packages
from linocut.bench.programs.folder import find_files
from linocut.bench.programs.sections import code_section_size
from linocut.bench.programs.suites import SUITES, Source, find_sources
from linocut.engines import build
from linocut.engines.process import ProcessError
from linocut.text.wat import wat_to_wasm


def test_folder_has_commands_to_run_and_modules_to_compile(folder: Path) -> None:
    found = find_files([folder])
    assert [(p.name, p.suite, p.source) for p in found.programs] == [
        ("one", "mine", None),
        ("two", "mine", None),
    ]
    assert [module.name for module in found.modules] == ["library"]
    assert found.left_out == {"library": "it exports no function _start"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('(module (memory (export "_start") 1))', "it exports no function _start"),
        ('(module (func (export "_initialize")))', "it exports no function _start"),
        (
            '(module (import "env" "log" (func)) (func (export "_start")))',
            "it imports env.log, which is not WASI's",
        ),
        ('(module (func (export "_start") (drop (ref.i31 (i32.const 0)))))', "linocut refuses it: "),
        ('(module (func (export "_start") i32.const 0))', "linocut refuses it: type mismatch"),
    ],
)
def test_what_cannot_be_run_is_left_out_with_its_reason(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "module.wasm"
    path.write_bytes(wat_to_wasm(text))
    found = find_files([path])
    assert found.programs == []
    assert found.left_out["module"].startswith(reason)


def test_file_that_is_no_module_is_left_to_the_engines(tmp_path: Path) -> None:
    path = tmp_path / "broken.wasm"
    path.write_bytes(b"no module")
    assert [module.name for module in find_files([path]).modules] == ["broken"]


def test_two_files_of_one_name_are_told_apart(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "one.wasm").write_bytes((folder / "one.wasm").read_bytes())
    names = [program.name for program in find_files([folder, other]).programs]
    assert names == ["one", "two", "other/one"]


def test_folder_without_modules_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="without"):
        find_files([tmp_path])


def test_code_section_is_found_behind_others() -> None:
    types, code = b"\x01\x04\x01\x60\x00\x00", b"\x0a\x04\x01\x02\x00\x0b"
    assert code_section_size(b"\0asm\1\0\0\0" + types + b"\x03\x02\x01\x00" + code) == 4
    assert code_section_size(b"\0asm\1\0\0\0" + types) == 0
    assert code_section_size(b"\0asm\1\0\0\0\xff") == 0


def test_suites_have_their_programs() -> None:
    names = [source.name for source in find_sources(SUITES, "MINI")]
    assert len(names) == len(set(names)) >= 40
    assert {"gemm", "coremark", "fib", "blur-simd", "blur-scalar"} <= set(names)


def test_only_polybench_has_datasets() -> None:
    defines = {source.suite: source.defines for source in find_sources(SUITES, "MINI")}
    assert defines == {
        "polybench": ("-DMINI_DATASET",),
        "coremark": (),
        "everyday": (),
        "simd": (),
        "scalar": ("-DSCALAR",),
    }


def test_each_simd_kernel_has_a_twin() -> None:
    found = find_sources(["simd"], "MINI")
    kernels, twins = ([one for one in found if one.suite == suite] for suite in ("simd", "scalar"))
    assert [one.path for one in kernels] == [one.path for one in twins]
    assert {one.flags for one in kernels} == {("-msimd128",)}
    assert {one.flags for one in twins} == {()}


def test_build_says_what_the_compiler_said(tmp_path: Path) -> None:
    pytest.importorskip("ziglang")
    path = tmp_path / "wrong.c"
    path.write_text("int main(void) { return nothing; }\n")
    with pytest.raises(ProcessError, match="exit code 1"):
        Source("wrong", "mine", path, ()).build()


def test_another_define_is_another_file(tmp_path: Path) -> None:
    pytest.importorskip("ziglang")
    path = tmp_path / "right.c"
    path.write_text("int main(void) { return CODE; }\n")
    one, other = (Source("right", "mine", path, (f"-DCODE={n}",)).build().wasm for n in (1, 2))
    assert one != other
    assert one.exists() and other.exists()


def test_results_of_parallel_work_are_in_order() -> None:
    said: list[str] = []
    assert build.in_parallel(lambda n: n * n, range(20), said.append, "square") == [n * n for n in range(20)]
    assert said[-1] == "square 20/20"


def test_corpora_that_cannot_be_fetched_are_absent_and_leave_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_network(*_: object) -> None:
        raise ProcessError("no network")

    monkeypatch.setenv("LINOCUT_CACHE", str(tmp_path))
    monkeypatch.setattr(packages, "execute", no_network)
    monkeypatch.setattr(packages, "package_folder", lambda _: None)
    found, absent = corpora.find_corpora(corpora.CORPORA, lambda _: None)
    assert not found
    assert absent.keys() == corpora.CORPORA.keys()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_installed_package_is_used_instead_of_fetching(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "yosys.wasm").write_bytes(b"module")
    monkeypatch.setattr(packages, "package_folder", lambda _: tmp_path)
    (module,), absent = corpora.find_corpora(["yosys"], lambda _: None)
    assert module.wasm == tmp_path / "yosys.wasm"
    assert not absent
