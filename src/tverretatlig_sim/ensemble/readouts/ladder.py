"""The coordination ladder: rung aimed at and reached (DIFI17 2.1; RAD17 1, advice 3)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tverretatlig_sim.ensemble.outcomes import JOINT_RUNG
from tverretatlig_sim.ensemble.readouts.setting import Columns, Numbers, Setting, column, mean

RUNGS = (1, 2, 3, 4)


def given(setting: Setting) -> Numbers:
    """Rung aimed at, over planned recommendations, and the rung agencies aim at by themselves."""
    world = setting.world
    aimed = world.projects.rung[world.recommendations.project]
    return {
        "ladder.aimed": mean(aimed),
        "ladder.aimed_joint": mean((aimed >= JOINT_RUNG).astype(np.float64)),
        "ladder.ambition": mean(world.agencies.ambition[world.agencies.participant]),
    }


def reached(outcomes: pd.DataFrame, setting: Setting) -> Columns:
    """Rung reached, share of runs that reach each rung, negative and positive coordination apart."""
    rung = column(outcomes, "ladder_rung")
    return {
        "ladder.reached": rung,
        **{f"ladder.rung_{step}": (rung >= step).astype(np.float64) for step in RUNGS},
        "ladder.negative": column(outcomes, "negative_coordination"),
        "ladder.positive": column(outcomes, "positive_coordination"),
    }
