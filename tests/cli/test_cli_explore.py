"""`linocut explore` without a browser: whom the server answers, and that nothing can stop it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from linocut.cli.explore import main
from linocut.inspecting.explore import worker
from linocut.inspecting.explore.guard import TOKEN_HEADER
from linocut.inspecting.explore.library import Library
from linocut.inspecting.explore.server import LARGEST_BODY, Server
from linocut.inspecting.explore.worker import Request
from linocut.inspecting.explore.workers import Worker

pytest.importorskip("capstone", reason="disassembly needs linocut[inspect]")
pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")

TEXT = '(module (func $answer (export "answer") (result i32) (i32.const 42)))'


@dataclass
class Client:
    """Sends requests, with the token unless a test says otherwise."""

    server: Server
    module: str

    def send(
        self, method: str, path: str, body: bytes | None = None, token: bool = True, **headers: str
    ) -> tuple[HTTPResponse, Any]:
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        extra = {TOKEN_HEADER: self.server.token} if token else {}
        connection.request(method, path, body, extra | {k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        is_json = response.headers["Content-Type"] == "application/json"
        return response, json.loads(content) if is_json else content.decode()


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    library = Library()
    module = library.add("answer.wat", TEXT.encode())["module"]
    with Server(library, "answer.wat") as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Client(server, module)
        server.shutdown()
    library.close()


def test_listens_on_loopback_only(client: Client) -> None:
    assert client.server.socket.getsockname()[0] == "127.0.0.1"


@pytest.mark.compiled
def test_documents(client: Client) -> None:
    _, page = client.send("GET", "/", token=False)
    assert client.server.token in page
    _, module = client.send("GET", f"/api/{client.module}/module")
    assert [f["name"] for f in module["functions"]] == ["answer"]
    _, function = client.send("GET", f"/api/{client.module}/function/0")
    assert function["function"] == 0
    assert client.send("GET", f"/api/{client.module}/text")[1] == {"text": TEXT}
    assert client.send("GET", f"/api/{client.module}/sizes")[1] == {"state": "none", "sizes": {}}


def test_every_answer_has_the_headers_that_keep_it_safe(client: Client) -> None:
    for path in ("/", "/nothing", f"/api/{client.module}/module"):
        response, _ = client.send("GET", path)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},  # without the port
        {"Host": "127.0.0.1:1"},
        {"Host": "localhost.evil.example:{port}"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_foreign_requests_are_refused(client: Client, method: str, headers: dict[str, str]) -> None:
    sent = {name: value.format(port=client.server.port) for name, value in headers.items()}
    path = "/" if method == "GET" else "/api/compile"
    response, said = client.send(method, path, b"(module)" if method == "POST" else None, **sent)
    assert response.status == 403
    assert said["error"].startswith("foreign")


def test_own_requests_are_answered(client: Client) -> None:
    host = f"localhost:{client.server.port}"
    response, _ = client.send("GET", "/", Host=host, Origin=f"http://{host}", Sec_Fetch_Site="same-origin")
    assert response.status == 200


def test_documents_and_compiling_need_the_token(client: Client) -> None:
    assert client.send("POST", "/api/compile", b"(module)", token=False)[0].status == 403
    assert client.send("GET", f"/api/{client.module}/module", token=False)[0].status == 403
    assert client.send("GET", "/api/0/module", token=False)[0].status == 403


def test_compiling(client: Client) -> None:
    _, answer = client.send("POST", "/api/compile", b"(module (func) (func))")
    _, module = client.send("GET", f"/api/{answer['module']}/module")
    assert len(module["functions"]) == 2
    _, answer = client.send("POST", "/api/compile", b"(module\n (func i32.ad))")
    assert answer["line"] == 2
    assert answer["column"] == 8
    _, answer = client.send("POST", "/api/compile", b"(module (func (result i32)))")
    assert "line" not in answer
    assert answer["error"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/../../etc/passwd", 404),
        ("/api/0123456789abcdef/module", 404),
        ("/api/{module}/function/1", 422),
        ("/api/{module}/function/99999999999999999999", 422),
        ("/api/{module}/function/-1", 422),
        ("/api/{module}/nothing", 422),
        ("/api/{module}", 422),
        ("/api/", 404),
    ],
)
def test_bad_paths(client: Client, path: str, status: int) -> None:
    response, said = client.send("GET", path.format(module=client.module))
    assert response.status == status
    assert said["error"]


def test_large_bodies_are_not_read(client: Client) -> None:
    response, _ = client.send("POST", "/api/compile", b"", Content_Length=str(LARGEST_BODY + 1))
    assert response.status == 413
    assert client.send("POST", "/api/compile", b"", Content_Length="-1")[0].status == 411


@pytest.mark.parametrize(
    "request_",
    [
        b"\0\xff\x16\x03\n\r\n",
        b"GET\r\n\r\n",
        b"BREW / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 70000,
    ],
)
def test_survives_nonsense(client: Client, request_: bytes) -> None:
    with socket.create_connection(("127.0.0.1", client.server.port), timeout=60) as connection:
        connection.sendall(request_)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 16):
            pass
    assert client.send("GET", "/")[0].status == 200


def test_what_takes_too_long_is_ended() -> None:
    worker_ = Worker(timeout=60)
    assert "functions" in ask(worker_, b"(module)")
    process = worker_._process
    assert process
    process.kill()
    process.wait()
    assert "functions" in ask(worker_, b"(module)")  # by a new process
    worker_._timeout = 0
    assert worker_.ask(Request(do="module", path="/", name="", engine=None)).keys() == {"error"}
    worker_.close()


def ask(worker_: Worker, text: bytes) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile(suffix=".wat") as file:
        file.write(text)
        file.flush()
        return worker_.ask(Request(do="module", path=file.name, name="m.wat", engine=None))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_command_serves_until_it_is_ended_and_leaves_nothing(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    path, folder = tmp_path / "answer.wat", tmp_path / "temporary"
    path.write_text(TEXT)
    folder.mkdir()
    command = [sys.executable, "-m", "linocut.cli", "explore", str(path), "--no-open"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"TMPDIR": str(folder)},
    ) as process:  # fmt: skip
        assert process.stdout
        line = process.stdout.readline()
        port = int(re.findall(r"http://127\.0\.0\.1:(\d+)/", line)[0])
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/")
        assert b"answer.wat" in connection.getresponse().read()
        connection.close()
        assert list(folder.iterdir())
        process.send_signal(number)
        assert process.wait(timeout=60) == code
        assert not list(folder.iterdir())
        assert process.stderr
        assert process.stderr.read() == ""


@pytest.mark.parametrize("content", ["(module (func i32.ad))", None])
def test_command_says_what_it_cannot_show(
    tmp_path: Path, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "module.wat"
    if content is not None:
        path.write_text(content)
    assert main([str(path), "--no-open"]) == 2
    assert capsys.readouterr().err.startswith("linocut explore: ")


@pytest.mark.compiled
def test_an_engine_that_is_not_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LINOCUT_NODE", "/no/such/node")
    path = tmp_path / "answer.wat"
    path.write_text(TEXT)
    assert main([str(path), "--no-open", "--against", "turbofan"]) == 2
    assert capsys.readouterr().err.startswith("linocut explore: turbofan needs node")
    library = Library("liftoff")  # the default: that it is missing is no error
    answer = library.add("answer.wat", TEXT.encode())
    shown = library.find(answer["module"])
    assert shown
    assert answer["absent"].startswith("liftoff needs node")
    assert json.loads(shown.document)["absent"] == answer["absent"]
    assert library.function(shown, 0)["against"] is None
    library.close()


def test_worker_never_raises() -> None:
    request = Request(do="module", path="/nothing.wat", name="nothing.wat", engine="none")
    assert "nothing.wat" in worker.answer(request)["error"]


class Sizes:
    """Another engine that knows two functions."""

    name = "liftoff"

    def sizes(self) -> dict[int, int]:
        return {0: 100, 1: 7}


def test_sizes_of_the_other_engine_are_asked_for_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_open", lambda engine, path: (Sizes(), None))
    library = Library("liftoff")
    asked = threading.Event()

    class Slow:
        def ask(self, request: Request) -> dict[str, Any]:
            asked.wait(30)
            return worker.answer(request)

        def close(self) -> None:
            pass

    monkeypatch.setattr(library, "_sizer", Slow())
    key = library.add("answer.wat", TEXT.encode())["module"]
    shown = library.find(key)
    assert shown
    assert json.loads(shown.document)["against"] == "liftoff"
    assert library.sizes(key, shown) == {"state": "working", "sizes": {}}
    asked.set()
    for _ in range(600):
        answer = library.sizes(key, shown)
        if answer["state"] != "working":
            break
        threading.Event().wait(0.05)
    assert answer == {"state": "done", "sizes": {0: 100, 1: 7}}
    library.close()
