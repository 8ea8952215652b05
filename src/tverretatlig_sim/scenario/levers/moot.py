"""What cannot count in a scenario: numbers that only work through something it lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.levers.operations.conditions import has_ties
from tverretatlig_sim.scenario.levers.targets import is_secretariat
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario

NOT_COUNTED = Quantity(value=1.0)
"""Stands in for a number that does not count."""


@dataclass(frozen=True)
class Moot:
    """Something a scenario may lack.

    Attributes:
        reason: that it lacks it, as the end of a sentence.
        lacks: whether a scenario does.
        leveled: the scenario with everything that works only through it made equal.
    """

    reason: Message | str
    lacks: Callable[[Scenario], bool]
    leveled: Callable[[Scenario], Scenario]


def why_nothing_counts(before: Scenario, after: Scenario, together: Scenario) -> Message | str:
    """Why a change cannot make a difference; empty if it can.

    Args:
        before: without the change.
        after: with it.
        together: what comes of it together with other changes, which may bring what it lacks by itself.
    """
    held = [moot for moot in MOOT if moot.lacks(together)]
    if not held or _leveled(before, held) != _leveled(after, held):
        return ""
    needed = [
        moot.reason
        for moot in held
        if _leveled(before, rest := [other for other in held if other is not moot]) != _leveled(after, rest)
    ]
    return joined(", ", needed)


def _leveled(scenario: Scenario, held: Sequence[Moot]) -> tuple[object, ...]:
    for moot in held:
        scenario = moot.leveled(scenario)
    parts = (scenario.ministries, scenario.beyond_ministries, scenario.everyone)
    return (*parts, scenario.arrangement, scenario.portfolio, scenario.letters)


def _with_practice(scenario: Scenario, **practice: object) -> Scenario:
    return replace(scenario, arrangement=scenario.arrangement.model_copy(update=practice))


def _without_distance(scenario: Scenario) -> Scenario:
    same = {"place": "", "form": None, "staff": NOT_COUNTED}
    start = scenario.arrangement.start.model_copy(update={"trust": NOT_COUNTED})
    agencies = tuple(agency.model_copy(update=same) for agency in scenario.agencies)
    return _with_practice(replace(scenario, agencies=agencies), start=start)


def _nobody_to_lose(scenario: Scenario) -> bool:
    return not has_ties(scenario) and not any(map(is_secretariat, scenario.arrangement.forum))


def _nobody_follows_up(scenario: Scenario) -> bool:
    """Facilitation is nothing without a forum that follows up, and a secretariat that serves it."""
    forums = {forum.name: forum for forum in scenario.arrangement.forum}
    forum = forums.get(scenario.arrangement.facilitator or "")
    return forum is None or not (is_secretariat(forum) or forum.served_by)


MOOT: tuple[Moot, ...] = (
    Moot(
        _("no agencies have anything to do with each other"), lambda it: not has_ties(it), _without_distance
    ),
    Moot(
        _("there is no forum"),
        lambda it: not it.arrangement.forum,
        lambda it: _with_practice(it, mandate_clarity=NOT_COUNTED),
    ),
    Moot(
        _("there is neither anybody to know each other nor a secretariat to be experienced"),
        _nobody_to_lose,
        lambda it: _with_practice(it, turnover=NOT_COUNTED, unstable=[]),
    ),
    Moot(
        _("no secretariat follows projects up"),
        _nobody_follows_up,
        lambda it: _with_practice(it, follow_up=NOT_COUNTED),
    ),
    Moot(
        _("there is no coordinator"),
        lambda it: it.arrangement.coordinator is None,
        lambda it: _with_practice(it, lead_authority=NOT_COUNTED),
    ),
    Moot(
        _("no project works through municipalities"),
        lambda it: not any(project.municipal for project in it.portfolio.project),
        lambda it: replace(_with_practice(it, municipal_chain=[]), beyond=(), beyond_ministries=()),
    ),
)
"""In the order in which reasons are given."""
