"""The recommendation funnel: how many reach each stage, how many are lost on the way, and why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tverretatlig_sim.ensemble.observe import ratio
from tverretatlig_sim.ensemble.statistics import mean_interval

STAGES = ("planned", "drafted", "decided", "handed_over", "adopted", "implemented")
LOSSES = {
    "planned": {"not_drafted": "not_drafted"},
    "drafted": {"disagreement": "lost_disagreement"},
    "decided": {"ministries": "lost_ministries"},
    "handed_over": {"line": "lost_line"},
    "adopted": {"municipalities": "lost_municipalities"},
    "implemented": {},
}
"""Reasons of loss between a stage and the next, and the outcome that counts them."""


def funnel(outcomes: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """One row a stage.

    Args:
        outcomes: one row a run.
        level: of the interval.

    Returns:
        Columns ``reached`` (mean number a run) with ``low`` and ``high``; ``share_of_drafted`` (mean over
        runs); ``survival`` (share of the previous stage that got here, over all runs); ``lost`` (mean number
        lost between here and the next stage); ``reason``; ``waiting`` (mean number on the way at the end).
    """
    rows = []
    for position, stage in enumerate(STAGES):
        reached = outcomes[stage].to_numpy(dtype=float)
        interval = mean_interval(reached, level)
        losses = {reason: float(outcomes[column].mean()) for reason, column in LOSSES[stage].items()}
        following = outcomes[STAGES[position + 1]].mean() if position + 1 < len(STAGES) else interval.mean
        previous = outcomes[STAGES[position - 1]].mean() if position else np.nan
        lost = sum(losses.values())
        share = ratio(reached, outcomes["drafted"].to_numpy(dtype=float))
        rows.append(
            {
                "stage": stage,
                "reached": interval.mean,
                "low": interval.low,
                "high": interval.high,
                "share_of_drafted": mean_interval(share, level).mean if position else np.nan,
                "survival": interval.mean / previous if previous > 0 else np.nan,
                "lost": lost,
                "reason": ", ".join(losses),
                "waiting": interval.mean - following - lost,
            }
        )
    return pd.DataFrame(rows).set_index("stage")
