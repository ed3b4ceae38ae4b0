"""Workers that crash, hang or raise are findings; the other seeds are done nevertheless."""

import os
import signal
import time

import pytest
from linocut.fuzz import campaign
from linocut.fuzz.campaign import Plan, run_campaign
from linocut.fuzz.check import Failure, isolated

CRASH, HANG, RAISE, DIFFER = 5, 8, 11, 14


def question(seed: int) -> Failure | None:
    if seed == CRASH:
        os.kill(os.getpid(), signal.SIGUSR1)
    if seed == HANG:
        time.sleep(600)
    if seed == RAISE:
        raise ValueError("no")
    return Failure("differs", "by one") if seed == DIFFER else None


def test_every_seed_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "_PATIENCE", 5.0)
    summary = run_campaign(Plan(0, 20, None, 2), question, lambda _: None)
    assert summary.done == 20
    assert summary.failures == {
        CRASH: Failure("crashed", "SIGUSR1"),
        HANG: Failure("hung", "SIGKILL"),
        RAISE: Failure("raised", "ValueError: no"),
        DIFFER: Failure("differs", "by one"),
    }


def test_failures_of_one_kind_do_not_end_a_campaign_but_many_kinds_and_deaths_do() -> None:
    same = run_campaign(Plan(0, 300, None, 1), lambda _: Failure("differs", "by one"), lambda _: None)
    assert same.done == len(same.failures) == 300
    different = run_campaign(
        Plan(0, 300, None, 1, kinds_at_most=20), lambda seed: Failure("differs", str(seed)), lambda _: None
    )
    assert len(different.failures) == 20
    deaths = run_campaign(
        Plan(0, 300, None, 1), lambda _: os.kill(os.getpid(), signal.SIGUSR1), lambda _: None
    )
    assert len(deaths.failures) == 10


def test_time_ends_a_campaign() -> None:
    summary = run_campaign(Plan(0, None, 2.0, 2), lambda _: time.sleep(0.01), lambda _: None)
    assert 2 < summary.done < 1000


def test_isolated_question_may_crash_or_hang() -> None:
    assert isolated(lambda: question(CRASH)) == Failure("crashed", "SIGUSR1")
    assert isolated(lambda: question(HANG), seconds=0.2) == Failure("hung", "no answer in 0.2 s")
    assert isolated(lambda: question(DIFFER)) == Failure("differs", "by one")
    assert isolated(lambda: question(0)) is None
