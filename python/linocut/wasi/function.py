"""A WASI function: a method with a wasm signature, made callable by a guest that may pass anything."""

from __future__ import annotations

from operator import and_

from linocut.errors import Timeout
from linocut.wasi import errno

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Method = TypeVar("Method", bound=Callable[..., int | None])

# Of every function of preview 1: parameter and result types, by name.
SIGNATURES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}

_UNSIGNED = {"i32": 0xFFFF_FFFF, "i64": 0xFFFF_FFFF_FFFF_FFFF}


def preview1(parameters: str, results: str = "i32") -> Callable[[Method], Method]:
    """Marks a method as the function of preview 1 that bears its name."""

    def register(method: Method) -> Method:
        SIGNATURES[method.__name__] = (tuple(parameters.split()), tuple(results.split()))
        return method

    return register


def functions(noun: object) -> dict[str, Callable[..., int]]:
    """The marked methods of `noun`, ready to be imported by a guest."""
    return {name: _callable(getattr(noun, name), name) for name in vars(type(noun)) if name in SIGNATURES}


def _callable(method: Callable[..., Any], name: str) -> Callable[..., int]:
    """Arguments arrive signed, as wasm integers do, and are handed on unsigned; failures become results."""
    masks = tuple(_UNSIGNED[parameter] for parameter in SIGNATURES[name][0])

    def call(*arguments: int) -> int:
        try:
            return method(*map(and_, arguments, masks)) or errno.SUCCESS
        except errno.Failure as failure:
            return failure.errno
        except Timeout:  # is an OSError, but one for the caller of the guest
            raise
        except OSError as error:
            return errno.from_host(error)
        except OverflowError:  # an offset or a time that the host's types cannot hold
            return errno.INVAL

    call.__name__ = call.__qualname__ = name
    return call
