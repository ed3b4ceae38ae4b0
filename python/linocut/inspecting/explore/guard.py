"""Who may ask: pages of this very server, opened on this machine.

Any website can make a browser send requests to 127.0.0.1. What it cannot do is hide where it comes from
(Origin, Sec-Fetch-Site), name our host where a rebound DNS name led here (Host), or know the token.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message

TOKEN_HEADER = "X-Linocut-Token"
_NAMES = ("127.0.0.1", "localhost")


def refusal(headers: Message, port: int) -> str | None:
    """Why no request with these headers is answered; None when it may be."""
    hosts = [f"{name}:{port}" for name in _NAMES]
    if headers.get("Host") not in hosts:
        return "foreign Host"
    origin = headers.get("Origin")
    if origin is not None and origin not in [f"http://{host}" for host in hosts]:
        return "foreign Origin"
    if headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return "foreign site"
    return None


def has_token(headers: Message, token: str) -> bool:
    """Whether the request comes from a page that this server wrote."""
    return hmac.compare_digest(headers.get(TOKEN_HEADER, "").encode(), token.encode())
