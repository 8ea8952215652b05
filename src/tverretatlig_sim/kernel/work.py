"""Phase 5: project groups work, touch base with the line at stop points, and draft recommendations.

Few projects are under way at a time, so this phase looks at their rows alone.
"""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.events import Events
from tverretatlig_sim.kernel.parameters import Parameters, pick
from tverretatlig_sim.kernel.revision import Revision
from tverretatlig_sim.kernel.state import DRAFTED, PLANNED, Array, Changes, State
from tverretatlig_sim.kernel.terms import (
    anchoring_step,
    clarity_pace,
    lead_gap,
    lead_trust,
    lowered,
    project_facilitation,
    tolerance,
)
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.groups import Groups
from tverretatlig_sim.world.sparse import Floats, expand
from tverretatlig_sim.world.world import World


def work(state: State, world: World, parameters: Parameters, draws: Draws, month: Month) -> Changes:
    """Advance active projects and draft what is ready (DEL19 4.1–4.5; DFO25 4.2–4.3)."""
    groups = world.groups.of(state.running, world.projects.deadline == month.index)
    if len(groups.projects) == 0:
        return {}
    new = Revision(state)
    _clarify(state, world, parameters, groups, new)
    _advance(state, world, parameters, groups, new)
    _drift(state, parameters, groups, new)
    _touch_base(state, world, parameters, groups, new)
    delivered, late = _deliver(state, world, month, groups, new)
    _draft(state, world, month, groups, delivered, late, new)
    return new


def _clarify(state: State, world: World, p: Parameters, groups: Groups, new: Revision) -> None:
    clarity, running = state.project_clarity[groups.projects], state.running[groups.projects]
    pace = clarity_pace(world, p) * project_facilitation(state, world)
    new.own("project_clarity")[groups.projects] = clarity + pace * running * (1.0 - clarity)


def _advance(state: State, world: World, p: Parameters, groups: Groups, new: Revision) -> None:
    projects, rows = world.projects, groups.projects
    gap = groups.others @ lead_gap(state, world, groups.partners)
    trust = groups.others @ lead_trust(state, world, groups.partners)
    trust[groups.alone] = 1.0
    friction = p.friction * (gap + (1.0 - trust) + (1.0 - new.now("project_clarity")[rows]))
    efficiency = np.exp(-friction - p.group_drag * np.log(projects.members[rows])[:, None])
    done = (groups.by_project @ state.work[groups.members]) / projects.size[rows, None] * efficiency
    before = state.progress[rows]
    progress = before + np.minimum(1.0 - before, done)
    progress[progress > 1.0 - tolerance(progress)] = 1.0
    new.own("progress")[rows] = progress


def _drift(state: State, p: Parameters, groups: Groups, new: Revision) -> None:
    done = new.now("progress")[groups.projects] - state.progress[groups.projects]
    drift = (p.anchoring_drift * done)[groups.stake_row]
    new.own("stake_anchoring")[groups.stakes] = lowered(state.stake_anchoring[groups.stakes], drift)


def _touch_base(state: State, world: World, p: Parameters, groups: Groups, new: Revision) -> None:
    """Stop points passed anchor the work in the line, at the price of boldness."""
    if not world.projects.stop_points[groups.projects].any():
        return
    passed = _stop_points(world, groups, new.now("progress")) - _stop_points(world, groups, state.progress)
    stopped = Events.of(passed > 0)
    if len(stopped) == 0:
        return
    times, at = passed.take(stopped.at()), stopped.at(groups.projects)
    left_over = (1.0 - pick(p.dilution, stopped.run)) ** times
    new.put("project_boldness", at, state.project_boldness.take(at) * left_over)
    position, row = expand(groups.first_stake.take(stopped.entity), groups.number.take(stopped.entity))
    stakes = Events(groups.stakes.take(row), stopped.run.take(position), stopped.runs)
    step = anchoring_step(state, world, p, stakes, new.now("project_clarity"))
    won = 1.0 - (1.0 - step) ** times.take(position)
    drifted = new.take("stake_anchoring", stakes.at())
    new.put("stake_anchoring", stakes.at(), drifted + won * (1.0 - drifted))


def _stop_points(world: World, groups: Groups, progress: Floats) -> Floats:
    stops = world.projects.stop_points[groups.projects, None]
    return np.minimum(stops, np.floor(progress[groups.projects] * (stops + 1.0) + tolerance(progress)))


def _deliver(state: State, world: World, month: Month, groups: Groups, new: Revision) -> tuple[Array, Array]:
    """Projects that deliver now, and those of them that are late. Shape (row, run).

    A report is handed in when it is due, not before (DEL19 3.2.4, annex 1).
    """
    rows = groups.projects
    pending, unfinished = state.delivered_at[rows] < 0, new.now("progress")[rows] < 1.0
    due = (month.index >= world.projects.deadline[rows])[:, None]
    late = pending & unfinished & due
    delivered = late | (pending & ~unfinished & (due | world.projects.undated[rows, None]))
    new.put("delivered_at", Events.of(delivered).at(rows), month.index)
    return delivered, late


def _draft(
    state: State, world: World, month: Month, groups: Groups, delivered: Array, late: Array, new: Revision
) -> None:
    """Draft what the work has come to; a project that delivers late leaves out the rest, and is timid."""
    come_to, tiny = new.now("progress")[groups.projects], tolerance(state.progress)
    come_to *= groups.planned[:, None]
    before = state.progress[groups.projects] * groups.planned[:, None]
    further = np.floor(come_to + tiny) > np.floor(before + tiny)
    moved = Events.of(delivered | further if world.projects.increments else delivered)
    if len(moved) == 0:
        return
    position, recommendation = expand(
        groups.first_recommendation.take(moved.entity), groups.planned.take(moved.entity)
    )
    number = world.recommendations.number.take(recommendation)
    at = moved.at().take(position)
    reached = come_to.take(at)
    cases = Events(recommendation, moved.run.take(position), moved.runs)
    planned = state.stage.take(cases.at()) == PLANNED
    ready = planned & (reached >= number - tiny) & world.projects.increments
    forced = planned & ~ready & delivered.take(at) & (number - 1 < reached - tiny)
    timid = (forced & late.take(at))[ready | forced]
    drafted = cases.only(ready | forced)
    project = drafted.at(world.recommendations.project)
    thinner = np.where(timid, new.take("progress", project), 1.0)
    new.put("stage", drafted.at(), DRAFTED)
    new.put("drafted_at", drafted.at(), month.index)
    new.put("boldness", drafted.at(), new.take("project_boldness", project) * thinner)
    _anchor_duties(world, drafted, new)


def _anchor_duties(world: World, drafted: Events, new: Revision) -> None:
    """Each duty starts as anchored as its holder's stake."""
    of = world.recommendations
    position, duty = expand(of.first_duty.take(drafted.entity), of.duties.take(drafted.entity))
    duties = Events(duty, drafted.run.take(position), drafted.runs)
    new.put("anchoring", duties.at(), new.take("stake_anchoring", duties.at(world.duties.stake)))
