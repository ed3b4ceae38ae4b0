"""A .wast script as a sequence of commands (the script grammar of the reference interpreter)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import commands as c
from . import sexpr
from .values import parse_pattern, parse_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from .sexpr import Node


class ScriptError(ValueError):
    """A script that cannot be read; `.line` is where."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


_FIELDS = frozenset(
    ["type", "rec", "import", "func", "table", "memory", "global", "export", "start", "elem", "data", "tag"]
)


def read_script(text: str, line: int = 1) -> Iterator[c.Command]:
    """The commands of a script whose first line counts as `line`, read as they are asked for.

    >>> [type(command).__name__ for command in read_script('(module) (assert_return (invoke "f"))')]
    ['Module', 'AssertReturn']
    """
    counted = 0
    try:
        for start, end in sexpr.cut(text):
            line += text.count("\n", counted, start)
            counted = start
            if _head(text, start)[0] in _FIELDS:  # §6.6.1: fields alone are a module without its parentheses
                yield c.Module(line, None, c.ModuleText(f"(module {text[start:]}\n)"))
                return
            yield _command(text[start:end], line)
    except sexpr.FormError as fault:
        raise ScriptError(str(fault), line + text.count("\n", counted, fault.offset)) from None
    except (ValueError, LookupError, TypeError) as error:
        raise error if isinstance(error, ScriptError) else ScriptError(str(error), line) from error


def _head(text: str, start: int) -> tuple[str, int]:
    """The word that a form begins with, and where it ends."""
    word, _, end = sexpr.next_word(text, start + 1)
    return word, end


def _command(text: str, line: int) -> c.Command:
    head, end = _head(text, 0)
    if head == "module":
        return _module(text, end, line)
    if head == "thread":
        return _thread(text, end, line)
    if head in _ON_SOURCE and (inner := _inner_module(text, end)) is not None:
        source, rest = inner
        return _ON_SOURCE[head](line, source, _text(sexpr.read(rest)[0]))
    if head not in _READERS:
        raise ScriptError(f"unknown command {head!r}", line)
    form = sexpr.read(text)[0]
    assert isinstance(form, list)
    return _READERS[head](line, form)


def _module(text: str, end: int, line: int) -> c.Module | c.Instance:
    word, start, end_of_word = sexpr.next_word(text, end)
    if word == "instance":
        names = [_text(node) for node in sexpr.read(text[end_of_word:-1])]
        return c.Instance(line, names[0] if names else None, names[1] if len(names) > 1 else None)
    definition = word == "definition"
    if definition:  # a keyword of scripts, which parsers of modules do not know
        text = text[:start] + text[end_of_word:]
    name, source = _name_and_source(text, end)
    return c.Module(line, name, source, definition)


def _name_and_source(text: str, position: int) -> tuple[str | None, c.Source]:
    """The rest of `(module` from `position`: an identifier, then what kind of source it is."""
    name = None
    word, _, end = sexpr.next_word(text, position)
    if word.startswith("$"):
        name = _text(sexpr.read(word)[0])
        word, _, end = sexpr.next_word(text, end)
    if word not in ("binary", "quote"):
        return name, c.ModuleText(text)
    content = b"".join(_bytes(node) for node in sexpr.read(text[end:-1]))
    return name, c.ModuleBinary(content) if word == "binary" else c.ModuleQuote(content)


def _inner_module(text: str, position: int) -> tuple[c.Source, str] | None:
    """The module of `(assert_… (module …) "message")` and what follows; None if it holds no module."""
    start = sexpr.skip_blank(text, position)
    head, end_of_head = _head(text, start)
    if head != "module":
        return None
    end = sexpr.form_end(text, start)
    return _name_and_source(text[start:end], end_of_head - start)[1], text[end:-1]


def _thread(text: str, position: int, line: int) -> c.Thread:
    name, _, end = sexpr.next_word(text, position)
    body = text[:position].count("\n") * "\n" + text[end:-1]
    start = sexpr.skip_blank(body, 0)
    shared: list[Node] = []
    if _head(body, start)[0] == "shared":
        after = sexpr.form_end(body, start)
        shared = sexpr.read(body[start + 1 : after - 1])[1:]
        body = body[:start].count("\n") * "\n" + body[start:after].count("\n") * "\n" + body[after:]
    return c.Thread(line, name, tuple(_shared(form) for form in shared), tuple(read_script(body, line)))


def _shared(form: Node) -> str:
    if not isinstance(form, list) or len(form) != 2 or form[0] != "module":
        raise ValueError(f"expected (module $name), found {form!r}")
    return _text(form[1])


def _text(node: Node) -> str:
    """A string or an identifier as text. Names are UTF-8 (§5.2.4); messages always are."""
    if isinstance(node, list):
        raise ValueError(f"expected a string or an identifier, found a form: {node!r}")
    return node.decode() if isinstance(node, bytes) else node


def _bytes(node: Node) -> bytes:
    if not isinstance(node, bytes):
        raise ValueError(f"expected a string, found {node!r}")
    return node


def _action(line: int, form: Node) -> c.Action:
    if not isinstance(form, list) or len(form) < 2 or form[0] not in ("invoke", "get"):
        raise ValueError(f"expected (invoke …) or (get …), found {form!r}")
    kind, *rest = form
    module = _text(rest.pop(0)) if isinstance(rest[0], str) else None
    field = _bytes(rest[0]).decode()
    if kind == "get":
        return c.Get(line, module, field)
    return c.Invoke(line, module, field, tuple(parse_value(value) for value in rest[1:]))


def _register(line: int, form: list[Node]) -> c.Register:
    return c.Register(line, _text(form[1]), _text(form[2]) if len(form) > 2 else None)


def _assert_return(line: int, form: list[Node]) -> c.AssertReturn:
    return c.AssertReturn(line, _action(line, form[1]), tuple(parse_pattern(result) for result in form[2:]))


_ON_SOURCE: dict[str, Callable[[int, c.Source, str], c.Command]] = {
    "assert_trap": c.AssertTrap,
    "assert_invalid": c.AssertInvalid,
    "assert_malformed": c.AssertMalformed,
    "assert_unlinkable": c.AssertUnlinkable,
    "assert_invalid_custom": lambda line, source, message: c.AssertInvalid(line, source, message, True),
    "assert_malformed_custom": lambda line, source, message: c.AssertMalformed(line, source, message, True),
}
_READERS: dict[str, Callable[[int, list[Node]], c.Command]] = {
    "register": _register,
    "invoke": _action,
    "get": _action,
    "assert_return": _assert_return,
    "assert_trap": lambda line, form: c.AssertTrap(line, _action(line, form[1]), _text(form[2])),
    "assert_exhaustion": lambda line, form: c.AssertExhaustion(line, _action(line, form[1]), _text(form[2])),
    "assert_exception": lambda line, form: c.AssertException(line, _action(line, form[1])),
    "wait": lambda line, form: c.Wait(line, _text(form[1])),
}


def script_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The .wast files that the paths name, folders searched through, in a stable order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.wast"))
        else:
            yield path
