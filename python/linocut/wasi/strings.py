"""Arguments and environment: NUL-terminated strings and an array of pointers to them."""

from __future__ import annotations

import os
from struct import Struct

from linocut.wasi.function import preview1

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linocut.wasi.guest import Guest


class Strings:
    """What a process is started with."""

    def __init__(self, guest: Guest, args: Iterable[str | bytes], env: Mapping[str, str]) -> None:
        self._guest = guest
        self._args = [_terminated(os.fsencode(arg)) for arg in args]
        self._env = [_terminated(os.fsencode(f"{name}={value}")) for name, value in env.items()]

    @preview1("i32 i32")
    def args_sizes_get(self, count: int, size: int) -> None:
        """How many arguments, and how many bytes they take."""
        self._put_sizes(self._args, count, size)

    @preview1("i32 i32")
    def args_get(self, pointers: int, buffer: int) -> None:
        """The arguments."""
        self._put(self._args, pointers, buffer)

    @preview1("i32 i32")
    def environ_sizes_get(self, count: int, size: int) -> None:
        """How many variables, and how many bytes they take."""
        self._put_sizes(self._env, count, size)

    @preview1("i32 i32")
    def environ_get(self, pointers: int, buffer: int) -> None:
        """The variables, each as name=value."""
        self._put(self._env, pointers, buffer)

    def _put_sizes(self, strings: list[bytes], count: int, size: int) -> None:
        self._guest.put_u32(count, len(strings))
        self._guest.put_u32(size, sum(map(len, strings)))

    def _put(self, strings: list[bytes], pointers: int, buffer: int) -> None:
        text = b"".join(strings)
        self._guest.check(pointers, 4 * len(strings))
        self._guest.put(buffer, text)  # it fits below 4 GiB, so every pointer does
        addresses = []
        for string in strings:
            addresses.append(buffer)
            buffer += len(string)
        self._guest.pack(Struct(f"<{len(strings)}I"), pointers, *addresses)


def _terminated(string: bytes) -> bytes:
    if b"\0" in string:
        raise ValueError(f"an argument or variable of a WASI program holds a NUL: {string!r}")
    return string + b"\0"
