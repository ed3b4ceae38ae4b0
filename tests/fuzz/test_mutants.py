"""Broken modules: how they are made, and that every difference between the verdicts on them is seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.cli.fuzz import main
from linocut.fuzz import mutate, stock
from linocut.fuzz.check import Failure, Pair
from linocut.fuzz.dice import Dice
from linocut.fuzz.framed import change_within
from linocut.fuzz.linocut_executor import LinocutExecutor
from linocut.fuzz.mutate import check_mutant, mutant
from linocut.fuzz.stock import Stock, read_stock
from linocut.fuzz.verdict import VALID, Verdict, disagreement, judge
from linocut.text.binary import Reader
from linocut.text.wat import wat_to_wasm

if TYPE_CHECKING:
    from collections.abc import Callable

EMPTY = b"\0asm\1\0\0\0"
# (module (func i32.const 0 drop))
ONE_FUNCTION = EMPTY + bytes.fromhex("01 04 01 60 00 00  03 02 01 00  0a 07 01 05 00 41 00 1a 0b")
SAID = Verdict("InvalidError", "unknown local 7 (byte 30)", 30, 2)


# ── verdicts ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "other",
    [
        VALID,
        SAID._replace(word="MalformedError"),
        SAID._replace(message="unknown label 7 (byte 30)"),
        SAID._replace(message="unknown local 8 (byte 30)"),
        SAID._replace(offset=31),
        SAID._replace(offset=None),
        SAID._replace(function=3),
    ],
    ids=["valid", "class", "words", "number", "offset", "no offset", "function"],
)
def test_every_part_of_a_verdict_counts(other: Verdict) -> None:
    assert disagreement({"validate": SAID, "load": SAID, "interpret": SAID}) is None
    for liar in ("validate", "load", "interpret"):
        assert disagreement({"validate": SAID, "load": SAID, "interpret": SAID} | {liar: other}) is not None


def test_details_have_no_numbers_so_that_those_of_a_kind_are_one() -> None:
    def said(offset: int) -> dict[str, Verdict]:
        message = f"unknown local i32 0x{offset:x} (byte {offset})"
        return {"validate": VALID, "load": Verdict("InvalidError", message, offset)}

    assert disagreement(said(5)) == disagreement(said(99)) != None  # noqa: E711
    assert (
        disagreement(said(5)) == "validate says valid; load says InvalidError: unknown local i32 # (byte #)"
    )


def test_other_exceptions_are_verdicts_too() -> None:
    def fails(_: bytes) -> None:
        raise MemoryError("no room")

    assert judge(fails, EMPTY) == Verdict("MemoryError", "no room")
    assert judge(linocut.validate, EMPTY) == VALID
    refused = judge(linocut.validate, EMPTY[:4])
    assert refused.word == "MalformedError" and refused.offset is not None


@pytest.mark.parametrize("liar", ["validate", "load", "load(interpret=True)"])
def test_a_way_that_says_something_else_is_found(liar: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = Pair(LinocutExecutor(), LinocutExecutor())
    assert check_mutant(pair, EMPTY, None) is None

    def refuse(_: bytes) -> None:
        raise linocut.InvalidError("not today")

    monkeypatch.setitem(mutate.WAYS, liar, refuse)
    found = check_mutant(pair, EMPTY, None)
    assert found is not None and found.kind == "contradicts itself" and "not today" in found.detail


class Judge(LinocutExecutor):
    """An engine that gives the same verdict on every module."""

    def __init__(self, valid: bool, why: str = "") -> None:
        super().__init__()
        self.verdict = valid, why

    def accepts(self, wasm: bytes) -> tuple[bool, str]:
        return self.verdict


def test_the_other_engine_is_heard() -> None:
    refuses, accepts = Judge(False, "i32 at 17"), Judge(True)
    assert check_mutant(Pair(refuses, accepts), EMPTY, None) == Failure("accepted", "linocut says: i32 at #")
    assert check_mutant(Pair(accepts, refuses), EMPTY, None) == Failure("refused", "i32 at #")
    limit = Judge(False, "types count exceeds limit of 1000000")
    assert check_mutant(Pair(limit, accepts), EMPTY, None) is None
    proposal = Judge(False, "malformed import kind 0x7F: expected 0x00 to 0x04 (byte 21)")
    assert check_mutant(Pair(accepts, proposal), EMPTY, None) is None


# ── making them ──────────────────────────────────────────────────────────────


def sections(wasm: bytes) -> list[bytes]:
    reader, found = Reader(wasm, 8), []
    while not reader.is_done:
        reader.byte()
        found.append(reader.take(reader.unsigned()))
    return found


def test_sizes_fit_after_a_framed_change() -> None:
    seen = set()
    for seed in range(200):
        wasm = bytearray(ONE_FUNCTION)
        change_within(wasm, Dice(seed), lambda content, dice: content.append(dice.bits(8)))
        code = sections(wasm)[2]
        grown = [
            len(now) - len(then) for now, then in zip(sections(wasm), sections(ONE_FUNCTION), strict=True)
        ]
        assert sorted(grown) == [0, 0, 1]
        if grown[2]:
            body = Reader(code, 1)
            assert len(body.take(body.unsigned())) == 6 and body.is_done
        seen.add(tuple(grown))
    assert len(seen) == 3


def test_what_is_too_broken_for_a_framed_change_stays_as_it_is() -> None:
    def fail(content: bytearray, dice: Dice) -> None:
        raise AssertionError

    for broken in (b"", EMPTY[:5], EMPTY, EMPTY + b"\x01\x7f"):
        wasm = bytearray(broken)
        change_within(wasm, Dice(0), fail)
        assert wasm == broken


def test_mutants_reach_validation() -> None:
    words = [judge(linocut.validate, mutant(Stock([ONE_FUNCTION]), seed)).word for seed in range(2000)]
    assert {"valid", "MalformedError", "InvalidError", "UnsupportedError"} == set(words)
    assert words.count("InvalidError") > 100


def test_a_seed_decides_the_mutant() -> None:
    for source in (Stock(), Stock([ONE_FUNCTION, EMPTY])):
        assert mutant(source, 3) == mutant(source, 3)
        assert len({mutant(source, seed) for seed in range(50)}) > 40


# ── where they come from ─────────────────────────────────────────────────────


def test_files_folders_and_scripts_are_a_stock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("wasmtime")
    monkeypatch.setattr(stock, "LARGEST", 200)
    deep = tmp_path / "deep"
    deep.mkdir()
    (deep / "one.wasm").write_bytes(ONE_FUNCTION)
    (deep / "again.wasm").write_bytes(ONE_FUNCTION)
    (deep / "large.wasm").write_bytes(ONE_FUNCTION + b"\0\xc0\1" + bytes(192))
    (deep / "text.wat").write_text("(module (memory 1))")
    (deep / "script.wast").write_text(
        """(module (func))
           (assert_invalid (module (func i32.add)) "type mismatch")
           (assert_malformed (module binary "\\00asm" "\\09") "unknown binary version")
           (assert_malformed (module quote "(fun)") "unexpected token")
           (assert_trap (module (func unreachable) (start 0)) "unreachable")
           (no such command)"""
    )
    found = {read_stock([tmp_path]).module(seed) for seed in range(500)}
    assert len(found) == 6 and {ONE_FUNCTION, b"\0asm\x09"} < found


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()], ids=["nothing", "empty"])
def test_a_stock_of_nothing_is_an_error(
    make: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("wasmtime")
    make(tmp_path / "here")
    assert main(["--mutate", "--from", str(tmp_path / "here"), "--count", "1"]) == 2
    assert capsys.readouterr().err.startswith("linocut fuzz: --from: ")


def test_a_stock_without_mutation_is_a_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--from", "x.wasm"])
    assert "--from goes with --mutate" in capsys.readouterr().err


def test_what_is_found_is_kept_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("wasmtime")
    (tmp_path / "one.wasm").write_bytes(ONE_FUNCTION)
    monkeypatch.setitem(mutate.WAYS, "validate", lambda wasm: linocut.validate(EMPTY))
    arguments = ["--mutate", "--from", str(tmp_path / "one.wasm"), "--seed", "0", "--out", str(tmp_path)]
    assert main([*arguments, "--count", "300", "--jobs", "1"]) == 1
    out = capsys.readouterr().out
    assert "more: contradicts itself: validate says valid; load says MalformedError" in out
    seed = min(tmp_path.glob("mutant-*.txt"), key=lambda path: len(path.name)).stem.removeprefix("mutant-")
    assert (
        f"--seed {seed} --count 1 --from {tmp_path / 'one.wasm'}"
        in (tmp_path / f"mutant-{seed}.txt").read_text()
    )
    assert (tmp_path / f"mutant-{seed}.wasm").read_bytes() == mutant(Stock([ONE_FUNCTION]), int(seed))


def test_a_start_function_without_end_is_no_hang() -> None:
    pytest.importorskip("wasmtime")
    from linocut.fuzz.generate import generate

    engine = LinocutExecutor(0.2)
    endless = wat_to_wasm("(module (func (loop (br 0))) (start 0))")
    program = next(p for p in map(generate, range(100)) if not (p.hosts or p.globals[0].imported))
    assert check_mutant(Pair(engine, engine), endless, program) is None


def test_what_the_reference_reads_as_of_2_0_only_is_asked_again() -> None:
    """A memarg's offset may take ten bytes where memories may have 64 bits; another index never may."""
    pytest.importorskip("wasmtime")
    from linocut.fuzz.wasmtime_executor import WasmtimeExecutor

    def module(code: str) -> bytes:
        body = bytes.fromhex(code)
        content = bytes([1, len(body)]) + body
        head = bytes.fromhex("01 04 01 60 00 00  03 02 01 00  05 03 01 00 01  0a")
        return EMPTY + head + bytes([len(content)]) + content

    engine = WasmtimeExecutor()
    assert engine.accepts(module("00 41 00 28 02 80 80 80 80 80 00 1a 0b"))[0]
    assert not engine.accepts(module("01 01 7f 20 80 80 80 80 80 00 1a 0b"))[0]
