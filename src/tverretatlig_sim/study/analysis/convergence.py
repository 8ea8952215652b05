"""How many runs it takes until an ordering is settled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tverretatlig_sim.ensemble.statistics import anytime_factor
from tverretatlig_sim.i18n import _
from tverretatlig_sim.study.analysis.response import paired, response

LADDER = tuple(2**k for k in range(2, 17))
"""Numbers of runs that are looked at: 4 to 65 536."""


def convergence(
    table: pd.DataFrame,
    factors: Sequence[str],
    outcome: str,
    a: str,
    b: str,
    *,
    runs: Sequence[int] = LADDER,
    level: float = 0.95,
) -> pd.DataFrame:
    """At how many points would the ordering of two arrangements be settled with so many runs?

    Settled means that the interval of the mean difference leaves out 0. It is the interval that holds at
    every look (``anytime_factor``), so the answer is that for somebody who adds runs until it is settled.

    Args:
        table: with both arrangements; see ``response.response``. Pairs share their luck: from single runs, if
            they were kept, the gain by it is counted in; from standard deviations it is not.
        factors: names of the columns that vary.
        outcome: to compare.
        a: name of an arrangement.
        b: name of the other.
        runs: numbers of runs of a point to look at.
        level: of the intervals.

    Returns:
        One row a number of runs: ``runs``, ``half_width`` (median over points), ``settled`` (share of points
        where the ordering would be settled), ``extrapolated`` (whether these are more runs than there are).
        The differences seen are taken for the true ones. By luck they are larger than these, so ``settled``
        is too optimistic where runs are few.

    Raises:
        ValueError: see ``response.response``; also if every point has a single run.
    """
    found = response(paired(table, outcome, a, b), factors, outcome).defined()
    if found.luck == "unknown":
        raise ValueError(
            _("a point with a single run does not show how much luck there is; take at least 2 runs")
        )
    spread, there = np.sqrt(found.errors), _runs(table, outcome)
    rows = []
    for number in runs:
        half = anytime_factor(number, level) * spread * np.sqrt(there / number)
        rows.append(
            {
                "runs": number,
                "half_width": float(np.median(half)),
                "settled": float(np.mean(np.abs(found.means) > half)),
                "extrapolated": number > there,
            }
        )
    return pd.DataFrame(rows)


def _runs(table: pd.DataFrame, outcome: str) -> float:
    """Runs of a point."""
    return float(table["run"].nunique() if "run" in table else table[f"{outcome}_runs"].max())
