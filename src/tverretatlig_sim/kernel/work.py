"""Phase 5: project groups work, touch base with the line at stop points, and draft recommendations."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import Floats, Places, by_run
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.formulas import (
    ROUNDING,
    anchoring_step,
    has_mandate,
    lead_gap,
    lead_trust,
    months_left,
    move_down,
    move_up,
    preparing,
    project_facilitation,
)
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import rule
from tverretatlig_sim.kernel.state import DRAFTED, PLANNED, Changes, State
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.portfolio import ProjectGroups
from tverretatlig_sim.world.tables import NO_DUTY, Projects
from tverretatlig_sim.world.world import World


@rule(
    reads="running progress project_clarity work trust understanding rework delivered_at begun_at",
    writes="progress progress_before rework",
)
def groups_make_progress(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Work gets done, less where views are apart, trust low, mandates vague (ODD 7.5.1, 7.5.2; DEL19 4).

    What was sent back is revised first.
    """
    groups = world.groups.of(state.running)
    active = groups.projects
    work = _work_done(state, world, p, groups, groups.mean_of_led @ lead_gap(state, world, groups.led))
    progress, rework = state.progress.copy(), state.rework
    if rework.any():
        revised = np.minimum(rework[active], work)
        left, work = rework[active] - revised, work - revised
        rework = rework.copy()
        rework[active] = np.where(left <= ROUNDING, 0.0, left)
    before = progress[active]
    goes_on = ((state.delivered_at < 0) & ~preparing(state, world, month))[active]
    now = before + np.where(goes_on, np.minimum(1.0 - before, work), 0.0)
    progress[active] = np.where(now > 1.0 - ROUNDING, 1.0, now)
    return {"progress": progress, "progress_before": state.progress, "rework": rework}


def _work_done(state: State, world: World, p: Parameters, groups: ProjectGroups, gap: Floats) -> Floats:
    """Work of the month that counts, as a share of each project's (ODD 7.5.1). Shape (row, run)."""
    active = groups.projects
    trust = groups.mean_of_led @ lead_trust(state, world, groups.led)
    trust[groups.alone] = 1.0
    friction = p.friction * (gap + (1.0 - trust) + (1.0 - state.project_clarity[active]))
    drag = p.group_drag * by_run(np.log(world.projects.members[active]))
    work = groups.by_project @ state.work[groups.members] / by_run(world.projects.size, active)
    done: Floats = work * np.exp(-friction - drag)
    return done


@rule(
    reads="running project_clarity stake_anchoring work trust understanding begun_at facilitation inclusion",
    writes="project_clarity stake_anchoring",
)
def groups_prepare(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Before its mandate a group settles what it is about, and brings it home (ODD 7.5.2; RAD17 advice 2).

    It costs what a revision costs, and clarifies as far as those concerned see the same.
    """
    if not world.projects.preparation.any():
        return {}
    groups = world.groups.of(state.running)
    active = groups.projects
    now = (preparing(state, world, month) & state.running)[active]
    gap = groups.mean_of_led @ lead_gap(state, world, groups.led)
    settled = _work_done(state, world, p, groups, gap) * (1.0 - gap)
    clarity = state.project_clarity.copy()
    clarity[active] += np.where(now, np.minimum(settled, 1.0 - clarity[active]), 0.0)
    last = state.begun_at == month.index + 1 - by_run(world.projects.preparation)
    ends = now[groups.member_row] & last[world.stakes.project[groups.members]]
    stakes = Places.where(ends & (state.work[groups.members] > 0)).to(groups.members)
    clear = stakes.to(world.stakes.project).of(clarity)
    step = anchoring_step(state, world, p.in_runs(stakes.run), stakes, clear)
    anchored = move_up(stakes.of(state.stake_anchoring), step)
    return {
        "project_clarity": clarity,
        "stake_anchoring": stakes.put(state.stake_anchoring, anchored),
    }


@rule(reads="running progress progress_before stake_anchoring", writes="stake_anchoring")
def anchoring_drifts(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Groups that get on drift from what their lines will prioritise (ODD 7.5.3; DEL19 4.3, 4.5, 6)."""
    groups = world.groups.of(state.running)
    active, stakes = groups.projects, groups.stakes
    drift = p.anchoring_drift * (state.progress[active] - state.progress_before[active])
    anchoring = state.stake_anchoring.copy()
    anchoring[stakes] = move_down(anchoring[stakes], drift.take(groups.stake_row, axis=0))
    return {"stake_anchoring": anchoring}


@rule(
    reads="running progress progress_before project_clarity project_boldness stake_anchoring facilitation"
    " inclusion",
    writes="project_boldness stake_anchoring project_clarity",
)
def stop_points_anchor(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Stop points passed anchor the work in the line, at the price of boldness (ODD 7.5.4; DEL19 4.3).

    A facilitator with authority makes the mandate clearer there (DEL19 3.2.1).
    """
    groups = world.groups.of(state.running)
    stops = by_run(world.projects.stop_points, groups.projects)
    if not stops.any():
        return {}
    passed = _passed(stops, state.progress[groups.projects])
    passed = passed - _passed(stops, state.progress_before[groups.projects])
    rows = Places.where(passed > 0)
    if not len(rows):
        return {}
    here, project = p.in_runs(rows.run), rows.to(groups.projects)
    left_over = (1.0 - here.dilution) ** rows.of(passed)
    led = here.mandate_step * project_facilitation(state, world, project, led=True)
    vague = (1.0 - project.of(state.project_clarity)) * (1.0 - led) ** rows.of(passed)
    held = Places.where((passed > 0)[groups.stake_row])
    stakes, times = held.to(groups.stakes), held.to(groups.stake_row).of(passed)
    clarity = stakes.to(world.stakes.project).of(state.project_clarity)
    step = anchoring_step(state, world, p.in_runs(stakes.run), stakes, clarity)
    drifted = stakes.of(state.stake_anchoring)
    anchored = drifted + (1.0 - (1.0 - step) ** times) * (1.0 - drifted)
    return {
        "project_boldness": project.put(
            state.project_boldness, project.of(state.project_boldness) * left_over
        ),
        "stake_anchoring": stakes.put(state.stake_anchoring, anchored),
        "project_clarity": project.put(state.project_clarity, 1.0 - vague),
    }


def _passed(stops: Floats, progress: Floats) -> Floats:
    """Stop points passed so far; they divide a project into stops + 1 parts."""
    return np.minimum(stops, np.floor(progress * (stops + 1.0) + ROUNDING))


@rule(reads="running begun_at delivered_at progress rework mandated_at", writes="delivered_at rework")
def projects_deliver(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """A report is handed in when it is finished, at the latest when it is due (ODD 7.5.5; DEL19 3.2.4).

    Before the date this takes a mandate; one that has not passed by then is not revised any more.
    """
    due, mandated = months_left(state, world, month) <= 1.0, has_mandate(state, world)
    ready = state.running & (state.delivered_at < 0) & (due | (mandated & (state.progress >= 1.0)))
    delivering = Places.where(ready)
    return {
        "delivered_at": delivering.put(state.delivered_at, month.index),
        "rework": delivering.only(~delivering.of(mandated)).put(state.rework, 0.0),
    }


@rule(
    reads="stage drafted_at boldness anchoring delivered_at progress progress_before project_boldness"
    " stake_anchoring number bears mandated_at",
    writes="stage drafted_at boldness anchoring",
)
def recommendations_are_drafted(
    state: State, world: World, p: Parameters, draws: Draws, month: Month
) -> Changes:
    """Draft what the work has come to (ODD 7.5.5; DEL19 3.2.4; DFO25 2.3).

    Projects draft when they deliver, those that work in increments also on the way, once they have a mandate.
    What a project drafts only because it must deliver is timid.
    """
    of, projects = world.recommendations, world.projects
    delivers = state.delivered_at == month.index
    on_the_way = by_run(projects.increments) & has_mandate(state, world)
    further = _come_to(state.progress, projects) > _come_to(state.progress_before, projects)
    further |= state.mandated_at == month.index - 1
    moved = Places.where(delivers | (on_the_way & further))
    if not len(moved):
        return {}
    _position, cases = moved.spread(projects.first_recommendation, projects.planned)
    cases = cases.only(cases.of(state.stage) == PLANNED)
    project = cases.to(of.project)
    share = project.of(state.progress)
    reached, number = share * project.of(projects.planned), cases.of(state.number)
    ready = project.of(on_the_way) & (reached >= number - ROUNDING)
    forced = project.of(delivers) & ~ready & (number - 1 < reached - ROUNDING)
    drafted, project = cases.only(ready | forced), project.only(ready | forced)
    timid = np.where(forced, share, 1.0)[ready | forced]
    _position, duties = drafted.spread(of.first_duty, of.duties)
    duties = duties.only(duties.of(state.bears) != NO_DUTY)
    return {
        "stage": drafted.put(state.stage, DRAFTED),
        "drafted_at": drafted.put(state.drafted_at, month.index),
        "boldness": drafted.put(state.boldness, project.of(state.project_boldness) * timid),
        "anchoring": duties.put(state.anchoring, duties.to(world.duties.stake).of(state.stake_anchoring)),
    }


def _come_to(progress: Floats, projects: Projects) -> Floats:
    """Recommendations that the work has come to."""
    return np.floor(progress * by_run(projects.planned) + ROUNDING)
