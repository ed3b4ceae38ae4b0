"""The machine that figures were taken on, and whether it was quiet."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from time import monotonic, process_time

from linocut.bench.samples import Samples
from linocut.engines.build import zig
from linocut.engines.found import Absent
from linocut.engines.process import first_line

# From here on a machine counts as noisy: processes that want a processor, on average of a minute; processors
# that others keep busy; how much the same loop's time varies.
_LOAD_LIMIT = 0.5
_OTHERS_LIMIT = 0.2
_SPREAD_LIMIT = 0.03
_CALIBRATIONS = 30
_CALIBRATION_STEPS = 200_000


def describe_machine() -> dict[str, str]:
    """What a figure is worthless without, in the order in which it is printed."""
    facts = {
        "processor": _field("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": f"{os.cpu_count()}, {len(os.sched_getaffinity(0))} of them for us",
        "memory": _memory(),
        "system": f"{_system()}, {platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "gcc": first_line(["gcc", "--version"]),
        "zig": _zig(),
    }
    return {name: fact for name, fact in facts.items() if fact}


class Noise:
    """Looks at the machine from now on: how much others run, how evenly the same work takes its time."""

    def __init__(self) -> None:
        self._load = os.getloadavg()[0]
        self._spreads = [_calibrate().spread]
        self._start, self._others = monotonic(), _cpu_of_others()

    def verdict(self) -> str:
        """A warning to print with the figures; empty for a quiet machine."""
        others = (_cpu_of_others() - self._others) / (monotonic() - self._start)
        self._spreads.append(_calibrate().spread)
        return warning(self._load, others, max(self._spreads))


def warning(load: float, others: float, spread: float) -> str:
    """`load` before it started, processors that `others` used, `spread` of the same work (1 = 100 %)."""
    found = []
    if load > _LOAD_LIMIT:
        found.append(f"the load was {load:.1f} before it started")
    if others > _OTHERS_LIMIT:
        found.append(f"others kept {others:.1f} processors busy while it ran")
    if spread > _SPREAD_LIMIT:
        found.append(f"the same loop varied by ±{spread * 100:.0f} % of CPU time")
    return f"noisy machine: {', '.join(found)}" if found else ""


def _cpu_of_others() -> float:
    """CPU seconds since the machine started, except our processes'; those that its host took away count."""
    first, *_ = Path("/proc/stat").read_text(encoding="utf-8").splitlines()
    user, nice, system, _, _, irq, softirq, steal = map(int, first.split()[1:9])
    ticks = user + nice + system + irq + softirq + steal
    return ticks / os.sysconf("SC_CLK_TCK") - sum(os.times()[:4])


def _calibrate() -> Samples:
    """The same work again and again, in seconds of CPU."""
    samples = Samples()
    for _ in range(_CALIBRATIONS):
        start, total = process_time(), 0
        for number in range(_CALIBRATION_STEPS):
            total += number
        samples.add(process_time() - start)
    return samples


def _field(path: str, name: str) -> str:
    """The first value of that name in one of the kernel's tables of `name : value`."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    values = (line.partition(":")[2].strip() for line in lines if line.split(":")[0].strip() == name)
    return next(values, "")


def _memory() -> str:
    kilobytes = _field("/proc/meminfo", "MemTotal").removesuffix(" kB")
    return f"{int(kilobytes) / 2**20:.0f} GiB" if kilobytes else ""


def _system() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", sys.platform)
    except OSError:
        return sys.platform


def _zig() -> str:
    try:
        return first_line([*zig(), "version"])
    except Absent:
        return ""
