"""Reports how long each module of the corpus takes to load on one thread; the slowest per byte come last."""

from __future__ import annotations

import time

import linocut
from corpus import packages


def main() -> None:
    """Print the best of three times for each module."""
    rows = []
    for package in packages().values():
        for file in package.modules:
            wasm = package.path(file).read_bytes()
            rows.append((len(wasm) / min(_seconds(wasm) for _ in range(3)), len(wasm), package.name, file))
    for rate, size, name, file in sorted(rows, reverse=True):
        print(f"{size / rate * 1e3:8.1f} ms {size / 1e6:6.2f} MB {rate / 1e6:6.0f} MB/s  {name} {file}")
    total = sum(size / rate for rate, size, *_ in rows)
    print(f"{total * 1e3:8.0f} ms {sum(row[1] for row in rows) / 1e6:6.0f} MB in {len(rows)} modules")


def _seconds(wasm: bytes) -> float:
    begin = time.process_time()
    linocut.load(wasm, threads=1)
    return time.process_time() - begin


if __name__ == "__main__":
    main()
