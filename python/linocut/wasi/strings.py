"""Arguments and environment: NUL-terminated strings and an array of pointers to them."""

from __future__ import annotations

from struct import Struct

from linocut.wasi.function import Noun, preview1


class Strings(Noun):
    """What a process is started with."""

    @preview1("i32 i32")
    def args_sizes_get(self, count: int, size: int) -> None:
        """How many arguments, and how many bytes they take."""
        self._put_sizes(self._holdings.args, count, size)

    @preview1("i32 i32")
    def args_get(self, pointers: int, buffer: int) -> None:
        """The arguments."""
        self._put(self._holdings.args, pointers, buffer)

    @preview1("i32 i32")
    def environ_sizes_get(self, count: int, size: int) -> None:
        """How many variables, and how many bytes they take."""
        self._put_sizes(self._holdings.env, count, size)

    @preview1("i32 i32")
    def environ_get(self, pointers: int, buffer: int) -> None:
        """The variables, each as name=value."""
        self._put(self._holdings.env, pointers, buffer)

    def _put_sizes(self, strings: list[bytes], count: int, size: int) -> None:
        self._guest.put_u32(count, len(strings))
        self._guest.put_u32(size, sum(map(len, strings)))

    def _put(self, strings: list[bytes], pointers: int, buffer: int) -> None:
        text = b"".join(strings)
        self._guest.check_bounds(pointers, 4 * len(strings))
        self._guest.put(buffer, text)  # it fits below 4 GiB, so every pointer does
        addresses = []
        for string in strings:
            addresses.append(buffer)
            buffer += len(string)
        self._guest.pack(Struct(f"<{len(strings)}I"), pointers, *addresses)
