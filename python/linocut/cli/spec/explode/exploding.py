"""Scripts → files, their manifest and a README."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING

from linocut.text.script import ScriptError, read_script

from .case import Case, LeftOut
from .entry import SIGNALS
from .features import folder_features, is_within, tier_of
from .names import Names
from .script import ScriptState
from .writing import entry_name

if TYPE_CHECKING:
    from pathlib import Path

    from .output import Archive, Folder

FORMAT = 1
_LONGEST_TEXT = 200


@dataclass
class Explosion:
    """What a run makes. `tier` is the latest that files may need; `signal` how they report a wrong value."""

    output: Folder | Archive
    signal: str
    tier: str
    pack: str
    counts: Counter[str] = field(default_factory=Counter)
    left_out: list[dict[str, object]] = field(default_factory=list)
    _manifest: list[str] = field(default_factory=list)
    _providers: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        assert self.signal in SIGNALS

    def add(self, path: Path, source: str) -> None:
        """All cases of one script; `source` is what the manifest calls it."""
        text = path.read_bytes().decode()
        lines = text.split("\n")
        state, names = ScriptState(source, self.signal), Names(source)
        try:
            for command in read_script(text):
                for case in state.cases(command):
                    self._add(case, source, names, lines)
        except ScriptError as error:
            self._leave_out(source, LeftOut(error.line, str(error)))

    def finish(self) -> None:
        """The manifest, the summary and the README."""
        self.output.write("manifest.jsonl", "".join(self._manifest).encode())
        self.output.write("summary.json", (json.dumps(self.summary(), indent=1) + "\n").encode())
        readme = resources.files(__package__).joinpath("output.md").read_text()
        self.output.write("README.md", readme.replace("ENTRY", entry_name(self.signal)).encode())
        self.output.close()

    def summary(self) -> dict[str, object]:
        """What summary.json says."""
        return {
            "format": FORMAT,
            "signal": self.signal,
            "tier": self.tier,
            "pack": self.pack,
            "entry": entry_name(self.signal),
            "counts": dict(sorted(self.counts.items())),
            "left_out": self.left_out,
        }

    def _leave_out(self, source: str, case: LeftOut) -> None:
        self.left_out.append({"source": source, "line": case.line, "reason": case.reason})

    def _add(self, case: Case | LeftOut, source: str, names: Names, lines: list[str]) -> None:
        if isinstance(case, LeftOut):
            self._leave_out(source, case)
            return
        if not source.startswith("core/"):  # a proposal's own copy of a test may rely on it unseen
            case.features |= folder_features(source)
        tier = tier_of(case.features)
        if not is_within(tier, self.tier):
            self.counts[f"of a later tier: {tier}"] += 1
            return
        name = names.of(case)
        control = None if case.control is None else names.control(name, case)
        file = name + (".wat" if case.is_text else ".wasm")
        self.output.write(file, case.content)
        self.counts[case.assertion] += 1
        about = {
            "source": source,
            "line": case.line,
            "wast": _shortened(lines, case.line),
        }
        rest = {
            "signal": case.signal,
            "entry": case.entry,
            "tier": tier,
            "features": sorted(case.features),
            "imports": case.imports,
        }
        self._note(
            {"id": name, "file": file, **about, "assertion": case.assertion, "expect": case.expect}
            | {"message": case.message, **rest, "control": control, "control_of": None}
            | {"link": self._links(case, names), "replay": case.replay}
        )
        if control is not None and case.control is not None:
            self.output.write(f"{control}.wasm", case.control)
            self.counts["control"] += 1
            self._note(
                {"id": control, "file": f"{control}.wasm", **about, "assertion": "control", "expect": "ok"}
                | {"message": None, **rest, "control": None, "control_of": name}
                | {"link": None, "replay": case.replay}
            )

    def _note(self, entry: dict[str, object]) -> None:
        self._manifest.append(json.dumps(entry) + "\n")

    def _links(self, case: Case, names: Names) -> list[dict[str, str]] | None:
        """Providers are files of their own, shared by the cases of a script that need them."""
        if not case.links:
            return None if case.assertion != "unlinkable" else []
        found = []
        for link in case.links:
            digest = hashlib.sha256(link.content).hexdigest()[:8]
            file = f"{names.folder}/link/{digest}.wasm"
            if file not in self._providers:
                self._providers.add(file)
                self.output.write(file, link.content)
            found.append({"as": link.as_name, "file": file})
        return found


def _shortened(lines: list[str], line: int) -> str:
    """The command that begins in that line, up to the next one that begins where it does."""
    first = lines[line - 1]
    text, length = first.strip(), len(first)
    for following in lines[line:]:
        if length > _LONGEST_TEXT or text.count("(") <= text.count(")"):
            break
        text += " " + following.strip()
        length += len(following)
    return text[:_LONGEST_TEXT]
