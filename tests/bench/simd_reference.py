"""What the programs of bench/programs/simd compute, computed again in Python by other means.

Each function takes the program's size and gives the checksum, which the program with vectors and its scalar twin
must both print.
"""

from __future__ import annotations

import base64
import hashlib
from itertools import accumulate

import numpy as np
from bench_header import Random, mix, mix_all, mix_bytes


def matmul(n: int, size: int = 128) -> int:
    """Products are added in the program's order, so that every sum is rounded in the same way."""
    random = Random(23)

    def next_float() -> np.float32:
        return np.float32((random.next() >> 8) / 4194304 - 1)

    pairs = np.array([(next_float(), next_float() / 8) for _ in range(size * size)], np.float32)
    a, b = (pairs[:, i].reshape(size, size).copy() for i in (0, 1))
    c = np.zeros((size, size), np.float32)
    for round_ in range(n):
        *_, c = accumulate((np.outer(a[:, k], b[k]) for k in range(size)), initial=np.zeros_like(c))
        a[round_ % size] = c[round_ % size]
    return mix_all(mix_all(0, map(int, a.view(np.uint32).flat)), map(int, c.view(np.uint32).flat))


def blur(n: int, size: int = 512) -> int:
    random = Random(29)
    picture = np.array([random.next() & 0xFF for _ in range(size * size)]).reshape(size, size)

    def blur_rows(rows: np.ndarray) -> np.ndarray:
        blurred = [np.convolve(row, [1, 4, 6, 4, 1], "same") for row in rows]
        return (np.array(blurred) + 8) // 16

    for _ in range(n):
        picture = blur_rows(blur_rows(picture).T).T
    return mix_all(0, map(int, picture.flat))


def memchr(n: int, size: int = 65536) -> int:
    random, ends, at = Random(31), [], 0
    while at < size:
        line = random.next() % 256 + 1
        for _ in range(min(line - 1, size - at)):  # the letters of the line
            random.next()
        at += line
        ends.append(at - 1)
    total = 0
    for round_ in range(n):
        places = 0
        for end in ends:
            if round_ % 256 <= end < size:
                places = (places * 31 + end) % 2**64
        total = mix(total, places)
    return total


def mandelbrot(n: int) -> int:
    """All points at once, in single floats."""
    if n == 0:
        return 0
    places = np.arange(n, dtype=np.float32)
    cx, cy = np.meshgrid(
        np.float32(3) * places / np.float32(n) - np.float32(2.2),
        np.float32(2.4) * places / np.float32(n) - np.float32(1.2),
    )
    x, y, inside = np.zeros_like(cx), np.zeros_like(cx), np.ones(cx.shape, bool)
    rounds = np.zeros(cx.shape, int)
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(200):
            inside &= x * x + y * y <= 4
            rounds += inside
            x, y = x * x - y * y + cx, 2 * x * y + cy
    return mix_all(0, map(int, rounds.flat))


def sha256(n: int, size: int = 4096) -> int:
    random = Random(37)
    pieces = [bytes(random.next() & 0xFF for _ in range(size)) for _ in range(4)]
    digests = [hashlib.sha256(piece * n).digest() for piece in pieces]
    words = (int.from_bytes(digest[i : i + 4], "big") for digest in digests for i in range(0, 32, 4))
    return mix_all(0, words)


def base64_(n: int, size: int = 3000) -> int:
    random, total = Random(9), 0
    plain = bytearray(random.next() & 0xFF for _ in range(size))
    encoded, decoded = bytearray(size // 3 * 4), bytearray(size)
    for round_ in range(n):
        plain[round_ % size] ^= (round_ + 1) & 0xFF
        piece, place = plain[: size - round_ % 7], round_ * 8 % (size - 14)
        letters = base64.b64encode(piece)
        encoded[: len(letters)], decoded[: len(piece)] = letters, piece
        total = mix(mix(total, len(letters)), len(piece))
        total = mix_bytes(mix_bytes(total, encoded[place : place + 8]), decoded[place : place + 8])
    return mix_bytes(mix_bytes(total, encoded), decoded)


def utf8(n: int, size: int = 8000) -> int:
    scripts = [
        (0x20, 95),
        (0x20, 95),
        (0x61, 26),
        (0xC0, 64),
        (0x391, 57),
        (0x410, 64),
        (0x4E00, 20000),
        (0x1F300, 700),
    ]
    random, total = Random(41), 0

    def choose_character() -> str:
        first, count = scripts[random.next() % 8]
        return chr(first + random.next() % count)

    text = "".join(choose_character() for _ in range(size)).encode()
    for round_ in range(n):
        checked = bytearray(text)
        if round_ % 8 == 0:
            place = random.next() % len(text)
            checked[place] ^= random.next() & 0xFF
        total = mix(total, _is_utf8(checked))
    return total


def _is_utf8(data: bytearray) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


SIMD_REFERENCES = {
    "base64": base64_,
    "blur": blur,
    "mandelbrot": mandelbrot,
    "matmul": matmul,
    "memchr": memchr,
    "sha256": sha256,
    "utf8": utf8,
}
