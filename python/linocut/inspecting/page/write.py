"""What `linocut inspect --html` writes: which functions a page holds, and with what times."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.engines.code.foreign import NoCodeError
from linocut.inspecting.overview import function_summaries, module_view
from linocut.inspecting.page.html import page_html
from linocut.inspecting.page.pack import Packer
from linocut.inspecting.view import shown_view
from linocut.tooling import Progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linocut import Module
    from linocut.engines.code.foreign import ForeignModule
    from linocut.inspecting.schema import Document

# Machine code, in bytes, of the functions that a page holds unless all are asked for: some ten seconds of
# work and two megabytes of page. Modules of the usual size are far smaller and are held whole.
MOST_CODE = 1 << 19
_GIANT = MOST_CODE // 64  # a few of these would leave no room for others
_NOBODY = Progress()
_OVERHEAD = 200  # bytes of machine code that take as long as a function does however small it is


def write_page(
    module: Module,
    name: str,
    out: Path,
    *,
    against: ForeignModule | None = None,
    absent: str | None = None,
    everything: bool = False,
    profile: Path | None = None,
    progress: Progress = _NOBODY,
) -> str:
    """Write a module's page; the result says what it holds.

    `absent` is why there is no engine. Raises OSError, or ValueError for a file that is no profile.
    """
    times = _read_times(profile) if profile else {}
    try:
        document = module_view(module, name, against) | {"absent": absent}
    except NoCodeError as error:
        document, against = module_view(module, name) | {"absent": str(error)}, None
    functions: list[Document] = document["functions"]
    _add_times(functions, times)
    chosen = functions if everything else _first(functions)
    packer = Packer()
    for view in _views(module, chosen, against, progress):
        packer.add(view)
    out.write_text(page_html(name, {}, packer.blocks(document)), encoding="utf-8")
    return f"{out}: {_held(chosen, functions)}, {out.stat().st_size:,} bytes"


def write_function(
    module: Module,
    name: str,
    out: Path,
    function: int,
    against: ForeignModule | None = None,
    absent: str | None = None,
) -> str:
    """Write the page of one function; the result says so."""
    page = function_page(module, {"absent": absent} | shown_view(module, function, against), name)
    out.write_text(page, encoding="utf-8")
    return f"{out}: function {function}, {out.stat().st_size:,} bytes"


def function_page(module: Module, view: Document, name: str = "module") -> str:
    """The page of one function, given by its document."""
    document, against = module_view(module, name), view["against"]
    own = [f for f in document["functions"] if f["function"] == view["function"]]
    if against:
        document["against"] = against["engine"]
        own[0]["against_bytes"] = against["code_bytes"]
    sizes = {key: own[0][key] for key in ("wasm_bytes", "code_bytes")}
    packer = Packer()
    packer.add(view)
    return page_html(name, {}, packer.blocks(document | sizes | {"functions": own}))


def _first(functions: Sequence[Document]) -> list[Document]:
    """As many as MOST_CODE has room for, at least one.

    Those that take the most time come first, then the largest, at the end the giants.
    """
    chosen: list[Document] = []
    room = MOST_CODE
    for function in sorted(functions, key=_rank):
        cost = function["code_bytes"] + _OVERHEAD
        if not chosen or cost <= room:
            chosen.append(function)
            room -= cost
    return chosen


def _rank(function: Document) -> tuple[float, bool, int]:
    size: int = function["code_bytes"]
    return -function.get("seconds", 0.0), size > _GIANT, -size


def _views(
    module: Module, chosen: Sequence[Document], against: ForeignModule | None, progress: Progress
) -> Iterable[Document]:
    if against:
        by_index = {entry.function: entry for entry in function_summaries(module)}
        against.announce(by_index[function["function"]] for function in chosen)
    for number, function in enumerate(chosen, 1):
        progress.say(f"{number}/{len(chosen)} functions")
        yield shown_view(module, function["function"], against)
    progress.clear()


def _held(chosen: Sequence[Document], functions: Sequence[Document]) -> str:
    if len(chosen) == len(functions):
        return f"{len(functions)} function{'s' * (len(functions) != 1)}"
    return f"all {len(functions):,} functions listed, {len(chosen):,} can be opened (--all: all of them)"


def _read_times(profile: Path) -> dict[str, float]:
    """Seconds by index, name or export."""
    try:
        read = json.loads(profile.read_text(encoding="utf-8"))
        return {name: float(seconds) for name, seconds in read.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"{profile} is not JSON of {{function: seconds}}: {error}") from None


def _add_times(functions: Iterable[Document], times: dict[str, float]) -> None:
    for function in functions:
        names = [str(function["function"]), function["name"], *function["exports"]]
        found = [times[name] for name in names if name in times]
        if found:
            function["seconds"] = found[0]
