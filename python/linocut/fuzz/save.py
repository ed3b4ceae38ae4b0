"""Keeps a failing module: bytes, text, and how to get there again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from linocut.fuzz.check import Failure
    from linocut.fuzz.sources import Case


def save_case(folder: Path, seed: int, case: Case, text: str, failure: Failure, again: str) -> Path:
    """Write a small module that fails, and how to get what it was made from; the result is the text."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"seed-{seed}"
    stem.with_suffix(".wasm").write_bytes(case.wasm)
    path = stem.with_suffix(".wat")
    head = f";; {failure}\n;; again, before it was minimised: linocut fuzz {again}\n"
    path.write_text(head + text, encoding="utf-8")
    return path


def save_mutant(folder: Path, seed: int, wasm: bytes, failure: Failure, again: str) -> Path:
    """Write the broken bytes, what was said about them, and the options that repeat it."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"mutant-{seed}"
    text = f"{failure}\nagain: linocut fuzz --mutate {again}\n"
    stem.with_suffix(".txt").write_text(text, encoding="utf-8")
    path = stem.with_suffix(".wasm")
    path.write_bytes(wasm)
    return path
