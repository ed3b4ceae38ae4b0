"""How `linocut spec check` judges engines that show what they do in many ways, and some that lie."""

from __future__ import annotations

from pathlib import Path

import pytest
from exploded import ADD, ENTRIES, Exploded, plain, rest
from linocut.engines.checks.checker import EngineError, Job
from linocut.engines.checks.outcome import DIED, TIMED_OUT, OutcomeKind, Sign
from linocut.spec.check.selection import Wish
from simulated import CODES, Show, by_codes, check, sign

pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")

LATER = {"tail-call/plain", "gc/i31"}
SEGFAULT = Sign("signal 11", signal="SIGSEGV")


@pytest.fixture(params=ENTRIES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return make(tmp_path, request.param)


@pytest.fixture
def trap_folder(tmp_path: Path) -> Path:
    return make(tmp_path, "trap")


def make(path: Path, signal: str) -> Path:
    made = Exploded(path / signal, signal)
    plain(made)
    rest(made)
    return made.finish()


def where(part: str, shown: Sign, otherwise: Show) -> Show:
    """An engine that shows `shown` for files with `part` in their path, otherwise what `otherwise` shows."""
    return lambda word, job: shown if part in job.file else otherwise(word, job)


def test_an_engine_that_is_right_passes(folder: Path):
    judged = check(folder, by_codes())
    assert set(judged.bad) == LATER
    assert judged.calibration.notes == []
    assert judged.weak == set()


@pytest.mark.parametrize("signal", ENTRIES)
def test_a_wrong_value_fails(tmp_path: Path, signal: str):
    folder = Exploded(tmp_path, signal)
    folder.add("i32/add", folder.unless(ADD.replace("42)", "43)")))
    assert check(folder.finish(), by_codes()).bad == {"i32/add": "failed"}


@pytest.mark.parametrize("code", [0, 1])
def test_an_engine_that_ends_alike_whatever_it_is_given_is_refused(folder: Path, code: int):
    with pytest.raises(EngineError, match=f"ends alike, good modules and bad ones: exit {code}"):
        check(folder, lambda word, job: sign(code))


def test_an_engine_whose_traps_look_like_a_good_end_is_refused(folder: Path):
    with pytest.raises(EngineError, match=r"trap looks like a good end.*--pattern trap=REGEX"):
        check(folder, by_codes(trap=0))


@pytest.mark.parametrize("signal", ["wasi", "result"])
def test_an_engine_whose_wrong_values_look_like_a_good_end_is_refused(tmp_path: Path, signal: str):
    with pytest.raises(EngineError, match=r"wrong value looks like a good end.*--signal"):
        check(make(tmp_path, signal), by_codes(wrong=0))


@pytest.mark.parametrize("signal", ENTRIES)
@pytest.mark.parametrize(
    ("probe", "said"), [("wrong-i32,-lowest-bit", "a wrong i32, lowest bit"), ("wrong-f64", "a wrong f64")]
)
def test_an_engine_that_does_not_see_that_values_differ_is_refused(
    tmp_path: Path, signal: str, probe: str, said: str
):
    with pytest.raises(EngineError, match=f"{said}, looks like a right one, both are exit 0"):
        check(make(tmp_path, signal), where(f"/{probe}", sign(0), by_codes()))


def test_but_not_one_that_has_no_such_values(trap_folder: Path):
    show = where("no-wrong-f64", sign(8), where("/wrong-f64", sign(0), by_codes()))
    assert set(check(trap_folder, show).bad) == LATER


def test_where_a_wrong_value_is_a_trap_nothing_is_asked_of_exits(trap_folder: Path):
    assert set(check(trap_folder, by_codes(wrong=0)).bad) == LATER


def test_an_engine_that_does_not_do_the_same_twice_is_refused(folder: Path):
    codes = iter(range(100))
    with pytest.raises(EngineError, match="now with exit 0, now with exit"):
        check(folder, lambda word, job: sign(next(codes)))


@pytest.mark.parametrize(("hangs", "asked"), [("", 1), ("/wrong-", 5), ("/no-", 5), ("/trap.", 1)])
def test_an_engine_that_hangs_is_not_waited_for_again_and_again(trap_folder: Path, hangs: str, asked: int):
    """`asked` is how many times it is waited for."""
    waited = 0

    def show(word: str, job: Job) -> Sign:
        nonlocal waited
        if hangs not in job.file:
            return by_codes()(word, job)
        waited += 1
        return Sign(TIMED_OUT)

    with pytest.raises(EngineError, match="to no end"):
        check(trap_folder, show)
    assert waited == asked


@pytest.mark.parametrize("bad", [SEGFAULT, Sign(TIMED_OUT), Sign(DIED, signal="SIGABRT")])
def test_an_engine_that_cannot_run_a_good_module_is_refused(folder: Path, bad: Sign):
    with pytest.raises(EngineError, match=bad.key):
        check(folder, where("ok.wasm", bad, by_codes()))


@pytest.mark.parametrize("probe", ["text", "link"])
def test_what_an_engine_is_said_to_take_it_must_take(folder: Path, probe: str):
    with pytest.raises(EngineError, match=f"'{probe}', a good module"):
        check(folder, where(f"/{probe}.wa", sign(4), by_codes()))


def test_words_must_mean_what_they_say(folder: Path):
    meanings = {"exit 2": OutcomeKind.REJECTED, "exit 0": OutcomeKind.OK}
    with pytest.raises(EngineError, match="'trap' ends with exit 2"):
        check(folder, by_codes(), meanings=meanings)
    with pytest.raises(EngineError, match="'ok', a good module, ends with exit 0"):
        check(folder, by_codes(), meanings={"exit 0": OutcomeKind.UNSUPPORTED})


ALIKE = by_codes(trap=1, exhaustion=1, invalid=1, malformed=1, unlinkable=1)


def test_where_all_that_is_not_good_looks_alike_the_control_twin_decides(trap_folder: Path):
    assert set(check(trap_folder, ALIKE).bad) == LATER
    judged = check(trap_folder, where("i32/div", sign(1), ALIKE))
    assert judged.bad.keys() - LATER == {"i32/div", "i32/div-control"}
    assert "that proves nothing: its control twin gives" in judged.got["i32/div"]


def test_a_trap_at_the_start_that_looks_like_a_refusal_is_counted_as_weak(trap_folder: Path):
    judged = check(trap_folder, ALIKE)
    assert judged.weak == {"start/start"}
    assert "start/start" not in judged.bad


def test_it_is_not_weak_where_it_has_a_control_twin(tmp_path: Path):
    folder = Exploded(tmp_path)
    start = "(func $s {}) (start $s)"
    keys = {"control": "start/s-control", "wast": "(assert_trap (module …"}
    folder.add("start/s", folder.module("", start.format("unreachable")), "trap", **keys)
    folder.add("start/s-control", folder.module("", start.format("nop")))
    path = folder.finish()
    judged = check(path, ALIKE)
    assert (judged.bad, judged.weak) == ({}, set())

    def at_start(word: str, job: Job) -> Sign:
        return sign(4) if word == "trap" and "start" in job.file else by_codes()(word, job)

    assert check(path, at_start).bad == {}


def test_a_control_twin_must_pass_also_where_a_trap_is_unmistakable(trap_folder: Path):
    judged = check(trap_folder, where("i32/div-control", sign(2), by_codes()))
    assert judged.bad.keys() - LATER == {"i32/div", "i32/div-control"}


def test_a_death_by_signal_is_a_crash_also_where_a_trap_is_expected(trap_folder: Path):
    judged = check(trap_folder, where("i32/div.wasm", SEGFAULT, by_codes()))
    assert judged.results["i32/div"] == "crashed"
    assert "SIGSEGV" in judged.got["i32/div"]


def test_so_is_what_a_shell_says_of_one(trap_folder: Path):
    judged = check(trap_folder, where("i32/div.wasm", Sign("exit 139", signal="SIGSEGV"), by_codes()))
    assert judged.results["i32/div"] == "crashed"


def by_signal(word: str, job: Job) -> Sign:
    return SEGFAULT if word in ("trap", "exhaustion") else by_codes()(word, job)


def test_an_engine_may_trap_by_a_signal_by_design(trap_folder: Path):
    assert set(check(trap_folder, by_signal).bad) == LATER


def test_but_then_too_its_crashes_are_seen(trap_folder: Path):
    assert check(trap_folder, where("i32/add", SEGFAULT, by_signal)).results["i32/add"] == "crashed"
    judged = check(trap_folder, where("i32/div", SEGFAULT, by_signal))
    assert {judged.results["i32/div"], judged.results["i32/div-control"]} == {"crashed"}


def test_an_exit_code_of_a_signal_may_be_the_engine_s_way_to_trap(trap_folder: Path):
    trap = Sign("exit 134", signal="SIGABRT")
    show: Show = lambda word, job: trap if word in ("trap", "exhaustion") else by_codes()(word, job)  # noqa: E731
    assert set(check(trap_folder, show).bad) == LATER
    assert check(trap_folder, where("i32/add", trap, show)).results["i32/add"] == "failed"
    assert check(trap_folder, where("i32/div.wasm", SEGFAULT, show)).results["i32/div"] == "crashed"


def test_one_kind_of_trap_that_ends_by_a_signal_is_a_crash_and_not_learned(trap_folder: Path):
    show = where("div.wasm", SEGFAULT, where("/trap-of-a-division", SEGFAULT, by_codes()))
    judged = check(trap_folder, show)
    assert judged.results["i32/div"] == "crashed"
    assert "trap of a division" in judged.calibration.notes[0]


def test_a_death_by_signal_is_a_crash_where_traps_have_an_exit_code_like_one(trap_folder: Path):
    shown = {"trap": Sign("exit 134", signal="SIGABRT"), "exhaustion": SEGFAULT}
    judged = check(trap_folder, lambda word, job: shown.get(word) or by_codes()(word, job))
    assert judged.results["i32/div"] == "passed"
    assert judged.results["call/deep"] == "crashed"


def test_a_trap_while_instantiating_may_have_a_look_of_its_own(trap_folder: Path):
    at_start = where("start/start", sign(6), where("/trap-in-the-start", sign(6), by_codes()))
    assert set(check(trap_folder, at_start).bad) == LATER
    judged = check(trap_folder, where("i32/div.wasm", sign(6), at_start))
    assert judged.results["i32/div"] == "failed"


def test_a_stack_overflow_that_ends_by_a_signal_is_a_crash(trap_folder: Path):
    show: Show = lambda word, job: SEGFAULT if word == "exhaustion" else by_codes()(word, job)  # noqa: E731
    assert check(trap_folder, show).results["call/deep"] == "crashed"


def test_exhaustion_may_look_like_a_trap(trap_folder: Path):
    assert set(check(trap_folder, by_codes(exhaustion=2)).bad) == LATER


def test_also_where_the_word_for_a_trap_is_given(trap_folder: Path):
    judged = check(trap_folder, by_codes(exhaustion=2), meanings={"exit 2": OutcomeKind.TRAP})
    assert set(judged.bad) == LATER


def test_but_where_it_has_a_look_of_its_own_one_is_not_the_other(trap_folder: Path):
    show = where("call/deep.wasm", sign(CODES["trap"]), where("i32/div.wasm", sign(3), by_codes()))
    assert check(trap_folder, show).bad.keys() - LATER == {"call/deep", "i32/div"}


def test_no_trap_is_learned_from_an_engine_that_cannot_do_what_comes_before_it(trap_folder: Path):
    no_memory = where("of-a-load", sign(8), by_codes())
    judged = check(trap_folder, where("i32/div.wasm", sign(8), no_memory))
    assert judged.results["i32/div"] == "failed"
    assert judged.calibration.notes == []


def test_no_trap_is_learned_from_a_good_end(trap_folder: Path):
    show = where("/trap-of-a-division", sign(0), where("i32/div.wasm", sign(0), by_codes()))
    judged = check(trap_folder, show)
    assert judged.results["i32/div"] == "failed"
    assert judged.results["i32/add"] == "passed"


@pytest.mark.parametrize(
    ("id_", "code"),
    [("i32/add", 77), ("i32/div", 77), ("i32/bad", 77), ("i32/bad", 0), ("i32/bad", 2), ("linking/type", 4)],
)
def test_another_end_than_the_expected_fails(trap_folder: Path, id_: str, code: int):
    name = "linking/type" if "/type" in id_ else f"{id_}.wasm"
    assert check(trap_folder, where(name, sign(code), by_codes())).results[id_] == "failed"


def test_an_engine_that_validates_nothing_fails_only_there(trap_folder: Path):
    judged = check(trap_folder, by_codes(invalid=0))
    assert judged.bad.keys() - LATER == {"i32/bad"}


def test_a_timeout_is_one_also_where_exhaustion_is_expected(trap_folder: Path):
    judged = check(trap_folder, where("call/deep.wasm", Sign(TIMED_OUT), by_codes()))
    assert judged.results["call/deep"] == "timed out"


def test_refusals_are_not_judged_where_a_good_module_without_an_entry_looks_refused(trap_folder: Path):
    """Otherwise an engine that validates nothing would pass, only because those files have no entry."""

    def show(word: str, job: Job) -> Sign:
        return sign(4) if job.calls is None and word == "ok" else by_codes(unlinkable=4)(word, job)

    judged = check(trap_folder, show)
    refusals = {"i32/bad", "binary/short", "tokens/bad", "linking/type"}
    assert {judged.results[id_] for id_ in refusals} == {"not applicable"}


def test_what_the_engine_itself_says_not_to_support_is_not_applicable(trap_folder: Path):
    show = where("i32/add", sign(9), by_codes())
    meanings = {"exit 9": OutcomeKind.UNSUPPORTED}
    assert check(trap_folder, show, meanings=meanings).results["i32/add"] == "not applicable"
    assert check(trap_folder, show, Wish(strict=True), meanings).results["i32/add"] == "failed"


def test_a_module_to_link_with_that_is_bad_is_no_proof_of_unlinkability(tmp_path: Path):
    folder = Exploded(tmp_path)
    folder.write("p/m.wasm", '(module (import "no" "such" (func)))')
    folder.add(
        "p/type", '(module (import "m" "f" (func)))', "unlinkable", link=[{"as": "m", "file": "p/m.wasm"}]
    )
    show: Show = lambda word, job: Sign(f"says {word}")  # noqa: E731
    meanings = {
        f"says {word}": OutcomeKind.REJECTED if word in ("invalid", "malformed") else OutcomeKind(word)
        for word in CODES
    }
    judged = check(folder.finish(), show, meanings=meanings)
    assert judged.bad == {"p/type": "failed"}


def test_what_is_left_out_is_listed_with_its_reason(trap_folder: Path):
    judged = check(trap_folder, by_codes(), Wish(tier="2.0", without=frozenset({"reference-types"})))
    assert {id_: judged.got[id_] for id_ in judged.bad} == {
        "gc/i31": "of tier 3.0, left out by --tier 2.0",
        "ref/extern": "left out by --without reference-types",
        "tail-call/plain": "of tier 3.0, left out by --tier 2.0",
    }


def test_only_files_that_must_end_in_some_ways(trap_folder: Path):
    judged = check(trap_folder, by_codes(invalid=0), Wish(expect=frozenset({"ok", "trap"})))
    assert judged.got["i32/bad"] == "invalid, left out by --expect"
    assert judged.results["i32/div"] == "passed"


def test_what_an_engine_cannot_be_given_is_not_run(trap_folder: Path):
    judged = check(trap_folder, by_codes(), abilities="")
    reasons = {id_: judged.got[id_].split(",")[0].split(" (")[0] for id_ in judged.bad.keys() - LATER}
    assert reasons == {
        "tokens/bad": "in the text format",
        "linking/call": "needs linking",
        "linking/type": "needs linking",
        "ref/extern": "imports host.externref",
    }


def test_only_some_with_the_control_twins_that_they_need(trap_folder: Path):
    show = where("div-control", sign(2), by_codes())
    for glob in ("i32/div", "i32/div.wasm", "core/i32.wast:2"):
        judged = check(trap_folder, show, Wish(only=(glob,)))
        others = set(judged.results.values()) - {"not applicable"}
        assert others == {"failed"}
        assert judged.results["i32/div-control"] == "not applicable"
