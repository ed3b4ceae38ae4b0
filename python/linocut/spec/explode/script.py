"""A script's commands → cases: follows what the script does, without running any of it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from linocut.errors import MalformedError
from linocut.spec.features import folder_features
from linocut.text import commands as c

from .files.case import Case, LeftOut
from .files.deed import Deed
from .files.entry import EntryFunction, InexpressibleError, features_of, is_host_object
from .files.imports import HOST_OBJECT
from .files.linking import Chain, is_about_linking, linked
from .files.verbatim import with_entry
from .files.writing import Writer, entry_name
from .modules.cutter import Space, UnreadableError
from .modules.module import Module
from .modules.reading import read_module
from .refusals import refused, wasm_of
from .slices.instance import Instance, UnlinkableError
from .slices.slicing import History, effects
from .slices.thinning import thin
from .spectest import NAME as SPECTEST
from .spectest import spectest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from linocut.text.values import Value

    from .files.writing import Template
    from .slices.instance import Item
    from .slices.slicing import Event, Slice


class ScriptState:
    """Everything that the commands so far have made. `source` is the script's name in the suite."""

    def __init__(self, source: str, signal: str) -> None:
        self._about = folder_features(source)
        self._signal = signal
        self._history = History()
        self._modules: dict[str | None, Module | str] = {}
        self._instances: dict[str | None, Instance | str] = {}
        self._made = 0
        self._offers: dict[str, Instance] = {}
        self._templates: dict[object, Template] = {}
        self._thinned: dict[tuple[Slice, Item], Slice] = {}
        self._offer(SPECTEST, self._instantiate(spectest(True)))

    def cases(self, command: c.Command) -> Iterator[Case | LeftOut]:
        """The cases that a command makes: most often one, none for a name that is given."""
        make: Callable[[ScriptState, Any], Iterator[Case | LeftOut]] = _MAKERS[type(command)]
        try:
            for case in make(self, command):
                yield case
                if isinstance(case, Case) and is_about_linking(case):
                    yield from self._linked(case)
        except (InexpressibleError, UnlinkableError, UnreadableError, _GoneError) as error:
            yield LeftOut(command.line, str(error))
        except MalformedError as error:
            yield LeftOut(command.line, f"its text does not parse: {error.message}")
        except LookupError:
            yield LeftOut(command.line, "its module is not valid: an index names nothing")

    def _linked(self, case: Case) -> Iterator[Case]:
        with suppress(InexpressibleError):  # nothing is lost: the case is there, merged
            yield linked(case, self._history)

    # ── modules ──────────────────────────────────────────────────────────────
    def _module(self, command: c.Module) -> Iterator[Case | LeftOut]:
        self._modules[None] = self._modules[command.name] = f"the module of line {command.line} is left out"
        if not command.definition:
            self._instances[None] = self._instances[command.name] = str(self._modules[None])
        module = read_module(wasm_of(command.source))
        self._modules[None] = self._modules[command.name] = module
        if command.definition:
            if command.name is None:  # nobody can make an instance of it later
                yield LeftOut(command.line, "a definition without an instance: there is nothing to run")
            return
        instance = self._instantiate(module, command.line)
        yield self._whole(command.line, instance, "module", "ok")
        self._happened(instance)
        self._instances[None] = self._instances[command.name] = instance

    def _instance(self, command: c.Instance) -> Iterator[Case | LeftOut]:
        module = _there(self._modules, command.module)
        instance = self._instantiate(module, command.line)
        yield self._whole(command.line, instance, "module", "ok")
        self._happened(instance)
        self._instances[None] = self._instances[command.name] = instance

    def _instantiate(self, module: Module, line: int = 0) -> Instance:
        self._made += 1
        return Instance(module, self._made, self._offers, line)

    def _happened(self, instance: Instance) -> None:
        begun = len(self._history.events)
        for segment in instance.segments:
            if segment.segment.mode == "active":
                self._history.copied(segment)
        if instance.start is not None:
            self._history.called(instance.start)
        instance.happened = range(begun, len(self._history.events))

    def _register(self, command: c.Register) -> Iterator[Case | LeftOut]:
        instance = _there(self._instances, command.module)
        self._offer(command.as_name, instance)
        yield from ()

    def _offer(self, as_name: str, instance: Instance) -> None:
        self._offers[as_name] = instance
        instance.names.append(as_name)

    def _whole(
        self, line: int, instance: Instance, assertion: str, expect: str, message: str | None = None
    ) -> Case:
        """An instantiation as it is; unchanged but for the entry function if it imports nothing."""
        signal = self._signal
        case = Case(line, assertion, expect, b"", frozenset(), signal, entry_name(signal), "", message)
        if instance.module.imports or expect != "ok":
            self._join(case, instance)
        else:
            case.content, case.features = with_entry(instance.module, signal), instance.module.features
        if expect == "trap":
            found = effects([item for item in instance.own() if item.space not in (Space.ELEM, Space.DATA)])
            case.control = Writer(found.items, [], signal).template().module(EntryFunction(signal))
        return case

    def _join(self, case: Case, instance: Instance) -> None:
        """Merge it with what it imports from."""
        found = self._history.slice_of(effects(item for items in instance.items.values() for item in items))
        has_host = _tells_hosts(found)
        entry = EntryFunction(self._signal, has_host)
        active = [item for item in instance.segments if item.segment.mode == "active"]
        if found.repeated:  # after calls an instantiation is a call, too, of the entry function
            template = self._template(found, has_host)
            entry.repeat(found.repeated)
            for segment in active:
                entry.copy(segment)
            if instance.start is not None:
                entry.call(instance.start, ())
            case.features = template.features | {"bulk-memory-operations"} | _features_of_events(found.events)
        else:
            static = {*found.static, *active}
            template = Writer(found.items, static, self._signal, whole=instance).template()
            case.features = template.features
        case.content = template.module(entry)
        self._tell(case, found, has_host)

    @staticmethod
    def _tell(case: Case, found: Slice, has_host: bool) -> None:
        """What the manifest says of the slice that a case was made of."""
        case.replay = sum(not event.is_segment for event in found.events)
        case.imports = (HOST_OBJECT.path,) if has_host else ()

    # ── actions ──────────────────────────────────────────────────────────────
    def _act(self, command: c.Invoke | c.Get) -> Iterator[Case | LeftOut]:
        yield self._ended(command, command, "action", lambda entry, item: _leave(entry, command, item))

    def _return(self, command: c.AssertReturn) -> Iterator[Case | LeftOut]:
        action, expected = command.action, command.expected

        def act(entry: EntryFunction, item: Item) -> None:
            _perform(entry, action, item)
            entry.expect(expected, item.results)

        case = self._ended(command, action, "return", act)
        case.features |= features_of(expected)
        yield case

    def _exception(self, command: c.AssertException) -> Iterator[Case | LeftOut]:
        action = command.action
        assert isinstance(action, c.Invoke)
        throws = "legacy-exceptions" if "legacy-exceptions" in self._about else "exception-handling"

        def act(entry: EntryFunction, item: Item) -> None:
            entry.throws(item, action.arguments, throws)

        case = self._ended(command, action, "exception", act, throws)
        case.features |= {throws}
        yield case

    def _ended(
        self,
        command: c.Command,
        action: c.Action,
        assertion: str,
        act: Callable[[EntryFunction, Item], None],
        throws: str | None = None,
    ) -> Case:
        """An action that ends, by a result or an exception; remembered, whether a file can say it or not."""
        try:
            case = self._performed(command, action, assertion, "ok", act)
        finally:
            self._remember(action, throws)
        assert case.deed is not None
        case.deed.ended = len(self._history.events)
        return case

    def _trap(self, command: c.AssertTrap) -> Iterator[Case | LeftOut]:
        subject = command.subject
        if isinstance(subject, c.Invoke | c.Get):
            yield self._stopped(command, subject, "trap")
            return
        instance = self._instantiate(read_module(wasm_of(subject)), command.line)
        yield self._whole(command.line, instance, "trap", "trap", command.message)
        for segment in instance.segments:
            if segment.segment.mode == "active":
                self._history.copied(segment, instance)

    def _exhaustion(self, command: c.AssertExhaustion) -> Iterator[Case | LeftOut]:
        yield self._stopped(command, command.action, "exhaustion")

    def _stopped(self, command: c.AssertTrap | c.AssertExhaustion, action: c.Action, expect: str) -> Case:
        case = self._performed(
            command, action, expect, expect, lambda entry, item: _leave(entry, action, item), has_control=True
        )
        case.message = command.message
        return case

    def _performed(
        self,
        command: c.Command,
        action: c.Action,
        assertion: str,
        expect: str,
        act: Callable[[EntryFunction, Item], None],
        has_control: bool = False,
    ) -> Case:
        deed = self._deed(action, act)
        found = deed.found
        template = self._template(found, deed.has_host)
        entry = self._begun(deed)
        deed.do(entry)
        arguments = _arguments(action)
        case = Case(
            command.line, assertion, expect, template.module(entry),
            template.features | features_of(arguments) | _features_of_events(found.events),
            self._signal, entry_name(self._signal), action.field, deed=deed,
        )  # fmt: skip
        self._tell(case, found, deed.has_host)
        if has_control:
            case.control = template.module(self._begun(deed))
        return case

    def _deed(self, action: c.Action, act: Callable[[EntryFunction, Item], None]) -> Deed:
        instance, item = self._target(action)
        found = self._thin(self._history.slice(item), item)
        has_host = _tells_hosts(found, _arguments(action))
        now = len(self._history.events)
        return Deed(instance, item, act, found, has_host, now, now)

    def _thin(self, found: Slice, item: Item) -> Slice:
        key = found, item
        if key not in self._thinned:
            self._thinned[key] = thin(found, [item])
        return self._thinned[key]

    def _begun(self, deed: Deed) -> EntryFunction:
        """An entry function that has done all that comes before."""
        entry = EntryFunction(self._signal, deed.has_host)
        entry.repeat(deed.found.repeated)
        return entry

    def _template(self, found: Slice, has_host: bool = False) -> Template:
        key = found, has_host
        if key not in self._templates:
            writer = Writer(found.items, found.static, self._signal, has_host=has_host)
            self._templates[key] = writer.template()
        return self._templates[key]

    def _remember(self, action: c.Action, throws: str | None = None) -> None:
        if isinstance(action, c.Invoke):
            _, item = self._target(action)
            self._history.called(item, action.arguments, throws)

    def _target(self, action: c.Action) -> tuple[Instance, Item]:
        """What an action is about, and the instance that it asks for it."""
        instance: Instance = _there(self._instances, action.module)
        item = instance.exports.get(action.field)
        wanted = Space.FUNC if isinstance(action, c.Invoke) else Space.GLOBAL
        if item is None or item.space is not wanted:
            raise _GoneError(f'there is no {wanted.name.lower()} "{action.field}"')
        return instance, item

    # ── refusals ─────────────────────────────────────────────────────────────
    def _invalid(self, command: c.AssertInvalid) -> Iterator[Case | LeftOut]:
        yield refused(command, "invalid", self._about)

    def _malformed(self, command: c.AssertMalformed) -> Iterator[Case | LeftOut]:
        yield refused(command, "malformed", self._about)

    def _unlinkable(self, command: c.AssertUnlinkable) -> Iterator[Case | LeftOut]:
        wasm = wasm_of(command.source)
        module = read_module(wasm)
        case = Case(command.line, "unlinkable", "unlinkable", wasm, module.features, message=command.message)
        case.links = Chain.of_imports(module.imports, self._offers, self._history).links()
        case.features = case.features.union(*(read_module(link.content).features for link in case.links))
        yield case

    def _thread(self, command: c.Thread | c.Wait) -> Iterator[Case | LeftOut]:
        yield LeftOut(command.line, "threads of a script are not one file")


class _GoneError(Exception):
    """What a command is about has been left out."""


def _there(things: dict[str | None, Any], name: str | None) -> Any:
    thing = things.get(name, f"there is no {name or 'module'}")
    if isinstance(thing, str):
        raise _GoneError(thing)
    return thing


def _arguments(action: c.Action) -> tuple[Value, ...]:
    return action.arguments if isinstance(action, c.Invoke) else ()


def _perform(entry: EntryFunction, action: c.Action, item: Item) -> None:
    if isinstance(action, c.Get):
        entry.read(item)
    else:
        entry.call(item, action.arguments)


def _leave(entry: EntryFunction, action: c.Action, item: Item) -> None:
    """Perform it and forget what comes of it."""
    _perform(entry, action, item)
    entry.drop(item)


def _features_of_events(events: Iterable[Event]) -> set[str]:
    caught = {event.throws for event in events if event.throws}
    return caught | features_of(value for event in events for value in event.arguments)


_EQ, _I31 = 0x6D, 0x6C


def _tells_hosts(found: Slice, arguments: Iterable[Value] = ()) -> bool:
    """Would it find out what stands for a host's object, which is neither i31 nor eq?"""
    passed = [*arguments, *(value for event in found.events for value in event.arguments)]
    return any(map(is_host_object, passed)) and not found.casts_to.isdisjoint((_EQ, _I31))


_MAKERS: dict[type, Callable[[ScriptState, Any], Iterator[Case | LeftOut]]] = {
    c.Module: ScriptState._module,
    c.Instance: ScriptState._instance,
    c.Register: ScriptState._register,
    c.Invoke: ScriptState._act,
    c.Get: ScriptState._act,
    c.AssertReturn: ScriptState._return,
    c.AssertTrap: ScriptState._trap,
    c.AssertExhaustion: ScriptState._exhaustion,
    c.AssertException: ScriptState._exception,
    c.AssertInvalid: ScriptState._invalid,
    c.AssertMalformed: ScriptState._malformed,
    c.AssertUnlinkable: ScriptState._unlinkable,
    c.Thread: ScriptState._thread,
    c.Wait: ScriptState._thread,
}
