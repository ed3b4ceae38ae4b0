"""The raw figures are written to a file and read back unchanged."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from linocut.bench.report import read_json, write_json
from linocut.bench.results import SCHEMA, Results
from synthetic_results import synthetic


@pytest.fixture(scope="module")
def run() -> Results:
    """A full run in which much goes wrong; tests must not change it."""
    return synthetic(repeat=3)


def test_there_and_back(run: Results, tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    write_json(run, first)
    again = read_json(first)
    write_json(again, second)
    assert first.read_bytes() == second.read_bytes()
    assert (again.machine, again.engines, again.modules) == (run.machine, run.engines, run.modules)
    assert again.calls == run.calls
    assert again.ablation == run.ablation


def test_what_is_no_number_is_null_in_the_file(run: Results, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    write_json(run, path)
    json.loads(path.read_text(), parse_constant=pytest.fail)
    values = next(
        one.seconds.values
        for one in read_json(path).execution
        if (one.program, one.engine) == ("lu", "winch")
    )
    assert math.isnan(values[0]) and math.isfinite(values[1])


def test_a_field_that_is_missing_keeps_its_default(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"schema": SCHEMA, "start": [{"engine": "linocut"}]}))
    assert read_json(path).start[0].seconds.values == []


@pytest.mark.parametrize("content", ["[]", '{"schema": "linocut-bench/999"}', '{"date": "today"}'])
def test_a_file_of_another_schema_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text(content)
    with pytest.raises(ValueError, match="no result of `linocut bench`"):
        read_json(path)


def test_what_is_not_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "half.json"
    path.write_text("{")
    with pytest.raises(ValueError, match=r"half\.json is not JSON"):
        read_json(path)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ({"colour": 1}, "the file has a strange field 'colour'"),
        ({"start": [{"engine": 3}]}, r"start\[0\]\.engine should be str, but is 3"),
        ({"start": [{}]}, r"start\[0\]: .*engine"),
        ({"calls": {}}, "calls should be list"),
        ({"machine": {"cores": 2}}, r"machine\.cores should be str, but is 2"),
    ],
)
def test_wrong_content_is_refused_with_its_place(
    content: dict[str, object], complaint: str, tmp_path: Path
) -> None:
    path = tmp_path / "other.json"
    path.write_text(json.dumps({"schema": SCHEMA} | content))
    with pytest.raises(ValueError, match=complaint) as caught:
        read_json(path)
    assert str(path) in str(caught.value)
