"""A module with 50,000 functions: the page makes no elements that are not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.inspecting.overview import module_view
from linocut.inspecting.view import function_view
from pages import show, texts, wait_until, write

if TYPE_CHECKING:
    from playwright.sync_api import Page

COUNT = 50_000
# The number of elements is checked rather than the time; a screen holds some dozens of entries.
ELEMENTS = 2000
STEPS = 60
PER_STEP = 200

SCROLL = """([selector, steps]) => new Promise((done) => {
  const scroller = document.querySelector(selector);
  const step = (scroller.scrollHeight - scroller.clientHeight) / steps;
  let made = 0, left = steps;
  new MutationObserver((records) => { for (const r of records) made += r.addedNodes.length; })
    .observe(document.body, { childList: true, subtree: true });
  const frame = () => {
    if (left-- === 0) return done(made);
    scroller.scrollTop += step;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    # One type, COUNT functions, one body: (local.get 0) (i32.const n) (i32.add).
    def leb(n: int) -> bytes:
        out = bytearray()
        while n > 127:
            out.append(n & 127 | 128)
            n >>= 7
        return bytes([*out, n])

    def section(number: int, content: bytes) -> bytes:
        return bytes([number]) + leb(len(content)) + content

    bodies = b"".join(b"\7\0\x20\0\x41" + bytes([n % 64]) + b"\x6a\x0b" for n in range(COUNT))
    wasm = b"\0asm\1\0\0\0" + section(1, b"\1\x60\1\x7f\1\x7f") + section(3, leb(COUNT) + bytes(COUNT))
    module = linocut.load(wasm + section(10, leb(COUNT) + bodies))
    views = [function_view(module, n) for n in range(0, COUNT, COUNT // 200)]
    return write(tmp_path_factory.mktemp("large") / "page.html", module_view(module, "large.wasm"), views)


def test_opening_makes_what_is_seen(page: Page, url: str) -> None:
    show(page, url)
    assert page.inner_text("#found") == "50,000 functions"
    assert page.locator(".entry").count() < 100
    assert page.locator("*").count() < ELEMENTS


def test_scrolling_makes_what_is_seen(page: Page, url: str) -> None:
    show(page, url)
    made = page.evaluate(SCROLL, ["#functions", STEPS])
    assert 0 < made < STEPS * PER_STEP
    page.select_option("#sort", "index")
    page.evaluate("document.querySelector('#functions').scrollTop = 1e9")
    wait_until(page, "document.querySelector('#functions').innerText.includes('function 49999')")


def test_searches_and_sorts(page: Page, url: str) -> None:
    show(page, url)
    page.fill("#search", "49999")
    assert texts(page, ".entry-name") == ["function 49999"]
