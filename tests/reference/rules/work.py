"""Phase 5, work (ODD 7.5)."""

from __future__ import annotations

import math

from ..entities import Project, Recommendation, Stage, Stake, World
from ..formulas import lowered, mean
from .convene import clarity_pace

CLOSE = 1e-9


def run(world: World) -> None:
    """Active projects move on, pass stop points and deliver."""
    for project in world.projects.values():
        if project.active(world.month):
            before = project.progress
            clarify(world, project)
            progress(world, project)
            pass_stop_points(world, project, before)
        if project.start <= world.month and project.delivered is None:
            deliver(world, project)


def clarify(world: World, project: Project) -> None:
    """Item 1."""
    project.clarity += clarity_pace(world) * project.facilitation * (1.0 - project.clarity)


def progress(world: World, project: Project) -> None:
    """Items 2 and 3."""
    efficiency = math.exp(-friction(world, project))
    step = min(1.0 - project.progress, project.work / project.size * efficiency)
    before = project.progress
    project.progress += step
    if abs(1.0 - project.progress) <= CLOSE:
        project.progress = 1.0
    gained = project.progress - before
    for stake in project.stakes:
        stake.anchoring = lowered(stake.anchoring, world.parameters["anchoring_drift"] * gained)


def friction(world: World, project: Project) -> float:
    """Item 2: what slows the work, as a logarithm."""
    p = world.parameters
    others = [stake for stake in project.members if stake.agency is not project.lead]
    gap = mean((stake.gap for stake in others), default=0.0)
    trust = mean((stake.trust for stake in others), default=1.0)
    frictions = gap + 1.0 - trust + 1.0 - project.clarity
    return p["friction"] * frictions + p["group_drag"] * math.log(len(project.members))


def pass_stop_points(world: World, project: Project, before: float) -> None:
    """Item 4."""
    passed = points_passed(project, project.progress) - points_passed(project, before)
    if passed == 0:
        return
    for stake in project.stakes:
        won = 1.0 - (1.0 - anchoring_step(world, stake)) ** passed
        stake.anchoring += won * (1.0 - stake.anchoring)
    project.boldness *= (1.0 - world.parameters["dilution"]) ** passed


def points_passed(project: Project, progressed: float) -> int:
    """Item 4: line stop points passed at a progress."""
    points = project.stop_points
    return min(points, math.floor(progressed * (points + 1) + CLOSE))


def anchoring_step(world: World, stake: Stake) -> float:
    """Item 4: anchoring won at a stop point, or by consent."""
    project, g = stake.project, stake.agency.internal_organisation
    gain = world.parameters["anchoring_gain"] * project.clarity * (g + project.facilitation) / 2.0
    return min(1.0, gain)


def deliver(world: World, project: Project) -> None:
    """Item 5."""
    complete = project.progress == 1.0
    finished = complete and project.deadline is None
    due = project.deadline is not None and world.month >= project.start + project.deadline - 1
    done = project.progress * len(project.recommendations)
    for r in project.recommendations:
        ripe = project.increments and done >= r.number - CLOSE
        final = (finished or due) and r.number - 1 < done - CLOSE
        if r.stage == Stage.PLANNED and (ripe or final):
            forced = not (ripe or complete)
            draft(world, r, project.boldness * (project.progress if forced else 1.0))
    if finished or due:
        project.delivered = world.month


def draft(world: World, recommendation: Recommendation, boldness: float) -> None:
    """Item 5: a recommendation takes what its project has."""
    world.move(recommendation, Stage.DRAFTED)
    recommendation.boldness = boldness
    for duty in recommendation.duties:
        duty.anchoring = duty.stake.anchoring
