"""The PEP 517 backend: scikit-build-core, plus two things it cannot know.

It says what a machine lacks before anything is downloaded, in one line that pip shows, and it asks for the
stencil toolchain only when the generated tables are stale (from an sdist they never are).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import preflight
import tables
from scikit_build_core import build as _skbuild
from scikit_build_core.build import (
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

Settings = dict[str, Any] | None

if complaint := preflight.unsupported_platform():
    raise SystemExit(complaint)


def _refuse_early() -> None:
    """Whoever calls a hook shows what it prints, and the last line best."""
    if complaint := preflight.complaint_about_wheel(Path.cwd()):
        raise SystemExit(complaint)


def _stencil_requires() -> list[str]:
    return [] if tables.are_fresh() else tables.requirements()


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """scikit-build-core's wishes, and the stencil toolchain if it will be run."""
    _refuse_early()
    return [*_skbuild.get_requires_for_build_wheel(config_settings), *_stencil_requires()]


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    """The same as for a wheel."""
    _refuse_early()
    return [*_skbuild.get_requires_for_build_editable(config_settings), *_stencil_requires()]


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    """An sdist carries the tables, so it must be able to make them."""
    return [*_skbuild.get_requires_for_build_sdist(config_settings), *_stencil_requires()]


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """scikit-build-core's; its requirements may have been there already (`--no-build-isolation`)."""
    _refuse_early()
    name: str = _skbuild.build_wheel(wheel_directory, config_settings, metadata_directory)
    return name


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """The same as for a wheel."""
    _refuse_early()
    name: str = _skbuild.build_editable(wheel_directory, config_settings, metadata_directory)
    return name


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """Make the tables, then the archive with them inside."""
    tables.refresh()
    name: str = _skbuild.build_sdist(sdist_directory, config_settings)
    return name
