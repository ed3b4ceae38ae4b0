"""The PolyBench kernels again, by other means: a closed form, a library's solver, another algorithm.

A function gets the arrays and numbers that a program printed before its kernel ran, and returns what the
results must be. None follows the loops of the C code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    Array = np.ndarray
    Reference = Callable[[SimpleNamespace], dict[str, Array]]

REFERENCES: dict[str, Reference] = {}

STEPS = 20  # of every stencil in the MINI data set; the other kernels' sizes are those of their arrays


def kernel(name: str) -> Callable[[Reference], Reference]:
    """Register a function under the kernel's name, which is not always a valid name in Python."""

    def enter(reference: Reference) -> Reference:
        REFERENCES[name] = reference
        return reference

    return enter


# Products of matrices and vectors


@kernel("gemm")
def gemm(given: SimpleNamespace) -> dict[str, Array]:
    return {"C": given.alpha * given.A @ given.B + given.beta * given.C}


@kernel("2mm")
def two_products(given: SimpleNamespace) -> dict[str, Array]:
    return {"D": given.alpha * given.A @ given.B @ given.C + given.beta * given.D}


@kernel("3mm")
def three_products(given: SimpleNamespace) -> dict[str, Array]:
    return {"G": np.linalg.multi_dot([given.A, given.B, given.C, given.D])}


@kernel("symm")
def symm(given: SimpleNamespace) -> dict[str, Array]:
    symmetric = np.tril(given.A) + np.tril(given.A, -1).T
    return {"C": given.alpha * symmetric @ given.B + given.beta * given.C}


@kernel("syrk")
def syrk(given: SimpleNamespace) -> dict[str, Array]:
    full = given.alpha * given.A @ given.A.T + given.beta * given.C
    return {"C": np.tril(full) + np.triu(given.C, 1)}


@kernel("syr2k")
def syr2k(given: SimpleNamespace) -> dict[str, Array]:
    half = given.A @ given.B.T
    full = given.alpha * (half + half.T) + given.beta * given.C
    return {"C": np.tril(full) + np.triu(given.C, 1)}


@kernel("trmm")
def trmm(given: SimpleNamespace) -> dict[str, Array]:
    triangle = np.tril(given.A, -1) + np.eye(len(given.A))
    return {"B": given.alpha * triangle.T @ given.B}


@kernel("doitgen")
def doitgen(given: SimpleNamespace) -> dict[str, Array]:
    return {"A": np.einsum("rqs,sp->rqp", given.A, given.C)}


@kernel("atax")
def atax(given: SimpleNamespace) -> dict[str, Array]:
    return {"y": given.A.T @ (given.A @ given.x)}


@kernel("bicg")
def bicg(given: SimpleNamespace) -> dict[str, Array]:
    return {"q": given.A @ given.p, "s": given.r @ given.A}


@kernel("mvt")
def mvt(given: SimpleNamespace) -> dict[str, Array]:
    return {"x1": given.x1 + given.A @ given.y1, "x2": given.x2 + given.y2 @ given.A}


@kernel("gesummv")
def gesummv(given: SimpleNamespace) -> dict[str, Array]:
    return {"y": (given.alpha * given.A + given.beta * given.B) @ given.x}


@kernel("gemver")
def gemver(given: SimpleNamespace) -> dict[str, Array]:
    sum_ = given.A + np.outer(given.u1, given.v1) + np.outer(given.u2, given.v2)
    x = given.beta * given.y @ sum_ + given.z
    return {"A": sum_, "x": x, "w": given.alpha * sum_ @ x}


# Solvers and decompositions


@kernel("cholesky")
def cholesky(given: SimpleNamespace) -> dict[str, Array]:
    symmetric = np.tril(given.A) + np.tril(given.A, -1).T
    return {"A": np.linalg.cholesky(symmetric) + np.triu(given.A, 1)}


@kernel("lu")
def lu(given: SimpleNamespace) -> dict[str, Array]:
    """Row and column at a time, their product subtracted from the rest; the kernel goes by elements."""
    rest, result = given.A.copy(), np.zeros_like(given.A)
    for k in range(len(rest)):
        result[k, k:] = rest[k, k:]
        result[k + 1 :, k] = rest[k + 1 :, k] / rest[k, k]
        rest -= np.outer(np.where(np.arange(len(rest)) > k, result[:, k], 0), rest[k])
    return {"A": result}


@kernel("ludcmp")
def ludcmp(given: SimpleNamespace) -> dict[str, Array]:
    return {"x": np.linalg.solve(given.A, given.b)}


@kernel("trisolv")
def trisolv(given: SimpleNamespace) -> dict[str, Array]:
    return {"x": np.linalg.solve(np.tril(given.L), given.b)}


@kernel("durbin")
def durbin(given: SimpleNamespace) -> dict[str, Array]:
    n = np.arange(len(given.r))
    first_row = np.append(1.0, given.r[:-1])
    return {"y": np.linalg.solve(first_row[abs(n[:, None] - n)], -given.r)}


@kernel("gramschmidt")
def gram_schmidt(given: SimpleNamespace) -> dict[str, Array]:
    """By Householder's reflections; the kernel does not touch what is below R's diagonal."""
    q, r = np.linalg.qr(given.A)
    signs = np.sign(np.diag(r))
    return {"Q": q * signs, "R": signs[:, None] * r + np.tril(given.R, -1)}


# Statistics


@kernel("correlation")
def correlation(given: SimpleNamespace) -> dict[str, Array]:
    return {"r": np.corrcoef(given.data, rowvar=False)}


@kernel("covariance")
def covariance(given: SimpleNamespace) -> dict[str, Array]:
    return {"cov": np.cov(given.data, rowvar=False)}


# Stencils


@kernel("jacobi-1d")
def jacobi_1d(given: SimpleNamespace) -> dict[str, Array]:
    return {"A": _convolved(given.A, given.B, np.full(3, 1 / 3))}


@kernel("jacobi-2d")
def jacobi_2d(given: SimpleNamespace) -> dict[str, Array]:
    return {"A": _convolved(given.A, given.B, _star(2) / 5)}


@kernel("heat-3d")
def heat_3d(given: SimpleNamespace) -> dict[str, Array]:
    weights = _star(3) / 8
    weights[1, 1, 1] = 1 - 6 / 8
    return {"A": _convolved(given.A, given.B, weights)}


def _star(dimensions: int) -> Array:
    """A cube with three elements a side: 1 in the middle and directly beside it, 0 elsewhere."""
    return (abs(np.indices((3,) * dimensions) - 1).sum(axis=0) <= 1).astype(float)


def _convolved(a: Array, b: Array, weights: Array) -> Array:
    """`a` after all steps: each computes `b` from `a`, then `a` from `b`, and leaves the edges of both."""
    arrays = [a.copy(), b.copy()]
    inner, axes = (slice(1, -1),) * a.ndim, tuple(range(a.ndim, 2 * a.ndim))
    for half_step in range(2 * STEPS):
        windows = sliding_window_view(arrays[half_step % 2], weights.shape)
        arrays[1 - half_step % 2][inner] = (windows * weights).sum(axis=axes)
    return arrays[0]


@kernel("seidel-2d")
def seidel(given: SimpleNamespace) -> dict[str, Array]:
    a = given.A.copy()
    for _ in range(STEPS):
        for i, j in np.ndindex(len(a) - 2, len(a) - 2):
            a[i + 1, j + 1] = a[i : i + 3, j : j + 3].mean()
    return {"A": a}


@kernel("fdtd-2d")
def fdtd(given: SimpleNamespace) -> dict[str, Array]:
    ex, ey, hz = given.ex.copy(), given.ey.copy(), given.hz.copy()
    for value in given.signal:
        ey[0] = value
        ey[1:] -= np.diff(hz, axis=0) / 2
        ex[:, 1:] -= np.diff(hz, axis=1) / 2
        hz[:-1, :-1] -= 0.7 * (np.diff(ex, axis=1)[:-1] + np.diff(ey, axis=0)[:, :-1])
    return {"ex": ex, "ey": ey, "hz": hz}


@kernel("adi")
def adi(given: SimpleNamespace) -> dict[str, Array]:
    """Both half steps with whole matrices: (1 - D) v = u (1 + E), then u (1 - E) = (1 + D) v."""
    n = len(given.u)
    second = np.eye(n, k=1) - 2 * np.eye(n) + np.eye(n, k=-1)
    second[[0, -1]] = 0  # the edge stays
    down, along = n * n / STEPS * second, n * n / STEPS / 2 * second.T
    one, u = np.eye(n), given.u
    for _ in range(STEPS):
        v = np.linalg.solve(one - down, u @ (one + along))
        known = (one + down) @ v
        u = np.linalg.solve((one - along).T, known.T).T
    return {"u": u}


# Others


@kernel("deriche")
def deriche(given: SimpleNamespace) -> dict[str, Array]:
    """With the filters' weights at every distance instead of their recursion."""
    alpha, far = 0.25, 10_000
    distance = np.arange(-far, far + 1)
    weights = (alpha * abs(distance) + 1) * np.exp(-alpha * abs(distance))
    weights /= weights.sum()

    def between(length: int) -> Array:
        n = np.arange(length)
        return weights[far + n[:, None] - n]

    rows, columns = given.image.shape
    return {"out": between(rows) @ given.image @ between(columns)}


@kernel("floyd-warshall")
def floyd_warshall(given: SimpleNamespace) -> dict[str, Array]:
    """The shortest ways of at most 1, 2, 4, 8 … legs."""
    way, before = given.way, None
    while before is None or (way != before).any():
        before = way
        way = np.minimum(way, (way[:, :, None] + way).min(axis=1))
    return {"way": way}


@kernel("nussinov")
def nussinov(given: SimpleNamespace) -> dict[str, Array]:
    """The first base pairs with no other base, or with one that divides the rest in two."""
    base, n = given.base, len(given.base)
    best = np.zeros((n + 1, n + 1))  # best[i, j]: the most pairs among the bases from i to before j
    for length in range(2, n + 1):
        for i in range(n + 1 - length):
            j = i + length
            partners = (k for k in range(i + 2, j) if base[i] + base[k] == 3)
            paired = [1 + best[i + 1, k] + best[k + 1, j] for k in partners]
            best[i, j] = max([best[i + 1, j], *paired])
    return {"pairs": np.tril(best[:-1, 1:].T).T}
