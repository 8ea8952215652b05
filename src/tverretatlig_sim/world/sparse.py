"""Sums over relations as sparse products, one row of runs at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse._sparsetools import csr_matvecs

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

REMEMBERED = 1000
"""Choices of rows whose sums are kept."""


class Sums:
    """Multiply with a (relation, run) array to get (entity, run) sums.

    SciPy's own loop without what SciPy does around it, which takes longer than a small sum.
    """

    __slots__ = ("_matrix", "_owners", "_relations", "_table", "dtype")

    def __init__(self, matrix: csr_array) -> None:
        """Sums over the columns of each row."""
        self._matrix, self.dtype = matrix, matrix.dtype
        self._owners, self._relations = matrix.shape
        self._table = matrix.indptr, matrix.indices, matrix.data

    def __matmul__(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Sums over relations, each in order of the relations."""
        return self.add(rows, np.zeros((self._owners, *rows.shape[1:]), self.dtype))

    def add(self, rows: NDArray[Any], onto: NDArray[Any]) -> NDArray[Any]:
        """Add the sums to what is there already, a contiguous array; returns it."""
        runs = onto.size // (self._owners or 1)
        values = rows.astype(self.dtype, copy=False).reshape(-1)
        csr_matvecs(self._owners, self._relations, runs, *self._table, values, onto.reshape(-1))
        return onto

    def only(self, relations: Integers) -> Sums:
        """Sums over some of the relations."""
        return Sums(self._matrix[:, relations])

    def astype(self, dtype: np.dtype[Any], copy: bool = True) -> Sums:
        """The same sums in another width."""
        return self if dtype == self.dtype and not copy else Sums(self._matrix.astype(dtype))


def integers(values: Sequence[int]) -> Integers:
    """An index vector."""
    return np.array(values, dtype=np.intp)


def floats(values: Sequence[float]) -> Floats:
    """A vector of numbers."""
    return np.array(values, dtype=np.float64)


def counts(owner: Integers, owners: int, weights: Floats | None = None) -> Floats:
    """Number (or summed weight) of entries per owner."""
    return np.bincount(owner, weights, minlength=owners).astype(np.float64)


def sums(
    owner: Integers,
    owners: int,
    weights: Floats | None = None,
    columns: Integers | None = None,
    width: int | None = None,
) -> Sums:
    """Matrix that sums relation rows per owner.

    Args:
        owner: owner of each entry, shape (entries,).
        owners: number of owners.
        weights: weight of each entry; default 1.
        columns: relation row of each entry; default: its position.
        width: number of relation rows; default: the number of entries.
    """
    columns = np.arange(len(owner)) if columns is None else columns
    weights = np.ones(len(owner)) if weights is None else weights
    shape = (owners, len(owner) if width is None else width)
    return Sums(csr_array((weights, (owner, columns)), shape=shape))


def means(owner: Integers, owners: int, chosen: Integers | None = None) -> Sums:
    """Matrix that averages the chosen relation rows per owner; a row of zeros where an owner has none."""
    rows = np.arange(len(owner)) if chosen is None else chosen
    shares = 1.0 / counts(owner[rows], owners)[owner[rows]]
    return sums(owner[rows], owners, shares, rows, len(owner))


@cache
def _all(rows: int, dtype: np.dtype[Any]) -> Sums:
    return sums(np.zeros(rows, dtype=np.intp), 1, np.ones(rows, dtype))


@lru_cache(maxsize=REMEMBERED)
def _some(chosen: bytes, dtype: np.dtype[Any]) -> Sums:
    rows = np.flatnonzero(np.frombuffer(chosen, dtype=bool))
    return sums(np.zeros(len(rows), dtype=np.intp), 1, np.ones(len(rows), dtype), rows, len(chosen))


def total(rows: Floats, chosen: NDArray[np.bool_] | None = None) -> Floats:
    """Sum over entities, or some of them, row by row, so that one run alone gives the same bits as many.

    Shape (run,).
    """
    dtype = rows.dtype if rows.dtype.kind == "f" else np.dtype(np.float64)
    matrix = _all(len(rows), dtype) if chosen is None else _some(chosen.tobytes(), dtype)
    added: Floats = (matrix @ rows)[0]
    return added


def quotient(part: Floats, whole: Floats, otherwise: Floats | float) -> Floats:
    """Part over whole; something else where the whole is 0. Shape of ``part``."""
    some = whole > 0
    if some.all():
        return part / whole
    result: Floats = np.empty_like(part)
    result[...] = otherwise
    np.divide(part, whole, out=result, where=some)
    return result


def expand(first: Integers, count: Integers) -> tuple[Integers, Integers]:
    """Rows of contiguous groups.

    Args:
        first: first row of each group, shape (group,).
        count: rows of each group, shape (group,).

    Returns:
        Position of the group and the row, for every row of every group.
    """
    group = np.repeat(np.arange(len(first)), count)
    within = np.arange(len(group)) - np.repeat(np.cumsum(count) - count, count)
    return group, first[group] + within
