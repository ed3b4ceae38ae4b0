"""The raw figures as a JSON file, there and back."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields, is_dataclass
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from linocut.bench.results import SCHEMA, Results

if TYPE_CHECKING:
    from pathlib import Path


def write_json(results: Results, path: Path) -> None:
    """Everything that was measured."""
    path.write_text(as_json(results) + "\n", encoding="utf-8")


def as_json(results: Results) -> str:
    """The text of the file; NaN and infinities become null, because JSON has neither."""
    return json.dumps(_known(asdict(results)), indent=1, ensure_ascii=False, allow_nan=False)


def read_json(path: Path) -> Results:
    """What `write_json` wrote; ValueError says what is wrong with another file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is not JSON: {error}") from None
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise ValueError(f"{path} is no result of `linocut bench` (its schema is not {SCHEMA!r})")
    try:
        results: Results = _build(Results, content, "")
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return results


def _known(value: Any) -> Any:
    """The same with null for every float that is not finite."""
    if isinstance(value, dict):
        return {key: _known(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_known(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _build(kind: Any, value: Any, where: str) -> Any:
    """A value of the type that an annotation names."""
    origin, arguments = get_origin(kind) or kind, get_args(kind)
    if kind is float and (value is None or type(value) in (int, float)):
        return math.nan if value is None else float(value)
    if is_dataclass(origin) and isinstance(value, dict):
        return _object(origin, value, where)
    if origin in (list, tuple) and isinstance(value, list):
        return origin(_build(arguments[0], one, f"{where}[{i}]") for i, one in enumerate(value))
    if origin is dict and isinstance(value, dict):
        return {key: _build(arguments[1], one, f"{where}.{key}") for key, one in value.items()}
    if isinstance(origin, type) and type(value) is origin:
        return value
    raise ValueError(
        f"{where.lstrip('.')} should be {getattr(origin, '__name__', origin)}, but is {value!r:.60}"
    )


def _object(kind: Any, value: dict[str, Any], where: str) -> Any:
    """A dataclass; a field that the file does not have keeps its default."""
    hints = get_type_hints(kind)
    if strange := value.keys() - hints.keys():
        raise ValueError(f"{where.lstrip('.') or 'the file'} has a strange field {min(strange)!r}")
    given = {
        one.name: _build(hints[one.name], value[one.name], f"{where}.{one.name}")
        for one in fields(kind)
        if one.name in value
    }
    try:
        return kind(**given)
    except TypeError as error:
        raise ValueError(f"{where.lstrip('.')}: {error}") from None
