"""Nobody imports upward (docs/architecture.md, "Directions"): imports and #includes are checked here."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent

# What a folder of core/ may include besides itself, the generated tables and abi/.
CORE = {
    "base": set(),
    "wasm": {"base"},
    "code": {"base", "wasm"},
    "jit": {"base", "wasm", "code"},
    "interp": {"base", "wasm", "code"},
    "runtime": {"base", "wasm", "code"},
    "engine": {"base", "wasm", "code", "jit", "interp", "runtime"},
    "bind": {"base", "wasm", "code", "runtime", "engine"},
}
# Folders of core/ may have one for each of them, PART/PROCESSOR, included as PART/arch.
PROCESSORS = ("x86_64",)
# Parts of the face: who may not import whom. A part is a module or a folder of python/linocut.
FACE_NEVER = {
    "errors": {"linocut"},
    "types": {"linocut"},
    "text": {"linocut.cli", "linocut.wasi", "linocut._core"},
    "wasi": {"linocut.cli", "linocut.text", "linocut._core", "linocut._bridge"},
    "compat": {"linocut.cli", "linocut._core", "linocut._bridge"},
    "module": {"linocut.cli", "linocut.wasi", "linocut.compat"},
    "instance": {"linocut.cli", "linocut.wasi", "linocut.compat"},
}
INCLUDE = re.compile(r'^\s*#include\s+"([^"]+)"', re.MULTILINE)


def includes(path: Path) -> list[str]:
    return INCLUDE.findall(path.read_text())


def core_files() -> Iterator[tuple[str, Path]]:
    for folder in CORE:
        for path in sorted((ROOT / "core" / folder).rglob("*")):
            if path.suffix in {".hpp", ".cpp", ".S", ".h"}:
                yield folder, path


def package_of(path: Path, level: int) -> str:
    """The package that a relative import of that level in the file starts from."""
    parts = path.relative_to(ROOT / "python").parts[:-level]
    return ".".join(parts)


class RunTimeOnly(ast.NodeTransformer):
    """Leaves out what only a type checker sees: that is no dependency."""

    def visit_If(self, node: ast.If) -> ast.AST | None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return None
        return self.generic_visit(node)


def imports(path: Path) -> set[str]:
    """The modules that a file imports, at its top or inside functions."""
    found = set()
    for node in ast.walk(RunTimeOnly().visit(ast.parse(path.read_text()))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = [package_of(path, node.level)] if node.level else []
            module = ".".join([*start, *filter(None, [node.module])])
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def reaches(module: str, forbidden: str) -> bool:
    return module == forbidden or module.startswith(forbidden + ".")


@pytest.mark.parametrize("folder", CORE)
def test_core_folder_includes_downward_only(folder: str) -> None:
    allowed = CORE[folder] | {folder}
    for owner, path in core_files():
        if owner != folder:
            continue
        for name in includes(path):
            if name.endswith(".inc") or (ROOT / "abi" / name).exists():
                continue
            target = name.partition("/")[0]
            assert target in allowed, f"{path.relative_to(ROOT)} includes {name}"
            for spelling in spellings(name):
                assert (ROOT / "core" / spelling).exists(), f"{path}: no {spelling}"


def spellings(name: str) -> list[str]:
    """An include's paths below core/: the build takes `arch` for one processor's folder or another's."""
    part, _, rest = name.partition("/arch/")
    return [f"{part}/{processor}/{rest}" for processor in PROCESSORS] if rest else [name]


@pytest.mark.parametrize("processor", PROCESSORS)
def test_neutral_code_names_no_processor(processor: str) -> None:
    """Nor does it ask for one: what differs is chosen by the include path, or by which file is linked."""
    for _, path in core_files():
        if path.parent.name not in PROCESSORS:
            text = path.read_text()
            assert f"__{processor}__" not in text, path
            assert not any(processor in name for name in includes(path)), path


def test_python_objects_stay_in_bind() -> None:
    for folder, path in core_files():
        if folder != "bind":
            text = path.read_text()
            assert "Python.h" not in text, path
            assert "nanobind" not in text, path


def test_abi_includes_nothing_of_ours() -> None:
    ours = {path.name for path in (ROOT / "abi").glob("*.h")}
    for path in (ROOT / "abi").glob("*.h"):
        assert set(includes(path)) <= ours, path


def test_table_knows_nobody() -> None:
    for path in (ROOT / "linocut_isa").glob("*.py"):
        for module in imports(path):
            assert not reaches(module, "linocut"), f"{path} imports {module}"
            assert not reaches(module, "stencilgen"), f"{path} imports {module}"


def test_nothing_imports_the_generator_at_run_time() -> None:
    for path in (ROOT / "python").rglob("*.py"):
        assert not any(reaches(module, "stencilgen") for module in imports(path)), path


def test_generator_does_not_need_the_engine() -> None:
    for path in (ROOT / "stencilgen").glob("*.py"):
        assert not any(reaches(module, "linocut") for module in imports(path)), path


@pytest.mark.parametrize("part", FACE_NEVER)
def test_face_part_imports_downward_only(part: str) -> None:
    face = ROOT / "python" / "linocut"
    paths = [face / f"{part}.py"] if (face / f"{part}.py").exists() else sorted((face / part).rglob("*.py"))
    for path in paths:
        for module in imports(path):
            for forbidden in FACE_NEVER[part]:
                assert not reaches(module, forbidden), f"{path.relative_to(ROOT)} imports {module}"


def test_generated_files_are_not_committed() -> None:
    assert not [path for folder in ("core", "abi", "python") for path in (ROOT / folder).rglob("*.inc")]
