"""The four kinds of instruments a state has (DEL19 3.2.1)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tverretatlig_sim.ensemble.observe import ratio
from tverretatlig_sim.ensemble.readouts.setting import Columns, Numbers, Setting, column, mean
from tverretatlig_sim.world.tables import INSTRUMENTS


def given(setting: Setting) -> Numbers:
    """Share of the planned recommendations with each kind of instrument."""
    kind = setting.world.recommendations.instrument
    return {
        f"instrument.{name}": mean((kind == code).astype(np.float64)) for code, name in enumerate(INSTRUMENTS)
    }


def reached(outcomes: pd.DataFrame, setting: Setting) -> Columns:
    """Of the drafted with each kind, the share implemented; of all drafted, the share lost at ministries."""
    lost = ratio(column(outcomes, "lost_ministries"), column(outcomes, "drafted"))
    done = {f"instrument.{name}_implemented": column(outcomes, f"implemented_{name}") for name in INSTRUMENTS}
    return {**done, "instrument.lost_at_ministries": lost}
