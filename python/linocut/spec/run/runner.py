"""Runs the commands of one script and judges each: passed, failed, or skipped for want of a feature."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Any

import linocut
from linocut.spec import suite
from linocut.spec.features import folder_feature
from linocut.text import commands as c
from linocut.text.script import ScriptError, read_script

from . import features
from .machine import Machine, MissingError
from .outcome import Failed, Outcome, Passed, ScriptReport, Skipped
from .values import matches, show

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


def run_script(
    path: Path, name: str | None = None, load: Callable[[bytes], linocut.Module] = linocut.load
) -> ScriptReport:
    """Run a whole script. Whatever a command does is an outcome in the report, never an exception.

    `name` is the script's name in the official suite, such as `core/i32.wast`, if it is part of it. `load`
    makes a module from its bytes.
    """
    report = ScriptReport(str(path), name)
    runner = Runner(load, _feature_of_script(name))
    try:
        for command in read_script(suite.read_script(path)):
            report.assertions += isinstance(command, c.Assertion)
            report.add(runner.run(command))
    except (ScriptError, suite.UnreadableError) as error:
        report.add(Failed(error.line, "a readable script", str(error)))
    return report


def _feature_of_script(name: str | None) -> str | None:
    """The feature that all of the script is about, if linocut lacks it."""
    feature = folder_feature(name) if name else None
    return features.missing({feature}) if feature else None


class Runner:
    """Carries out each command on a Machine and judges what happened.

    `feature` is a later feature that all of the script is about: a command that fails without a module that
    shows another need counts as skipped for that one.
    """

    def __init__(self, load: Callable[[bytes], linocut.Module], feature: str | None = None) -> None:
        self._load = load
        self._machine = Machine(load)
        self._running: dict[str, _Running] = {}
        self._feature = feature

    def run(self, command: c.Command) -> Outcome:
        """One command's outcome."""
        outcome = self._tried(command)
        if isinstance(outcome, Failed) and self._feature is not None:
            return Skipped(command.line, self._feature, outcome.got)
        return outcome

    def _tried(self, command: c.Command) -> Outcome:
        judge: Callable[[Runner, Any], Outcome] = _JUDGES[type(command)]
        try:
            return judge(self, command)
        except MissingError as missing:
            if missing.feature is None:
                return Failed(command.line, _wish(command), missing.detail)
            return Skipped(command.line, missing.feature, missing.detail)
        except linocut.MissingExtraError:  # every other command would fail for the same reason
            raise
        except Exception as error:  # an engine under test may raise anything; the run goes on
            return Failed(command.line, _wish(command), _brief(error))

    def _module(self, command: c.Module) -> Outcome:
        machine, name = self._machine, command.name
        try:
            module = machine.load(command.source)
            machine.modules.put(name, module)
            if not command.definition:
                machine.instances.put(name, self._instance_of(command.source, module))
        except Exception as error:
            missing = _as_missing(error, command.line)
            machine.modules.put(name, missing)
            if not command.definition:
                machine.instances.put(name, missing)
            raise
        return Passed(command.line)

    def _instance_of(self, source: c.Source, module: linocut.Module) -> linocut.Instance:
        try:
            return self._machine.link(module)
        except linocut.LinkError as error:
            feature = features.needed(source)
            raise error if feature is None else MissingError(feature, str(error)) from None

    def _instance(self, command: c.Instance) -> Outcome:
        machine = self._machine
        try:
            machine.instances.put(command.name, machine.link(machine.modules.get(command.module)))
        except Exception as error:
            machine.instances.put(command.name, _as_missing(error, command.line))
            raise
        return Passed(command.line)

    def _register(self, command: c.Register) -> Outcome:
        self._machine.register(command.as_name, command.module)
        return Passed(command.line)

    def _action(self, command: c.Action) -> Outcome:
        self._machine.perform(command)
        return Passed(command.line)

    def _returns(self, command: c.AssertReturn) -> Outcome:
        types, got = self._machine.perform(command.action)
        expected = command.expected
        if len(expected) == len(got) and all(map(matches, expected, got)):
            return Passed(command.line)
        return Failed(command.line, _wish(command), _shown(types, got))

    def _traps(self, command: c.AssertTrap) -> Outcome:
        subject = command.subject
        if isinstance(subject, c.Action):
            return self._stops(command, lambda: self._machine.perform(subject), linocut.Trap)
        module = self._machine.load(subject)
        return self._stops(command, lambda: self._machine.link(module), linocut.Trap)

    def _exhausts(self, command: c.AssertExhaustion) -> Outcome:
        return self._stops(command, lambda: self._machine.perform(command.action), linocut.StackExhausted)

    def _stops(
        self, command: c.AssertTrap | c.AssertExhaustion, act: Callable[[], object], kind: type[linocut.Trap]
    ) -> Outcome:
        """The act must trap with this kind of Trap and in the suite's words."""
        try:
            act()
        except kind as trap:
            if _same_words(command.message, trap.message):
                return Passed(command.line)
            return Failed(command.line, _wish(command), f"trap: {trap.message}")
        return Failed(command.line, _wish(command), "no trap")

    def _throws(self, command: c.AssertException) -> Outcome:
        try:
            types, got = self._machine.perform(command.action)
        except linocut.WasmException:
            return Passed(command.line)
        return Failed(command.line, _wish(command), _shown(types, got))

    def _invalid(self, command: c.AssertInvalid) -> Outcome:
        return self._refused(command, linocut.InvalidError)

    def _malformed(self, command: c.AssertMalformed) -> Outcome:
        # Text that the parser accepts after all may be wrong in either way: its bytes are not the suite's.
        binary = isinstance(command.source, c.ModuleBinary)
        return self._refused(command, linocut.MalformedError if binary else linocut.ModuleError)

    def _refused(
        self, command: c.AssertInvalid | c.AssertMalformed, kind: type[linocut.ModuleError]
    ) -> Outcome:
        """The module must be refused with this kind of error, and not just for needing a later feature."""
        try:
            self._machine.compile(command.source)
        except linocut.ModuleError as error:
            worded = _same_words(command.message, error.message)
            if isinstance(error, kind) and (worded or not self._is_future(command)):
                return Passed(command.line, "" if worded else f"expected {command.message!r}: {error}")
            got = _brief(error)
        else:
            got = "the module was accepted"
        feature = _MADE_VALID.get(command.message) or features.needed(command.source)
        if feature is not None:
            raise MissingError(feature, got)
        return Failed(command.line, _wish(command), got)

    @staticmethod
    def _is_future(command: c.AssertInvalid | c.AssertMalformed) -> bool:
        if isinstance(command, c.AssertMalformed) and not isinstance(command.source, c.ModuleBinary):
            return False  # the text parser knows all features: its refusal counts
        return features.needed(command.source) is not None

    def _unlinkable(self, command: c.AssertUnlinkable) -> Outcome:
        module = self._machine.load(command.source)
        try:
            self._machine.link(module)
        except linocut.LinkError as error:
            worded = _same_words(command.message, str(error))
            return Passed(command.line, "" if worded else f"expected {command.message!r}: {error}")
        return Failed(command.line, _wish(command), "the module was linked")

    def _thread(self, command: c.Thread) -> Outcome:
        """Starts the commands of a thread on a machine of their own, which sees the shared instances."""
        runner = Runner(self._load, self._feature)
        for name in command.shared:
            runner._machine.instances.put(name, self._machine.instances.get(name))
        self._running[command.name] = _Running(runner, command.commands)
        return Passed(command.line)

    def _wait(self, command: c.Wait) -> Outcome:
        """The first of the thread's outcomes that is not a pass."""
        outcomes = self._running.pop(command.name).outcomes()
        others = (outcome for outcome in outcomes if not isinstance(outcome, Passed))
        return next(others, Passed(command.line))


# By message: the feature that makes a module valid which the suite's older scripts expect to be invalid.
_MADE_VALID = {"multiple tables": "reference-types"}


class _Running:
    """A thread of a script."""

    def __init__(self, runner: Runner, commands: Sequence[c.Command]) -> None:
        self._outcomes: list[Outcome] = []
        self._thread = Thread(target=self._run, args=(runner, commands), daemon=True)
        self._thread.start()

    def outcomes(self) -> list[Outcome]:
        """All of them, once the thread has ended."""
        self._thread.join()
        return self._outcomes

    def _run(self, runner: Runner, commands: Sequence[c.Command]) -> None:
        self._outcomes += map(runner.run, commands)


_JUDGES: dict[type, Callable[[Runner, Any], Outcome]] = {
    c.Module: Runner._module,
    c.Instance: Runner._instance,
    c.Register: Runner._register,
    c.Invoke: Runner._action,
    c.Get: Runner._action,
    c.AssertReturn: Runner._returns,
    c.AssertTrap: Runner._traps,
    c.AssertExhaustion: Runner._exhausts,
    c.AssertException: Runner._throws,
    c.AssertInvalid: Runner._invalid,
    c.AssertMalformed: Runner._malformed,
    c.AssertUnlinkable: Runner._unlinkable,
    c.Thread: Runner._thread,
    c.Wait: Runner._wait,
}


def _as_missing(error: Exception, line: int) -> MissingError:
    return (
        error
        if isinstance(error, MissingError)
        else MissingError(None, f"line {line} failed: {_brief(error)}")
    )


def _same_words(expected: str, got: str) -> bool:
    """Whether one begins with the other: the suite has "uninitialized element 2", engines add details too."""
    return got.startswith(expected) or expected.startswith(got)


def _wish(command: c.Command) -> str:
    """What a command asks for, in a failure's words."""
    match command:
        case c.AssertReturn():
            return ", ".join(pattern.literal for pattern in command.expected) or "no result"
        case c.AssertTrap():
            return f"trap: {command.message}"
        case c.AssertExhaustion():
            return f"exhaustion: {command.message}"
        case c.AssertException():
            return "an exception"
        case c.AssertInvalid():
            return f"invalid: {command.message}"
        case c.AssertMalformed():
            return f"malformed: {command.message}"
        case c.AssertUnlinkable():
            return f"unlinkable: {command.message}"
    return f"{type(command).__name__.lower()} to succeed"


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _shown(types: tuple[str, ...], got: tuple[object, ...]) -> str:
    return ", ".join(map(show, types, got)) or "no result"
