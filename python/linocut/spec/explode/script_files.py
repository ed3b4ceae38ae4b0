"""The files of one script, and their lines of the manifest."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from linocut.spec.features import tier_of

from .files.packing import Pack
from .names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .files.case import Case
    from .output import Archive, Folder
    from .slices.instance import Instance

_LONGEST_TEXT = 200


class ScriptFiles:
    """Writes them to `output`. `makes_packs`: what is done with an instance is one file."""

    def __init__(
        self, output: Folder | Archive, source: str, text: str, signal: str, makes_packs: bool
    ) -> None:
        self.source = source
        self.bytes = 0  # of all cases so far, those of packs as if each were a file
        self._output, self._lines = output, text.split("\n")
        self._signal, self._makes_packs = signal, makes_packs
        self._names = Names(source)
        self._packed: dict[tuple[Instance, frozenset[str], tuple[str, ...]], list[Case]] = {}
        self._providers: set[str] = set()
        self._entries: list[dict[str, Any]] = []

    def add(self, case: Case) -> None:
        """Write a case, or keep it until its pack is complete."""
        self.bytes += (
            len(case.content) + len(case.control or b"") + sum(len(link.content) for link in case.links)
        )
        if self._makes_packs and case.deed is not None:  # what an engine lacks is not to cost it the others
            key = case.deed.instance, case.features, case.imports
            self._packed.setdefault(key, []).append(case)
        else:
            self._write(case)

    def finish(self) -> list[dict[str, Any]]:
        """Write the packs; all lines of the manifest."""
        for (instance, features, _), cases in self._packed.items():
            pack = Pack(cases, self._signal)
            if pack.features != features:  # together they need what none does alone
                for case in cases:
                    self._write(case)
            else:
                self._write_pack(pack, cases, self._names.pack(instance.line) + ".wasm")
        return self._entries

    def _write(self, case: Case) -> None:
        name = self._names.of(case)
        control = None if case.control is None else self._names.control(name, case)
        entry = self._entry(case, name, name + (".wat" if case.is_text else ".wasm"))
        entry["link"] = self._links(case)
        self._output.write(entry["file"], case.content)
        self._entries.append(entry | {"control": control})
        if control is None or case.control is None:
            return
        self._output.write(f"{control}.wasm", case.control)
        about = {"id": control, "file": f"{control}.wasm", "assertion": "control", "expect": "ok"}
        self._entries.append(entry | about | {"message": None, "control_of": name})

    def _write_pack(self, pack: Pack, cases: Sequence[Case], file: str) -> None:
        self._output.write(file, pack.content)
        for case, export in zip(cases, pack.exports, strict=True):
            about = {"entry": None, "export": export, "replay": 0}
            self._entries.append(self._entry(case, self._names.of(case), file) | about)

    def _entry(self, case: Case, name: str, file: str) -> dict[str, Any]:
        """A line of the manifest, as docs/exploder.md has it."""
        return {
            "id": name,
            "file": file,
            "source": self.source,
            "line": case.line,
            "wast": self._shortened(case.line),
            "assertion": case.assertion,
            "expect": case.expect,
            "message": case.message,
            "signal": case.signal,
            "entry": case.entry,
            "tier": tier_of(case.features),
            "features": sorted(case.features),
            "imports": case.imports,
            "control": None,
            "control_of": None,
            "link": None,
            "replay": case.replay,
        }

    def _links(self, case: Case) -> list[dict[str, str]] | None:
        """Providers are files of their own, shared by the cases that need them."""
        if not case.links:
            return None if case.assertion != "unlinkable" else []
        found = []
        for link in case.links:
            digest = hashlib.sha256(link.content).hexdigest()[:8]
            file = f"{self._names.folder}/link/{digest}.wasm"
            if file not in self._providers:
                self._providers.add(file)
                self._output.write(file, link.content)
            found.append({"as": link.as_name, "file": file})
        return found

    def _shortened(self, line: int) -> str:
        """The command that begins in that line, until its parentheses are closed."""
        first = self._lines[line - 1]
        text, length = first.strip(), len(first)
        for following in self._lines[line:]:
            if length > _LONGEST_TEXT or text.count("(") <= text.count(")"):
                break
            text += " " + following.strip()
            length += len(following)
        return text[:_LONGEST_TEXT]
