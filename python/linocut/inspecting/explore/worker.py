"""What the worker process does: read a module from a file, say what its functions became."""

from __future__ import annotations

import re
import signal
import sys
from functools import lru_cache
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

import linocut
from linocut.inspecting.other_engine import code_or_reason
from linocut.inspecting.overview import module_view
from linocut.inspecting.schema import Document
from linocut.tooling import message

if TYPE_CHECKING:
    from linocut import Module
    from linocut.engines.code.foreign import ForeignModule

_KEPT = 4  # modules: the one that is shown, and a few that other tabs show
_PLACE = re.compile(r" \(line (\d+), column (\d+)\)$")  # how linocut.text.wat says where a text is wrong

# `do`: module, function or sizes; `path`, `name` and `engine` of the module; `function`: its index.
Request = dict[str, Any]


def work(requests: Connection) -> None:
    """Answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C means the server, which ends this process
    while True:
        try:
            request = requests.recv()
        except EOFError:
            return
        requests.send(answer(request))


def answer(request: Request) -> Document:
    """The document that is asked for, or {"error": what is wrong}, with `line` and `column` if known."""
    try:
        return _ANSWERS[request["do"]](request)
    except (linocut.Error, LookupError, OSError, ImportError) as error:
        return _failure(str(error.args[0]) if isinstance(error, LookupError) else message(error))


def _failure(message: str) -> Document:
    place = _PLACE.search(message)
    if place is None:
        return {"error": message}
    return {"error": message[: place.start()], "line": int(place[1]), "column": int(place[2])}


def _module(request: Request) -> Document:
    """Sizes of the other engine are not waited for; `absent` is why there is no engine, or null."""
    engine, absent = _open(request["engine"], request["path"])
    document = module_view(_load(request["path"]), request["name"])
    return document | {"against": engine.name if engine else None, "absent": absent}


def _function(request: Request) -> Document:
    # Here, since it needs capstone: that it is missing is an answer, too.
    from linocut.inspecting.view import shown_view

    engine, _ = _open(request["engine"], request["path"])
    return shown_view(_load(request["path"]), request["function"], engine)


def _sizes(request: Request) -> Document:
    engine, _ = _open(request["engine"], request["path"])
    return {"sizes": engine.sizes() if engine else {}}


_ANSWERS = {"module": _module, "function": _function, "sizes": _sizes}


@lru_cache(_KEPT)
def _load(path: str) -> Module:
    return linocut.load(path)


@lru_cache(_KEPT)
def _open(engine: str, path: str) -> tuple[ForeignModule | None, str | None]:
    return code_or_reason(engine, _load(path)._wasm)


if __name__ == "__main__":
    work(Connection(int(sys.argv[1])))
