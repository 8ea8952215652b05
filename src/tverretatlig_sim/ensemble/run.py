"""Run a block of runs month by month and record what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np

from tverretatlig_sim.arrays import Floats, Integers
from tverretatlig_sim.ensemble.observe import SERIES
from tverretatlig_sim.ensemble.outcomes import Totals, outcomes
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.month import RULES, advance, initial_state
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.kernel.state import State
from tverretatlig_sim.world.world import World

LARGE = 2**25 - 2**16
"""Bytes, just below the most that the GNU C library takes as a hint."""

SeriesKind = Literal["moments", "runs", "none"]
"""What to keep of the monthly series: mean and standard deviation over runs, every run, or nothing."""


@dataclass(frozen=True)
class Progress:
    """Where a simulation stands: state and totals after some months."""

    state: State
    totals: Totals
    months: int

    def outcomes(self, world: World) -> dict[str, Floats]:
        """Outcomes as of now, arrays of shape (run,)."""
        return outcomes(self.state, self.totals, world, self.months)


def begin(
    world: World, parameters: Parameters, draws: Draws, runs: int, rules: RuleSet = RULES
) -> Progress:
    """Before the first month."""
    state = initial_state(world, parameters, draws, runs, rules)
    return Progress(state, Totals.start(state, world), 0)


def step(
    progress: Progress, world: World, parameters: Parameters, draws: Draws, rules: RuleSet = RULES
) -> Progress:
    """One month further."""
    state = advance(progress.state, world, parameters, draws, progress.months, rules)
    totals = progress.totals.add(state, world, world.calendar[progress.months])
    return replace(progress, state=state, totals=totals, months=progress.months + 1)


def months_of(
    world: World, parameters: Parameters, seed: int, runs: Integers, rules: RuleSet = RULES
) -> Iterator[Progress]:
    """The simulation after each month of the world's length, for some runs.

    Args:
        world: the indexed scenario.
        parameters: arrays of shape (1,) or (run,), in the order of ``runs``.
        seed: of the draws.
        runs: numbers of the runs, shape (run,).
        rules: the rules, in order.
    """
    draws = Draws(seed, runs)
    progress = begin(world, parameters, draws, len(runs), rules)
    for _ in range(world.months):
        progress = step(progress, world, parameters, draws, rules)
        yield progress


@dataclass(frozen=True)
class Moments:
    """Count, mean and sum of squared deviations over runs, NaN left out."""

    count: Floats
    mean: Floats
    squares: Floats

    @classmethod
    def of(cls, values: Floats) -> Moments:
        """Moments over the last axis."""
        total = np.asarray(values.sum(axis=-1), dtype=np.float64)
        # Where anything is missing, so is its sum.
        return cls._of_some(values) if np.isnan(total).any() else cls._of_all(values, total)

    @classmethod
    def _of_all(cls, values: Floats, total: Floats) -> Moments:
        count = np.full(total.shape, float(values.shape[-1]))
        mean = total / count
        apart = values - mean[..., None].astype(values.dtype)
        apart *= apart
        return cls(count, mean, np.asarray(apart.sum(axis=-1), dtype=np.float64))

    @classmethod
    def _of_some(cls, values: Floats) -> Moments:
        values = values.astype(np.float64, copy=False)
        known = ~np.isnan(values)
        count = known.sum(axis=-1).astype(np.float64)
        total = np.where(known, values, 0.0).sum(axis=-1)
        mean = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
        squares = np.where(known, values - mean[..., None], 0.0) ** 2
        return cls(count, mean, squares.sum(axis=-1))

    def merge(self, other: Moments) -> Moments:
        """Moments of both sets of runs together (Chan's update)."""
        count = self.count + other.count
        safe = np.maximum(count, 1.0)
        shift = other.mean - self.mean
        mean = self.mean + shift * other.count / safe
        squares = self.squares + other.squares + shift**2 * self.count * other.count / safe
        return Moments(count, mean, squares)

    def statistics(self) -> Floats:
        """Mean and standard deviation, NaN where unknown. Shape (2, …)."""
        known = np.where(self.count > 0, self.mean, np.nan)
        freedom = np.where(self.count > 1, self.count - 1.0, np.nan)
        return np.stack([known, np.sqrt(self.squares / freedom)])


@dataclass(frozen=True)
class Block:
    """Results of a block: outcomes by name, and series by name as moments or as (month, …, run) arrays."""

    outcomes: dict[str, Floats]
    moments: dict[str, Moments]
    series: dict[str, Floats]


@cache
def keep_freed_memory() -> None:
    """Have the process keep the memory that a month's arrays free for those of the next.

    The GNU C library hands freed memory back to the system, page by page, until it has seen an array this
    large freed; fetching it again takes an eighth of a month's time. Nothing is touched, so nothing is used.
    """
    np.empty(LARGE, dtype=np.uint8)


def run_block(
    world: World,
    parameters: Parameters,
    seed: int,
    runs: Integers,
    series: SeriesKind = "moments",
    rules: RuleSet = RULES,
) -> Block:
    """Simulate some runs from start to end."""
    keep_freed_memory()
    kept: dict[str, list[Floats]] = {name: [] for name in SERIES} if series != "none" else {}
    moments: dict[str, list[Moments]] = {name: [] for name in kept}
    for last in months_of(world, parameters, seed, runs, rules):
        month = world.calendar[last.months - 1]
        for name, months in kept.items():
            values = SERIES[name][1](last.state, world, month)
            if series == "runs":
                months.append(values.astype(np.float64))
            else:
                moments[name].append(Moments.of(values))
    return Block(
        outcomes=last.outcomes(world),
        moments={name: _stack(months) for name, months in moments.items() if months},
        series={name: np.stack(months) for name, months in kept.items() if months},
    )


def _stack(months: list[Moments]) -> Moments:
    return Moments(*(np.stack([getattr(m, name) for m in months]) for name in ("count", "mean", "squares")))
