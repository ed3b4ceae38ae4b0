"""`inspect`: what linocut made of a function, to look at in a notebook or to print."""

from __future__ import annotations

from linocut import extras

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from linocut.module import Module

__all__ = ["Inspection", "inspect"]

_HEIGHT = 560  # pixels of the frame in a notebook
_WIDTH = 160  # characters of columns beside each other


def inspect(module: Module, function: int | str, *, against: str | None = None) -> Inspection:
    """A function of the module: its WebAssembly, its machine code, and what another engine makes of it.

    `function` is an index, an export or a name. `against` is ``"liftoff"``, ``"turbofan"``,
    ``"cranelift"`` or ``"winch"``. A notebook shows the page of ``linocut inspect --html``;
    `print` gives the text of ``linocut inspect``. Needs the extra ``linocut[inspect]``, with
    `against` ``linocut[explore]``.

    Raises LookupError when the module defines no such function, MissingExtraError when the extra is not
    installed.

    >>> import linocut
    >>> module = linocut.load('(module (func (export "twice") (param i64) (result i64)'
    ...                       '  local.get 0 i64.const 1 i64.shl))')
    >>> twice = linocut.inspect(module, "twice")
    >>> twice
    <linocut.Inspection of function 0 'twice': 13 bytes>
    >>> twice.document["type"]
    {'params': ('i64',), 'results': ('i64',)}
    """
    try:
        return Inspection(module, _document(module, str(function), against))
    except ModuleNotFoundError as error:
        raise extras.named(error) from None


def _document(module: Module, function: str, against: str | None) -> dict[str, Any]:
    # Here, since they need capstone, which `inspect` says where it is missing.
    from linocut.inspecting.overview import find_function
    from linocut.inspecting.view import function_view

    engine = None
    if against is not None:
        from linocut.inspecting.other_engine import open_code

        engine = open_code(against, module._wasm)
    return function_view(module, find_function(module, function), engine)


class Inspection:
    """One function as `inspect` found it."""

    __slots__ = ("_module", "document")
    __module__ = "linocut"

    def __init__(self, module: Module, document: dict[str, Any]) -> None:
        self._module = module
        self.document = document
        """What `linocut inspect --func --json` prints; its `--help` documents the keys."""

    def __repr__(self) -> str:
        found = self.document
        exported = "".join(f" {name!r}" for name in found["exports"][:1])
        return f"<linocut.Inspection of function {found['function']}{exported}: {found['code_bytes']} bytes>"

    def __str__(self) -> str:
        if self.document["against"]:
            # Here and below for the same reason as in `_document`.
            from linocut.inspecting.panes import Screen
            from linocut.inspecting.side_by_side import beside_lines

            return "\n".join(beside_lines(self.document, Screen(_WIDTH, colour=False)))
        from linocut.inspecting.listing.lines import listing_lines
        from linocut.inspecting.listing.listing import Listing

        return "\n".join(listing_lines(Listing.of(self._module, self.document["function"])))

    def _repr_html_(self) -> str:
        """The page in a frame of its own: its style and scripts reach nothing of the notebook."""
        from html import escape

        from linocut.inspecting.page.write import function_page

        page = function_page(self._module, self.document, self._module.name or "module")
        return (
            f'<iframe srcdoc="{escape(page)}" sandbox="allow-scripts" title="linocut inspect" '
            f'style="width:100%;height:{_HEIGHT}px;border:1px solid #8884"></iframe>'
        )
