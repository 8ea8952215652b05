"""Array types, sums over relations, and lists of the few places where something happens."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

Array = NDArray[Any]
Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Flags = NDArray[np.bool_]

NONE = -1
"""Index of nothing: no secretariat, no facilitator, no tie."""


def integers(values: Sequence[int]) -> Integers:
    """An index vector."""
    return np.array(values, dtype=np.intp)


def floats(values: Sequence[float | Floats]) -> Floats:
    """A vector of numbers; where some differ between runs, shape (run,), an array of shape (entity, run)."""
    runs = max(map(np.size, values), default=1)
    mixed = any(isinstance(value, np.ndarray) for value in values)
    rows = [np.broadcast_to(value, runs) for value in values] if mixed else values
    array = np.array(rows, dtype=np.float64)
    return array.reshape(-1) if runs == 1 else array


def flags(values: Sequence[bool]) -> Flags:
    """A vector of truth values."""
    return np.array(values, dtype=np.bool_)


FEW = 2000
"""Numbers up to which adding them up takes less time than a call of SciPy."""


class SegmentSum:
    """Sums of the rows that belong to each owner: ``seats_of_forums @ rows``.

    Rows are added one after another in a fixed order, so one run alone gets the same bits as among many.
    Means are sums divided by the number of rows.
    """

    __slots__ = ("_matrix", "_numbers", "_owner", "_owners", "_places", "_rows", "_weights")

    def __init__(
        self,
        owner: Integers,
        owners: int,
        weights: Floats | None = None,
        rows: Integers | None = None,
        width: int | None = None,
        numbers: Floats | None = None,
    ) -> None:
        """List the entries: which row counts for which owner, and how much.

        Args:
            owner: owner of each entry, shape (entry,).
            owners: number of owners.
            weights: weight of each entry; default 1.
            rows: row of each entry; default: its position.
            width: number of rows; default: the number of entries.
            numbers: what to divide each owner's sum by, shape (owner, 1); default: nothing.
        """
        rows = np.arange(len(owner)) if rows is None else rows
        weights = np.ones(len(owner)) if weights is None else weights
        shape = (owners, len(owner) if width is None else width)
        self._take(csr_array((weights, (owner, rows)), shape=shape), numbers)

    def _take(self, matrix: csr_array, numbers: Floats | None) -> None:
        """Keep a sparse matrix, and what its entries say: owner, row unless in order, weight unless 1."""
        self._matrix, self._numbers, self._owners = matrix, numbers, matrix.shape[0]
        self._owner: Integers = np.repeat(np.arange(self._owners), np.diff(matrix.indptr))
        in_order = matrix.nnz == matrix.shape[1] and (np.diff(matrix.indices) == 1).all()
        self._rows: Integers | None = None if in_order else matrix.indices.astype(np.intp)
        self._weights: Floats | None = None if (matrix.data == 1.0).all() else matrix.data[:, None]
        self._places: dict[int, Integers] = {1: self._owner}

    @classmethod
    def mean(cls, owner: Integers, owners: int, rows: Integers | None = None, width: int = 0) -> SegmentSum:
        """Means instead of sums; 0 where an owner has no rows. Arguments as for sums."""
        numbers = np.maximum(1.0, counts(owner, owners))[:, None]
        return cls(owner, owners, None, rows, None if rows is None else width, numbers)

    def __matmul__(self, rows: Array) -> Floats:
        """Sums, shape (owner, run), of rows of shape (row, run); or (owner,) of (row,)."""
        added: Floats
        if not (len(self._owner) and rows.size):
            return np.zeros((self._owners, *rows.shape[1:]))
        if rows.size > FEW:
            added = self._matrix @ rows
        else:  # the same additions at a tenth of what SciPy's call costs
            columns = rows.size // len(rows)
            flat = rows.reshape(-1, columns)
            flat = flat if self._rows is None else flat.take(self._rows, axis=0)
            flat = flat if self._weights is None else flat * self._weights
            if columns not in self._places:
                self._places[columns] = (self._owner[:, None] * columns + np.arange(columns)).reshape(-1)
            sums: Array = np.bincount(self._places[columns], flat.reshape(-1), self._owners * columns)
            added = sums.reshape(self._owners, *rows.shape[1:])
        if self._numbers is not None:
            added /= self._numbers if rows.ndim > 1 else self._numbers[:, 0]
        return added

    def only(self, rows: Integers) -> SegmentSum:
        """Sums over some of the rows, in rising order."""
        chosen = object.__new__(SegmentSum)
        chosen._take(self._matrix[:, rows], self._numbers)
        return chosen


def counts(owner: Integers, owners: int, weights: Floats | None = None) -> Floats:
    """Number, or summed weight, of the entries of each owner."""
    return np.bincount(owner, weights, minlength=owners).astype(np.float64)


@cache
def _all_rows(rows: int) -> SegmentSum:
    return SegmentSum(np.zeros(rows, dtype=np.intp), 1)


def total(rows: Array, chosen: Flags | None = None) -> Floats:
    """Sum over all or the chosen entities, in order, so that one run alone gets the same bits as among many.

    Shape (run,).
    """
    rows = rows if chosen is None else rows[chosen]
    added: Floats = (_all_rows(len(rows)) @ rows)[0]
    return added


def quotient(part: Floats, whole: Floats, otherwise: Floats | float) -> Floats:
    """Part over whole; something else where the whole is 0. Shape of ``part``."""
    some = whole > 0
    if some.all():
        return part / whole
    return np.where(some, part / np.where(some, whole, 1.0), otherwise)


def by_run(values: Array, entity: Integers | None = None) -> Array:
    """A table's numbers, or those of some entities, ready to meet arrays of shape (entity, run).

    Args:
        values: one number an entity, shape (entity,), or one an entity and run, shape (entity, run).
        entity: which entities; default: all.

    Returns:
        Shape (entity, 1) or (entity, run).
    """
    chosen = values if entity is None else values[entity]
    return chosen[:, None] if chosen.ndim == 1 else chosen


def row_by_row(numbers: Floats, factors: Array) -> Floats:
    """Numbers, shape (row,) or (row, run), times a factor for each row, (row,)."""
    return np.asarray((numbers.T * factors).T)


def in_run(values: Array, entity: Integers, run: Integers) -> Array:
    """A table's number for each pair of an entity, from the end if below 0, and a run. Shape of these."""
    return values.take(entity) if values.ndim == 1 else values[entity, run]


def members(first: Integers, count: Integers) -> tuple[Integers, Integers]:
    """Rows of groups whose rows lie one after another.

    Args:
        first: first row of each group, shape (group,).
        count: rows of each group, shape (group,).

    Returns:
        Position of the group and the row, for every row of every group.
    """
    group = np.repeat(np.arange(len(first)), count)
    return group, np.arange(len(group)) - (np.cumsum(count) - count - first)[group]


def ranks(group: Integers, numbers: Floats) -> Integers:
    """Place of each row, from 0, when rows are ordered by group and then by number, in each run.

    Args:
        group: group of each row, shape (row,) or (row, run).
        numbers: in [0, 1), shape (row, run).

    Returns:
        Shape (row, run).
    """
    order = (by_run(group) + numbers).argsort(axis=0)
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(len(order))[:, None], axis=0)
    return places


class Places:
    """The few places, pairs of an entity and a run, where something happens this month.

    Attributes:
        entity, run: entity and run of each place, shape (place,).
        runs: number of runs.
    """

    __slots__ = ("_flat", "entity", "run", "runs")

    def __init__(self, entity: Integers, run: Integers, runs: int, flat: Integers | None = None) -> None:
        """Pairs, and their positions in a flattened array (entity, run) if they are known already."""
        self.entity, self.run, self.runs, self._flat = entity, run, runs, flat

    @classmethod
    def where(cls, happens: Flags) -> Places:
        """Where flags of shape (entity, run) are set, in order of entity, then run."""
        runs = happens.shape[-1]
        flat = happens.reshape(-1).nonzero()[0]
        if not len(flat):
            return cls(flat, flat, runs, flat)
        if runs == 1:
            return cls(flat, np.zeros(len(flat), dtype=np.intp), runs, flat)
        entity = flat // runs
        return cls(entity, flat - entity * runs, runs, flat)

    def __len__(self) -> int:
        """Number of places."""
        return len(self.run)

    @property
    def flat(self) -> Integers:
        """Position of each place in a flattened array of shape (entity, run)."""
        if self._flat is None:
            self._flat = self.entity if self.runs == 1 else self.entity * self.runs + self.run
        return self._flat

    def only(self, chosen: Flags | Integers) -> Places:
        """Some of the places, by flags or by positions in rising order."""
        kept = chosen.nonzero()[0] if chosen.dtype.kind == "b" else chosen
        if len(kept) == len(self.run):
            return self
        flat = None if self._flat is None else self._flat.take(kept)
        return Places(self.entity.take(kept), self.run.take(kept), self.runs, flat)

    def of(self, values: Array) -> Array:
        """A value for each place, from a table, (entity,), or from an array of shape (entity, run)."""
        return values.take(self.entity if values.ndim == 1 else self.flat)

    def to(self, related: Integers) -> Places:
        """The places of what each entity is related to, in the same runs."""
        return Places(related.take(self.entity), self.run, self.runs)

    def spread(self, first: Integers, count: Integers) -> tuple[Integers, Places]:
        """Places of all rows that belong to these entities; arguments as for :func:`members`.

        Returns:
            For each of the new places the position of the old one that it belongs to, and the new places.
        """
        position, row = members(first.take(self.entity), count.take(self.entity))
        return position, Places(row, self.run.take(position), self.runs)

    def put(self, values: Array, new: ArrayLike) -> Array:
        """A copy of an array of shape (entity, run) with new values in these places."""
        if not len(self.run):
            return values
        changed = values.copy()
        changed.put(self.flat, new)
        return changed

    def once(self, entities: int) -> Places:
        """The same places, each once."""
        return Places.where(self.put(np.zeros((entities, self.runs), dtype=bool), True))

    def sum(self, entities: int, values: Floats | None = None) -> Floats:
        """Sum of the values at each entity and run; default: number of places. Shape (entity, run)."""
        if not len(self):
            return np.zeros((entities, self.runs))
        added = np.bincount(self.flat, values, minlength=entities * self.runs)
        return added.reshape(entities, self.runs).astype(np.float64, copy=False)


class Pairs:
    """A list of different pairs of entities (first, second), in ascending order, that can be searched.

    Attributes:
        first, second: the pairs.
    """

    def __init__(self, first: Integers, second: Integers, width: int) -> None:
        """Sort pairs and drop repeated ones; ``width`` is the number of entities that can stand second."""
        self._width = width
        self._codes = np.unique(first * width + second)
        self.first, self.second = self._codes // max(1, width), self._codes % max(1, width)

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self._codes)

    def rows(self, first: Integers, second: Integers) -> Integers:
        """Position of each of the pairs asked for, or NONE."""
        wanted = first * self._width + second
        if not len(self._codes):
            return np.full(len(wanted), NONE)
        row = np.minimum(np.searchsorted(self._codes, wanted), len(self._codes) - 1)
        return np.where(self._codes[row] == wanted, row, NONE)


def pairs_within(size: Integers) -> tuple[Integers, Integers, Integers]:
    """All ordered pairs of different rows of the same group, for groups that lie one after another.

    Args:
        size: rows of each group, shape (group,).

    Returns:
        First and second row of each pair, and its group.
    """
    start = np.cumsum(size) - size
    group = np.repeat(np.arange(len(size)), size)
    first, second = members(start[group], size[group])
    apart = first != second
    return first[apart], second[apart], group[first[apart]]
