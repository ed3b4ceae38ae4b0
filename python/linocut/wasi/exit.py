"""The guest's wish to end."""

from __future__ import annotations


class Exit(Exception):  # noqa: N818 - not an error
    """Raised through the guest by `proc_exit`; `code` is the guest's exit code, 0 to 4294967295.

    It is no `linocut.Error`: nothing went wrong.
    """

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"the guest exited with code {self.code}"
