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
    """The world that another one turns into."""
    new = World(scenario, old.seed, old.run, vars(old.p), old.months)
    fresh = World(
        old.scenario, old.seed, old.run, vars(old.p), old.months
    )  # with the start values of the old one
    for kind, names in VARIABLES.items():
        if kind == "world":
            continue
        before = {called(kind, entity): entity for entity in old.all(kind)}
        starts = {called(kind, entity): entity for entity in fresh.all(kind)}
        for entity in new.all(kind):
            other = before.get(called(kind, entity))
            if other is None:
                continue
            for name in names.split():
                given = name in GIVEN and getattr(starts[called(kind, entity)], name) != getattr(entity, name)
                if not given and hasattr(other, name):
                    setattr(entity, name, getattr(other, name))
            if kind == "agencies":
                own = scenario_views(new, entity.name)
                entity.understanding = {
                    theme: other.understanding.get(theme, own[theme]) for theme in new.themes
                }
    for recommendation in new.recommendations.values():
        if recommendation.name in old.recommendations:
            carry_case(recommendation, old.recommendations[recommendation.name])
    return new


def scenario_views(world: World, name: str) -> dict[str, float]:
    """How an agency would see things at the start."""
    return (
        World(world.scenario, world.seed, world.run, vars(world.p), world.months).agencies[name].understanding
    )


def carry_case(new: Recommendation, old: Recommendation) -> None:
    """Where a case stands on its route now, and duties that wait for those who have come to bear them."""
    was, now = ([body and body.name for body in r.project.route] for r in (old, new))
    if was != now:
        new.step, new.rounds = place_on(was, now, old)
    new.stuck = old.stuck and new.rounds == old.rounds
    for duty in new.duties:
        if duty.anchoring != duty.anchoring and new.drafted_at >= 0:
            duty.anchoring = 0.0
        due = not duty.last or new.carried_out_at >= 0
        if new.stage in (Stage.HANDED_OVER, Stage.ADOPTED) and due and duty.duty_status == Status.IDLE:
            duty.duty_status = Status.WAITING


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
