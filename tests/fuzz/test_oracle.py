"""The fuzzer's oracle sees a difference on each channel, planted between an engine and itself, one by one."""

from __future__ import annotations

from typing import Any

import linocut
import pytest
from linocut.engines.found import Absent
from linocut.fuzz.check import Failure, Pair, check
from linocut.fuzz.compare import difference
from linocut.fuzz.generate import generate
from linocut.fuzz.harness import Executor, Host, Outcome, Trapped, normal
from linocut.fuzz.linocut_executor import LinocutExecutor, LinocutSession
from linocut.fuzz.node_executor import NodeExecutor
from linocut.fuzz.program import Program
from linocut.fuzz.sources import encoded

SEEDS = range(400)


class Liar(LinocutSession):
    """Reports everything as it is; subclasses lie about one thing."""


class LiarEngine(LinocutExecutor):
    name = "liar"

    def __init__(self, session: type[LinocutSession]) -> None:
        super().__init__(1.0)
        self.session = session

    def open(self, wasm: bytes, program: Program, hosts: list[Host]) -> LinocutSession:
        return self.session(linocut.load(wasm), program, hosts, 1.0)


def changed(value: Any) -> Any:
    """A value that differs as little as possible."""
    if isinstance(value, float):
        return -value if value == value else 0.0
    if isinstance(value, int):
        return value ^ 1
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    return "other" if value is None else None


class LastResult(Liar):
    def call(self, instance: int, name: str, args: list[Any]) -> tuple[Any, ...]:
        *others, last = super().call(instance, name, args) or (None,)
        return (*others, changed(last)) if last is not None else tuple(others)


class FewerResults(Liar):
    def call(self, instance: int, name: str, args: list[Any]) -> tuple[Any, ...]:
        return super().call(instance, name, args)[1:]


class NoTrap(Liar):
    def call(self, instance: int, name: str, args: list[Any]) -> tuple[Any, ...]:
        try:
            return super().call(instance, name, args)
        except Trapped as trap:
            if trap.kind == "stack_exhausted":
                raise
            return ()


class OtherTrap(Liar):
    def call(self, instance: int, name: str, args: list[Any]) -> tuple[Any, ...]:
        try:
            return super().call(instance, name, args)
        except Trapped as trap:
            raise Trapped("unreachable" if trap.kind == "integer_overflow" else "integer_overflow") from None


class TrapInPlaceOfResult(Liar):
    def call(self, instance: int, name: str, args: list[Any]) -> tuple[Any, ...]:
        super().call(instance, name, args)
        raise Trapped("unreachable")


class TrapAtInstantiation(Liar):
    def instantiate(self) -> None:
        raise Trapped("out_of_bounds_memory")


class LastByteOfMemory(Liar):
    def memory(self, instance: int) -> bytes:
        memory = super().memory(instance)
        return memory[:-1] + bytes([memory[-1] ^ 0x80]) if memory else memory


class SmallerMemory(Liar):
    def memory(self, instance: int) -> bytes:
        return super().memory(instance)[:-65536]


class OtherGlobal(Liar):
    def get_global(self, instance: int, name: str) -> Any:
        value = super().get_global(instance, name)
        return changed(value) if isinstance(value, int | float) else value


class LastItemOfTable(Liar):
    def table(self, instance: int, name: str, element: str) -> tuple[Any, ...]:
        *others, last = super().table(instance, name, element) or (None,)
        return (*others, not last if element == "funcref" else changed(last))


class SmallerTable(Liar):
    def table(self, instance: int, name: str, element: str) -> tuple[Any, ...]:
        return super().table(instance, name, element)[:-1]


def told(hosts: list[Host], lie: Any) -> list[Host]:
    return [lambda *args, host=host: host(*lie(args)) for host in hosts]


class ArgumentsOfHosts(Liar):
    def __init__(self, module: Any, program: Program, hosts: list[Host], timeout: float | None) -> None:
        super().__init__(module, program, told(hosts, lambda args: tuple(map(_other_number, args))), timeout)


class ExtraHostCall(Liar):
    """Makes one call of the host more; the answers are the same."""

    def __init__(self, module: Any, program: Program, hosts: list[Host], timeout: float | None) -> None:
        calls = 0

        def once_more(*args: Any, host: Host) -> Any:
            nonlocal calls
            calls += 1
            return host(*args), host(*args) if calls == 1 else None

        first = [lambda *args, host=host: once_more(*args, host=host)[0] for host in hosts]
        super().__init__(module, program, first, timeout)


def _other_number(value: Any) -> Any:
    return changed(value) if isinstance(value, int | float) else value


LIES = {
    LastResult: "call",
    FewerResults: "call",
    NoTrap: "call",
    OtherTrap: "call",
    TrapInPlaceOfResult: "call",
    TrapAtInstantiation: "instantiate",
    LastByteOfMemory: "memory of",
    SmallerMemory: "memory of",
    OtherGlobal: "global",
    LastItemOfTable: "table",
    SmallerTable: "table",
    ArgumentsOfHosts: "",
    ExtraHostCall: "",
}


@pytest.fixture(params=["linocut", "node"], scope="module")
def truth(request: pytest.FixtureRequest) -> Executor:
    try:
        return LinocutExecutor(1.0) if request.param == "linocut" else NodeExecutor()
    except Absent as absent:
        pytest.skip(str(absent))


@pytest.mark.parametrize("liar", LIES, ids=lambda liar: liar.__name__)
def test_a_lie_on_each_channel_is_found(truth: Executor, liar: type[LinocutSession]) -> None:
    for seed in SEEDS:
        found = check(Pair(truth, LiarEngine(liar)), encoded(generate(seed)))
        if found is not None:
            assert found.kind == "differs" and found.detail.startswith(LIES[liar])
            return
    pytest.fail("it was believed")


def test_the_truth_is_believed(truth: Executor) -> None:
    for seed in range(30):
        assert check(Pair(truth, LiarEngine(Liar)), encoded(generate(seed))) is None


# ── the comparison alone ─────────────────────────────────────────────────────

SEEN: dict[str, Any] = {
    "instantiate 0": None,
    "call 0: f1": (1, normal(0.5), "nan", None, "function"),
    "call 1: f1": "trap: unreachable",
    "call 2: f1": "host error: 7",
    "memory of 0": bytes(8),
    "global 0 of 0": 5,
    "table 0 of 0": (True, False),
    "table 1 of 0": ("a", None),
    "host calls": [(0, (1,))],
}
OTHER: list[tuple[str, Any]] = [
    ("instantiate 0", "trap: unreachable"),
    ("call 0: f1", (2, normal(0.5), "nan", None, "function")),
    ("call 0: f1", (1, normal(-0.5), "nan", None, "function")),
    ("call 0: f1", (1, normal(0.5), normal(0.0), None, "function")),
    ("call 0: f1", (1, normal(0.5), "nan", "function", "function")),
    ("call 0: f1", (1, normal(0.5), "nan", None, None)),
    ("call 0: f1", (1, normal(0.5), "nan", None)),
    ("call 0: f1", "trap: unreachable"),
    ("call 1: f1", "trap: out_of_bounds_memory"),
    ("call 1: f1", ()),
    ("call 2: f1", "host error: 8"),
    ("call 2: f1", "trap: unreachable"),
    ("memory of 0", bytes(7) + b"\1"),
    ("memory of 0", bytes(9)),
    ("global 0 of 0", 6),
    ("table 0 of 0", (True, True)),
    ("table 0 of 0", (True,)),
    ("table 1 of 0", ("b", None)),
    ("host calls", [(0, (2,))]),
    ("host calls", [(1, (1,))]),
    ("host calls", []),
    ("host calls", [(0, (1,)), (0, (1,))]),
]


@pytest.mark.parametrize(("name", "value"), OTHER, ids=[f"{n} {i}" for i, (n, _) in enumerate(OTHER)])
def test_every_kind_of_difference_is_told(name: str, value: Any) -> None:
    for one, two in ((SEEN, SEEN | {name: value}), (SEEN | {name: value}, SEEN)):
        assert (difference(Outcome(one), Outcome(two)) or "").startswith(f"{name}: ")
    assert difference(Outcome(SEEN), Outcome(dict(SEEN))) is None


@pytest.mark.parametrize("name", SEEN)
def test_what_only_one_has_seen_is_told(name: str) -> None:
    rest = {key: value for key, value in SEEN.items() if key != name}
    assert (difference(Outcome(SEEN), Outcome(rest)) or "").startswith(f"{name}: ")
    assert (difference(Outcome(rest), Outcome(SEEN)) or "").startswith(f"{name}: ")


def test_zeros_have_signs_and_nans_are_alike() -> None:
    assert normal(0.0) != normal(-0.0)
    assert normal(float("nan")) == normal(-float("nan")) == "nan"
    assert normal(1.0) != normal(1)
    assert normal(True) == 1 and normal(print) == "function"


def test_what_exhausts_the_stack_is_not_compared() -> None:
    assert difference(Outcome(SEEN, exhausted=True), Outcome({})) is None
    assert difference(Outcome(SEEN), Outcome({}, exhausted=True)) is None


def test_failures_tell_where() -> None:
    found = difference(Outcome({"m": b"\0\1\2"}), Outcome({"m": b"\0\1\3"}))
    assert found == "m: at 0x2 expected 02, got 03"
    assert str(Failure("differs", found)) == f"differs: {found}"
