"""The page that `linocut inspect --html` writes, in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pages import TEXT, row, show, texts, views_of, wait_until, write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    document, views = views_of(TEXT)
    for function, seconds in zip(document["functions"], (0.5, 2.0, 0.001), strict=True):
        function["seconds"] = seconds
    return write(tmp_path_factory.mktemp("page") / "page.html", document, views)


def test_three_panes_show_the_largest_function(page: Page, url: str) -> None:
    show(page, url)
    assert page.inner_text("#title") == "$fib"
    assert "i32.lt_s" in " ".join(texts(page, "#pane-wasm .row"))
    assert any(
        text.startswith("cmp") or " cmp " in text for text in map(flat, texts(page, "#pane-ours .row"))
    )
    assert texts(page, "#pane-ours .row.section") == ["prologue", "body", "epilogue", "cold"]
    assert "nop" in " ".join(texts(page, "#pane-theirs .row"))
    assert page.locator(".bridge").count() > 8


def flat(text: str) -> str:
    return " ".join(text.split())


def test_hovering_lights_the_counterparts_and_their_bridges(page: Page, url: str) -> None:
    show(page, url)
    row(page, "wasm", "i32.add").hover()
    assert [flat(text).split(" ", 1)[1] for text in texts(page, "#pane-wasm .row.lit")] == ["i32.add"]
    (ours,) = texts(page, "#pane-ours .row.lit")
    assert "i32_add" in ours
    theirs = texts(page, "#pane-theirs .row.lit")
    assert len(theirs) == 2
    assert "nop" in theirs[0]
    assert page.locator(".bridge.hot").count() == 2
    assert "1 instruction" in page.inner_text("#strip")
    row(page, "theirs", "nop").hover()  # the piece that pairs with none
    assert texts(page, "#pane-ours .row.lit") == []
    assert page.locator(".bridge.hot").count() == 0


def test_bridges_end_at_the_rows_that_they_join(page: Page, url: str) -> None:
    show(page, url)
    row(page, "wasm", "i32.add").hover()
    bridge = page.locator("#bridges-left .bridge.hot").bounding_box()
    left = page.locator("#pane-wasm .row.lit").bounding_box()
    right = page.locator("#pane-ours .row.lit").bounding_box()
    assert bridge
    assert left
    assert right
    # The box of a path includes half its stroke and the corners.
    assert bridge["y"] == pytest.approx(min(left["y"], right["y"]), abs=4)
    assert bridge["y"] + bridge["height"] == pytest.approx(max(left["y"], right["y"]) + 22, abs=4)


def test_click_pins_and_the_address_says_so(page: Page, url: str) -> None:
    show(page, url)
    row(page, "wasm", "i32.add").click()
    page.mouse.move(5, 5)
    assert page.locator("#pane-ours .row.lit").count() == 1
    address = page.evaluate("location.hash")
    assert address.startswith("#func=0&piece=")
    page.goto("about:blank")
    show(page, url + address, 0)
    page.wait_for_selector("#pane-ours .row.lit")
    assert "i32_add" in page.inner_text("#pane-ours .row.lit")
    page.keyboard.press("Escape")
    assert page.locator(".row.lit").count() == 0


@pytest.mark.parametrize("func", ["1", "mean", "$mean"])
def test_permalink_opens_a_function(page: Page, url: str, func: str) -> None:
    show(page, f"{url}#func={func}", 1)
    assert page.inner_text("#title") == "$mean"
    page.evaluate("location.hash = '#func=zero'")
    page.wait_for_selector('body[data-shown="2"]')


def test_a_permalink_names_the_piece_as_the_document_does(page: Page, url: str) -> None:
    _, views = views_of(TEXT)
    pieces = [piece for section in views[1]["sections"] for piece in section["pieces"]]
    assert [piece["number"] for piece in pieces] == list(range(len(pieces)))
    (division,) = [p for p in pieces if any("div_s" in line["text"] for line in p["wasm"])]
    show(page, f"{url}#func=1&piece={division['number']}", 1)
    assert "i32.div_s" in page.inner_text("#pane-wasm .row.lit")


def test_it_is_said_why_no_other_engine_is_there(page: Page, tmp_path: Path) -> None:
    document, views = views_of(TEXT)
    for view, function in zip(views, document["functions"], strict=True):
        view["against"] = function["against_bytes"] = None
    document |= {"against": None, "absent": "liftoff needs <b>node</b>"}
    show(page, write(tmp_path / "alone.html", document, views))
    assert page.inner_text("#sizes .absent").lower() == "liftoff needs <b>node</b>"
    assert page.is_hidden("#pane-theirs")
    assert texts(page, "#pane-ours .row")


def test_search_finds_and_enter_opens(page: Page, url: str) -> None:
    show(page, url)
    page.keyboard.press("/")
    page.keyboard.type("MEA")
    assert texts(page, ".entry-name") == ["$mean"]
    assert page.inner_text("#found") == "1 of 3 functions"
    page.keyboard.press("Enter")
    page.wait_for_selector('body[data-shown="1"]')
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    assert len(texts(page, ".entry-name")) == 3


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [("index", "$fib", "$zero"), ("name", "$fib", "$zero"), ("size", "$fib", "$zero"),
     ("against", "$zero", "$fib"), ("time", "$mean", "$zero")],
)  # fmt: skip
def test_sorts(page: Page, url: str, sort: str, first: str, last: str) -> None:
    show(page, url)
    page.select_option("#sort", sort)
    names = texts(page, ".entry-name")
    assert (names[0], names[-1]) == (first, last)


def test_keyboard_alone_goes_everywhere(page: Page, url: str) -> None:
    show(page, url)
    page.keyboard.press("j")
    page.wait_for_selector('body[data-shown="1"]')
    page.keyboard.press("k")
    page.wait_for_selector('body[data-shown="0"]')
    for _ in range(4):
        page.keyboard.press("n")
    assert page.locator("#pane-wasm .row.lit").count() == 2  # i32.lt_s and if
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer:not([hidden])")
    assert page.inner_text("#drawer-title").startswith("i32_lt_s")
    assert page.evaluate("document.activeElement.id") == "drawer-close"
    page.keyboard.press("Escape")
    assert page.is_hidden("#drawer")
    page.keyboard.press("?")
    assert "Keys" in page.inner_text("#drawer-title")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    assert page.locator("#pane-ours .byte.hole").first.is_visible()


def test_a_stencil_shows_its_c_and_its_holes(page: Page, url: str) -> None:
    show(page, f"{url}#func=mean", 1)
    page.click('[data-stencil="i32_div_s"] >> nth=0')
    page.wait_for_selector("#drawer:not([hidden])")
    assert page.inner_text("#drawer-title") == "i32_div_s"
    body = page.inner_text("#drawer-body")
    assert "S32(a) / S32(b)" in body
    assert "idiv" in body
    assert page.locator("#drawer .byte.hole").count() >= 8  # two traps


def test_opcodes_of_a_function(page: Page, url: str) -> None:
    show(page, f"{url}#func=fib", 0)
    page.keyboard.press("o")
    names = texts(page, ".opcodes tbody th")
    assert "call" in names
    page.click(".opcodes thead button >> nth=0")
    assert texts(page, ".opcodes tbody th") == sorted(names)
    page.click(".opcodes thead button >> nth=1")
    counts = [int(text) for text in texts(page, ".opcodes tbody td:nth-child(2)")]
    assert counts == sorted(counts, reverse=True)


def test_spills_and_loads_are_marked(page: Page, url: str) -> None:
    show(page, f"{url}#func=fib", 0)
    assert page.locator("#pane-ours .sign.spill").count() == 1
    assert page.locator("#pane-ours .sign.load").count() == 1


def background(page: Page) -> int:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return int(colour.removeprefix("rgb(").split(",")[0])


@pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
def test_themes_follow_the_system_until_the_toggle_is_used(
    page: Page, url: str, scheme: str, is_dark: bool
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    show(page, url)
    assert (background(page) < 64) == is_dark
    page.click("#theme")
    assert (background(page) < 64) != is_dark
    page.reload()
    page.wait_for_selector("body[data-shown]")
    assert (background(page) < 64) != is_dark


CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (colour) => {
    const [r, g, b] = rgb(colour).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const least = {};
  for (const element of document.querySelectorAll("#main span, #main dt, #main dd, #main h1, #main p, #list span")) {
    if (!element.textContent.trim() || !element.offsetParent) continue;
    const ink = light(getComputedStyle(element).color);
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    least[element.className || element.tagName] = Math.min(ratio, least[element.className || element.tagName] ?? 99);
  }
  return least;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_the_paper(page: Page, url: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    show(page, url)
    too_faint = {name: ratio for name, ratio in page.evaluate(CONTRAST).items() if ratio < 4.5}
    assert too_faint == {}


def test_every_control_has_a_name_and_every_pane_a_role(page: Page, url: str) -> None:
    show(page, url)
    for control in page.locator("button:visible, input:visible, select:visible").all():
        assert control.evaluate("(e) => e.ariaLabel || e.textContent.trim()")
    assert page.locator("[role=list]:visible").count() == 3
    assert page.locator("[role=option][aria-selected=true]").count() == 1
    assert page.get_attribute("#functions", "aria-activedescendant") == "function-0"
    assert page.locator("#pane-ours [role=listitem]").first.get_attribute("aria-setsize")


def test_phone_width_makes_tabs_of_the_panes(page: Page, url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    show(page, url)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.is_visible("#pane-ours .row >> nth=0")
    assert page.is_hidden("#pane-wasm")
    page.click("[data-tab=wasm]")
    page.wait_for_selector("#pane-wasm .row >> nth=0")
    assert page.is_hidden("#pane-ours")
    assert page.is_hidden("#list")
    page.click("#show-list")
    page.click(".entry >> nth=1")
    page.wait_for_selector('body[data-shown="1"]')
    assert page.is_hidden("#list")


def test_panes_scroll_together(page: Page, tmp_path: Path) -> None:
    body = "(local.set 0 (i32.mul (i32.div_s (local.get 0) (i32.const 7)) (i32.add (local.get 0) (i32.const 3))))"
    text = f"(module (func (param i32) (result i32) {body * 300} (local.get 0)))"
    page_url = write(tmp_path / "page.html", *views_of(text))
    show(page, page_url)
    page.locator("#pane-ours .scroller").hover()
    page.mouse.wheel(0, 9000)
    wait_until(page, "document.querySelector('#pane-ours .scroller').scrollTop > 8000")
    shares = """['wasm', 'ours', 'theirs'].map((pane) => {
      const s = document.querySelector(`#pane-${pane} .scroller`);
      return s.scrollTop / (s.scrollHeight - s.clientHeight); })"""
    wait_until(
        page, f"(() => {{ const all = {shares}; return Math.max(...all) - Math.min(...all) < 0.05; }})()"
    )
    assert page.locator(".row").count() < 500  # of some 10,000


NASTY = "<script>alert(1)</script>"


def test_names_are_text_and_nothing_else(page: Page, tmp_path: Path) -> None:
    text = """(module
      (import "<img src=x onerror=alert(2)>" "&lt;b&gt;" (func $imported))
      (func (export "\\"><svg onload=alert(3)>") (call $imported))
      (func))"""
    document, views = views_of(text)
    document["file"] = "</script><script>alert(4)</script>.wat"
    document["functions"][0]["name"] = views[0]["name"] = NASTY
    show(page, write(tmp_path / "page.html", document, views))
    assert page.inner_text("#title") == f"${NASTY}"
    assert NASTY in page.inner_text("#functions")
    assert page.inner_text("#file") == document["file"]
    assert "<img src=x onerror=alert(2)>" in page.inner_text("#pane-ours")
    page.keyboard.press("o")
    assert NASTY in page.inner_text("#drawer-title")
    assert page.locator("img, svg[onload]").count() == 0  # besides, the fixture sees no dialog


def test_the_page_asks_the_network_for_nothing(page: Page, url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    show(page, url)
    page.keyboard.press("n")
    assert asked == [url]


def test_what_is_not_in_the_page_is_said(page: Page, tmp_path: Path) -> None:
    document, views = views_of(TEXT)
    show(page, write(tmp_path / "page.html", document, views[:1]))
    page.evaluate("location.hash = '#func=mean'")
    page.wait_for_selector("#notice:not([hidden])")
    assert "linocut inspect test.wat --func 1 --html" in page.inner_text("#notice")


def test_notebook_shows_a_function_in_a_frame(browser: Browser, page: Page, tmp_path: Path) -> None:
    import linocut

    html = linocut.inspect(linocut.load(TEXT), "fib")._repr_html_()
    path = tmp_path / "notebook.html"
    path.write_text(f"<!DOCTYPE html><body><p id=own>text</p>{html}")
    page.goto(path.as_uri())
    before = page.evaluate("getComputedStyle(document.querySelector('#own')).fontFamily")
    frame = page.frame_locator("iframe")
    frame.locator("body[data-shown]").wait_for()
    assert frame.locator("#title").inner_text() == "$fib"
    frame.locator("#pane-ours .row", has_text="i32_add").click()
    assert frame.locator(".bridge.hot").count() == 1
    assert page.evaluate("getComputedStyle(document.querySelector('#own')).fontFamily") == before
