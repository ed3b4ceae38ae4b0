"""What the programs of bench/programs compute, computed again in Python by other means: the known answers.

Each function takes the program's size and gives its checksum, its answer, or both; where a program can
show what it works on, the function takes that, too.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import coremark_reference
import numpy as np
from bench_header import Random, mix, mix_all, mix_bytes


@dataclass
class Outcome:
    """What a program must print; None where the reference does not know it."""

    checksum: int | None = None
    answer: str | None = None


def collatz_steps(x: int) -> int:
    steps = 0
    while x != 1:
        x = 3 * x + 1 if x % 2 else x // 2
        steps += 1
    return steps


def collatz(n: int) -> Outcome:
    steps = [collatz_steps(start) for start in range(1, n)]
    longest = max(steps, default=0)
    start = steps.index(longest) + 1 if longest else 0
    return Outcome(mix_all(0, steps), f"{start} {longest}")


def collatz32(n: int) -> Outcome:
    total = 0
    for steps in [collatz_steps(start) for start in range(1, n)] * 10:
        total = (total * 31 + steps) % 2**32
    return Outcome(mix(0, total), str(total))


def fib(n: int) -> Outcome:
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return Outcome(mix(0, a), str(a))


def calls(n: int) -> Outcome:
    def inner(a: int, b: int, c: int, d: float, e: int) -> int:
        return b + a * c - e + (d > 0.5)

    def middle(a: int, b: int, c: float, d: int, e: int) -> int:
        return inner(b, a, d, c, e) % 2**64 ^ inner(e, a + 1, b, c * 0.5, d) % 2**64

    total, x = 0, 0.1
    for i in range(n):
        total += middle(total, i, x, i ^ 5, i & 15) + middle(total + 1, i & 15, x, i, i ^ 5)
        total %= 2**64
        x = x - 1.0 if x > 1.0 else x + 0.37
    return Outcome(mix(total, int.from_bytes(struct.pack("<d", x), "little")))


def chain(n: int, size: int = 320) -> Outcome:
    random, total = Random(42), 0
    cost = np.zeros((size + 1, size + 1), np.int64)
    for _ in range(n):
        sides = np.array([random.next() % 60 + 1 for _ in range(size + 1)])
        for length in range(1, size):
            for first in range(size - length):
                last = first + length
                halves = cost[first, first:last] + cost[first + 1 : last + 1, last]
                cost[first, last] = (
                    halves + sides[first] * sides[first + 1 : last + 1] * sides[last + 1]
                ).min()
        total = mix_all(total, (int(c) for first in range(size) for c in cost[first, first:size]))
    return Outcome(total, str(cost[0, size - 1]))


def classes(n: int, size: int = 65536) -> Outcome:
    alphabet = "etaoin shrdlu ETAOIN 0123456789 \n\t_(){}[];:,.<=>+-*/&|!^%\"'#@\\~ abcxyz"
    patterns = [
        r"[ \t]",
        r"\n",
        "[a-z]",
        "[A-Z]",
        "_",
        "[0-9]",
        r"[(\[{]",
        r"[)\]}]",
        "[,;:.]",
        "[<=>]",
        "[\"']",
        ".",
    ]
    class_of = {
        letter: next(i for i, p in enumerate(patterns) if re.fullmatch(p, letter)) for letter in alphabet
    }
    random = Random(11)
    text = [class_of[alphabet[random.next() % len(alphabet)]] for _ in range(size)]
    borders = [sum(1 for _ in groupby(text[i:] + text[:i])) for i in range(n)]
    counts = Counter(text)
    return Outcome(mix_all(mix_all(0, borders), (counts[i] * n for i in range(12))))


def lists(n: int, size: int = 100000) -> Outcome:
    random = Random(3)
    for _ in range(size - 1):  # the order of the nodes in memory does not matter
        random.next()
    keys = [random.next() % size for _ in range(size)]
    values, total = list(range(size)), 0
    for round_ in range(n):
        walked = 0
        for value in values:
            walked = (walked * 3 + value) % 2**32
        total = mix(total, walked)
        for i in range(10):
            key = (round_ * 7919 + i * 104729) % size
            total = mix(total, values[keys.index(key)] if key in keys else -1)
        keys.reverse()
        values.reverse()
    return Outcome(total)


def mandelbrot(n: int) -> Outcome:
    def rounds(cx: float, cy: float) -> int:
        x = y = 0.0
        for i in range(200):
            if x * x + y * y > 4:
                return i
            x, y = x * x - y * y + cx, 2 * x * y + cy
        return 200

    found = [rounds(3.0 * j / n - 2.2, 2.4 * i / n - 1.2) for i in range(n) for j in range(n)]
    return Outcome(mix_all(0, found), str(found.count(200)))


def nbody(n: int) -> Outcome:
    """The energies that the Computer Language Benchmarks Game publishes."""
    return Outcome(answer={0: "-0.169075164", 1000: "-0.169087605"}[n])


def quicksort(n: int, size: int = 100000) -> Outcome:
    random, total = Random(1), 0
    for _ in range(n):
        total = mix_all(total, sorted(random.next() for _ in range(size)))
    return Outcome(total)


def sieve(n: int, limit: int = 2000000) -> Outcome:
    composite = np.zeros(limit + 1, bool)
    for i in range(2, int(limit**0.5) + 1):
        composite[i * i :: i] = True
    counts = [int((~composite[2 : limit - 1000 * i + 1]).sum()) for i in range(n)]
    return Outcome(mix_all(0, counts), str(counts[-1] if counts else 0))


def bytecode(n: int) -> Outcome:
    x, y, i = 1, 0, 0
    while True:  # the program tests at the end of its loop
        x = (x * 1103515245 + 12345) % 2**32
        y = (y + 3) % 2**32 if (x >> 16 & 7) < 3 else x ^ y
        i += 1
        if i >= n:
            break
    x, y = ((value + 2**31) % 2**32 - 2**31 for value in (x, y))
    return Outcome(mix_all(0, (i, x, y, n)), f"{x} {y}")


def sha256(n: int) -> Outcome:
    random = Random(5)
    piece = bytes(random.next() & 0xFF for _ in range(4000))
    digest = hashlib.sha256(piece * n).digest()
    return Outcome(mix_all(0, digest), digest.hex())


def base64_(n: int, size: int = 3000) -> Outcome:
    random, total = Random(9), 0
    plain = bytearray(random.next() & 0xFF for _ in range(size))
    for round_ in range(n):
        plain[round_ % size] ^= (round_ + 1) & 0xFF
        piece = bytes(plain[: size - round_ % 7])
        total = mix_bytes(mix_bytes(total, base64.b64encode(piece)), piece)
    return Outcome(total)


def trees(n: int) -> Outcome:
    random, total = Random(17), 0
    names: dict[int, bytes] = {}
    for _ in range(n):
        key = random.next() % 20000
        if names.pop(key, None) is None:
            size = random.next() % 200 + 1
            names[key] = bytes((key + i) & 0xFF for i in range(size))
    for key, name in sorted(names.items()):
        total = mix_bytes(mix(total, key), name)
    return Outcome(total)


def coremark(n: int) -> Outcome:
    crcs = coremark_reference.run(n)
    return Outcome(mix_all(0, crcs), " ".join(f"{crc:04x}" for crc in crcs))


def json_(n: int, shown: bytes) -> Outcome:
    """`shown` is the document, then what was written from its tree."""
    document, written = re.fullmatch(rb"(.*\n\])\n(\[.*\])", shown, re.DOTALL).groups()
    articles: list[dict[str, Any]] = json.loads(document)
    assert json.loads(written) == articles
    total, worth = 0, 0.0
    for round_ in range(n):
        tag = ["new", "sale", "import", "export", "last", "large"][round_ % 6]
        chosen = [article for article in articles if article["active"] and tag in article["tags"]]
        worth = 0.0
        for article in chosen:
            worth += article["price"] * article["stock"]
        total = mix(mix_bytes(total, written), int.from_bytes(struct.pack("<d", worth), "little"))
    return Outcome(total, f"{worth:.6f}")


def lz(n: int, shown: bytes) -> Outcome:
    """`shown` is the packed text, then the text."""
    packed, text = shown[: len(shown) - 16384 * n], shown[len(shown) - 16384 * n :]
    unpacked, at = bytearray(), 0
    while at < len(packed):
        kind = packed[at]
        if kind < 128:
            unpacked += packed[at + 1 : at + kind + 2]
            at += kind + 2
        else:
            distance = int.from_bytes(packed[at + 1 : at + 3], "little")
            for _ in range(kind - 125):
                unpacked.append(unpacked[-distance])
            at += 3
    assert unpacked == text
    return Outcome(mix_bytes(mix_bytes(0, packed), text), str(len(packed)))


def regex(n: int, shown: bytes) -> Outcome:
    """`shown` is eight patterns, then the text."""
    *patterns, text = shown.split(b"\n", 8)
    assert text.count(b"\n") == n
    total, counts = 0, []
    for pattern in patterns:
        spans = [match.span() for match in re.finditer(pattern, text)]
        counts.append(len(spans))
        total = mix_all(total, (place for span in spans for place in span))
    return Outcome(total, " ".join(map(str, counts)))


def utf8(n: int, shown: bytes) -> Outcome:
    """`shown` is the first text."""
    assert n == 1
    read = shown.decode("utf-8", "replace")
    assert "\ufffd" in read
    return Outcome(mix_bytes(mix_bytes(0, read.encode("utf-16-le")), read.encode()))


def words(n: int, shown: bytes) -> Outcome:
    """`shown` is the text."""
    counts = Counter(re.findall(rb"[a-z]+", shown.lower()))
    assert counts.total() == n
    total = 0
    for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        total = mix_bytes(mix(total, count), word)
    return Outcome(total, str(len(counts)))


REFERENCES = {
    "base64": base64_,
    "bytecode": bytecode,
    "calls": calls,
    "chain": chain,
    "classes": classes,
    "collatz": collatz,
    "collatz32": collatz32,
    "coremark": coremark,
    "fib": fib,
    "lists": lists,
    "mandelbrot": mandelbrot,
    "nbody": nbody,
    "quicksort": quicksort,
    "sha256": sha256,
    "sieve": sieve,
    "trees": trees,
}
SHOWN_REFERENCES = {"json": json_, "lz": lz, "regex": regex, "utf8": utf8, "words": words}
