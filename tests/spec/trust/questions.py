"""The questions; each gives the figures of its answer and what is wrong."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING

from linocut.spec.check.judgement import Result, judge
from linocut.spec.check.manifest import open_folder

from trust.agreement import read_list, witnesses
from trust.flipping import Flips, explode
from trust.patching import patch
from trust.running import Trial, run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from linocut.spec.check.manifest import Folder, ManifestEntry
    from linocut.spec.check.verdicts import Checked

# The contrary of each expectation.
_CONTRARY = {
    "ok": "trap",
    "trap": "ok",
    "exhaustion": "ok",
    "invalid": "ok",
    "malformed": "ok",
    "unlinkable": "ok",
}


@dataclass
class Answer:
    """How many files there are of each description, and each file that is not as it should be."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def do_engines_agree(trial: Trial, is_whole: bool = False) -> Answer:
    """Does every engine end every file as the manifest says, except the listed ones?

    `is_whole` says that the folder has the whole suite, so every listed file must be there.
    """
    answer, known = Answer(), read_list()
    if is_whole:
        there = {entry.id for entry in trial.folder.entries}
        listed = {id_ for row in known.rows for id_ in row.files}
        answer.wrong += [f"{id_} is listed, and there is no such file" for id_ in sorted(listed - there)]
    for engine, checked in trial.runs.items():
        answer.counts[f"passed by {engine}"] = len(trial.good()[engine])
        answer.counts[f"not passed by {engine}, listed with the reason"] = len(checked.failures)
        answer.wrong += known.compare(checked)
    ids = [entry.id for entry in trial.folder.entries]
    for number, count in witnesses(trial.good(), ids).items():
        answer.counts[f"passed by {number} engines"] = count
    return answer


def do_controls_pass(trial: Trial) -> Answer:
    """Do the control twins, which stop before the trap, end well on every engine?"""
    answer = Answer()
    controls = {entry.id for entry in trial.folder.entries if entry.assertion == "control"}
    for engine, ids in trial.witness(controls).items():
        answer.counts[f"control twins passed, {engine}"] = len(ids)
    for engine, checked in trial.runs.items():
        failed = (verdict.entry.id for verdict in checked.failures if verdict.entry.id in controls)
        answer.wrong += [f"{engine}: {id_} does not pass" for id_ in failed]
    return answer


def do_contraries_fail(trial: Trial) -> Answer:
    """Is each file reported whose expectation is turned into the contrary, or whose trap does not come about?

    Nothing is run for that: what the engines did is compared with the changed manifest. A file that must trap
    is also given the outcome of its control twin.
    """
    answer = Answer()
    for engine, checked in trial.runs.items():
        outcomes = {id_: checked.calibration.read(sign) for id_, sign in checked.signs.items()}
        for verdict in checked.verdicts:
            entry = verdict.entry
            if verdict.result is not Result.PASSED:
                continue
            trials = {f"{entry.expect} taken for {_CONTRARY[entry.expect]}": (_contrary(entry), outcomes)}
            if entry.control:
                trials["trap that does not come"] = entry, outcomes | {entry.id: outcomes[entry.control]}
            for what, (changed, seen) in trials.items():
                answer.counts[what] += 1
                if judge(changed, seen, checked.calibration).result is not Result.FAILED:
                    answer.wrong.append(f"{engine}: {entry.id}: {what} passes")
    return answer


def _contrary(entry: ManifestEntry) -> ManifestEntry:
    return replace(entry, expect=_CONTRARY[entry.expect], control=None)


def do_flipped_scripts_fail(trial: Trial, scripts: list[Path], place: Path, signal: str, seed: int) -> Answer:
    """Does each file fail if a bit of the expected value is flipped in the script?"""
    flips = Flips(seed)
    with open_folder(explode(place, signal, scripts, flips)) as folder:
        answer = _run_flipped(trial, folder, flips.by_id(folder.entries))
    answer.counts += Counter({f"not flipped: {reason}": count for reason, count in flips.unflipped.items()})
    return answer


def do_patched_files_fail(trial: Trial, place: Path, seed: int) -> Answer:
    """Does each file fail if a bit of the constant that it compares with is flipped?"""
    shutil.copytree(trial.folder.path, place)
    with open_folder(place) as folder:
        return _run_flipped(trial, folder, _patch_all(folder, seed))


def _patch_all(folder: Folder, seed: int) -> dict[str, str]:
    """Patch the files; the kinds of those that were patched, by id."""
    kinds = {}
    for entry in folder.entries:
        if entry.assertion == "return" and entry.signal:
            file = folder.path / entry.file
            patched = patch(file.read_bytes(), Random(f"{seed} {entry.id}"))
            if patched is not None:
                file.write_bytes(patched)
                kinds[entry.id] = "constant among the bytes"
    return kinds


def _run_flipped(trial: Trial, folder: Folder, kinds: Mapping[str, str]) -> Answer:
    """Run each file on the first engine that passes the original, so that only the bit can make it fail."""
    answer = Answer()
    if folder.signal == trial.folder.signal:
        answer.wrong += _not_changed(trial.folder, folder, kinds)
    left = set(kinds)
    for engine, ids in trial.witness(kinds).items():
        left -= ids
        if ids:
            checked = run(folder, engine, ids, trial.jobs)
            bad = _not_told(checked, kinds)
            answer.counts += Counter(f"{kinds[id_]}: failed" for id_ in ids - bad.keys())
            answer.wrong += [f"{engine}: {id_}, {kinds[id_]}: {got}" for id_, got in bad.items()]
    answer.counts["no engine is here to run it"] = len(left)
    return answer


def _not_changed(before: Folder, after: Folder, kinds: Mapping[str, str]) -> list[str]:
    """Files that are the same as before but should not be, and the reverse."""
    return [
        f"{entry.id} is {'the same as' if entry.id in kinds else 'other than'} before"
        for entry in after.entries
        if entry.assertion != "control"
        and ((before.path / entry.file).read_bytes() != (after.path / entry.file).read_bytes())
        is not (entry.id in kinds)
    ]


def _not_told(checked: Checked, kinds: Mapping[str, str]) -> dict[str, str]:
    """Files that did not fail with a word for a wrong value; an exception that nobody catches has none."""
    word = "trap" if checked.folder.signal == "trap" else "wrong"
    return {
        verdict.entry.id: verdict.got
        for verdict in checked.verdicts
        if verdict.entry.id in kinds
        and not (
            verdict.result is Result.FAILED
            and (kinds[verdict.entry.id] == "exception" or verdict.got.startswith(f"{word}:"))
        )
    }
