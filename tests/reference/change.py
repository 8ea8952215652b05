"""Change at a date (ODD, 7.9): what is known by name goes over to the new world."""

from __future__ import annotations

from typing import Any

from .entities import Recommendation, Stage, Status, World
from .outcomes import VARIABLES

GIVEN = {"project_clarity", "number", "turn", "bears"}
"""What is given and not grown."""
ENDS = {
    "seats": "forum agency",
    "stakes": "project agency",
    "duties": "recommendation agency",
    "ties": "source target",
    "hearings": "recommendation ministry",
}


def called(kind: str, entity: Any) -> Any:
    """What an entity or relation is called."""
    return tuple(getattr(entity, end).name for end in ENDS[kind].split()) if kind in ENDS else entity.name


def turned(old: World, scenario: Any) -> World:
    """The world that another one turns into; who comes back is as when last there."""
    new = World(scenario, old.seed, old.run, vars(old.p), old.months)
    new.left = [*old.left, old]
    starts = World(scenario, old.seed, old.run, vars(old.p), old.months)
    for world in new.left:
        carry(new, world, starts)
    for recommendation in new.recommendations.values():
        carry_duties(recommendation)
    return new


def carry(new: World, old: World, starts: World) -> None:
    """What an earlier world has of the new one; `starts` is the new one at the start of a run."""
    fresh = World(old.scenario, old.seed, old.run, vars(old.p), old.months)
    for kind, names in VARIABLES.items():
        if kind == "world":
            continue
        before, was, is_ = (
            {called(kind, entity): entity for entity in it.all(kind)} for it in (old, fresh, starts)
        )
        for entity in new.all(kind):
            at = called(kind, entity)
            for name in names.split() if at in before else ():
                given = name in GIVEN and getattr(was[at], name) != getattr(is_[at], name)
                if not given and hasattr(before[at], name):
                    setattr(entity, name, getattr(before[at], name))
                elif given:
                    setattr(entity, name, getattr(is_[at], name))
            if kind == "agencies" and at in before:
                own = is_[at].understanding
                entity.understanding = {
                    theme: before[at].understanding.get(theme, own[theme]) for theme in new.themes
                }
    for recommendation in new.recommendations.values():
        if recommendation.name in old.recommendations:
            carry_case(recommendation, old.recommendations[recommendation.name])


def carry_case(new: Recommendation, old: Recommendation) -> None:
    """Where a case stands on its route now."""
    was, now = ([body and body.name for body in r.project.route] for r in (old, new))
    if was != now:
        new.step, new.rounds = place_on(was, now, old)
    new.stuck = old.stuck and new.rounds == old.rounds


def carry_duties(new: Recommendation) -> None:
    """Duties wait for those who have come to bear them; what has ended meanwhile is let go."""
    for duty in new.duties:
        if duty.anchoring != duty.anchoring and new.drafted_at >= 0:
            duty.anchoring = 0.0
        due = not duty.last or new.carried_out_at >= 0
        if new.stage in (Stage.HANDED_OVER, Stage.ADOPTED) and due and duty.duty_status == Status.IDLE:
            duty.duty_status = Status.WAITING
        if new.stage >= Stage.IMPLEMENTED and duty.duty_status in (Status.WAITING, Status.WORKING):
            duty.duty_status, duty.work_left = Status.RELEASED, 0.0


def place_on(was: list[Any], now: list[Any], case: Recommendation) -> tuple[int, int]:
    """Step and rounds on another route."""
    if case.stage == Stage.PLANNED:
        return 0, case.rounds
    if case.step == len(was):
        return len(now), case.rounds
    here = was[case.step]
    if here in now:
        return now.index(here), case.rounds
    passed = [now.index(body) for body in was[: case.step] if body in now]
    step = min(max(passed, default=-1) + 1, len(now) - 1)
    return step, 0 if case.stage == Stage.DRAFTED else case.rounds
