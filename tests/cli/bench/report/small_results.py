"""A `Results` so small that a test can know every figure."""

from __future__ import annotations

from linocut.bench.results import EngineInfo, Execution, ModuleInfo, Results
from linocut.bench.samples import Samples

KINDS = {"liftoff": "baseline", "linocut": "copy-and-patch", "wasm3": "interpreter", "gcc": "native"}


def small(times: dict[str, dict[str, float]], checksums: dict[tuple[str, str], str] | None = None) -> Results:
    """Results with these seconds by program and engine, each measured three times; there is one suite."""
    engines = dict.fromkeys(engine for row in times.values() for engine in row)
    results = Results(engines=[EngineInfo(name, KINDS.get(name, "custom"), "1") for name in engines])
    results.modules = [ModuleInfo(program, "polybench", 1000, 800) for program in times]
    for program, row in times.items():
        for engine, seconds in row.items():
            checksum = (checksums or {}).get((program, engine), "same")
            samples = Samples([seconds, 1.02 * seconds, 0.98 * seconds])
            results.execution.append(Execution(program, engine, samples, "process_cpu", checksum))
    return results
