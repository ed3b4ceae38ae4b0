"""bench/programs/coremark in Python: the same by other means (sorted(), numpy, a regular expression)."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from bench_header import Random

ITEMS, SEARCHES, SIDE, TEXT = 36, 80, 9, 660

# The state that a word is in after what has been read of it, in the order of the C enumeration.
STATES = [
    re.compile(pattern)
    for pattern in (
        r"",
        r"[+-]",
        r"[+-]?\d+",
        r"[+-]?\.",
        r"[+-]?(\d+\.\d*|\.\d+)",
        r"[+-]?(\d+|\d+\.\d*|\.\d+)[eE]",
        r"[+-]?(\d+|\d+\.\d*|\.\d+)[eE][+-]",
        r"[+-]?(\d+|\d+\.\d*|\.\d+)[eE][+-]?\d+",
    )
]
INVALID = len(STATES)


def crc_byte(crc: int, byte: int) -> int:
    crc ^= byte
    for _ in range(8):
        crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def crc_half(crc: int, value: int) -> int:
    return crc_byte(crc_byte(crc, value & 0xFF), value >> 8 & 0xFF)


def crc_word(crc: int, value: int) -> int:
    return crc_half(crc_half(crc, value), value >> 16)


def signed(half: int) -> int:
    return (half + 0x8000) % 0x10000 - 0x8000


class Matrices:
    def __init__(self, random: Random) -> None:
        pairs = [(random.next() & 0xFF, random.next() & 0xFFF) for _ in range(SIDE * SIDE)]
        self.a, self.b = np.array(pairs, np.int64).T.reshape(2, SIDE, SIDE)

    def run(self, constant: int, crc: int) -> int:
        a, b = self.a + constant, self.b
        scaled = a * constant
        by_vector = scaled.copy()
        by_vector[0] = a @ b[0]
        products = a[:, :, None] * b[None, :, :]
        bits = ((products >> 3 & 0x1F) * (products >> 9 & 0x3F)).sum(axis=1)
        for result in (scaled, by_vector, a @ b, bits):
            crc = crc_half(crc, self.summary(result.ravel().tolist(), 0x7000 + constant))
        return crc

    def summary(self, numbers: list[int], limit: int) -> int:
        rises = sum(here > before for before, here in pairwise([0, *numbers]))
        running = overflows = 0
        for here in numbers:
            running += here >> 4
            if running > limit:
                running, overflows = 0, overflows + 1
        return (overflows << 8 | rises) & 0xFFFF


@functools.cache
def state_of(read: str) -> int:
    return next((state for state, pattern in enumerate(STATES) if pattern.fullmatch(read)), INVALID)


class StateMachine:
    def __init__(self, random: Random) -> None:
        self.text = ""
        while len(self.text) + len(word := self.make_word(random)) + 2 <= TEXT:
            self.text += word + ","

    def make_word(self, random: Random) -> str:
        def digits(most: int) -> str:
            return "".join(str(random.next() % 10) for _ in range(1 + random.next() % most))

        kind = random.next() % 3
        word = "+-"[random.next() % 2] if random.next() % 2 else ""
        word += digits(4)
        if kind > 0:
            word += "." + digits(4)
        if kind > 1:
            word += "e" + "+-"[random.next() % 2] + digits(2)
        spoiler = "xe.-"[random.next() % 4]
        if random.next() % 5 == 0:
            at = random.next() % len(word)
            word = word[:at] + spoiler + word[at + 1 :]
        return word

    def run(self, step: int, crc: int) -> int:
        words, changes = [0] * (INVALID + 1), [0] * (INVALID + 1)
        for text in (self.text, self.disturbed(step)):
            for word in text.removesuffix(",").split(","):
                states = [state_of(word[:i]) for i in range(len(word) + 1)]
                words[states[-1]] += 1
                for before, after in pairwise(states):
                    changes[before] += before != after
        for pair in zip(words, changes, strict=True):
            crc = crc_word(crc_word(crc, pair[0]), pair[1])
        return crc

    def disturbed(self, step: int) -> str:
        letters = list(self.text)
        for i in range(step, len(letters) - 1, step):
            letters[i], letters[i + 1] = letters[i + 1], letters[i]
        return "".join(letters)


@dataclass
class Item:
    seed: int
    place: int
    value: int | None = None


class Workload:
    def __init__(self) -> None:
        random = Random(2024)
        self.items = [Item(random.next() & 0x7FF8 | i % 8, i) for i in range(ITEMS)]
        self.matrices, self.machine = Matrices(random), StateMachine(random)
        self.list_crc = self.matrix_crc = self.state_crc = 0

    def value_of(self, item: Item) -> int:
        if item.value is None:
            item.value = self.compute_value(item.seed & 7, item.seed >> 3)
        return item.value

    def compute_value(self, kind: int, detail: int) -> int:
        if kind == 0:
            self.state_crc = self.machine.run(2 + detail % 30, self.state_crc)
            return signed(self.state_crc)
        if kind == 1:
            self.matrix_crc = self.matrices.run(detail & 0xFF, self.matrix_crc)
            return signed(self.matrix_crc)
        return detail

    def search(self, round_: int) -> None:
        for i in range(SEARCHES):
            if i % 2:
                found = next(k for k, item in enumerate(self.items) if item.place == (i + round_) % ITEMS)
            else:
                byte = (i * 37 + round_) & 0xFF
                found = next((k for k, item in enumerate(self.items) if item.seed & 0xFF == byte), None)
            self.items.reverse()
            if found is None:
                self.list_crc = crc_byte(self.list_crc, self.items[0].seed & 0xFF)
                continue
            at = ITEMS - 1 - found  # the list is reversed: the item before it now follows it
            if at + 1 < ITEMS:
                self.items[at], self.items[at + 1] = self.items[at + 1], self.items[at]
                self.list_crc = crc_half(self.list_crc, self.items[at + 1].seed)

    def iterate(self, round_: int) -> None:
        self.search(round_)
        for item in self.items:  # a bottom-up merge sort meets them in this order
            self.value_of(item)
        self.items.sort(key=self.value_of)
        for item in self.items:
            self.list_crc = crc_half(self.list_crc, item.value)
        self.items.sort(key=lambda item: item.place)
        for item in self.items:
            item.value = None


def run(iterations: int) -> tuple[int, int, int]:
    """The CRCs of the list, the matrices and the state machine."""
    work = Workload()
    for round_ in range(iterations):
        work.iterate(round_)
    return work.list_crc, work.matrix_crc, work.state_crc
