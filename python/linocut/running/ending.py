"""How a run ended that was not the program's own end: its exit code, and what is said of it."""

from __future__ import annotations

from itertools import groupby

from linocut.errors import (
    Error,
    InvalidError,
    LinkError,
    MalformedError,
    StackExhausted,
    Timeout,
    Trap,
    UnsupportedError,
    WasmException,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.errors import Frame

# The first that fits counts: an exhaustion is a trap too.
OUTCOMES: tuple[tuple[type[Error], str, int], ...] = (
    (StackExhausted, "exhaustion", 135),
    (Trap, "trap", 134),
    (WasmException, "exception", 136),
    (Timeout, "timeout", 124),
    (MalformedError, "malformed", 120),
    (InvalidError, "invalid", 121),
    (UnsupportedError, "unsupported", 123),
    (LinkError, "unlinkable", 122),
)

_OTHER = ("unable", 125)

_MOST_LINES = 20
_LONGEST_NAME = 200  # characters; a module may call its functions what it likes
_RECORDED = 256  # frames that a trap keeps (core/runtime/trap.hpp): there may have been more


def said(word: str, text: str = "") -> str:
    """The line that names an end."""
    return f"linocut: {word}: {text}" if text else f"linocut: {word}"


def ending(error: Error) -> tuple[list[str], int]:
    """What is said of what the engine raised, of a trap also where it was; the exit code."""
    text = f"{error.kind}: {_message(error)}" if isinstance(error, Trap) else str(error)
    word, code = next(((word, code) for kind, word, code in OUTCOMES if isinstance(error, kind)), _OTHER)
    callers = _callers(error.frames) if isinstance(error, Trap | WasmException) else ()
    return [said(word, text), *callers], code


def _message(trap: Trap) -> str:
    return f"{trap.message} in {_place(trap.frames[0])}" if trap.frames else trap.message


def _callers(frames: tuple[Frame, ...]) -> Iterator[str]:
    """Who called the innermost frame, which the line before tells of; a function that called itself, once."""
    runs = [(frame, len(list(same))) for frame, same in groupby(frames[1:])]
    for frame, times in runs[:_MOST_LINES]:
        again = f", {times} times" if times > 1 else ""
        yield f"  called by {_place(frame)}{again}"
    rest = sum(times for _, times in runs[_MOST_LINES:])
    if len(frames) >= _RECORDED:
        yield f"  … and at least {rest} more" if rest else "  … and perhaps more"
    elif rest:
        yield f"  … and {rest} more"


def _place(frame: Frame) -> str:
    name = frame.name or ""
    if len(name) > _LONGEST_NAME:
        name = name[:_LONGEST_NAME] + "…"
    return f"function {frame.function}{f' ({name})' if name else ''} at offset {frame.offset:#x}"
