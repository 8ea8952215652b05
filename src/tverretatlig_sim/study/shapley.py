"""Shapley values: what each part adds, averaged over every order in which the parts can be swapped."""

from __future__ import annotations

from math import factorial

import numpy as np

from tverretatlig_sim.arrays import Floats


def shapley(worth: Floats) -> Floats:
    """What each member adds to the worth of a whole (Shapley 1953).

    Args:
        worth: shape (2ᵏ, …); row ``s`` is the worth of the subset whose members are the bits set in ``s``.

    Returns:
        Shape (k, …); sums over members to the worth of the whole minus that of the empty set.
    """
    size = len(worth).bit_length() - 1
    subsets = np.arange(len(worth))
    members = np.array([int(subset).bit_count() for subset in subsets])
    added = np.zeros((size, *worth.shape[1:]))
    for member in range(size):
        without = subsets[subsets >> member & 1 == 0]
        gains = worth[without | 1 << member] - worth[without]
        weights = np.array([_weight(int(count), size) for count in members[without]])
        added[member] = np.tensordot(weights, gains, axes=1)
    return added


def _weight(before: int, size: int) -> float:
    """Share of the orders in which exactly a given set of so many members comes before a member."""
    return factorial(before) * factorial(size - before - 1) / factorial(size)
