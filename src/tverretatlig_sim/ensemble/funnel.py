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


def funnel(outcomes: pd.DataFrame, level: float = 0.95, *, anytime: bool = False) -> pd.DataFrame:
    """One row a stage.

    Args:
        outcomes: one row a run.
        level: of the interval.
        anytime: whether the interval is to hold at every look; see ``mean_interval``.

    Returns:
        Columns ``reached`` (mean number a run) with ``low`` and ``high``; ``share_of_drafted`` (mean over
        runs); ``survival`` (share of the previous stage that got here, over all runs); ``lost`` (mean number
        lost between here and the next stage); ``reason``; ``waiting`` (mean number on the way at the end).
    """
    rows = [_row(outcomes, position, level, anytime) for position in range(len(STAGES))]
    return pd.DataFrame(rows).set_index("stage")


def _row(outcomes: pd.DataFrame, position: int, level: float, anytime: bool) -> dict[str, object]:
    stage, columns = STAGES[position], list(LOSSES[STAGES[position]].values())
    reached = outcomes[stage].to_numpy(dtype=float)
    following = outcomes[STAGES[min(position + 1, len(STAGES) - 1)]].to_numpy(dtype=float)
    previous = float(outcomes[STAGES[position - 1]].sum()) if position else 0.0
    lost = outcomes[columns].sum(axis=1).to_numpy(dtype=float)
    share = ratio(reached, outcomes["drafted"].to_numpy(dtype=float))
    interval = mean_interval(reached, level, anytime=anytime)
    return {
        "stage": stage,
        "reached": interval.mean,
        "low": interval.low,
        "high": interval.high,
        "share_of_drafted": mean_interval(share, level).mean if position else np.nan,
        "survival": float(reached.sum()) / previous if previous > 0 else np.nan,
        "lost": float(lost.mean()),
        "reason": ", ".join(LOSSES[stage]),
        "waiting": float((reached - following - lost).mean()),
    }
