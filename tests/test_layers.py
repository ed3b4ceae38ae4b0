"""No file imports or includes upward (docs/architecture.md, "Directions")."""

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
    "validation": {"base", "wasm"},
    "code": {"base", "wasm"},
    "jit": {"base", "wasm", "validation", "code"},
    "interp": {"base", "wasm", "code"},
    "runtime": {"base", "wasm", "code"},
    "engine": {"base", "wasm", "code", "jit", "interp", "runtime"},
    "bind": {"base", "wasm", "code", "runtime", "engine"},
}
# Folders of core/ may have one for each processor, PART/PROCESSOR, which is included as PART/arch.
PROCESSORS = ("x86_64", "aarch64")
COMPILED = ("x86_64",)  # the processors that core/jit is for
# In core/jit, only the processor's folder names these: its registers, forms and what writes them.
OF_A_PROCESSOR = re.compile(
    r"\b(?:forms::\w+|encode::|Form<|R[ABCD]X|R[SD]I|R[SB]P|R(?:[89]|1[0-5])|XMM\d*|"
    r"r[abcd]x|r[sd]i|r[sb]p|r(?:[89]|1[0-5])|xmm\d*|ModRM|REX|rel32|x86)\b"
)
# What a part of python/linocut, a module or a folder, may import, also for types only: parts above it here.
# "linocut" stands for the public names of the library, which are loaded when they are first asked for.
FACE = {
    "errors": {"_core"},
    "types": set(),
    "extras": {"errors"},
    "tooling": {"errors", "extras"},
    "text": {"linocut_isa", "errors", "types", "extras"},
    "wat": {"linocut_isa", "errors", "text"},
    "source": {"errors", "text"},
    "_bridge": {"_core", "errors", "types"},
    "instance": {"linocut", "_core", "errors", "types"},
    "limits": set(),
    "module": {"_core", "_bridge", "types", "source", "instance", "limits"},
    "aio": {"linocut"},
    "experiments": {"_core", "source", "module"},
    "wasi": {"linocut", "errors", "types"},
    "disassembly": set(),
    "engines": {"linocut", "extras", "tooling", "text", "experiments", "wasi", "disassembly"},
    "inspecting": {
        *("linocut", "_core", "linocut_isa", "extras", "tooling", "text", "source", "module"),
        *("disassembly", "engines"),
    },
    "running": {"linocut", "errors", "types", "tooling", "text", "source", "experiments", "wasi"},
    "bench": {"linocut", "errors", "types", "extras", "tooling", "text", "experiments", "engines"},
    "spec": {"linocut", "linocut_isa", "errors", "tooling", "text", "source", "engines"},
    "fuzz": {"linocut", "linocut_isa", "text", "experiments", "engines", "tooling"},
    "cli": {
        *("linocut", "linocut_isa", "errors", "extras", "tooling", "source", "experiments"),
        *("engines", "inspecting", "running", "bench", "spec", "fuzz"),
    },
    "__main__": {"cli"},
    # The public names are here.
    "__init__": {"_core", "errors", "types", "wat", "instance", "module", "limits", "inspecting"},
}
OUTSIDE = ["_core", "linocut_isa", "linocut"]  # what parts may import besides other parts
INCLUDE = re.compile(r'^\s*#include\s+"([^"]+)"', re.MULTILINE)


def includes(path: Path) -> list[str]:
    return INCLUDE.findall(path.read_text())


def core_files() -> Iterator[tuple[str, Path]]:
    for folder in CORE:
        for path in sorted((ROOT / "core" / folder).rglob("*")):
            if path.suffix in {".hpp", ".cpp", ".S", ".h"}:
                yield folder, path


def package_of(path: Path, level: int) -> str:
    """The package that a relative import of this level in the file starts from."""
    parts = path.relative_to(ROOT / "python").parts[:-level]
    return ".".join(parts)


def imports(path: Path) -> set[str]:
    """The modules that a file imports, at its top, inside functions or for types only."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = [package_of(path, node.level)] if node.level else []
            module = ".".join([*start, *filter(None, [node.module])])
            found |= {f"{module}.{alias.name}" for alias in node.names}
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
    """An include's paths below core/: for `arch`, the build takes the folder of its processor."""
    part, _, rest = name.partition("/arch/")
    processors = COMPILED if part == "jit" else PROCESSORS
    return [f"{part}/{processor}/{rest}" for processor in processors] if rest else [name]


@pytest.mark.parametrize("processor", PROCESSORS)
def test_neutral_code_names_no_processor(processor: str) -> None:
    """It does not even test for one: the include path or the linked file selects what differs."""
    for _, path in core_files():
        if path.parent.name not in PROCESSORS:
            text = path.read_text()
            assert f"__{processor}__" not in text, path
            assert not any(processor in name for name in includes(path)), path


def test_neutral_compiler_names_nothing_of_a_processor() -> None:
    """Visitors use `emit::` and the functions of the shapes instead (core/jit/PROCESSOR)."""
    for path in sorted((ROOT / "core" / "jit").glob("*.[ch]pp")):
        found = [text.strip() for text in path.read_text().splitlines() if OF_A_PROCESSOR.search(text)]
        assert not found, f"{path.name}: {found[0]}"


@pytest.mark.parametrize("processor", PROCESSORS)
def test_neutral_generator_names_no_processor(processor: str) -> None:
    for path in (ROOT / "stencilgen").glob("*.py"):
        assert not any(processor in module for module in imports(path)), path


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
    for path in (ROOT / "stencilgen").rglob("*.py"):
        assert not any(reaches(module, "linocut") for module in imports(path)), path


LINOCUT = ROOT / "python" / "linocut"


def files_of(part: str) -> list[Path]:
    """The files of a part: a module, or all in a folder."""
    module = LINOCUT / f"{part}.py"
    return [module] if module.exists() else sorted((LINOCUT / part).rglob("*.py"))


def parts_imported(part: str) -> Iterator[tuple[str, Path]]:
    """The other parts that a part imports, and the files that do it."""
    for path in files_of(part):
        for name in imports(path):
            first, _, rest = name.partition(".")
            second = rest.partition(".")[0]
            if first == "linocut_isa":
                yield first, path
            elif first == "linocut" and second != part:
                yield second if second in FACE or second in OUTSIDE else first, path


def test_every_part_of_the_face_is_listed() -> None:
    found = {path.stem for path in LINOCUT.glob("*.py")}
    found |= {path.parent.name for path in LINOCUT.glob("*/__init__.py")}
    assert found == set(FACE)


def test_every_folder_of_core_is_listed() -> None:
    assert {path.name for path in (ROOT / "core").iterdir() if path.is_dir()} == set(CORE)


@pytest.mark.parametrize("rows", [CORE, FACE], ids=["core", "face"])
def test_rows_name_only_what_stands_above_them(rows: dict[str, set[str]]) -> None:
    above = set(OUTSIDE) if rows is FACE else set()
    for part, allowed in rows.items():
        assert allowed <= above, part
        above.add(part)


@pytest.mark.parametrize("part", FACE)
def test_face_part_imports_what_its_row_allows(part: str) -> None:
    used = set()
    for name, path in parts_imported(part):
        assert name in FACE[part], f"{path.relative_to(ROOT)} imports {name}"
        used.add(name)
    assert FACE[part] == used, f"{part} no longer imports what its row allows"


def test_generated_files_are_not_committed() -> None:
    assert not [path for folder in ("core", "abi", "python") for path in (ROOT / folder).rglob("*.inc")]
