"""An exception that is just being raised in Python is not swept, though making it may run any code."""

from __future__ import annotations

import threading
from typing import Any

import linocut
import pytest
from linocut import errors

TEXT = """(module (tag $inner (param i32)) (tag $outer (param exnref i32))
  (func (export "f") (local exnref)
    (local.set 0 (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (throw $inner (i32.const 5))) (unreachable)))
    (throw $outer (local.get 0) (i32.const 7)))
  (func (export "churn") (param i32) (loop
    (drop (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (throw $outer (ref.null exn) (i32.const 99))) (unreachable)))
    (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"""


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "in another thread"])
@pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
def test_what_runs_while_it_is_made_may_throw_many(
    interpret: bool, elsewhere: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports = linocut.load(TEXT, interpret=interpret).instantiate().exports

    class Churning(linocut.WasmException):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            thread = threading.Thread(target=exports.churn, args=(20_000,))
            if elsewhere:
                thread.start()
                thread.join()
            else:
                thread.run()

    monkeypatch.setattr(errors, "WasmException", Churning)
    for _ in range(3):
        with pytest.raises(Churning) as caught:
            exports.f()
        inner, number = caught.value.values
        assert (inner.values, number) == ((5,), 7)
