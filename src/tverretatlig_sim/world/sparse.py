"""Sums over relations as sparse products, one row of runs at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse._sparsetools import csr_matvecs

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Rows = NDArray[np.int32]

REMEMBERED = 1000
"""Choices of rows whose sums are kept."""


class Sums:
    """Multiply with a (relation, run) array to get (entity, run) sums.

    SciPy's own loop without what SciPy does around it, which takes longer than a small sum.
    """

    __slots__ = ("_data", "_first", "_indices", "_owners", "_relations")

    def __init__(self, first: Rows, indices: Rows, data: Floats, relations: int) -> None:
        """Sums over the relations of each owner, in compressed rows.

        Args:
            first: where each owner's relations begin, and the end of the last, shape (owner + 1,).
            indices: relation of each entry.
            data: weight of each entry.
            relations: number of relations.
        """
        self._first, self._indices, self._data = first, indices, data
        self._owners, self._relations = len(first) - 1, relations

    @property
    def dtype(self) -> np.dtype[Any]:
        """Width of the weights, and of the sums."""
        return self._data.dtype

    def __matmul__(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Sums over relations, each in order of the relations."""
        return self.add(rows, np.zeros((self._owners, *rows.shape[1:]), self.dtype))

    def add(self, rows: NDArray[Any], onto: NDArray[Any]) -> NDArray[Any]:
        """Add the sums to what is there already, a contiguous array; returns it."""
        runs = onto.size // (self._owners or 1)
        values = rows.astype(self.dtype, copy=False).reshape(-1)
        shape = self._owners, self._relations, runs
        csr_matvecs(*shape, self._first, self._indices, self._data, values, onto.reshape(-1))
        return onto

    def only(self, relations: Integers) -> Sums:
        """Sums over some of the relations, in rising order."""
        place = np.full(self._relations, -1, dtype=self._indices.dtype)
        place[relations] = np.arange(len(relations))
        there = place[self._indices]
        kept = np.concatenate([[0], np.cumsum(there >= 0)]).astype(self._first.dtype)
        return Sums(kept[self._first], there[there >= 0], self._data[there >= 0], len(relations))

    def astype(self, dtype: np.dtype[Any], copy: bool = True) -> Sums:
        """The same sums in another width."""
        data = self._data.astype(dtype, copy=copy)
        return self if data is self._data else Sums(self._first, self._indices, data, self._relations)


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
    width = len(owner) if width is None else width
    order = np.lexsort((columns, owner))
    first = np.searchsorted(owner[order], np.arange(owners + 1)).astype(np.int32)
    return Sums(first, columns[order].astype(np.int32), weights[order], width)


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
