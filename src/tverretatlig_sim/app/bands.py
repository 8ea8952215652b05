"""Ensemble view: bands over many runs and the comparison of outcomes, batch by batch."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial

import numpy as np
from anyio.to_thread import run_sync

from tverretatlig_sim.app.query import BANDED, SIDES, Choice
from tverretatlig_sim.app.scheduler import Scheduler
from tverretatlig_sim.app.simulation import BAND_BATCH, Batch, Simulator
from tverretatlig_sim.app.view import Document, rounded
from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble import HEADLINE, OF_PLANNED
from tverretatlig_sim.ensemble.compare import Comparison
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.show.render import texts
from tverretatlig_sim.show.rows import Value, measure, rows_of, unit_of
from tverretatlig_sim.show.simulations import findings, frameworks_table

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
MEDIAN = QUANTILES.index(0.5)
FIRST_BATCH = 16
"""Runs of the first batch, small so that something is seen soon."""
OUTCOMES = (HEADLINE, OF_PLANNED, "implemented_rate_horizon", "structure_share", "trust_mean")
"""Outcomes that are compared."""


async def bands(choice: Choice, simulator: Simulator, scheduler: Scheduler) -> AsyncIterator[Document]:
    """What is known after each batch of both sides; the simulation ends if the reader goes away.

    Args:
        choice: what is chosen.
        simulator: simulates it.
        scheduler: says when.
    """
    batches: dict[str, list[Batch]] = {side: [] for side in SIDES}
    workers = await run_sync(simulator.workers, choice)
    for first, end in batch_ends(choice.runs):
        spans = simulator.spans(choice, first, end)
        # The first is small, and seen soon where no worker has to be started for it.
        found = await scheduler.background(partial(simulator.batches, spans, workers if first else 1))
        for side, batch in found.items():
            batches[side].append(batch)
        yield await run_sync(ensemble_view, choice, batches, simulator)


def batch_ends(runs: int) -> list[tuple[int, int]]:
    """First run and end of each batch; all but the last are the same for any number of runs, to be reused."""
    starts = [start for start in (0, FIRST_BATCH, *range(BAND_BATCH, runs, BAND_BATCH)) if start < runs]
    return list(zip(starts, [*starts[1:], runs], strict=True))


def ensemble_view(choice: Choice, batches: Mapping[str, Sequence[Batch]], simulator: Simulator) -> Document:
    """Bands of every series, outcomes with paired differences, and the sources' frameworks.

    Args:
        choice: what is chosen.
        batches: the same runs of both sides, so far.
        simulator: simulates it.

    Returns:
        The document; ``frameworks`` is None except after the first batch and at the end.
    """
    values = {side: quantiles(batches[side]) for side in SIDES}
    comparison = simulator.comparison(choice, batches)
    a, b = comparison.ensembles.values()
    complete = comparison.runs == choice.runs or len(batches["a"]) == 1
    table = frameworks_table({"a": a.frameworks(), "b": b.frameworks()}) if complete else None
    return {
        "done": comparison.runs,
        "runs": choice.runs,
        "bands": {
            name: {side: rounded(values[side][:, row]) for side in SIDES} for row, name in enumerate(BANDED)
        },
        "middle": {
            name: [str(Value(float(values[side][MEDIAN, row, -1]), kind)) for side in SIDES]
            for row, (name, kind) in enumerate(BANDED.items())
        },
        "outcomes": [_outcome(comparison, name) for name in OUTCOMES],
        "frameworks": table
        and [(group.heading, rows) for group, rows in zip(table.groups, texts(table), strict=True)],
        "finding": findings(comparison, "finding.undefined_here")[0],
    }


def quantiles(batches: Sequence[Batch]) -> Floats:
    """Quantiles over all runs, missing values left out, shape (quantile, series, month); NaN for none."""
    values = np.concatenate([batch.series for batch in batches], axis=-1)
    found: Floats = np.quantile(values, QUANTILES, axis=-1)
    missing = np.isnan(values)
    some = missing.any(axis=-1) & ~missing.all(axis=-1)  # numpy is slow where it must look for missing values
    if some.any():
        found[:, some] = np.nanquantile(values[some], QUANTILES, axis=-1)
    return found


def _outcome(comparison: Comparison, name: str) -> list[str]:
    """Label, means of both sides, and the paired difference."""
    unit, difference = unit_of(name), rows_of(comparison.table(name))[0]
    means = [mean_interval(ensemble.values[name]) for ensemble in comparison.ensembles.values()]
    values = [Value(mean.mean, unit, mean.low, mean.high) for mean in means]
    return [str(cell) for cell in (measure(name), *values, Value.of(difference, unit, sign=True))]
