"""Keeps a failing module: bytes, text, and how to get there again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.fuzz.encode import encode
from linocut.fuzz.wat import to_text

if TYPE_CHECKING:
    from pathlib import Path

    from linocut.fuzz.check import Failure
    from linocut.fuzz.program import Program


def save_program(folder: Path, program: Program, failure: Failure) -> Path:
    """Write the minimised program; the result is the text file."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"seed-{program.seed}"
    stem.with_suffix(".wasm").write_bytes(encode(program))
    text = stem.with_suffix(".wat")
    head = f";; {failure}\n;; again, before it was minimised: linocut fuzz --seed {program.seed} --count 1\n"
    text.write_text(head + to_text(program), encoding="utf-8")
    return text


def save_mutant(folder: Path, seed: int, wasm: bytes, failure: Failure, again: str) -> Path:
    """Write the broken bytes, what was said about them, and the options that repeat it."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"mutant-{seed}"
    text = f"{failure}\nagain: linocut fuzz --mutate {again}\n"
    stem.with_suffix(".txt").write_text(text, encoding="utf-8")
    path = stem.with_suffix(".wasm")
    path.write_bytes(wasm)
    return path
