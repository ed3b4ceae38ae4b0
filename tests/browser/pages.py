"""Pages to look at, and functions that look at them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import linocut
from linocut.inspecting.overview import module_view
from linocut.inspecting.page.html import page_html
from linocut.inspecting.page.pack import Packer
from linocut.inspecting.view import function_view

if TYPE_CHECKING:
    from playwright.sync_api import Page

Document = dict[str, Any]

TEXT = """(module
  (func $fib (export "fib") (param $n i32) (result i32)
    (if (result i32) (i32.lt_s (local.get $n) (i32.const 2))
      (then (local.get $n))
      (else (i32.add (call $fib (i32.sub (local.get $n) (i32.const 1)))
                     (call $fib (i32.sub (local.get $n) (i32.const 2)))))))
  (func $mean (export "mean") (param $sum i32) (param $count i32) (result i32)
    (i32.div_s (local.get $sum) (local.get $count)))
  (func $zero (result f64) (f64.const 0.5)))
"""


def views_of(text: str) -> tuple[Document, list[Document]]:
    """The documents of the module and of its functions, beside the code of an invented engine."""
    module = linocut.load(text)
    document = module_view(module, "test.wat")
    views = [function_view(module, f["function"]) for f in document["functions"]]
    document["against"] = "liftoff"
    for function, view in zip(document["functions"], views, strict=True):
        view["against"] = mirrored(view)
        function["against_bytes"] = view["against"]["code_bytes"]
    return document, views


def mirrored(view: Document) -> Document:
    """Another engine's code: ours with a `nop` before each piece, and a piece that pairs with none."""
    pieces = [{"ours": [], "code": [nop()]}]
    for section in view["sections"]:
        for piece in section["pieces"]:
            if piece["code"]:
                lines = [foreign(line) for line in piece["code"]]
                pieces.append({"ours": [piece["number"]], "code": [nop(), *lines]})
    lines = [line for piece in pieces for line in piece["code"]]
    size = sum(len(line["bytes"]) // 2 for line in lines)
    facts = {"engine": "liftoff", "version": "made up", "aligned": "order", "why": "It is made up."}
    return {**facts, "code_bytes": size, "instructions": len(lines), "pieces": pieces}


def nop() -> Document:
    return {"offset": 0, "bytes": "90", "text": "nop", "comment": None, "wasm": None, "marks": []}


def foreign(line: Document) -> Document:
    kept = {key: line[key] for key in ("offset", "bytes", "text", "comment", "marks")}
    return {**kept, "wasm": None}


def write(path: Path, document: Document, views: list[Document]) -> str:
    """Write the page to a file and return its URL."""
    packer = Packer()
    for view in views:
        packer.add(view)
    path.write_text(page_html(document["file"], {}, packer.blocks(document)))
    return path.as_uri()


def show(page: Page, url: str, function: int | None = None) -> None:
    """Open the page and wait until it shows the function, or the one that it opens by itself."""
    page.goto(url)
    wanted = "body[data-shown]" if function is None else f'body[data-shown="{function}"]'
    page.wait_for_selector(wanted)


def texts(page: Page, selector: str) -> list[str]:
    """The texts of the elements."""
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def row(page: Page, pane: str, text: str) -> Any:
    """The first row of a pane that contains this text."""
    return page.locator(f"#pane-{pane} .row", has_text=text).first


def wait_until(page: Page, condition: str) -> None:
    """Wait until the condition is true. The page's policy forbids what `wait_for_function` does."""
    for _ in range(1200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {condition}")
