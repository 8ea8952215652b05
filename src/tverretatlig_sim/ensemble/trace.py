"""The life cycle of each recommendation in one run."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tverretatlig_sim.ensemble.run import months_of
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.kernel.state import DROPPED, LOSSES, STAGES, State
from tverretatlig_sim.world.world import World

COLUMNS = ["recommendation", "project", "month", "date", "from_stage", "to_stage", "reason"]
MONTH_OF = {
    "drafted": "drafted_at",
    "decided": "decided_at",
    "handed_over": "handed_at",
    "adopted": "adopted_at",
    "implemented": "implemented_at",
    "dropped": "dropped_at",
}


def trace(
    world: World, parameters: Parameters, seed: int, run: int, rules: RuleSet
) -> pd.DataFrame:
    """One row a transition of each recommendation, in order of recommendation and time."""
    last = list(months_of(world, parameters, seed, np.array([run]), rules))[-1]
    return pd.DataFrame(transitions(world, last.state), columns=COLUMNS)


def transitions(world: World, state: State, run: int = 0) -> list[dict[str, object]]:
    """Transitions so far of each recommendation in one run of a block."""
    rows: list[dict[str, object]] = []
    for index, name in enumerate(world.recommendations.names):
        stage = "planned"
        for to_stage, variable in MONTH_OF.items():
            month = int(getattr(state, variable)[index, run])
            if month < 0:
                continue
            dropped = to_stage == STAGES[DROPPED]
            rows.append(
                {
                    "recommendation": name,
                    "project": world.projects.names[world.recommendations.project[index]],
                    "month": month,
                    "date": world.calendar.date(month),
                    "from_stage": stage,
                    "to_stage": to_stage,
                    "reason": LOSSES[int(state.loss[index, run])] if dropped else "",
                }
            )
            stage = to_stage
    return rows
