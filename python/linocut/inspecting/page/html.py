"""Template, style, scripts and documents → one HTML text that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import linocut
from linocut.inspecting.page.scripts import joined_scripts

if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE = Path(__file__).parent
SELF, NOBODY = "'self'", "'none'"  # whom a page may ask for data
_STYLES = ("tokens", "frame", "list", "panes", "drawer", "editor", "narrow")  # later ones prevail


def page_html(title: str, head: Mapping[str, Any], blocks: Mapping[str, bytes]) -> str:
    """The page; `head` tells the scripts what it is, `blocks` are packed documents by their names.

    Nothing but its own style and scripts can take effect in it, whatever names and strings a module has:
    a policy lets only these two run, by their digests.
    """
    style, script = style_text(), joined_scripts()
    parts = {
        "policy": policy(SELF if "server" in head else NOBODY),
        "version": linocut.__version__,
        "title": escape(f"{title} · linocut"),
        "style": style,
        "head": json.dumps(head).replace("<", "\\u003c"),
        "data": "\n".join(_block(name, packed) for name, packed in blocks.items()),
        "script": script,
    }
    template = (_HERE / "page.html").read_text(encoding="utf-8")
    before, *rest = template.split("{")
    return before + "".join(_filled(piece, parts) for piece in rest)


def policy(connect: str) -> str:
    """The content security policy; `connect` is SELF or NOBODY."""
    return (
        f"default-src 'none'; script-src {_digest(joined_scripts())}; style-src {_digest(style_text())}; "
        f"img-src data:; connect-src {connect}; base-uri 'none'; form-action 'none'"
    )


@cache
def style_text() -> str:
    """All style sheets, joined."""
    return "".join((_HERE / "css" / f"{name}.css").read_text(encoding="utf-8") for name in _STYLES)


def _filled(piece: str, parts: Mapping[str, str]) -> str:
    """`name}text` with the part of that name."""
    name, _, text = piece.partition("}")
    return parts[name] + text


def _block(name: str, packed: bytes) -> str:
    return f'<script id="{name}" type="text/plain">{base64.b64encode(packed).decode()}</script>'


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
