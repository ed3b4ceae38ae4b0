"""Learns from probes how an engine tells outcomes, before anything is judged by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from linocut.engines.checks.checker import EngineError, Job
from linocut.engines.checks.outcome import DIED, SIGNALLED, TIMED_OUT, Outcome, OutcomeKind, Sign, in_words
from linocut.spec.check.probes import Probe, make_feature_probes, make_probes

if TYPE_CHECKING:
    from linocut.engines.checks.checker import Checker, Runner
    from linocut.spec.check.manifest import Folder

# Probes that may take all the time that a file has: one more than use v128, which an engine may not know.
_PATIENCE = 5
# An engine whose signs have meanings of their own may still use one of them for these too.
_MAY_SHARE = frozenset({OutcomeKind.EXHAUSTION, OutcomeKind.UNLINKABLE, OutcomeKind.WRONG})


@dataclass
class Calibration:
    """What each sign means. `notes` say which probes did not end as they should.

    `lacks` are features by name, with what became of the probe of each: anything but a good end.
    """

    meanings: dict[str, frozenset[OutcomeKind]]
    learned: tuple[str, ...] = ()
    """The signs whose meaning, or one of whose meanings, was learned."""
    notes: list[str] = field(default_factory=list)
    bare: frozenset[OutcomeKind] = frozenset()
    """What a good module that has nothing to call looks like, beside a good end."""
    lacks: dict[str, Outcome] = field(default_factory=dict)

    def read(self, sign: Sign) -> Outcome:
        """What a run's end means; what no probe showed is a crash, or unknown."""
        if sign.key == TIMED_OUT:
            return Outcome(frozenset({OutcomeKind.TIMEOUT}), sign)
        unheard = OutcomeKind.CRASH if sign.signal else OutcomeKind.UNKNOWN
        return Outcome(self.meanings.get(sign.key, frozenset({unheard})), sign)

    def describe(self) -> str:
        """One line: what was learned."""
        shown = (f"{key} = {in_words(self.meanings[key])}" for key in self.learned)
        return ", ".join(shown) or "it says what it means"


def calibrate(checker: Checker, runner: Runner, folder: Folder) -> Calibration:
    """Give the engine the probes; EngineError if files of this folder cannot be judged by what it shows."""
    can = runner.abilities
    probes = make_probes(folder.signal, folder.entry, "text" in can, "link" in can)
    signs = _give([*probes, probes[0]], runner, folder)
    if len(signs) <= len(probes):
        hung = [probe.name for probe, sign in zip(probes, signs, strict=False) if sign.key == TIMED_OUT]
        raise EngineError(f"{len(hung)} probes come to no end in their time (--timeout): {', '.join(hung)}")
    if signs[0].key != signs[-1].key:
        raise EngineError(f"a good module ends now with {signs[0]}, now with {signs[-1]}")
    lesson = _Lesson(checker, dict(zip((probe.name for probe in probes), signs, strict=False)))
    calibration = lesson.learn(probes)
    calibration.lacks = _lacking(calibration, runner, folder)
    return calibration


def _lacking(calibration: Calibration, runner: Runner, folder: Folder) -> dict[str, Outcome]:
    """The needed features that the engine lacks; one whose probe crashes is there, and wrong."""
    needed = {feature for entry in folder.entries for feature in entry.features}
    probes = make_feature_probes(folder.signal, folder.entry, "text" in runner.abilities)
    wanted = [probe for feature, probe in probes.items() if feature in needed]
    outcomes = [calibration.read(sign) for sign in _give(wanted, runner, folder)]
    if left := wanted[len(outcomes) :]:
        calibration.notes.append(f"{_PATIENCE} features hang, {len(left)} others were not asked for")
    return {
        probe.name: outcome
        for probe, outcome in zip(wanted, outcomes, strict=False)
        if not (outcome.kinds & {OutcomeKind.OK, OutcomeKind.TIMEOUT} or outcome.is_crash)
    }


def _give(probes: list[Probe], runner: Runner, folder: Folder) -> list[Sign]:
    """What becomes of each until `_PATIENCE` of them have hung.

    EngineError at the first that must end and does not: the next would not either.
    """
    signs: list[Sign] = []
    with TemporaryDirectory(prefix="linocut-") as place:
        for probe in probes:
            sign = runner.run(_job(probe, Path(place), folder))
            if probe.essential and not probe.twin and sign.key in (TIMED_OUT, DIED):
                raise EngineError(f"the probe {probe.name!r} comes to no end of its own: {sign}")
            signs.append(sign)
            if sum(sign.key == TIMED_OUT for sign in signs) == _PATIENCE:
                break
    return signs


def _job(probe: Probe, place: Path, folder: Folder) -> Job:
    file = place / f"{probe.name.replace(' ', '-')}{probe.suffix}"
    file.write_bytes(probe.data)
    links: tuple[tuple[str, str], ...] = ()
    if probe.provider:
        provider = place / "provider.wasm"
        provider.write_bytes(probe.provider)
        links = (("provider", str(provider)),)
    entry, signal = (folder.entry, folder.signal) if probe.calls else (None, None)
    return Job(str(file), entry, signal, links)


class _Lesson:
    """What the probes' signs, by the probes' names, teach about an engine."""

    def __init__(self, checker: Checker, signs: dict[str, Sign]) -> None:
        self._given, self._signs = checker.meanings, signs
        self._meanings = {key: {kind} for key, kind in self._given.items()}
        self._ok, self._trap = signs["ok"], signs["trap"]

    def learn(self, probes: list[Probe]) -> Calibration:
        """All in all; EngineError if an essential probe fails."""
        for probe in probes:
            if probe.essential:
                self._require(probe)
        notes = []
        for probe in probes:
            if not self._teach(probe):
                notes.append(f"{probe.name}: {self._signs[probe.name]}")
        meanings = {key: frozenset(kinds) for key, kinds in self._meanings.items()}
        learned = tuple(
            key for key in meanings if meanings[key] - {OutcomeKind.START_TRAP} != {self._given.get(key)}
        )
        bare = meanings.get(self._signs["nothing to call"].key, frozenset())
        return Calibration(meanings, learned, notes, bare - {OutcomeKind.OK})

    def _require(self, probe: Probe) -> None:
        sign = self._signs[probe.name]
        if probe.twin:
            self._require_difference(probe.name, sign, self._signs[probe.twin])
        elif probe.kind is OutcomeKind.OK:
            self._require_good(probe, sign)
        elif sign.key == self._ok.key == self._signs["malformed"].key:
            raise EngineError(f"whatever it is given, it ends alike, good modules and bad ones: {self._ok}")
        elif sign.key == self._ok.key:
            raise EngineError(_ALIKE[probe.kind].format(sign=sign))
        elif not self._can_mean(probe.kind, sign, essential=True):
            raise EngineError(f"the probe {probe.name!r} ends with {sign}")

    def _require_difference(self, name: str, sign: Sign, twin: Sign) -> None:
        if sign.key == twin.key == self._ok.key:
            raise EngineError(
                f"a {name}, looks like a right one, both are {sign}: files compare values as the probe does, "
                "so that none with such a value could fail. Is `if` as it should be, and what is before it?"
            )

    def _require_good(self, probe: Probe, sign: Sign) -> None:
        known = self._given.get(sign.key, OutcomeKind.OK)
        if known is not OutcomeKind.OK or sign.key != self._ok.key or sign.key.startswith(SIGNALLED):
            raise EngineError(f"the probe {probe.name!r}, a good module, ends with {sign}")

    def _teach(self, probe: Probe) -> bool:
        """Add the probe's kind to what its sign means; False if the sign cannot mean that."""
        sign = self._signs[probe.name]
        if probe.kind is OutcomeKind.OK:
            if probe.essential:
                self._meanings.setdefault(sign.key, set()).add(OutcomeKind.OK)
            return True
        if probe.twin and self._signs[probe.twin].key != self._ok.key:
            return True  # it does not get as far as that: nothing is wrong with what it says
        if self._given.get(sign.key) is OutcomeKind.UNSUPPORTED:
            return True  # it says so
        if not self._can_mean(probe.kind, sign):
            return False
        self._meanings.setdefault(sign.key, set()).add(probe.kind)
        return True

    def _can_mean(self, kind: OutcomeKind, sign: Sign, essential: bool = False) -> bool:
        if sign.key in (self._ok.key, TIMED_OUT, DIED):
            return False
        if sign.signal and not essential and not self._is_like_a_trap(sign):
            return False
        known = self._given.get(sign.key)
        if known is None or known in _LIKE[kind]:
            return True
        return kind in _MAY_SHARE and known in (OutcomeKind.TRAP, OutcomeKind.REJECTED)

    def _is_like_a_trap(self, sign: Sign) -> bool:
        """Whether a death by signal can be meant: only in engines that trap so, and in the same way."""
        return bool(self._trap.signal) and sign.key.split()[0] == self._trap.key.split()[0]


# Kinds that may stand for each other where a sign's meaning is given and not learned.
_LIKE = {kind: {kind} for kind in OutcomeKind} | {OutcomeKind.START_TRAP: {OutcomeKind.TRAP}}

_ALIKE = {
    OutcomeKind.TRAP: "a trap looks like a good end, both are {sign}: every trap would pass for a success. "
    "If the engine prints something when it traps, say what: --pattern trap=REGEX",
    OutcomeKind.WRONG: "a wrong value looks like a good end, both are {sign}: nothing could fail. If "
    "the engine prints the result, say what a wrong one looks like: --pattern wrong=REGEX; else explode the "
    "suite with another --signal (trap needs nothing of the engine)",
}
