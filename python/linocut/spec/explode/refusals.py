"""Modules that must be refused: their cases are the modules as they are."""

from __future__ import annotations

from linocut.text import commands as c
from linocut.text.wat import wat_to_wasm

from .files.case import Case, LeftOut
from .modules.cutter import UnreadableError
from .modules.reading import read_module

# What a proposal's older copy of a script still refuses.
_OUTDATED = ("multiple memories", "multiple tables")


def refused(command: c.AssertInvalid | c.AssertMalformed, what: str, about: frozenset[str]) -> Case | LeftOut:
    """The case of a module that is `what`: invalid or malformed; `about` is what its script needs."""
    if command.message in _OUTDATED:
        return LeftOut(command.line, f"later versions made it valid ({command.message})")
    source = command.source
    is_text = not isinstance(source, c.ModuleBinary) and (
        what == "malformed" or isinstance(source, c.ModuleQuote)
    )
    content = _as_text(source) if is_text else wasm_of(source)
    features = about if is_text else _features_of(content, about)
    if command.custom:
        features |= {"annotations"}
    return Case(command.line, what, what, content, features, message=command.message, is_text=is_text)


def _features_of(wasm: bytes, about: frozenset[str]) -> frozenset[str]:
    """The features of a faulty module; if it cannot be read, those that its script is about."""
    try:
        return read_module(wasm).features
    except (UnreadableError, LookupError):
        return about


def wasm_of(source: c.Source) -> bytes:
    """A module's bytes."""
    return source.wasm if isinstance(source, c.ModuleBinary) else wat_to_wasm(source.text)


def _as_text(source: c.Source) -> bytes:
    assert not isinstance(source, c.ModuleBinary)
    return source.text if isinstance(source, c.ModuleQuote) else source.text.encode()
