"""What is to be run, and how."""

from __future__ import annotations

import linocut
from linocut.tooling import ToolError


class UsageError(ToolError):
    """What is asked for cannot be, with this module or at all."""


class Request:
    """A program with its `arguments`, `env` and `dirs` (guest's name → host's), or one function to `invoke`.

    `without` are switches of linocut.experiments; `timeout` is in seconds, `memory` how many bytes each
    memory may have, None for as many as there are.
    """

    def __init__(self) -> None:
        self.file = ""
        self.arguments: list[str] = []
        self.dirs: dict[str, str] = {}
        self.env: dict[str, str] = {}
        self.invoke: str | None = None
        self.timeout: float | None = None
        self.memory: int | None = linocut.Limits().memory
        self.interpret = False
        self.deterministic = False
        self.without: list[str] = []
