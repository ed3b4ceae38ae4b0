"""The modules that have been shown, by ids made of what is in them."""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.inspecting.explore.worker import Request
from linocut.inspecting.explore.workers import Worker
from linocut.inspecting.other_engine import NONE
from linocut.source import is_text

if TYPE_CHECKING:
    from linocut.inspecting.schema import Document

EXAMPLE = Path(__file__).with_name("example.wat")  # for who has no module at hand
COMPILE_SECONDS = 60.0  # a function of a megabyte takes a third of it
SIZES_SECONDS = 600.0  # of all functions of a large module, by an engine that is slow to say them
_KEPT = 50  # texts, so that a long session of editing fills no disk


@dataclass(frozen=True)
class Shown:
    """A module's name, its text if it is one, and where the workers find it; its document as JSON."""

    name: str
    text: str | None
    path: str
    document: bytes = b""  # kept: that of 50,000 functions takes half a second to make


class Library:
    """Compiles what it is given and answers for what it has; every method may be called by any thread."""

    def __init__(self, engine: str = NONE, compile_seconds: float = COMPILE_SECONDS) -> None:
        self._engine = engine
        self._folder = tempfile.TemporaryDirectory(prefix="linocut-explore-")
        self._shown: dict[str, Shown] = {}
        self._sizes: dict[str, Document] = {}
        self._lock = threading.Lock()
        self._compiler = Worker(compile_seconds)
        self._sizer = Worker(SIZES_SECONDS)  # slow: the other answers must not wait for it
        self.current = ""  # what a page shows that is opened now

    def add(self, name: str, content: bytes, typed: bool = False) -> Document:
        """Compile a file's content, or a text that somebody has `typed`, whatever it begins with.

        {"module": id, "absent": why there is no other engine, or None}, or what is wrong with it.
        """
        text = is_text(content, ".wat" if typed else name)
        key = hashlib.sha256(content).hexdigest()[:16]
        path = Path(self._folder.name, key).with_suffix(".wat" if text else ".wasm")
        path.write_bytes(content)
        shown = Shown(name, content.decode(errors="replace") if text else None, str(path))
        answer = self._compiler.ask(self._request("module", shown))
        if "error" in answer:
            self._forget(key, path)
            return answer
        self._keep(key, replace(shown, document=json.dumps(answer).encode()))
        return {"module": key, "absent": answer["absent"]}

    def _forget(self, key: str, path: Path) -> None:
        """Nothing that is shown: it may have failed this time only."""
        with self._lock:
            if key not in self._shown:
                path.unlink(missing_ok=True)

    def _keep(self, key: str, shown: Shown) -> None:
        with self._lock:
            self._shown.pop(key, None)  # so that it counts as the newest
            self._shown[key] = shown
            self.current = key
            for old in list(self._shown)[:-_KEPT]:
                Path(self._shown.pop(old).path).unlink(missing_ok=True)
                self._sizes.pop(old, None)

    def find(self, key: str) -> Shown | None:
        """The module of that id."""
        with self._lock:
            return self._shown.get(key)

    def function(self, shown: Shown, index: int) -> Document:
        """One function's document."""
        return self._compiler.ask(self._request("function", shown) | {"function": index})

    def sizes(self, key: str, shown: Shown) -> Document:
        """The other engine's sizes by function, and a `state`: "none", "working", "done" or "failed"."""
        if self._engine == NONE:
            return {"state": "none", "sizes": {}}
        with self._lock:
            if key not in self._sizes:
                self._sizes[key] = {"state": "working", "sizes": {}}
                threading.Thread(target=self._measure, args=(key, shown), daemon=True).start()
            return self._sizes[key]

    def _measure(self, key: str, shown: Shown) -> None:
        answer = self._sizer.ask(self._request("sizes", shown))
        state = "failed" if "error" in answer else "done"
        with self._lock:
            self._sizes[key] = {"state": state, "sizes": {}} | answer

    def _request(self, do: str, shown: Shown) -> Request:
        return Request(do=do, path=shown.path, name=shown.name, engine=self._engine)

    def close(self) -> None:
        """End the processes, delete the texts."""
        self._compiler.close()
        self._sizer.close()
        self._folder.cleanup()
