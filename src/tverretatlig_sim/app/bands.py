"""Quantile bands over many runs, in blocks: a first picture comes soon, and can be given up at any time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tverretatlig_sim.app.choice import BANDED
from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.shelf import Shelf
from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.batch import months_of, resolve_parameters
from tverretatlig_sim.ensemble.series import SERIES
from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.world import World, build_world

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
FIRST, USUAL = 16, 64
"""Runs of the first block, small so that something is seen soon, and of the second and all later ones."""
KEPT = 96
"""Blocks that are kept, at most 0.4 MB each."""
OUTCOMES = ("implemented_rate", "implemented_rate_horizon", "structure_share", "trust_mean")
"""Outcomes that are compared over the runs."""

Given = Callable[[], bool]
"""Whether nobody waits for the result any longer."""


class GivenUpError(TverretatligError):
    """Nobody waits for this block any longer."""


@dataclass(frozen=True)
class Block:
    """Some runs: ``series`` of shape (series, month, run), and ``outcomes`` of shape (run,) by name."""

    series: Floats
    outcomes: Mapping[str, Floats]

    @property
    def runs(self) -> int:
        """How many."""
        return int(self.series.shape[-1])


@dataclass(frozen=True)
class Span:
    """Runs ``first`` to ``end`` (not included) of an arrangement, on the draws of a seed."""

    arrangement: Arrangement
    months: int
    seed: int
    first: int
    end: int


def spans(runs: int) -> list[tuple[int, int]]:
    """Ends of the blocks for a number of runs; they do not depend on it, but for the last."""
    starts = [0, FIRST, *range(USUAL, runs, USUAL)]
    kept = [start for start in starts if start < runs]
    return list(zip(kept, [*kept[1:], runs], strict=True))


class Blocks:
    """Blocks of runs, the latest of which are kept, so that a class on one page costs what a reader does."""

    def __init__(self, library: Library) -> None:
        """Keep blocks of a library's arrangements."""
        self._library = library
        self._kept: Shelf[Span, Block] = Shelf(KEPT)
        self._worlds: Shelf[tuple[Arrangement, int], World] = Shelf(KEPT // 8)

    def get(self, span: Span, given_up: Given = bool) -> Block:
        """The block, simulated unless it is kept.

        Args:
            span: which runs.
            given_up: asked every month; the simulation ends if it says yes.

        Raises:
            GivenUpError: if it was given up.
        """
        return self._kept.get(span, lambda: self._made(span, given_up))

    def _made(self, span: Span, given_up: Given) -> Block:
        scenario = self._library.compose(span.arrangement)
        world = self._worlds.get((span.arrangement, span.months), lambda: build_world(scenario, span.months))
        return simulate_block(scenario, world, span, given_up)


def simulate_block(scenario: Scenario, world: World, span: Span, given_up: Given = bool) -> Block:
    """Simulate some runs and keep the series that are shown and all outcomes.

    Raises:
        GivenUpError: if nobody waits any longer.
    """
    runs = np.arange(span.first, span.end)
    parameters = resolve_parameters(scenario, None, len(runs))
    series = np.empty((len(BANDED), span.months, len(runs)))
    for progress in months_of(world, parameters, span.seed, runs):
        if given_up():
            raise GivenUpError
        month = world.calendar[progress.months - 1]
        for row, name in enumerate(BANDED):
            series[row, progress.months - 1] = SERIES[name].read(progress.state, world, month)
    return Block(series, progress.outcomes())


def quantiles(blocks: Sequence[Block]) -> Floats:
    """Quantiles over all runs, missing values left out, shape (series, quantile, month); NaN for none."""
    values = np.sort(np.concatenate([block.series for block in blocks], axis=-1), axis=-1)  # NaN last
    known = np.count_nonzero(~np.isnan(values), axis=-1)
    return np.stack([_quantile(values, known, share) for share in QUANTILES], axis=1)


def _quantile(values: Floats, known: Floats, share: float) -> Floats:
    """As numpy's nanquantile, by linear interpolation, which is far slower."""
    place = share * np.maximum(known - 1, 0)
    below = np.floor(place).astype(np.intp)
    above = np.minimum(below + 1, np.maximum(known - 1, 0))
    low, high = (np.take_along_axis(values, at[..., None], axis=-1)[..., 0] for at in (below, above))
    return np.where(known > 0, low + (high - low) * (place - below), np.nan)


def outcomes(blocks: Sequence[Block]) -> dict[str, Floats]:
    """Outcomes of all runs, by name."""
    return {name: np.concatenate([block.outcomes[name] for block in blocks]) for name in blocks[0].outcomes}
