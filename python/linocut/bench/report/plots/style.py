"""How plots look: colours, fonts, markers, and how they are saved for light and dark pages."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from linocut.bench.report import grid
from linocut.bench.report.grid import OURS
from linocut.engines.engine import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from linocut.bench.results import Results

PAPER, INK, MUTED, RULE = "#ffffff", "#1b1f24", "#5b6470", "#dfe3e8"
# Okabe and Ito's palette, which the colour-blind can tell apart.
_KINDS: dict[str, str] = {
    Kind.INTERPRETER: "#56b4e9",
    Kind.COPY_AND_PATCH: "#d55e00",
    Kind.BASELINE: "#0072b2",
    Kind.OPTIMISING: "#009e73",
    Kind.LLVM: "#cc79a7",
    Kind.NATIVE: "#7d8590",
}
_MARKERS = "os^Dvp*X<>"
# What a colour becomes on a dark page; the others are bright enough.
DARK = {
    PAPER: "#14181d",
    INK: "#e6e9ee",
    MUTED: "#9aa5b1",
    RULE: "#2c333c",
    "#0072b2": "#3f9be0",
    "#d55e00": "#f0762b",
    "#009e73": "#1fb98d",
}
STYLE: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9.0,
    "svg.fonttype": "none",
    "svg.hashsalt": "linocut",
    "text.color": INK,
    "axes.facecolor": PAPER,
    "figure.facecolor": PAPER,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "text.parse_math": False,  # names may contain dollars
    "grid.color": RULE,
    "grid.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": INK,
    "xtick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.major.size": 0,
    "ytick.minor.size": 0,
}


def colour(kind: str) -> str:
    """The colour of a class of engines; a user's own are in black."""
    return _KINDS.get(kind, INK)


def looks(results: Results) -> dict[str, tuple[str, str]]:
    """Colour and marker of each engine: the colour says its kind, the marker which of that kind."""
    seen: dict[str, int] = {}
    found = {}
    for engine in grid.present(results):
        number = seen[engine.kind] = seen.get(engine.kind, -1) + 1
        found[engine.name] = (colour(engine.kind), _MARKERS[number % len(_MARKERS)])
    return found


def weight(engine: str) -> str:
    """The weight of an engine's name: ours is bold."""
    return "bold" if engine == OURS else "normal"


def heading(figure: Figure, title: str, subtitle: str = "") -> None:
    """At the upper left; distances in inches, since figures differ in height."""
    width, height = figure.get_size_inches()
    figure.text(0.12 / width, 1 - 0.12 / height, title, size=12, weight="bold", va="top")
    figure.text(0.12 / width, 1 - 0.36 / height, subtitle, size=8.5, color=MUTED, va="top")


def kind_key(figure: Figure, results: Results, engines: Iterable[str]) -> None:
    """A line below the heading that says which colour is which kind."""
    width, height = figure.get_size_inches()
    shown = set(engines)
    kinds = dict.fromkeys(engine.kind for engine in grid.present(results) if engine.name in shown)
    x = 0.12
    for kind in kinds:
        figure.text(x / width, 1 - 0.58 / height, "●", color=colour(kind), size=9, va="top")
        entry = figure.text((x + 0.14) / width, 1 - 0.59 / height, kind, size=8.5, color=MUTED, va="top")
        x += 0.14 + entry.get_window_extent().width / figure.dpi + 0.16


def clean(axes: Axes, along: str = "x") -> None:
    """No frame, a light grid along one axis or both."""
    axes.grid(axis=along)  # type: ignore[arg-type]
    for spine in axes.spines.values():
        spine.set_visible(False)


def save(figure: Figure, folder: Path, name: str, says: str) -> list[Path]:
    """NAME.svg, which follows the reader's light or dark, and NAME.png; `says` is for screen readers."""
    text = io.StringIO()
    nothing = dict.fromkeys(
        ("Date", "Creator", "Format", "Type")
    )  # so that the same figures give the same bytes
    figure.savefig(text, format="svg", metadata=nothing)
    vector, pixels = folder / f"{name}.svg", folder / f"{name}.png"
    vector.write_text(_adapt(text.getvalue(), says), encoding="utf-8")
    figure.savefig(pixels, format="png", dpi=200, metadata={"Software": None})
    return [vector, pixels]


def _adapt(svg: str, says: str) -> str:
    """Adds the dark colours and the description."""
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    opening = f'<svg role="img" aria-label={quoteattr(says)} '
    return svg.replace("<svg ", opening, 1).replace("<defs>", f"<style>{dark_rules()}</style>\n <defs>", 1)


def dark_rules() -> str:
    """CSS that gives drawn shapes and words their colours on a dark page."""
    rules = (
        f'[style*="{what}: {light}"]{{{what}:{dark}!important}}'
        for light, dark in DARK.items()
        for what in ("fill", "stroke")
    )
    return f"@media (prefers-color-scheme:dark){{{''.join(rules)}}}"
