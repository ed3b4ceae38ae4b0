"""`linocut bench --list`: what there is, and how to get the rest."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TextIO

from linocut.bench.programs.corpora import CORPORA
from linocut.bench.programs.suites import SUITES, find_sources
from linocut.engines.found import Absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.bench.selection import Selection


def show_list(selection: Selection, stream: TextIO) -> None:
    """Engines, programs and modules, a line each."""
    for line in [*_engines(selection), "", *_programs(), "", *_corpora()]:
        print(line, file=stream)


def _engines(selection: Selection) -> Iterator[str]:
    yield "engines"
    for info in selection.engine_infos():
        if info.absent:
            yield f"  {info.name:12}{info.kind:16}absent: {info.absent}"
        else:
            yield f"  {info.name:12}{info.kind:16}{' '.join(filter(None, (info.version, *info.flags)))}"


def _programs() -> Iterator[str]:
    yield "programs"
    try:
        sources = find_sources(SUITES, "MEDIUM")
    except Absent as absent:
        yield f"  absent: {absent}"
        return
    for suite, members in groupby(sources, lambda source: source.suite):
        yield f"  {suite:12}{' '.join(source.name for source in members)}"


def _corpora() -> Iterator[str]:
    yield "modules, fetched when they are first needed"
    for name, (_, project, version, file) in CORPORA.items():
        yield f"  {name:12}{project} {version}: {file}"
