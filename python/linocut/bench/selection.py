"""What a run is asked for: engines, programs and modules, found and built."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from linocut.bench.programs.corpora import CORPORA, find_corpora
from linocut.bench.programs.folder import find_files
from linocut.bench.programs.sections import code_section_size
from linocut.bench.programs.suites import SUITES, build_programs, find_sources
from linocut.bench.request import QUICK_CORPORA, QUICK_ENGINES
from linocut.bench.results import EngineInfo, ModuleInfo
from linocut.engines.build import in_parallel
from linocut.engines.finding import add_custom, find_engines, kind_of
from linocut.engines.process import ProcessError
from linocut.engines.registry import MEASURED

if TYPE_CHECKING:
    from linocut.bench.programs.suites import Source
    from linocut.bench.request import Request
    from linocut.engines.engine import Engine
    from linocut.engines.program import WasiProgram, WasmFile
    from linocut.tooling import Progress


Named = TypeVar("Named", "WasiProgram", "Source")


@dataclass
class Selection:
    """Engines by kind; programs, which are run and compiled; modules, which are compiled."""

    engines: list[Engine] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)
    programs: list[WasiProgram] = field(default_factory=list)
    modules: list[WasmFile] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    """Modules that were to be run and cannot be, by name, with the reason."""

    def engine_infos(self) -> list[EngineInfo]:
        """For the results: what there is, then what is absent."""
        there = [EngineInfo(e.name, e.kind, e.version, e.flags) for e in self.engines]
        return [*there, *(EngineInfo(name, kind_of(name), absent=how) for name, how in self.absent.items())]

    def module_infos(self) -> list[ModuleInfo]:
        """For the results."""
        return [_info(module) for module in [*self.programs, *self.modules]]


def choose_engines(request: Request) -> Selection:
    """The engines alone; ValueError for a custom one that is not NAME='COMMAND {wasm}'."""
    names = request.engines
    if names is None:
        names = QUICK_ENGINES if request.quick else tuple(MEASURED)
    engines = find_engines(names)
    for text in request.custom:
        add_custom(engines, text)
    return Selection(engines.found, engines.absent)


def choose(request: Request, progress: Progress) -> Selection:
    """Everything, built and fetched.

    Raises ValueError for a name or path that is missing, ProcessError for a program that does not compile,
    Absent where there is no source tree or no compiler of C to WebAssembly.
    """
    selection = choose_engines(request)
    if request.paths:
        own = find_files(request.paths)
        selection.programs, selection.modules = _named(own.programs, request.programs), own.modules
        selection.left_out = own.left_out if "run" in request.measures else {}
    else:
        suites = SUITES if request.suites is None else request.suites
        sources = _named(find_sources(suites, request.dataset), request.programs) if suites else []
        selection.programs = build_programs(sources, progress.say)
    if "compile" in request.measures:
        selection.modules += _corpora(request, progress)
    if "run" in request.measures:
        _prepare(selection, progress)
    progress.clear()
    return selection


def _corpora(request: Request, progress: Progress) -> list[WasmFile]:
    """Those asked for; by default all, or none where a user names modules or programs."""
    names = request.corpora
    if names is None:
        names = QUICK_CORPORA if request.quick else tuple(CORPORA)
        names = () if request.paths or request.programs else names
    modules, absent = find_corpora(names, progress.note)
    for name, how in absent.items():
        progress.note(f"absent: {name}: {how}")
    return modules


def _named(programs: list[Named], names: tuple[str, ...] | None) -> list[Named]:
    """Some of the programs, by name."""
    if names is None:
        return programs
    if unknown := set(names) - {program.name for program in programs}:
        known = ", ".join(program.name for program in programs)
        raise ValueError(f"there is no program {', '.join(sorted(unknown))}, only {known}")
    return [program for program in programs if program.name in names]


def _prepare(selection: Selection, progress: Progress) -> None:
    """Builds what engines make of programs before they run them; what fails, fails again when it is run."""

    def prepare(pair: tuple[Engine, WasiProgram]) -> None:
        engine, program = pair
        try:
            engine.prepare(program)
        except ProcessError:
            return

    pairs = [(e, p) for p in selection.programs for e in selection.engines if e.runs(p)]
    in_parallel(prepare, pairs, progress.say, "prepare")


def _info(module: WasmFile) -> ModuleInfo:
    wasm = module.wasm.read_bytes()
    return ModuleInfo(module.name, module.suite, len(wasm), code_section_size(wasm))
