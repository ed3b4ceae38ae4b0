"""V8 in node, with what it still has behind flags."""

from __future__ import annotations

from pathlib import Path

from linocut.engines.checked.engine import Engine
from linocut.engines.checked.worker import worker_engine
from linocut.engines.node import node, node_version
from linocut.engines.process import ProcessError, execute

_WORKER = Path(__file__).resolve().parents[1] / "workers" / "node_check.js"
# Those of them that this node knows are given. Custom descriptors are not: they are an older draft.
_FLAGS = (
    "--experimental-wasm-exnref",
    "--experimental-wasm-legacy-eh",
    "--experimental-wasm-memory64",
    "--experimental-wasm-multi-memory",
)


def find(_signal: str, _entry: str) -> Engine:
    """As PyPI has it, or the one that LINOCUT_NODE or PATH names."""
    path = node()
    return worker_engine("node", node_version(path), (path, *_known_flags(path), str(_WORKER)))


def _known_flags(path: str) -> list[str]:
    try:
        options = execute([path, "--v8-options"], timeout=60).output
    except ProcessError:
        return []
    return [flag for flag in _FLAGS if f"{flag} " in options]
