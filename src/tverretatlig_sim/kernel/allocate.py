"""Phase 2: agencies decide how much capacity joint work gets; meetings first, projects share the rest."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.state import Changes, State
from tverretatlig_sim.kernel.terms import active, logistic, mean_trust, will, will_weights
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.groups import Groups
from tverretatlig_sim.world.sparse import Floats, quotient
from tverretatlig_sim.world.world import World


def allocate(state: State, world: World, parameters: Parameters, draws: Draws, month: Month) -> Changes:
    """Set effort, meeting time and work on projects (DEL19 5.1–5.2; DFO25 4.5–4.6; DIFI14 1.4.2)."""
    projects = active(state, world, month.index)
    groups = world.groups.of(projects)
    running = projects[groups.projects][groups.member_row]
    trust = mean_trust(state, world)
    signal = _mean_signal(state, groups, running)
    effort = _effort(state, world, parameters, month, signal, trust)
    need = parameters.meeting_cost * month.meeting.need[:, None]
    meeting_time = np.minimum(effort, need)
    return {
        "running": projects,
        "mean_trust": trust,
        "mean_signal": signal,
        "effort": effort,
        "meeting_time": meeting_time,
        "affordable": quotient(meeting_time, need, 1.0),
        "work": _work(state, world, groups, running, effort - meeting_time),
    }


def _mean_signal(state: State, groups: Groups, running: Floats) -> Floats:
    count = groups.by_agency @ running
    total = groups.by_agency @ (state.signal[groups.members] * running)
    return quotient(total, count, state.agency_signal)


def _effort(state: State, world: World, p: Parameters, month: Month, signal: Floats, trust: Floats) -> Floats:
    agencies = world.agencies
    commitment = (state.ownership + trust) / 2.0
    overlap = agencies.overlap[:, None]
    reasons = will(will_weights(p), overlap, signal, commitment, state.load, state.confidence)
    reasons = reasons + p.interdependence * (agencies.dependence * agencies.interwoven)[:, None]
    capacity = (agencies.capacity + month.resources)[:, None]
    gain = agencies.gain + agencies.cost * month.fresh
    willing = logistic(p.effort_intercept + reasons + p.gain_weight * gain[:, None])
    # What the programme disposes of is given whatever the line would rather do.
    held = world.programme_resources
    return capacity * (held + (1.0 - held) * willing)


def _work(state: State, world: World, groups: Groups, running: Floats, left: Floats) -> Floats:
    members = groups.members
    priority = state.signal[members] + world.stakes.overlap[members, None]
    priority += state.ownership[groups.agency]
    priority *= running
    priority *= quotient(left, groups.by_agency @ priority, 0.0)[groups.agency]
    work = np.zeros_like(state.work)
    work[members] = priority
    return work
