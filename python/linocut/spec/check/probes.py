"""Small modules whose outcome is beyond doubt: what an engine does with them says how it tells outcomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linocut.engines.checks.outcome import OutcomeKind
from linocut.spec.check import encoded as b
from linocut.spec.check.comparisons import COMPARISONS
from linocut.spec.check.encoded import Small
from linocut.spec.check.uses import TEXT_USES, USES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WASI = "wasi_snapshot_preview1"

# What is done about a wrong value, by signal mode.
_COMPLAINTS = {
    "trap": b.UNREACHABLE,
    "wasi": b.constant(1) + b.call(0) + b.UNREACHABLE,
    "result": b.constant(1) + b.RETURN,
}


@dataclass(frozen=True)
class Probe:
    """A file to give to an engine, and what it is a probe for.

    An engine that is wrong about an `essential` one cannot be judged. `calls`: there is something to call.
    `twin`: the same but for what is wrong; where that does not end well either, this one teaches nothing, and
    an essential one asks nothing.
    """

    name: str
    kind: OutcomeKind
    data: bytes
    essential: bool = False
    calls: bool = True
    suffix: str = ".wasm"
    provider: bytes | None = None
    twin: str | None = None


def make_probes(signal: str, entry: str, text: bool, links: bool) -> list[Probe]:
    """The probes for a folder of that signal mode, the one that ends well first.

    `text`: the engine reads the text format. `links`: it can be given other modules to import from.
    """
    maker = _Maker(signal, entry)
    return [
        *maker.runs(),
        *maker.traps(),
        *maker.comparisons(),
        *maker.refused(),
        *(maker.texts() if text else ()),
        *(maker.linked() if links else ()),
        Probe("nothing to call", OutcomeKind.OK, b.MAGIC, calls=False),
    ]


def make_feature_probes(signal: str, entry: str, text: bool) -> dict[str, Probe]:
    """Modules that end well in an engine that has the feature; by its name, and for each that has one."""
    maker = _Maker(signal, entry)
    return maker.uses() | (maker.text_uses() if text else {})


def _pair(
    name: str, kind: OutcomeKind, make: Callable[[bytes], bytes], wrong: bytes, right: bytes
) -> tuple[Probe, Probe]:
    """A probe and its twin, which differ in a few bytes."""
    twin = f"no {name}"
    return Probe(name, kind, make(wrong), twin=twin), Probe(twin, OutcomeKind.OK, make(right))


class _Maker:
    """Modules whose entry is function 1. Function 0 is proc_exit where that is the way to tell."""

    def __init__(self, signal: str, entry: str) -> None:
        self._signal, self._entry = signal, entry
        self._good = b.constant(0) if signal == "result" else b""

    def runs(self) -> list[Probe]:
        """What ends well, and what has computed something wrong."""
        found = [Probe("ok", OutcomeKind.OK, self._module(self._good), essential=True)]
        if self._signal != "trap":
            bad = b.constant(1) + (b.call(0) if self._signal == "wasi" else b"")
            found.append(Probe("wrong value", OutcomeKind.WRONG, self._module(bad), essential=True))
        return found

    def comparisons(self) -> list[Probe]:
        """What files do themselves to find out that a value is wrong; the twin compares what is right."""
        kind = OutcomeKind.TRAP if self._signal == "trap" else OutcomeKind.WRONG

        def complain(condition: bytes) -> bytes:
            return self._module(condition + b.IF + _COMPLAINTS[self._signal] + b.END + self._good)

        return [
            replace(probe, essential=probe.kind is kind)
            for name, (wrong, right, differ) in COMPARISONS.items()
            for probe in _pair(f"wrong {name}", kind, complain, wrong + differ, right + differ)
        ]

    def traps(self) -> list[Probe]:
        """Some of the many ways to trap, and the stack's end; all but the plainest with a twin."""
        memory, start = {b.MEMORY: b.vector(b"\0\1")}, {b.START: b"\2"}
        recursion = b.call(2) + b.constant(1) + b.ADD

        def division(divisor: bytes) -> bytes:
            return self._module(b.constant(1) + divisor + b.DIVIDE + b.DROP + self._good)

        def load(address: bytes) -> bytes:
            return self._module(address + b.LOAD + b.DROP + self._good, memory)

        def starting(body: bytes) -> bytes:
            return self._module(self._good, start, [(b.NOTHING, body)])

        def segment(address: bytes) -> bytes:
            data = b.vector(b"\0" + address + b.END + b.vector(b"x"))
            return self._module(self._good, memory | {b.DATA: data})

        def deep(body: bytes) -> bytes:
            return self._module(b.call(2) + b.DROP + self._good, {}, [(b.GIVES_I32, body)])

        return [
            Probe("trap", OutcomeKind.TRAP, self._module(b.UNREACHABLE), essential=True),
            *_pair("trap of a division", OutcomeKind.TRAP, division, b.constant(0), b.constant(1)),
            *_pair("trap of a load", OutcomeKind.TRAP, load, b.FAR, b.constant(0)),
            *_pair("trap in the start function", OutcomeKind.START_TRAP, starting, b.UNREACHABLE, b""),
            *_pair("trap of a data segment", OutcomeKind.START_TRAP, segment, b.FAR, b.constant(0)),
            *_pair("exhaustion", OutcomeKind.EXHAUSTION, deep, recursion, b.constant(1)),
        ]

    def refused(self) -> list[Probe]:
        """What must not be run."""
        missing = Small([self._function(self._good)], {self._entry: 1}, ("linocut", "nothing", b.NOTHING))
        return [
            Probe("invalid", OutcomeKind.REJECTED, Small([(b.NOTHING, b.ADD)], {}).encode(), calls=False),
            Probe("malformed", OutcomeKind.REJECTED, b.MAGIC[:-1], calls=False),
            Probe("malformed section", OutcomeKind.REJECTED, b.MAGIC + b"\1\x7f\0", calls=False),
            Probe("missing import", OutcomeKind.UNLINKABLE, missing.encode()),
        ]

    def texts(self) -> list[Probe]:
        """The text format, well-formed and not."""
        bad = "(module (func nonsense))"
        return [
            Probe("text", OutcomeKind.OK, self._text().encode(), essential=True, suffix=".wat"),
            Probe("malformed text", OutcomeKind.REJECTED, bad.encode(), calls=False, suffix=".wat"),
        ]

    def linked(self) -> list[Probe]:
        """A module that needs another."""
        provider = Small([(b.NOTHING, b"")], {"f": 0})
        body = b.call(0) + self._good
        consumer = Small([self._function(body)], {self._entry: 1}, ("provider", "f", b.NOTHING))
        return [Probe("link", OutcomeKind.OK, consumer.encode(), essential=True, provider=provider.encode())]

    def uses(self) -> dict[str, Probe]:
        """Features."""
        return {
            feature: Probe(
                feature,
                OutcomeKind.OK,
                self._module(use.code + self._good, use.sections, use.functions, use.types),
            )
            for feature, use in USES.items()
        }

    def text_uses(self) -> dict[str, Probe]:
        """Features of the text format."""
        return {
            feature: Probe(feature, OutcomeKind.OK, self._text(use).encode(), suffix=".wat")
            for feature, use in TEXT_USES.items()
        }

    def _text(self, field: str = "") -> str:
        """The text of a module that ends well, with one more field."""
        body = "(result i32) i32.const 0" if self._good else ""
        return f'(module {field} (func (export "{self._entry}") {body}))'

    def _module(
        self,
        body: bytes,
        sections: Mapping[int, bytes] | None = None,
        more: Sequence[tuple[int, bytes]] = (),
        types: tuple[bytes, ...] = (),
    ) -> bytes:
        """The entry's body, more sections, functions from index 2 and types from index 3."""
        functions, exports = [self._function(body), *more], {self._entry: 1}
        if self._signal == "wasi":
            imported = (WASI, "proc_exit", b.TAKES_I32)
            return Small(functions, exports, imported, sections or {}, types).encode()
        return Small([(b.NOTHING, b""), *functions], exports, None, sections or {}, types).encode()

    def _function(self, body: bytes) -> tuple[int, bytes]:
        return (b.GIVES_I32 if self._signal == "result" else b.NOTHING, body)
