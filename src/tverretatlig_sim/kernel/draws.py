"""Random numbers that belong to (seed, run, month, process, entity name)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tverretatlig_sim.arrays import Floats, Integers, Places
from tverretatlig_sim.world.keys import GOLDEN, Keys, mix, mix_integer, name_key

_UNIT = 2.0**-53


class Draws:
    """Uniform numbers in [0, 1) for one seed and a block of runs."""

    def __init__(self, seed: int, runs: Integers) -> None:
        """Prepare the run offsets.

        Args:
            seed: 0 … 2**64 − 1.
            runs: numbers of the runs, shape (run,).
        """
        self._seed = int(seed)
        self._processes: dict[str, int] = {}
        self._offsets: Keys = np.uint64(GOLDEN) * (runs.astype(np.uint64) + np.uint64(1))

    def every(self, process: str, month: int, keys: Keys) -> Floats:
        """One number for each entity and run, shape (entity, run)."""
        return self._unit(self._rows(process, month, keys)[:, None] + self._offsets)

    def some(self, process: str, month: int, keys: Keys, run: Integers) -> Floats:
        """One number for each (entity key, position of run) pair, shape (pair,) or (…, pair)."""
        return self._unit(self._rows(process, month, keys) + self._offsets.take(run))

    def at(self, process: str, month: int, keys: Keys, places: Places) -> Floats:
        """One number for each place, with the keys of all its entities. Shape (place,)."""
        return self._unit(places.of(self._rows(process, month, keys)) + self._offsets.take(places.run))

    def _rows(self, process: str, month: int, keys: Keys) -> Keys:
        if process not in self._processes:
            self._processes[process] = mix_integer(self._seed ^ name_key(process))
        base = mix_integer(self._processes[process] + GOLDEN * (month + 1))
        return mix(keys ^ np.uint64(base))

    @staticmethod
    def _unit(keys: Keys) -> Floats:
        mixed: NDArray[np.uint64] = mix(keys)
        mixed >>= np.uint64(11)
        numbers = mixed.astype(np.float64)
        numbers *= _UNIT
        return numbers
