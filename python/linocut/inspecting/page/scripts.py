"""The page's scripts, joined into one: a browser can import nothing from within a single file."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "js"
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./([\w-]+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) (\w+))", re.MULTILINE)
_MAIN = "app"


@cache
def joined_scripts() -> str:
    """All that the main script imports, each once and before those that need it, then the main script.

    Each becomes a function that returns what it exports, so that its other names stay its own.
    """
    return "const modules = {};\n" + "".join(_wrapped(name) for name in _in_order(_MAIN, {}))


def _in_order(name: str, seen: dict[str, None]) -> dict[str, None]:
    for _, needed in _IMPORT.findall(_read(name)):
        if needed not in seen:
            _in_order(needed, seen)
    seen[name] = None
    return seen


def _wrapped(name: str) -> str:
    text = _IMPORT.sub(r"const \1 = modules.\2;", _read(name))
    exports = ", ".join(_EXPORT.findall(text))
    return f"modules.{name} = (() => {{\n{_EXPORT.sub('', text)}return {{ {exports} }};\n}})();\n"


def _read(name: str) -> str:
    return (_FOLDER / f"{name}.js").read_text(encoding="utf-8")
