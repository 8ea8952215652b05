"""Ordered pairs of entities as numbers that can be sorted and searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from tverretatlig_sim.world.sparse import Integers, expand, integers
from tverretatlig_sim.world.world import NONE


@dataclass(frozen=True)
class Pairs:
    """Pairs (first, second) in ascending order.

    Attributes:
        codes: first × width + second of each pair, ascending.
        width: number of entities that can stand second.
    """

    codes: Integers
    width: int

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def first(self) -> Integers:
        """First of each pair."""
        return self.codes // self.width

    @property
    def second(self) -> Integers:
        """Second of each pair."""
        return self.codes % self.width

    def rows(self, first: Integers, second: Integers) -> Integers:
        """Position of each asked pair, or NONE."""
        wanted = first * self.width + second
        if not len(self.codes):
            return np.full(len(wanted), NONE)
        row = np.minimum(np.searchsorted(self.codes, wanted), len(self.codes) - 1)
        return np.where(self.codes[row] == wanted, row, NONE)


def pairs_within(size: Integers) -> tuple[Integers, Integers, Integers]:
    """All ordered pairs of different rows of the same group, for groups that lie one after another.

    Args:
        size: rows of each group, shape (group,).

    Returns:
        First and second row of each pair, and its group.
    """
    start = np.cumsum(size) - size
    group = np.repeat(np.arange(len(size)), size)
    first, second = expand(start[group], size[group])
    apart = first != second
    return first[apart], second[apart], group[first[apart]]


def flat(groups: Sequence[Sequence[int]]) -> tuple[Integers, Integers]:
    """Groups one after another, and the size of each."""
    return integers(list(chain.from_iterable(groups))), integers([len(group) for group in groups])
