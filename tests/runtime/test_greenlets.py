"""Greenlets interleave activations on one thread: each must return to its own."""

from __future__ import annotations

import random

import linocut
import pytest

greenlet = pytest.importorskip("greenlet")

pytestmark = pytest.mark.usefixtures("both_ways")

MODULE = """(module (import "env" "pause" (func $pause (param i32))) (memory 1)
  (func (export "run") (param i32 externref) (result i32 externref)
    (call $pause (local.get 0)) (call $pause (local.get 0))
    (i32.mul (local.get 0) (i32.const 3)) (local.get 1))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "bad") (result i32) (i32.load (i32.const -4))))"""


@pytest.mark.parametrize("is_shared", [True, False])
def test_interleaved_activations(is_shared: bool) -> None:
    store = linocut.Store() if is_shared else None
    module = linocut.load(MODULE)

    def pause(index: int) -> None:
        greenlet.getcurrent().parent.switch()
        with pytest.raises(linocut.Trap):
            instances[index].exports.bad()
        for _ in range(1500):
            instances[index].exports.same(object())

    def run(index: int) -> None:
        held = object()
        results.append(instances[index].exports.run(index, held) == (3 * index, held))

    instances = [module.instantiate({"env": {"pause": pause}}, store=store) for _ in range(4)]
    results: list[bool] = []
    for _ in range(20):
        alive = [greenlet.greenlet(lambda i=index: run(i)) for index in range(4)]
        while alive:
            random.choice(alive).switch()
            alive = [g for g in alive if not g.dead]
    assert results == [True] * 80
