"""WASI functions: methods with wasm signatures, made callable by a guest that may pass anything."""

from __future__ import annotations

from operator import and_

from linocut.errors import Timeout
from linocut.wasi import errno

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, TypeVar

    from linocut import Memory
    from linocut.wasi.guest import Guest
    from linocut.wasi.holdings import Holdings

    Method = TypeVar("Method", bound=Callable[..., int | None])

# Parameter and result types of every function of preview 1, by name.
SIGNATURES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}

_UNSIGNED = {"i32": 0xFFFF_FFFF, "i64": 0xFFFF_FFFF_FFFF_FFFF}


class Noun:
    """Functions about one thing, for one guest: the methods that are marked with `preview1`."""

    def __init__(self, guest: Guest, holdings: Holdings) -> None:
        self._guest = guest
        self._holdings = holdings
        self._table = holdings.table


def preview1(parameters: str, results: str = "i32") -> Callable[[Method], Method]:
    """Marks a method as the function of preview 1 that bears its name."""

    def register(method: Method) -> Method:
        SIGNATURES[method.__name__] = (tuple(parameters.split()), tuple(results.split()))
        return method

    return register


class Function:
    """A function of a process, for guests to import: it works on its caller's memory.

    The engine asks it for the callable that serves a calling instance's memory (core/bind/host_call.hpp). A
    call that comes from no instance is served by `own`.
    """

    def __init__(
        self,
        name: str,
        own: Callable[..., int],
        serving: Callable[[Memory | None], Mapping[str, Callable[..., int]]],
    ) -> None:
        self.__name__ = name
        self._own = own
        self._serving = serving

    def __linocut_for_memory__(self, memory: Memory | None) -> Callable[..., int]:
        return self._serving(memory)[self.__name__]

    def __call__(self, *arguments: int) -> int:  # noqa: D102
        return self._own(*arguments)


def functions(nouns: Iterable[Noun]) -> dict[str, Callable[..., int]]:
    """The functions of these nouns as callables for their guest, by name."""
    return {
        name: _callable(method, name)
        for noun in nouns
        for name in dir(noun)
        if name in SIGNATURES and (method := getattr(noun, name))
    }


def _callable(method: Callable[..., Any], name: str) -> Callable[..., int]:
    """The method for a guest: arguments arrive signed and are passed on unsigned, failures become results."""
    masks = tuple(_UNSIGNED[parameter] for parameter in SIGNATURES[name][0])

    def call(*arguments: int) -> int:
        try:
            return method(*map(and_, arguments, masks)) or errno.SUCCESS
        except errno.Failure as failure:
            return failure.errno
        except Timeout:  # an OSError too, but one for the guest's caller
            raise
        except OSError as error:
            return errno.from_host(error)
        except OverflowError:  # an offset or a time that the host's types cannot hold
            return errno.INVAL

    call.__name__ = call.__qualname__ = name
    return call
