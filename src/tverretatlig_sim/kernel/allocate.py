"""Phases 2 and 3, allocate and prepare: agencies give capacity to joint work, secretariats serve it."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import Floats, by_run, quotient, total
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.formulas import logistic, mean_trust, months_left, will
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import rule
from tverretatlig_sim.kernel.state import Changes, State
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.portfolio import ProjectGroups
from tverretatlig_sim.world.world import World

LAST = np.int16(2**15 - 1)
"""Turn of a project that is not under way: after all others."""


@rule(reads="begun_at delivered_at turn rework", writes="begun_at running")
def projects_begin(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Projects begin as planned, after others, as many at once as there may be (ODD 7.2; DFO25 5.6).

    One that has delivered is under way again while it has something to revise.
    """
    projects, underway = world.projects, state.delivered_at < 0
    ready = (state.begun_at < 0) & by_run(projects.start <= month.index) & (projects.after @ underway == 0)
    underway &= state.begun_at >= 0
    if not ready.any():
        return {"running": underway | (state.rework > 0)}
    for arrangement in np.flatnonzero((by_run(world.arrangements.at_once) < len(projects.names)).any(axis=1)):
        own = np.flatnonzero(projects.arrangement == arrangement)
        queue = np.where(ready[own], state.turn[own], len(projects.names)).argsort(axis=0).argsort(axis=0)
        ready[own] &= queue < world.arrangements.at_once[arrangement] - total(underway[own])
    return {
        "begun_at": np.where(ready, month.index, state.begun_at),
        "running": underway | ready | (state.rework > 0),
    }


@rule(reads="running signal agency_signal trust", writes="mean_signal mean_trust")
def agencies_take_stock(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """What an agency hears on average about its active work, and how it trusts (ODD 7.2.1)."""
    groups = world.groups.of(state.running)
    running = _running(state, world, groups)
    signal = state.signal.take(groups.members, axis=0)
    signal *= running
    heard, number = groups.by_agency @ signal, groups.by_agency @ running
    return {
        "mean_signal": quotient(heard, number, state.agency_signal),
        "mean_trust": mean_trust(state, world),
    }


def _running(state: State, world: World, groups: ProjectGroups) -> Floats:
    """Whether the project of each member row is under way, as 0 or 1. Shape (member, run)."""
    return state.running.take(world.stakes.project[groups.members], axis=0).astype(np.float64)


@rule(reads="ownership mean_trust mean_signal load confidence", writes="effort")
def effort_follows_will(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Agencies give capacity as they are willing (ODD 7.2.2; DEL19 5.1–5.2; DFO25 4.5–4.6; DIFI14 1.4.2).

    What the programme disposes of is given whatever the line would rather do (strong matrix, DEL19 2.3).
    """
    agencies = world.agencies
    commitment = (state.ownership + state.mean_trust) / 2.0
    reasons = will(p, by_run(agencies.overlap), state.mean_signal, commitment, state.load, state.confidence)
    gain = by_run(agencies.gain) + by_run(agencies.cost) * by_run(month.fresh)
    needed = by_run(agencies.dependence) * by_run(agencies.interwoven)
    willing = logistic(reasons + p.gain_weight * gain + p.interdependence * needed)
    held = by_run(world.arrangements.programme_resources, agencies.arrangement)
    capacity = by_run(agencies.capacity) + by_run(month.resources)
    return {"effort": capacity * (held + (1.0 - held) * willing)}


@rule(reads="effort", writes="meeting_time affordable")
def meetings_come_first(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Meetings take what they need, or all there is (ODD 7.2.3; DFO25 4.5–4.6)."""
    need = p.meeting_cost * by_run(month.meeting.need)
    meeting_time = np.minimum(state.effort, need)
    return {"meeting_time": meeting_time, "affordable": quotient(meeting_time, need, 1.0)}


@rule(reads="running begun_at turn effort meeting_time signal ownership work", writes="work")
def projects_share_the_rest(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Active projects share what is left, by priority, turn and nearness of their date (ODD 7.2.4)."""
    groups = world.groups.of(state.running)
    priority = state.signal.take(groups.members, axis=0)
    priority += by_run(world.stakes.overlap, groups.members)
    priority += state.ownership.take(groups.agency, axis=0)
    project = world.stakes.project[groups.members]
    priority *= (1.0 + 1.0 / months_left(state, world, month)).take(project, axis=0)
    priority *= _running(state, world, groups)
    priority /= _places(state, groups)
    left = state.effort - state.meeting_time
    priority *= quotient(left, groups.by_agency @ priority, 0.0).take(groups.agency, axis=0)
    work = np.zeros_like(state.work)
    work[groups.members] = priority
    return {"work": work}


def _places(state: State, groups: ProjectGroups) -> Floats:
    """Place of each member's project among those its agency has under way, from 1. Shape (member, run)."""
    turn = state.turn[groups.projects]
    rival = np.where(state.running[groups.projects], turn, LAST)
    first = rival.take(groups.rival, axis=0) < turn.take(groups.rivalled, axis=0)
    return 1.0 + groups.by_member @ first


@rule(reads="backlog service_quality experience running", writes="backlog service_quality")
def secretariats_serve(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Secretariats work off what meetings and projects ask: a fluid queue (ODD 7.3; DFO25 4.5; DEL19 3.2)."""
    alive = month.standing.secretariats
    if not len(alive):
        return {}
    projects = world.secretariats.projects @ state.running
    new_work = p.work_per_seat * by_run(month.meeting.served_seats) + p.work_per_project * projects
    demand = (1.0 - p.backlog_abandonment) * state.backlog + new_work
    served = by_run(world.secretariats.staff) * state.experience
    in_time = np.minimum(1.0, quotient(served, demand, 1.0))
    backlog, quality = state.backlog.copy(), state.service_quality.copy()
    backlog[alive] = np.maximum(0.0, demand - served)[alive]
    quality[alive] += (p.adjustment * (in_time - quality))[alive]
    return {"backlog": backlog, "service_quality": quality}
