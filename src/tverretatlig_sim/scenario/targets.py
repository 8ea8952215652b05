"""What changes of numbers are about, and what several of them at once make of one number.

A target is one number by its address, ``forum.steering-group.cadence``, or those of several entries,
``forum[served].cadence``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, product
from math import inf, nan
from statistics import fmean
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario import addresses
from tverretatlig_sim.scenario.addresses import EACH, PARAMETER, Address, entries, updated
from tverretatlig_sim.scenario.errors import did_you_mean
from tverretatlig_sim.scenario.fit import is_secretariat
from tverretatlig_sim.scenario.quantity import Bounds, Name, Override, Quantity, fault, number_fields
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Agency, Forum, ForumFunction, Letter, Project, Table
from tverretatlig_sim.scenario.whole import KINDS

How = Literal["set", "multiply", "add", "at_least", "at_most"]
ORDER: tuple[How, ...] = get_args(How)
"""Sets come first, limits last."""
Span = tuple[float, float]
FACTORS = Bounds(0, 100, "times")

APPLY: Mapping[How, Callable[[float, float], float]] = {
    "set": lambda old, new: new,
    "multiply": lambda old, factor: old * factor,
    "add": lambda old, term: old + term,
    "at_least": max,
    "at_most": min,
}
ALLOWED: Mapping[How, Callable[[float], Span]] = {
    "set": lambda value: (value, value),
    "at_least": lambda value: (value, inf),
    "at_most": lambda value: (-inf, value),
}
"""What a change leaves possible, where it says so."""

ForumSelector = Literal[
    "all", "steer", "prepare", "draft", "inform", "secretariat", "served", "exclusive", "deciding"
]
SELECTORS: Mapping[str, tuple[str, ...]] = {
    "arrangement": ("",),
    "start": ("",),
    "forum": get_args(ForumSelector),
    "ministry_forum": ("all", "steer"),
    "agency": ("all", "core", "periphery", "coordinator", "others", "municipal"),
    "project": ("all", "commissioned", "self-initiated", "increments", "economic"),
    "letter": ("all", "general", "naming"),
    "event": ("all",),
}
"""Kinds of entry that levers change, and what may stand in brackets behind them; see ``is_meant``."""
FIELDS: Mapping[str, tuple[str, ...]] = {
    kind: tuple(field for field in number_fields(KINDS[kind][0]) if field not in EACH) for kind in SELECTORS
}
"""Fields that levers may change in all entries of a kind, or in those of a selector."""

STANDS_FOR: Mapping[tuple[str, str], tuple[str, str]] = {
    ("forum", "mandate_clarity"): ("arrangement", "mandate_clarity"),
    ("ministry_forum", "mandate_clarity"): ("arrangement", "mandate_clarity"),
    ("project", "clarity"): ("arrangement", "project_clarity"),
    ("project", "stop_points"): ("arrangement", "stop_points"),
    ("project", "preparation"): ("arrangement", "preparation"),
    ("project", "ambition_agreed"): ("arrangement", "ambition_agreed"),
    ("recommendation", "instruments_given_up"): ("project", "instruments_given_up"),
    ("ministry", "attention"): ("arrangement", "attention"),
    ("arrangement", "attention"): (PARAMETER, "attention_level"),
    ("agency", "ownership"): ("start", "ownership"),
    ("tie", "trust"): ("start", "trust"),
}
"""Fields that, where given, replace a number of the whole they belong to: what changes that changes them."""

MISSING: Mapping[str, Message] = {
    "forum": _("there is no such forum here"),
    "forum[deciding]": _("no forum decides here"),
    "forum[secretariat]": _("there is no secretariat here"),
    "forum[served]": _("no secretariat prepares any forum here"),
    "forum[steer]": _("no forum steers here"),
    "ministry_forum": _("there is no such forum of the ministries here"),
    "agency": _("there is no such agency here"),
    "agency[coordinator]": _("no agency coordinates here"),
    "agency[core]": _("no agency is a core agency here"),
    "agency[periphery]": _("all agencies are core agencies here"),
    "agency[municipal]": _("nobody here carries what works through municipalities"),
    "project": _("there is no such project here"),
    "project[economic]": _("no project works through the budget"),
    "letter": _("there is no such letter here"),
    "event": _("there is no event here"),
}
"""Why a change cannot be made where nothing is meant by its target."""
WRITTEN = re.compile(r"(?P<kind>\w+)(\[(?P<selector>[\w-]+)\]|\.(?P<name>.+))?\.(?P<field>\w+)")

Numbers = Mapping[Address, Quantity | None]
"""The numbers of a scenario, see ``addresses.places``."""


@dataclass(frozen=True)
class Target:
    """What a change is about: a kind of entry, which of them (by selector or address), and a field."""

    kind: str
    selector: str
    name: str
    field: str

    @property
    def bounds(self) -> Bounds:
        """Hard limits of the field."""
        return number_fields(KINDS[self.kind][0])[self.field]

    @property
    def missing(self) -> Message:
        """Why it cannot be changed in a scenario that has no such number."""
        nothing = _("there is nothing here that it could change")
        return MISSING.get(f"{self.kind}[{self.selector}]") or MISSING.get(self.kind, nothing)


@dataclass(frozen=True)
class Asked:
    """What one lever does to one number."""

    lever: str
    how: How
    amount: Quantity


def routes_of(scenario: Scenario) -> list[list[str]]:
    """Every route: the arrangement's, that of self-initiated projects, and those of projects of their own."""
    arrangement = scenario.arrangement
    own = [project.route for project in scenario.projects]
    return [route for route in (arrangement.route, arrangement.self_initiated_route, *own) if route]


def deciding(scenario: Scenario) -> set[str]:
    """Bodies on any route, and forums that vet mandates."""
    vetting = map(scenario.mandate_body_of, scenario.projects)
    return {stop for route in routes_of(scenario) for stop in route}.union(filter(None, vetting))


# --- targets


def is_meant(row: Table, selector: str, scenario: Scenario) -> bool:
    """Whether a selector means an entry. Agencies are members, but for ``municipal``, the chain."""
    meant: dict[str, object] = {}
    match row:
        case Forum():
            staffed = is_secretariat(row)
            meant = {
                **{function: row.function == function for function in get_args(ForumFunction)},
                "secretariat": staffed,
                "served": staffed or row.served_by,
                "exclusive": row.exclusive,
                "deciding": row.name in deciding(scenario),
            }
        case Agency(name=name):
            core, coordinates = name in scenario.core, name == scenario.arrangement.coordinator
            meant = {
                "core": core,
                "periphery": not core,
                "coordinator": coordinates,
                "others": not coordinates,
            }
            meant |= {"all": True} if row not in scenario.beyond else dict.fromkeys(("all", *meant))
            meant["municipal"] = name in scenario.arrangement.municipal_chain
        case Project():
            delivery = row.delivery or scenario.arrangement.delivery
            meant = dict.fromkeys((row.origin, delivery, row.instrument), True)
        case Letter():
            meant = {"naming": row.projects, "general": not row.projects}
    return bool(meant.get(selector, selector in ("", "all")))


@cache
def vocabulary() -> tuple[str, ...]:
    """Every target that stands for several entries, as lever files write it."""
    return tuple(
        f"{kind}{selector and f'[{selector}]'}.{field}"
        for kind, selectors in SELECTORS.items()
        for selector in selectors
        for field in FIELDS[kind]
    )


def parsed(what: str) -> Target:
    """The target that is written, e.g. ``forum[served].cadence`` or ``forum.steering-group.cadence``.

    Raises:
        PydanticCustomError: it is none.
    """
    if found := WRITTEN.fullmatch(what):
        target = Target(*(found[name] or "" for name in ("kind", "selector", "name", "field")))
        fields = number_fields(KINDS[target.kind][0]) if target.kind in KINDS else ()
        if what in vocabulary() or (target.name and target.field in fields):
            return target
    known = _("one of those in the how-to on levers")
    allowed = joined("; ", (known, did_you_mean(what, vocabulary())))
    raise fault("no_target", _("is not a target of levers"), allowed)


def places(target: Target, scenario: Scenario, numbers: Numbers) -> list[Address]:
    """The numbers a target stands for in a scenario with these; none if it has no such entry."""
    asked, found = f"{target.kind}.{target.name}.{target.field}", list[Address]()
    for at, row in entries(scenario):
        place = replace(at, field=target.field)
        if at.kind == target.kind and _value(place, numbers) is not None:
            by_name = target.name and str(place) == asked
            if by_name or (not target.name and is_meant(row, target.selector, scenario)):
                found.append(place)
    return [*found, *(follower for place in found for follower in _followers(place, numbers))]


def mean_of(what: str, scenario: Scenario) -> float:
    """Mean of the numbers that a target stands for; NaN where a scenario has none."""
    target, numbers = parsed(what), dict(addresses.places(scenario))
    found = [_value(at, numbers) for at in places(target, scenario, numbers) if at.kind == target.kind]
    return fmean(map(float, filter(None, found))) if found else nan


def _followers(base: Address, numbers: Numbers) -> Iterator[Address]:
    """Numbers given in place of one that belongs to the whole: the arrangement's, or their project's."""
    if (base.kind, base.field) in STANDS_FOR.values():
        for place, number in numbers.items():
            if number is not None and _base(place) == base:
                yield place


def _base(place: Address) -> Address | None:
    """The number that counts where none is given at a place; None if there is no other."""
    kind, field = STANDS_FOR.get((place.kind, place.field), ("", ""))
    names = place.names[: len(KINDS[kind][1])] if kind in KINDS else ()
    return Address(kind, names, field) if kind else None


def _value(place: Address, numbers: Numbers) -> Quantity | None:
    """The number that counts at a place: given there, or for the whole, or the parameter's default."""
    given, base = numbers.get(place), _base(place)
    return _value(base, numbers) if given is None and base is not None else given


def _checked_target(what: str) -> str:
    parsed(what)
    return what


class Change(Table):
    """A number changed.

    Attributes:
        what: target, e.g. ``arrangement.stop_points``, ``forum[served].cadence`` or
            ``forum.steering-group.cadence``.
        how: ``set``, ``multiply``, ``add``, ``at_least`` or ``at_most``.
        amount: by or to how much, in the unit of the target (times, for ``multiply``).
        optional: whether the lever does without it where a scenario has no such number.
    """

    what: Annotated[Name, AfterValidator(_checked_target)]
    how: How
    amount: Override
    optional: bool = False

    @property
    def target(self) -> Target:
        """What it changes."""
        return parsed(self.what)

    @property
    def bounds(self) -> Bounds | None:
        """Limits of the amount; None if it has none."""
        if self.how == "multiply":
            return FACTORS
        return None if self.how == "add" else self.target.bounds


# --- several changes of one number


def numbers_changed(
    scenario: Scenario,
    numbers: Numbers,
    asked: Mapping[Address, Sequence[Asked]],
    contradict: Callable[[Address, Asked, Asked], None],
) -> Scenario:
    """The scenario with numbers changed, whatever the order of the changes.

    Args:
        scenario: what to change.
        numbers: its numbers.
        asked: what is done to each number.
        contradict: called where two changes of one number cannot both be followed; it then stays.
    """
    new: dict[Address, Quantity] = {}
    for place, own in asked.items():
        base, old = _base(place), _value(place, numbers)
        # What is done to the number that counts where none is given reaches one that is given now, too.
        shared = asked.get(base, ()) if base is not None and numbers[place] is None else ()
        if pair := contradiction([*own, *shared]):
            contradict(place, *pair)
        elif old is not None:
            value = changed(old, [*own, *shared], place.bounds)
            if value is not old or shared:
                new[place] = value
    return updated(scenario, new)


def changed(base: Quantity, asked: Iterable[Asked], bounds: Bounds) -> Quantity:
    """A number after all changes; itself if its value stays.

    Ranges move with their values: each end is the lowest or highest that the ends of range and amounts allow.

    Args:
        base: the number as it was.
        asked: the changes, in any order.
        bounds: hard limits of the number's field; what goes beyond is clipped.
    """
    ordered = sorted(asked, key=lambda it: (ORDER.index(it.how), it.amount.value, it.lever, it.amount.span))
    value, (low, high) = base.value, base.span
    for item in ordered:
        apply = APPLY[item.how]
        value = apply(value, item.amount.value)
        reached = [apply(old, new) for old, new in product((low, high), item.amount.span)]
        low, high = min(reached), max(reached)
    value, low, high = (bounds.clipped(number, base.value) for number in (value, low, high))
    if value == base.value:
        return base
    said = dict.fromkeys(f"lever {item.lever} ({item.amount.source})" for item in ordered)
    source = "; ".join([*([base.source] if base.source else []), *said])
    return Quantity(value=value, range=(low, high), grade="assumed", source=source)


def contradiction(asked: Iterable[Asked]) -> tuple[Asked, Asked] | None:
    """Two changes of one number that cannot both be followed; None if all can.

    One sets it to something else than another, or beyond another's limit; or one's lower limit lies above
    another's upper limit.
    """
    limits = sorted(
        (item for item in asked if item.how in ALLOWED),
        key=lambda item: (item.lever, ORDER.index(item.how), item.amount.value),
    )
    for pair in combinations(limits, 2):
        lowest, highest = zip(*(ALLOWED[item.how](item.amount.value) for item in pair), strict=True)
        if max(lowest) > min(highest):
            return pair
    return None
