"""Ensemble view: bands over many runs and the comparison of outcomes, batch by batch."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import numpy as np
from anyio.to_thread import run_sync

from tverretatlig_sim.app.query import BANDED, SIDES, Choice
from tverretatlig_sim.app.scheduler import Scheduler
from tverretatlig_sim.app.simulation import Batch, Simulator, Span
from tverretatlig_sim.app.view import Document, heading, rounded, shown
from tverretatlig_sim.ensemble.compare import paired_difference
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.show.findings import finding
from tverretatlig_sim.show.frameworks import framework_blocks
from tverretatlig_sim.show.labels import HEADLINE, unit
from tverretatlig_sim.show.numbers import mean_with_interval
from tverretatlig_sim.world.sparse import Floats

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
MEDIAN = QUANTILES.index(0.5)
FIRST_BATCH, LATER_BATCHES = 16, 64
"""Runs at the end of the first batch, small so that something is seen soon; others end at multiples of 64."""
OUTCOMES = ("implemented_rate", "implemented_rate_horizon", "structure_share", "trust_mean")
"""Outcomes that are compared."""


async def bands(choice: Choice, simulator: Simulator, scheduler: Scheduler) -> AsyncIterator[Document]:
    """What is known after each batch of both sides; the simulation ends if the reader goes away.

    Args:
        choice: what is chosen.
        simulator: simulates it.
        scheduler: says when.
    """
    months = simulator.library.months(choice.sides.values())
    batches: dict[str, list[Batch]] = {side: [] for side in SIDES}
    for first, end in batch_ends(choice.runs):
        for side, arrangement in choice.sides.items():
            span = Span(arrangement, months, choice.seed, first, end)
            batch = await scheduler.background(
                lambda checkpoint, span=span: simulator.batch(span, checkpoint)
            )
            batches[side].append(batch)
        yield await run_sync(ensemble_view, choice, batches, simulator)


def batch_ends(runs: int) -> list[tuple[int, int]]:
    """First run and end of each batch; all but the last are the same for any number of runs, to be reused."""
    starts = [start for start in (0, FIRST_BATCH, *range(LATER_BATCHES, runs, LATER_BATCHES)) if start < runs]
    return list(zip(starts, [*starts[1:], runs], strict=True))


def ensemble_view(choice: Choice, batches: Mapping[str, Sequence[Batch]], simulator: Simulator) -> Document:
    """Bands of every series, outcomes with paired differences, and the sources' frameworks.

    Args:
        choice: what is chosen.
        batches: the same runs of both sides, so far.
        simulator: knows what both arrangements give in terms of the frameworks.

    Returns:
        The document; ``frameworks`` is None except after the first batch and at the end.
    """
    done = sum(batch.runs for batch in batches["a"])
    values = {side: quantiles(batches[side]) for side in SIDES}
    a, b = (outcomes(batches[side]) for side in SIDES)
    complete = done == choice.runs or len(batches["a"]) == 1
    difference: dict[str, Any] = {"a": "A", "b": "B", **paired_difference(a[HEADLINE], b[HEADLINE])}
    return {
        "done": done,
        "runs": choice.runs,
        "bands": {
            name: {side: rounded(values[side][row]) for side in SIDES} for row, name in enumerate(BANDED)
        },
        "middle": {
            name: [shown(float(values[side][row, MEDIAN, -1]), kind) for side in SIDES]
            for row, (name, kind) in enumerate(BANDED.items())
        },
        "outcomes": [_outcome(name, a[name], b[name]) for name in OUTCOMES],
        "frameworks": _frameworks(choice, (a, b), simulator) if complete else None,
        "finding": finding(difference, done, "finding.undefined_here"),
    }


def quantiles(batches: Sequence[Batch]) -> Floats:
    """Quantiles over all runs, missing values left out, shape (series, quantile, month); NaN for none."""
    values = np.sort(np.concatenate([batch.series for batch in batches], axis=-1), axis=-1)  # NaN last
    count = np.count_nonzero(~np.isnan(values), axis=-1)
    return np.stack([_quantile(values, count, share) for share in QUANTILES], axis=1)


def _quantile(values: Floats, count: Floats, share: float) -> Floats:
    """As numpy's nanquantile, by linear interpolation, which is far slower."""
    position = share * np.maximum(count - 1, 0)
    below = np.floor(position).astype(np.intp)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    low, high = (np.take_along_axis(values, at[..., None], axis=-1)[..., 0] for at in (below, above))
    return np.where(count > 0, low + (high - low) * (position - below), np.nan)


def outcomes(batches: Sequence[Batch]) -> dict[str, Floats]:
    """Outcomes of all runs, by name."""
    return {name: np.concatenate([batch.outcomes[name] for batch in batches]) for name in batches[0].outcomes}


def _outcome(name: str, a: Floats, b: Floats) -> list[str]:
    """Label, means of both sides, and the paired difference."""
    kind, difference = unit(name), paired_difference(a, b)
    means = [mean_interval(values) for values in (a, b)]
    return [
        heading(name, kind),
        *(mean_with_interval(mean.mean, mean.low, mean.high, kind) for mean in means),
        mean_with_interval(*(difference[key] for key in ("mean", "low", "high")), kind, sign=True),
    ]


def _frameworks(
    choice: Choice, found: tuple[Mapping[str, Floats], ...], simulator: Simulator
) -> list[tuple[str, list[list[str]]]]:
    """Each framework's heading, and rows of a label and a cell a side."""
    arrangements = tuple(choice.sides.values())
    months = simulator.library.months(arrangements)
    tables = [
        simulator.frameworks(arrangement, months, outcomes)
        for arrangement, outcomes in zip(arrangements, found, strict=True)
    ]
    return [(block.heading, [list(row) for row in block.rows]) for block in framework_blocks(tables)]
