"""Phase 3: secretariats work off what meetings and projects ask of them: a fluid queue with impatience."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.state import Changes, State
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.sparse import Floats, quotient
from tverretatlig_sim.world.world import World


def prepare(state: State, world: World, parameters: Parameters, draws: Draws, month: Month) -> Changes:
    """Update backlog and service quality of living secretariats (DFO25 4.5; DEL19 3.2)."""
    alive = month.standing.secretariats
    if len(alive) == 0:
        return {}
    p = parameters
    demand = (1.0 - p.backlog_abandonment) * state.backlog + _new_work(state, world, p, month)
    served = world.secretariats.staff[:, None] * state.experience
    in_time = np.minimum(1.0, quotient(served, demand, 1.0))
    backlog, quality = state.backlog.copy(), state.service_quality.copy()
    backlog[alive] = np.maximum(0.0, demand - served)[alive]
    quality[alive] += (p.adjustment * (in_time - quality))[alive]
    return {"backlog": backlog, "service_quality": quality}


def _new_work(state: State, world: World, p: Parameters, month: Month) -> Floats:
    projects: Floats = world.secretariats.projects @ state.running
    return p.work_per_seat * month.meeting.served_seats[:, None] + p.work_per_project * projects
