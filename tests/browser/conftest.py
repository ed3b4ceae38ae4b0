"""A real browser for the tests of this folder, and its tabs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="browser tests need linocut[test]: playwright")
pytest.importorskip("capstone", reason="pages need linocut[inspect]")

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FETCHED = Path(sys.prefix) / "browser" / "chromium"  # _build/browser.py puts it there
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# In a container, a browser has neither a user of its own nor a GPU; it is to ask the network for nothing.
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-component-update --disable-sync "
    "--disable-background-networking"
).split()


def find_browser() -> str | None:
    """The browser of $LINOCUT_BROWSER, else one that is installed, else the one that `make` fetched."""
    given = os.environ.get("LINOCUT_BROWSER")
    if given:
        return given
    installed = next(filter(None, map(shutil.which, NAMES)), None)
    return installed or (str(FETCHED) if FETCHED.exists() else None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.skip("no browser: install chromium, set LINOCUT_BROWSER, or run `make browser`")
    with playwright.sync_playwright() as driver:
        try:
            found = driver.chromium.launch(executable_path=path, args=ARGUMENTS, env=environment_for(path))
            found.new_page().close()
        except playwright.Error as error:
            pytest.skip(f"{path} does not show a page here: {first_line(error)}")
        yield found
        found.close()


def environment_for(path: str) -> dict[str, str] | None:
    """The fetched browser brings libraries and a font that a machine without a desktop lacks."""
    if path != str(FETCHED):
        return None
    brought = {
        "LD_LIBRARY_PATH": str(FETCHED.parent / "lib"),
        "FONTCONFIG_FILE": str(FETCHED.parent / "fonts.conf"),
    }
    return os.environ | brought


def first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab; a message in its console, an uncaught exception or a dialog fails the test."""
    said: list[str] = []
    tab = browser.new_page(viewport={"width": 1400, "height": 860})
    tab.set_default_timeout(60_000)
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    yield tab
    tab.close()
    assert said == []
