"""The worker's side of the line protocol, for engines in Python."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class WrongValue(Exception):  # noqa: N818 - an outcome
    """The guest said by proc_exit that it has computed something wrong."""


class GoodEnd(Exception):  # noqa: N818 - an outcome
    """The guest ended itself with 0."""


class ProviderError(Exception):
    """A module that another one imports from could not be made: that is not what the file is about."""


class Session(Protocol):
    """One file: what it imports from, its instance, and calls of its exports."""

    def provide(self, name: str, file: str) -> None:
        """Instantiate a module and offer its exports under a name."""

    def instantiate(self, file: str) -> None:
        """Load and instantiate the module under test."""

    def call(self, name: str) -> object:
        """Call an export without arguments; its result."""


def serve(abilities: str, open_: Callable[[], Session], tell: Callable[[Exception], str]) -> None:
    """Answer requests until there are no more. `tell` gives the answer for an exception of the engine's."""
    out = sys.stdout
    sys.stdout = sys.stderr  # nothing but answers may go there
    print("ready", abilities, file=out, flush=True)
    session: Session | None = None
    for line in sys.stdin:
        request = json.loads(line)
        said, session = answer(session if request["same"] else None, open_, request, tell)
        print(" ".join(said.split()), file=out, flush=True)


def answer(
    session: Session | None,
    open_: Callable[[], Session],
    request: dict[str, Any],
    tell: Callable[[Exception], str],
) -> tuple[str, Session]:
    """The answer to a request, and the session that it was answered in: a new one if None was given."""
    is_new, session = session is None, session or open_()
    try:
        if is_new:
            _prepare(session, request)
        return _call(session, request), session
    except Exception as error:  # whatever an engine raises is an outcome
        return _told(error, tell), session


def _prepare(session: Session, request: dict[str, Any]) -> None:
    for link in request["link"]:
        try:
            session.provide(link["as"], link["file"])
        except Exception as error:
            raise ProviderError(f"{link['file']}: {error}") from error
    session.instantiate(request["file"])


def _call(session: Session, request: dict[str, Any]) -> str:
    """A result is 0 if all is right; only in that signal mode is there one."""
    if not request["call"]:
        return "ok"
    result = session.call(request["call"])
    return f"wrong it returned {result}" if request["signal"] == "result" and result != 0 else "ok"


def _told(error: Exception, tell: Callable[[Exception], str]) -> str:
    if isinstance(error, WrongValue):
        return f"wrong proc_exit({error})"
    if isinstance(error, GoodEnd):
        return "ok"
    return f"unknown {error}" if isinstance(error, ProviderError) else tell(error)


def proc_exit(code: int) -> None:
    """What WASI's function of that name does."""
    raise WrongValue(code) if code else GoodEnd
