"""Parameter sets drawn from the evidence ranges."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.stats import qmc

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.parameters import ParameterSpec, parameter_specs


@dataclass(frozen=True)
class ParameterSets:
    """Parameter vectors, one a set.

    Attributes:
        names: parameters, in the order of the columns.
        values: shape (set, parameter), each column in the unit of its parameter.
        first: number of the first set; luck belongs to it, so that a part of the sets draws as the whole.
    """

    names: tuple[str, ...]
    values: Floats
    first: int = 0

    def __len__(self) -> int:
        return len(self.values)

    def part(self, start: int, stop: int) -> ParameterSets:
        """Some consecutive sets, with their numbers."""
        return ParameterSets(self.names, self.values[start:stop], self.first + start)

    def chosen(self, kept: Sequence[int] | np.ndarray) -> ParameterSets:
        """Some of the sets, numbered anew from 0."""
        return ParameterSets(self.names, self.values[np.asarray(kept)])

    def by_run(self, runs: int) -> dict[str, Floats]:
        """Values by parameter name, each set's repeated for its runs. Shape (set × runs,)."""
        return {name: np.repeat(self.values[:, column], runs) for column, name in enumerate(self.names)}


def uncertain_parameters() -> dict[str, ParameterSpec]:
    """Parameters whose evidence range has a width, by name."""
    return {name: spec for name, spec in parameter_specs().items() if spec.low < spec.high}


def draw_sets(number: int, seed: int = 1, skip: int = 0) -> ParameterSets:
    """Draw parameter sets that fill the evidence ranges evenly: a scrambled Sobol sequence.

    Whole-number parameters are rounded so that every whole number of the range is equally likely.

    Args:
        number: of sets, at least 1; powers of 2 fill the space best.
        seed: of the scrambling; the same seed gives the same sequence, of which more sets continue fewer.
        skip: sets of the sequence to pass over first.

    Raises:
        ValueError: if a number is out of range.
    """
    if number < 1 or skip < 0:
        raise ValueError(
            _(
                "number of sets = {number}, skip = {skip}: at least 1 and at least 0",
                number=number,
                skip=skip,
            )
        )
    specs = uncertain_parameters()
    shares = sobol_shares(len(specs), number, seed, skip)
    columns = [scaled(shares[:, column], spec) for column, spec in enumerate(specs.values())]
    return ParameterSets(tuple(specs), np.column_stack(columns), skip)


def sobol_shares(dimensions: int, number: int, seed: int, skip: int = 0) -> Floats:
    """Points of a scrambled Sobol sequence in the unit cube. Shape (number, dimensions)."""
    sequence = qmc.Sobol(dimensions, scramble=True, seed=np.random.default_rng(seed))
    if skip:
        sequence.fast_forward(skip)
    with warnings.catch_warnings():
        # The balance of a power of 2 is a fine point that users of 100 sets need not be warned of.
        warnings.filterwarnings("ignore", message="The balance properties", category=UserWarning)
        return np.asarray(sequence.random(number))


class Range(Protocol):
    """Something with two ends: a parameter's evidence range, or a factor of a study."""

    @property
    def low(self) -> float:
        """Lowest value."""

    @property
    def high(self) -> float:
        """Highest value."""

    @property
    def whole(self) -> bool:
        """Whether values are whole numbers."""


def scaled(shares: Floats, spec: Range) -> Floats:
    """Numbers in [0, 1) spread over a range; of whole numbers, each is equally likely."""
    if spec.whole:
        return np.minimum(np.floor(spec.low + shares * (spec.high - spec.low + 1.0)), spec.high)
    return spec.low + shares * (spec.high - spec.low)


def fixed_sets(values: Mapping[str, float]) -> ParameterSets:
    """One set, with the given values."""
    return ParameterSets(tuple(values), np.array([list(values.values())], dtype=np.float64))
