"""The theory of change: activity → recommendation → implementation → lasting capacity → municipalities.

DEL19 2.3 (a theory of change shows where in the chain it fails), 4.3, 6; annex 2 (lasting capacity; county
governors and municipalities).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.observe import ratio
from tverretatlig_sim.ensemble.readouts.distances import closed
from tverretatlig_sim.ensemble.readouts.setting import Columns, Numbers, Setting, column, mean

LINKS = ("chain.recommendation", "chain.decision", "chain.implementation", "chain.lasting", "chain.municipal")
"""Links of the chain, in order: of what came so far, the share that gets one further."""


def given(setting: Setting) -> Numbers:
    """Of the planned recommendations, the share that is to go on to municipalities by a last duty."""
    recommendations = setting.world.recommendations
    onward = recommendations.duties > recommendations.own_duties
    return {"chain.to_municipalities": mean(onward.astype(np.float64))}


def reached(outcomes: pd.DataFrame, setting: Setting) -> Columns:
    """Each link, the whole chain, and the capacity to work together that was built.

    Links: planned → drafted → handed over → carried out by the agencies → lasting in the weakest line →
    carried on by the municipalities. Capacity is the mean of two shares of what was missing at the start:
    trust that was won, and the gap in understanding that was closed; below 0 if it was lost.
    """
    stages = ("planned", "drafted", "handed_over", "carried_out", "lasting")
    counts = [column(outcomes, stage) for stage in stages]
    links = [ratio(after, before) for before, after in pairwise(counts)]
    return {
        "chain.activity": column(outcomes, "fte_spent"),
        **dict(zip(LINKS, [*links, column(outcomes, "municipal_link")], strict=True)),
        "chain.whole": ratio(counts[-1], counts[0]),
        "chain.capacity": (_trust_built(outcomes, setting) + closed(outcomes, setting)) / 2.0,
    }


def weakest_link(table: pd.DataFrame) -> str | None:
    """Where the chain breaks: the link with the lowest mean share; None if none applies.

    Args:
        table: read-outs, with the index ``measure`` and a column ``mean``.
    """
    links = table["mean"].reindex(list(LINKS)).dropna()
    return str(links.idxmin()) if len(links) else None


def _trust_built(outcomes: pd.DataFrame, setting: Setting) -> Floats:
    start = mean(setting.world.ties.trust)
    missing = np.full(len(outcomes), 1.0 - start)
    return ratio(column(outcomes, "trust_mean") - start, np.where(np.isnan(missing), 0.0, missing))
