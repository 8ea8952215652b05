"""The draws are uniform, and neighbours in seed, run, month and name know nothing of each other.

Seeds are fixed, so the tests always give the same result. On fresh seeds each check would fail for a perfect
generator with probability 1e-5; with about a hundred checks, the false-alarm rate of the file is 1e-3.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from tverretatlig_sim.arrays import Places
from tverretatlig_sim.kernel import Draws
from tverretatlig_sim.world.keys import name_keys, pair_keys

FALSE_ALARM = 1e-5
LENGTH = 20_000
BINS = 64
PAIR_BINS = 16
PROCESSES = ("attention", "attend", "vote", "adopt", "turnover")
SEEDS = (0, 1, 2**63, 2**64 - 1)

Numbers = np.ndarray


def stream(seed: int, process: str, month: int, names: tuple[str, ...], runs: Numbers) -> Numbers:
    return Draws(seed, runs).every(process, month, name_keys(names))


def along_run(seed: int, process: str) -> Numbers:
    return stream(seed, process, 3, ("Udir",), np.arange(LENGTH))[0]


def along_month(seed: int, process: str) -> Numbers:
    draws, keys = Draws(seed, np.arange(40)), name_keys(("Udir",))
    return np.array([draws.every(process, month, keys)[0] for month in range(LENGTH // 40)]).T.reshape(-1)


def along_seed(seed: int, process: str) -> Numbers:
    runs, keys = np.arange(40), name_keys(("Udir",))
    seeds = [(seed + step) % 2**64 for step in range(LENGTH // 40)]
    return np.array([Draws(each, runs).every(process, 3, keys)[0] for each in seeds]).T.reshape(-1)


def along_name(seed: int, process: str) -> Numbers:
    """Names that differ in their last letters only."""
    names = tuple(f"project/{number:02d}" for number in range(LENGTH // 40))
    return stream(seed, process, 3, names, np.arange(40)).T.reshape(-1)


def along_pair(seed: int, process: str) -> Numbers:
    """Pairs with one agency in common, as votes have."""
    names = tuple(f"project/{number:02d}" for number in range(LENGTH // 40))
    keys = pair_keys(name_keys(names), name_keys(("Udir",)))
    return Draws(seed, np.arange(40)).every(process, 3, keys).T.reshape(-1)


AXES: dict[str, Callable[[int, str], Numbers]] = {
    "run": along_run,
    "month": along_month,
    "seed": along_seed,
    "name": along_name,
    "pair": along_pair,
}


def chi_square(counts: Numbers) -> float:
    """Chance of counts as uneven as these, or more."""
    return float(stats.chisquare(counts.reshape(-1)).pvalue)


def correlation(first: Numbers, second: Numbers) -> float:
    """Chance of a correlation as large as this, or larger."""
    return float(stats.pearsonr(first, second).pvalue)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("axis", AXES)
def test_uniform(axis: str, seed: int) -> None:
    numbers = AXES[axis](seed, "attend")
    assert ((numbers >= 0) & (numbers < 1)).all()
    assert len(np.unique(numbers)) == len(numbers)
    assert chi_square(np.histogram(numbers, BINS, (0, 1))[0]) > FALSE_ALARM
    low_bits = (numbers * 2.0**53).astype(np.uint64) % np.uint64(BINS)
    assert chi_square(np.bincount(low_bits.astype(int), minlength=BINS)) > FALSE_ALARM


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("axis", AXES)
def test_neighbours_are_independent(axis: str, seed: int) -> None:
    """Lag one along an axis: no correlation, and all cells of the unit square equally full."""
    numbers = AXES[axis](seed, "vote")
    first, second = numbers[:-1], numbers[1:]
    assert correlation(first, second) > FALSE_ALARM
    # Every second pair only: overlapping pairs are not independent of each other.
    cells, _, _ = np.histogram2d(first[::2], second[::2], PAIR_BINS, ((0, 1), (0, 1)))
    assert chi_square(cells) > FALSE_ALARM


@pytest.mark.parametrize("process", PROCESSES[1:])
def test_processes_are_independent(process: str) -> None:
    first, second = along_run(1, PROCESSES[0]), along_run(1, process)
    assert correlation(first, second) > FALSE_ALARM
    cells, _, _ = np.histogram2d(first, second, PAIR_BINS, ((0, 1), (0, 1)))
    assert chi_square(cells) > FALSE_ALARM


def test_pairs_are_ordered() -> None:
    """Trust of one in another is not the other's luck, and a pair of equals is not the same for all."""
    names = tuple(f"agency {number}" for number in range(200))
    keys = name_keys(names)
    there, back = (pair_keys(*ends).reshape(-1) for ends in ((keys[:, None], keys), (keys, keys[:, None])))
    different = there != back
    assert different.sum() == len(keys) * (len(keys) - 1)
    draws = Draws(1, np.array([0]))
    first, second = (draws.every("turnover", 0, each[different])[:, 0] for each in (there, back))
    assert correlation(first, second) > FALSE_ALARM
    assert len(np.unique(there)) == len(there)


def test_some_draws_are_the_ones_of_every() -> None:
    draws, keys = Draws(11, np.array([4, 9, 2])), name_keys(("a", "b"))
    every = draws.every("adopt", 7, keys)
    some = draws.some("adopt", 7, keys[[1, 0, 1]], np.array([2, 0, 1]))
    np.testing.assert_array_equal(some, every[[1, 0, 1], [2, 0, 1]])
    of = draws.at("adopt", 7, keys, Places(np.array([1, 0, 1]), np.array([2, 0, 1]), 3))
    np.testing.assert_array_equal(of, some)
