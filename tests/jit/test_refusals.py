"""Every refusal of the validator, in live and in unreachable code, whichever way a module is validated."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import linocut
import pytest

pytest.importorskip("wasmtime")

from linocut.text.binary import Reader, unsigned
from linocut.text.wat import wat_to_wasm
from refusals import (
    CUT_OFF,
    ENVIRONMENT,
    ENVIRONMENT64,
    INVALID,
    MALFORMED,
    NO_MEMORY,
    TEXTS,
    TEXTS64,
    WITHOUT_MEMORY,
    Refusal,
)

if TYPE_CHECKING:
    from collections.abc import Callable

WAYS = {
    "load": linocut.load,
    "interpret": partial(linocut.load, interpret=True),
    "validate": linocut.validate,
}
PLACES = {
    "live": "{}",
    "in a live block": "(block (loop {}))",
    "in a live arm": "(if (i32.const 0) (then {}))",
    "after unreachable": "unreachable {}",
    "after br": "(block (br 0) {})",
    "after br_table": "(block (br_table 0 0 (i32.const 0)) {})",
    "after return": "return {}",
    "in a dead block": "unreachable (block {})",
    "in a dead loop": "return (loop {})",
    "in a dead arm": "unreachable (if (i32.const 0) (then {}))",
    "in another dead arm": "unreachable (if (i32.const 0) (then) (else {}))",
}
# The same in bytes: those before and after the code.
FRAMES = {
    "live": ("", ""),
    "in a live block": ("02 40", "0b"),
    "after unreachable": ("00", ""),
    "after return": ("0f", ""),
    "in a dead block": ("00 02 40", "0b"),
    "in a dead arm": ("00 41 00 04 40 05", "0b"),
}

ways = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def refused(way: Callable[[bytes], object], wasm: bytes) -> str | None:
    """The error's class and text, or None if the module is not refused."""
    try:
        way(wasm)
    except linocut.ModuleError as error:
        return f"{type(error).__name__}: {error}"
    return None


@ways
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_every_refusal(place: str, way: Callable[[bytes], object]) -> None:
    check_all(TEXTS, ENVIRONMENT, place, way)


@ways
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_every_refusal_of_an_address(place: str, way: Callable[[bytes], object]) -> None:
    check_all(TEXTS64, ENVIRONMENT64, place, way)


def check_all(refusals: list[Refusal], environment: str, place: str, way: Callable[[bytes], object]) -> None:
    wrong = []
    for refusal in refusals:
        for text, words in ((refusal.valid, None), (refusal.invalid, f"InvalidError: {refusal.words}")):
            said = refused(way, assembled(environment, place.format(text)))
            if not (said is None if words is None else said and said.startswith(words)):
                wrong.append((text, words, said))
    assert not wrong, f"{len(wrong)} of {2 * len(refusals)}: {wrong[:10]}"


@cache
def assembled(environment: str, code: str) -> bytes:
    return wat_to_wasm(environment.format(code=code))


@ways
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_every_use_of_a_memory_that_is_not_there(place: str, way: Callable[[bytes], object]) -> None:
    for text in NO_MEMORY:
        said = refused(way, wat_to_wasm(WITHOUT_MEMORY.format(code=place.format(text))))
        assert said and said.startswith("InvalidError: unknown memory"), (text, said)


@cache
def sections() -> list[tuple[int, bytes]]:
    reader, found = Reader(wat_to_wasm(ENVIRONMENT.format(code="")), 8), []
    while not reader.is_done:
        number = reader.byte()
        found.append((number, reader.take(reader.unsigned())))
    return found


def with_code(code: bytes, data_count: bool = True) -> bytes:
    """The environment with `code` in place of the last function's instructions."""

    def body(content: bytes) -> bytes:
        reader = Reader(content)
        bodies = [reader.take(reader.unsigned()) for _ in range(reader.unsigned())]
        bodies[-1] = bodies[-1][:-1] + code
        return unsigned(len(bodies)) + b"".join(unsigned(len(b)) + b for b in bodies)

    kept = [(n, body(s) if n == 10 else s) for n, s in sections() if n != 0]
    kept[-2:-2] = [(12, b"\1")] if data_count else []
    return b"\0asm\1\0\0\0" + b"".join(bytes([n]) + unsigned(len(s)) + s for n, s in kept)


@ways
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_every_refusal_that_no_text_can_bring_about(
    frame: tuple[str, str], way: Callable[[bytes], object]
) -> None:
    before, after = frame
    listed = [("MalformedError", *row) for row in MALFORMED] + [("InvalidError", *row) for row in INVALID]
    for kind, code, words in listed:
        said = refused(way, with_code(bytes.fromhex(f"{before} {code} {after} 0b")))
        assert said and said.startswith(f"{kind}: {words}"), (code, words, said)
    assert refused(way, with_code(bytes.fromhex(f"{before} {after} 0b"))) is None


@ways
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_bodies_that_end_too_early(frame: tuple[str, str], way: Callable[[bytes], object]) -> None:
    for code in CUT_OFF:
        said = refused(way, with_code(bytes.fromhex(f"{frame[0]} {code}")))
        assert said and said.startswith("MalformedError: unexpected end"), (code, said)


@ways
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize(
    "code", ["41 00 41 00 41 00 fc 08 00 00", "fc 09 00"], ids=["memory.init", "data.drop"]
)
def test_segments_of_data_need_their_count(
    code: str, frame: tuple[str, str], way: Callable[[bytes], object]
) -> None:
    whole = bytes.fromhex(f"{frame[0]} {code} {frame[1]} 0b")
    assert refused(way, with_code(whole)) is None
    said = refused(way, with_code(whole, data_count=False))
    assert said and said.startswith("MalformedError: data count section required"), said
