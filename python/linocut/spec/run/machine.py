"""The abstract machine that a script's commands drive: one store, its instances, what is registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar

import linocut
from linocut.text import commands as c
from linocut.text.wat import wat_to_wasm

from . import features
from .spectest import spectest
from .values import bits_of, invoke

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class MissingError(Exception):
    """What a command needs does not exist: for want of `feature`, or through a fault if that is None."""

    def __init__(self, feature: str | None, detail: str) -> None:
        super().__init__(detail)
        self.feature = feature
        self.detail = detail

    def again(self) -> NoReturn:
        """Raise it once more, without the frames of earlier times."""
        raise self.with_traceback(None)


class Names(Generic[T]):
    """Things by the names that a script gives them; the last one is also found without a name (`None`).

    For a thing that could not be made the MissingError is kept, so that whatever builds on it has the same
    outcome.
    """

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._things: dict[str | None, T | MissingError] = {}

    def put(self, name: str | None, thing: T | MissingError) -> None:
        """Keep a thing, or why it is missing, under its name and as the last."""
        self._things[name] = self._things[None] = thing

    def get(self, name: str | None) -> T:
        """The thing of that name; raises the MissingError of one that is not there."""
        thing = self._things.get(name, MissingError(None, f"no {self._noun} {name or 'yet'}"))
        return thing if not isinstance(thing, MissingError) else thing.again()


class Machine:
    """Executes what commands consist of; judging the outcome is the runner's part.

    `load` makes a module from its bytes.
    """

    def __init__(self, load: Callable[[bytes], linocut.Module]) -> None:
        self._load = load
        self._store = linocut.Store()
        self._offers: dict[str, dict[str, object] | MissingError] = {"spectest": spectest(self._store)}
        self.modules: Names[linocut.Module] = Names("module")
        self.instances: Names[linocut.Instance] = Names("instance")

    def compile(self, source: c.Source) -> linocut.Module:
        """The module that a script gives as text, as quoted text or as bytes."""
        return self._load(source.wasm if isinstance(source, c.ModuleBinary) else wat_to_wasm(source.text))

    def load(self, source: c.Source) -> linocut.Module:
        """Compile a module that must be valid; MissingError if it needs a later feature."""
        try:
            return self.compile(source)
        except linocut.ModuleError as error:
            feature = features.needed(source)
            raise error if feature is None else MissingError(feature, str(error)) from None

    def link(self, module: linocut.Module) -> linocut.Instance:
        """Instantiate with what is registered; MissingError if one of those could not be made."""
        offers = {}
        for name in {wanted.module for wanted in module.imports}:
            offer = self._offers.get(name, {})
            offers[name] = offer if not isinstance(offer, MissingError) else offer.again()
        return module.instantiate(offers, store=self._store)

    def register(self, as_name: str, name: str | None) -> None:
        """Offer an instance's exports to later imports from `as_name`."""
        try:
            exports = self.instances.get(name).exports
        except MissingError as missing:
            self._offers[as_name] = missing
            raise
        self._offers[as_name] = {field: exports[field] for field in exports}

    def perform(self, action: c.Action) -> tuple[tuple[str, ...], tuple[object, ...]]:
        """The types and the values (as `invoke` gives them) that an action results in."""
        exported = self.instances.get(action.module).exports[action.field]
        if isinstance(action, c.Get):
            type_: str = exported.type.value
            return (type_,), (bits_of(type_, exported.value),)
        return exported.type.results, invoke(exported, action.arguments)
