"""Scripts → files, their manifest and a README."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING

from linocut.spec import suite
from linocut.spec.features import folder_features, is_within, tier_of
from linocut.text.script import ScriptError, read_script
from linocut.tooling import Progress

from .files.case import Case, LeftOut
from .files.entry import SIGNALS, TRAP
from .files.writing import entry_name
from .output import open_output
from .script import ScriptState
from .script_files import ScriptFiles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .output import Archive, Folder

FORMAT = 1
# How large the files of one script may be together: what each must repeat grows with the script, so that all
# of them could be quadratic. The official suite's largest scripts need three bytes for each of their own, a
# small one eleven.
_FREE_BYTES = 1 << 20
_BYTES_PER_BYTE = 8
_NOBODY = Progress()


def explode_scripts(
    paths: Sequence[Path],
    output: Path,
    *,
    signal: str = TRAP,
    tier: str = "all",
    pack: str = "file",
    progress: Progress = _NOBODY,
) -> Explosion:
    """Write each assertion of .wast scripts as a module of its own, with a manifest.

    `paths` are scripts and folders of them, none for the official suite; `output` a new folder, or archive
    for `pack` "zip". `linocut spec explode --help` says what `signal`, `tier` and `pack` can be.

    Raises ChoiceError when there are no scripts there, FileExistsError when the output is there already.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from linocut import spec
    >>> with TemporaryDirectory() as folder:
    ...     script = Path(folder, "two.wast")
    ...     _ = script.write_text('(assert_invalid (module (func (result i32))) "type mismatch")')
    ...     spec.explode_scripts([script], Path(folder, "two")).counts
    Counter({'invalid': 1})
    """
    paths = suite.chosen(paths)
    scripts, folder = suite.scripts_of(paths), suite.find_suite()
    explosion = Explosion(open_output(output, pack), signal, tier, pack)
    for path in scripts:
        source = suite.name_in_suite(path, folder) or _name_below(path, paths)
        explosion.scripts += 1
        progress.say(f"{explosion.scripts}/{len(scripts)} {source}")
        explosion.add(path, source)
    progress.say("manifest")
    explosion.finish()
    progress.clear()
    return explosion


def _name_below(path: Path, paths: Sequence[Path]) -> str:
    """A script of elsewhere is called by its place below the folder that was named."""
    roots = [root for root in paths if root.is_dir() and path.is_relative_to(root)]
    return path.relative_to(roots[0]).as_posix() if roots else path.name


@dataclass
class Explosion:
    """What a run makes. `tier` is the latest that files may need; `signal` how they report a wrong value."""

    output: Folder | Archive
    signal: str
    tier: str
    pack: str
    counts: Counter[str] = field(default_factory=Counter)
    left_out: list[dict[str, object]] = field(default_factory=list)
    scripts: int = 0
    _manifest: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        assert self.signal in SIGNALS

    def add(self, path: Path, source: str) -> None:
        """All cases of one script; `source` is what the manifest calls it."""
        try:
            text = suite.read_script(path)
        except suite.UnreadableError as error:
            self._leave_out(source, LeftOut(error.line, str(error)))
            return
        state = ScriptState(source, self.signal)
        written = ScriptFiles(self.output, source, text, self.signal, self.pack == "module")
        most = _FREE_BYTES + _BYTES_PER_BYTE * len(text)
        try:
            for command in read_script(text):
                if written.bytes > most:
                    reason = (
                        f"the files of what comes before hold {written.bytes:,} bytes, more than {most:,}"
                    )
                    self._leave_out(source, LeftOut(command.line, f"from here on: {reason}"))
                    break
                for case in state.cases(command):
                    self._add(case, written)
        except ScriptError as error:
            self._leave_out(source, LeftOut(error.line, str(error)))
        for entry in written.finish():
            self.counts[entry["assertion"]] += 1
            self._manifest.append(json.dumps(entry) + "\n")

    def finish(self) -> None:
        """The manifest, the summary and the README."""
        self.output.write("manifest.jsonl", "".join(self._manifest).encode())
        self.output.write("summary.json", (json.dumps(self.summary(), indent=1) + "\n").encode())
        readme = resources.files(__package__).joinpath("output.md").read_text(encoding="utf-8")
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

    def _add(self, case: Case | LeftOut, script: ScriptFiles) -> None:
        if isinstance(case, LeftOut):
            self._leave_out(script.source, case)
            return
        if not script.source.startswith("core/"):  # a proposal's own copy of a test may rely on it unseen
            case.features |= folder_features(script.source)
        tier = tier_of(case.features)
        if not is_within(tier, self.tier):
            self.counts[f"of a later tier: {tier}"] += 1
            return
        script.add(case)
