"""The server: the page, and the documents that it asks for.

GET  /                          the page
GET  /api/MODULE/module         the module's document; MODULE is an id
GET  /api/MODULE/function/N     a function's document
GET  /api/MODULE/text           {"text": … or null}
GET  /api/MODULE/sizes          how far the other engine's sizes are
POST /api/compile               a text; {"module": id}, or {"error", "line", "column"}
"""

from __future__ import annotations

import json
import secrets
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from linocut.inspecting.explore.guard import has_token, refusal
from linocut.inspecting.page.html import SELF, page_html, policy

if TYPE_CHECKING:
    from linocut.inspecting.explore.library import Library, Shown

ADDRESS = "127.0.0.1"
LARGEST_BODY = 1 << 20  # bytes; a text that somebody edits by hand is far smaller
_JSON = "application/json"
_HEADERS = {
    "Content-Security-Policy": f"{policy(SELF)}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Server(ThreadingHTTPServer):
    """Listens on the loopback interface only; port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, library: Library, name: str, port: int = 0) -> None:
        super().__init__((ADDRESS, port), Handler)
        self.library, self.name = library, name
        self.token = secrets.token_urlsafe(24)
        self.port: int = self.server_address[1]

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{ADDRESS}:{self.port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is no news; a mistake of ours is."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "linocut"
    sys_version = ""
    timeout = 30  # seconds without a byte, after which a connection is closed

    def do_GET(self) -> None:
        """The page or a document."""
        if not self._is_welcome():
            return
        path = self.path.partition("?")[0]
        if path == "/":
            self._page()
        elif path.startswith("/api/"):
            self._document(path.split("/")[2:])
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "no such page")

    def do_POST(self) -> None:
        """Compile a text."""
        # What is not read of a body would be taken for the next request.
        self.close_connection = True
        if not self._is_welcome():
            return
        if self.path != "/api/compile":
            self._refuse(HTTPStatus.NOT_FOUND, "no such page")
        elif not has_token(self.headers, self.server.token):
            self._refuse(HTTPStatus.FORBIDDEN, "no token")
        else:
            self._compile()

    def _is_welcome(self) -> bool:
        reason = refusal(self.headers, self.server.port)
        if reason:
            self._refuse(HTTPStatus.FORBIDDEN, reason)
        return reason is None

    def _page(self) -> None:
        head = {"server": {"token": self.server.token, "module": self.server.library.current}}
        html = page_html(self.server.name, head, {})
        self._send(HTTPStatus.OK, "text/html; charset=utf-8", html.encode("utf-8", "replace"))

    def _document(self, parts: list[str]) -> None:
        key, *what = parts
        shown = self.server.library.find(key)
        if not has_token(self.headers, self.server.token):
            self._refuse(HTTPStatus.FORBIDDEN, "no token")
        elif shown is None:
            self._refuse(HTTPStatus.NOT_FOUND, "this module is no longer known; reload the page")
        elif what == ["module"]:
            self._send(HTTPStatus.OK, _JSON, shown.document)
        else:
            self._answer(self._ask(key, shown, what))

    def _ask(self, key: str, shown: Shown, what: list[str]) -> dict[str, Any]:
        library = self.server.library
        match what:
            case ["function", index] if index.isdecimal() and len(index) < 10:
                return library.function(shown, int(index))
            case ["text"]:
                return {"text": shown.text}
            case ["sizes"]:
                return library.sizes(key, shown)
        return {"error": "no such document"}

    def _compile(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "no Content-Length")
        elif len(length) > 9 or int(length) > LARGEST_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {LARGEST_BODY} bytes of text")
        else:
            body = self.rfile.read(int(length))
            self._json(HTTPStatus.OK, self.server.library.add(self.server.name, body, typed=True))

    def _answer(self, document: dict[str, Any]) -> None:
        failed = "error" in document and "state" not in document
        self._json(HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK, document)

    def _refuse(self, status: HTTPStatus, reason: str) -> None:
        self._json(status, {"error": reason})

    def _json(self, status: HTTPStatus, document: dict[str, Any]) -> None:
        self._send(status, _JSON, json.dumps(document).encode())

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class finds wrong with a request, in our words' form."""
        self.close_connection = True
        self._refuse(HTTPStatus(code), message or HTTPStatus(code).phrase)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the terminal is the user's."""
