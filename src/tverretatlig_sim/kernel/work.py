"""Phase 5: project groups work, touch base with the line at stop points, and draft recommendations."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.state import DRAFTED, PLANNED, Array, Changes, State
from tverretatlig_sim.kernel.terms import (
    anchoring_step,
    clarity_pace,
    lowered,
    project_facilitation,
)
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.sparse import Floats
from tverretatlig_sim.world.world import World

TINY = 1e-9


def work(state: State, world: World, parameters: Parameters, draws: Draws, month: Month) -> Changes:
    """Advance active projects and draft what is ready (DEL19 4.1–4.5; DFO25 4.2–4.3)."""
    running = state.running
    facilitation = project_facilitation(state, world)
    clarity = (
        state.project_clarity
        + clarity_pace(world, parameters) * facilitation * (1.0 - state.project_clarity) * running
    )
    clearer = state.evolve({"project_clarity": clarity})
    progress = _progress(clearer, world, parameters, running)
    passed = _stop_points(world, progress) - _stop_points(world, state.progress)
    anchoring = _anchoring(clearer, world, parameters, progress - state.progress, passed, facilitation)
    boldness = state.project_boldness * (1.0 - parameters.dilution) ** passed
    late = (month.index >= world.projects.deadline)[:, None] & (progress < 1.0) & (running > 0)
    delivered = ((progress == 1.0) & (running > 0)) | late
    ready, forced = _drafting(state, world, progress, delivered)
    drafting = ready | forced
    project = world.recommendations.project
    boldness_now = np.where(forced & late[project], boldness[project] * progress[project], boldness[project])
    duty_drafted = drafting[world.duties.recommendation]
    return {
        "project_clarity": clarity,
        "progress": progress,
        "stake_anchoring": anchoring,
        "project_boldness": boldness,
        "delivered_at": np.where(delivered, month.index, state.delivered_at).astype(np.int16),
        "stage": np.where(drafting, DRAFTED, state.stage).astype(np.int16),
        "drafted_at": np.where(drafting, month.index, state.drafted_at).astype(np.int16),
        "boldness": np.where(drafting, boldness_now, state.boldness),
        "anchoring": np.where(duty_drafted, anchoring[world.duties.stake], state.anchoring),
    }


def _progress(state: State, world: World, p: Parameters, running: Floats) -> Floats:
    projects = world.projects
    gap = projects.others @ state.lead_gap
    trust = projects.others @ state.lead_trust
    trust[projects.alone] = 1.0
    friction = p.friction * (gap + (1.0 - trust) + (1.0 - state.project_clarity))
    efficiency = np.exp(-friction - p.group_drag * np.log(projects.members)[:, None])
    done = (projects.stakes @ state.work) / projects.size[:, None] * efficiency
    progress = state.progress + np.minimum(1.0 - state.progress, done)
    return np.where(progress > 1.0 - TINY, 1.0, progress)


def _stop_points(world: World, progress: Floats) -> Floats:
    stops = world.projects.stop_points[:, None]
    return np.minimum(stops, np.floor(progress * (stops + 1.0) + TINY))


def _anchoring(
    state: State, world: World, p: Parameters, done: Floats, passed: Floats, facilitation: Floats
) -> Floats:
    project = world.stakes.project
    drifted = lowered(state.stake_anchoring, p.anchoring_drift * done[project])
    if not passed.any():
        return drifted
    step = anchoring_step(state, world, p, np.arange(len(project)), facilitation)
    return drifted + (1.0 - (1.0 - step) ** passed[project]) * (1.0 - drifted)


def _drafting(state: State, world: World, progress: Floats, delivered: Array) -> tuple[Array, Array]:
    """Recommendations drafted because the work has come that far, and because the project delivers now."""
    recommendations, projects = world.recommendations, world.projects
    number = recommendations.number[:, None]
    reached = (progress * projects.planned[:, None])[recommendations.project]
    open_ones: Array = (state.stage == PLANNED) & (state.drafted_at < 0)
    ready: Array = open_ones & (reached >= number - TINY) & projects.increments
    forced: Array = open_ones & ~ready & delivered[recommendations.project] & (number - 1 < reached - TINY)
    return ready, forced
