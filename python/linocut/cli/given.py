"""What a command is given: a module's file, or standard input; folders and files to write to."""

from __future__ import annotations

import os
import sys

from linocut.source import read_module_file, to_wasm
from linocut.tooling import ToolError

STDIN = "-"


def read_file(path: str) -> bytes:
    """What is in a module's file; - is standard input. OSError names the file."""
    if path != STDIN:
        with open(path, "rb") as file:
            return read_module_file(file, path)
    try:
        return read_module_file(sys.stdin.buffer, path)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, "standard input") from None


def read_module(path: str) -> bytes:
    """The binary module in a file, which may be text."""
    return to_wasm(read_file(path), path)


def check_file(path: str | os.PathLike[str] | None) -> None:
    """ToolError if a file cannot be written there: before the work is done, not after."""
    if path is None:
        return
    if os.path.isdir(path):
        raise ToolError(f"{os.fspath(path)}: Is a directory")
    if os.path.exists(path):
        _check_access(path, path)
    else:
        folder = os.path.dirname(path) or "."
        if not os.path.isdir(folder):
            raise ToolError(f"{os.fspath(path)}: there is no folder {folder}")
        _check_access(folder, path)


def check_folder(path: str | os.PathLike[str] | None) -> None:
    """ToolError if there can be no such folder, or nothing can be written to it."""
    if path is None:
        return
    there = os.path.abspath(path)
    while not os.path.lexists(there):
        there = os.path.dirname(there)
    if not os.path.isdir(there):
        raise ToolError(f"{os.fspath(path)}: {there} is no folder")
    _check_access(there, path)


def _check_access(there: str | os.PathLike[str], path: str | os.PathLike[str]) -> None:
    if not os.access(there, os.W_OK):
        raise ToolError(f"{os.fspath(path)}: cannot be written")
