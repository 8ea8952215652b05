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
from math import floor, inf
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator

from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.scenario.addresses import Address, updated
from tverretatlig_sim.scenario.errors import did_you_mean
from tverretatlig_sim.scenario.fit import is_secretariat
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.scenario.quantity import Bounds, Override, Quantity, fault, number_fields
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import KINDS, Name, Table

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

FIELDS: Mapping[str, tuple[str, ...]] = {
    "arrangement": (
        "core_group_authority", "department_link", "lead_authority", "programme_resources", "attention",
        "mandate_clarity", "project_clarity", "stop_points", "follow_up", "turnover",
    ),
    "start": ("ownership", "trust"),
    "forum": ("cadence", "agenda", "authority", "rank", "mandate_clarity", "secretariat_fte"),
    "agency": (
        "capacity", "line_capacity", "internal_organisation", "ownership", "stubbornness", "dependence",
        "ambition",
    ),
    "project": (
        "size", "instruments_given_up", "boldness", "benefit", "cost", "line_work", "rung", "clarity",
        "stop_points",
    ),
    "letter": ("strength", "resources"),
    "event": ("strength",),
}  # fmt: skip
"""Fields that levers may change in all entries of a kind, or in those of a selector."""

STANDS_FOR: Mapping[tuple[str, str], tuple[str, str]] = {
    ("forum", "mandate_clarity"): ("arrangement", "mandate_clarity"),
    ("project", "clarity"): ("arrangement", "project_clarity"),
    ("project", "stop_points"): ("arrangement", "stop_points"),
    ("recommendation", "instruments_given_up"): ("project", "instruments_given_up"),
    ("ministry", "attention"): ("arrangement", "attention"),
    ("agency", "ownership"): ("start", "ownership"),
    ("tie", "trust"): ("start", "trust"),
}
"""Fields that, where given, replace a number of the whole they belong to: what changes that changes them."""

ForumSelector = Literal[
    "all", "steer", "prepare", "draft", "inform", "secretariat", "served", "exclusive", "deciding"
]
SELECTORS: Mapping[str, Mapping[str, Callable[[Scenario, Any], bool]]] = {
    "forum": {
        "all": lambda scenario, forum: True,
        "steer": lambda scenario, forum: forum.function == "steer",
        "prepare": lambda scenario, forum: forum.function == "prepare",
        "draft": lambda scenario, forum: forum.function == "draft",
        "inform": lambda scenario, forum: forum.function == "inform",
        "secretariat": lambda scenario, forum: is_secretariat(forum),
        "served": lambda scenario, forum: is_secretariat(forum) or forum.served_by is not None,
        "exclusive": lambda scenario, forum: forum.exclusive,
        "deciding": lambda scenario, forum: forum.name in deciding(scenario),
    },
    "agency": {
        "all": lambda scenario, it: it not in scenario.beyond,
        "core": lambda scenario, it: it.name in scenario.core,
        "periphery": lambda scenario, it: it not in scenario.beyond and it.name not in scenario.core,
        "coordinator": lambda scenario, it: it.name == scenario.arrangement.coordinator,
        "others": lambda scenario, it: (
            it not in scenario.beyond and it.name != scenario.arrangement.coordinator
        ),
        "municipal": lambda scenario, it: it.name in scenario.arrangement.municipal_chain,
    },
    "project": {
        "all": lambda scenario, project: True,
        "commissioned": lambda scenario, project: project.origin == "commissioned",
        "self-initiated": lambda scenario, project: project.origin == "self-initiated",
    },
    "letter": {
        "all": lambda scenario, letter: True,
        "general": lambda scenario, letter: not letter.projects,
        "naming": lambda scenario, letter: bool(letter.projects),
    },
    "event": {"all": lambda scenario, event: True},
}
"""Which entries a selector in brackets means. Agencies are members, but for ``municipal``, the chain."""

WRITTEN = re.compile(r"(?P<kind>\w+)(\[(?P<selector>[\w-]+)\]|\.(?P<name>.+))?\.(?P<field>\w+)")

Rows = Mapping[Address, Table]
"""Entries by their addresses, which lack a field."""


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


@dataclass(frozen=True)
class Asked:
    """What one lever does to one number."""

    lever: str
    how: How
    amount: Quantity


def routes_of(scenario: Scenario) -> list[list[str]]:
    """Every route: the arrangement's, that of self-initiated projects, and those of projects of their own."""
    arrangement = scenario.arrangement
    own = [project.route for project in scenario.portfolio.project]
    return [route for route in (arrangement.route, arrangement.self_initiated_route, *own) if route]


def deciding(scenario: Scenario) -> set[str]:
    """Bodies on any route."""
    return {stop for route in routes_of(scenario) for stop in route}


# --- targets


@cache
def vocabulary() -> tuple[str, ...]:
    """Every target that stands for several entries, as lever files write it."""
    return tuple(
        f"{kind}{f'[{selector}]' if selector else ''}.{field}"
        for kind, fields in FIELDS.items()
        for selector in SELECTORS.get(kind, {"": None})
        for field in fields
    )


def parsed(what: str) -> Target:
    """The target that is written, e.g. ``forum[served].cadence`` or ``forum.steering-group.cadence``.

    Raises:
        PydanticCustomError: it is none.
    """
    found = WRITTEN.fullmatch(what)
    if found is not None:
        target = Target(found["kind"], found["selector"] or "", found["name"] or "", found["field"])
        fields = number_fields(KINDS[target.kind][0]) if target.kind in KINDS else {}
        if what in vocabulary() or (target.name and target.field in fields):
            return target
    known = _("one of those in the how-to on levers")
    allowed = joined("; ", (known, did_you_mean(what, vocabulary())))
    raise fault("no_target", _("is not a target of levers"), allowed)


def places(target: Target, scenario: Scenario, rows: Rows) -> list[Address]:
    """The numbers a target stands for in a scenario with these entries; none if it has no such entry."""
    own = [
        place
        for place, row in rows.items()
        if place.kind == target.kind and _is_meant(target, place, row, scenario)
    ]
    found = [replace(place, field=target.field) for place in own]
    return [*found, *(follower for place in found for follower in _followers(place, rows))]


def _is_meant(target: Target, place: Address, row: Table, scenario: Scenario) -> bool:
    if target.name:
        return str(replace(place, field=target.field)) == f"{target.kind}.{target.name}.{target.field}"
    return target.kind not in SELECTORS or SELECTORS[target.kind][target.selector](scenario, row)


def _followers(base: Address, rows: Rows) -> Iterator[Address]:
    """Numbers given in place of one that belongs to the whole: the arrangement's, or their project's."""
    for (kind, field), whole in STANDS_FOR.items():
        if whole == (base.kind, base.field):
            for place, row in rows.items():
                inside = place.names[: len(base.names)] == base.names
                if place.kind == kind and inside and getattr(row, field) is not None:
                    yield replace(place, field=field)


def _base(place: Address) -> Address | None:
    """The number that counts where none is given at a place; None if there is no other."""
    kind, field = STANDS_FOR.get((place.kind, place.field), ("", ""))
    return (
        Address(kind, place.names[: len(KINDS[kind][1])] if kind == "project" else (), field)
        if kind
        else None
    )


def _own(place: Address, rows: Rows) -> Quantity | None:
    value: Quantity | None = getattr(rows[replace(place, field="")], place.field)
    return value


def _value(place: Address, scenario: Scenario, rows: Rows) -> Quantity:
    """The number that counts at a place: given there, or for the whole, or the parameter's default."""
    given, base = _own(place, rows), _base(place)
    if given is not None:
        return given
    if base is not None:
        return _value(base, scenario, rows)
    if place.field != "attention":
        return Quantity(value=place.bounds.low)
    default = scenario.parameters.get("attention_level")
    return parameter_specs()["attention_level"].quantity if default is None else default


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
    rows: Rows,
    asked: Mapping[Address, Sequence[Asked]],
    contradict: Callable[[Address, Asked, Asked], None],
) -> Scenario:
    """The scenario with numbers changed, whatever the order of the changes.

    Args:
        scenario: what to change.
        rows: its entries.
        asked: what is done to each number.
        contradict: called where two changes of one number cannot both be followed; it then stays.
    """
    new: dict[Address, Quantity] = {}
    for place, own in asked.items():
        base = _base(place)
        # What is done to the number that counts where none is given reaches one that is given now, too.
        shared = asked.get(base, ()) if base is not None and _own(place, rows) is None else ()
        if pair := contradiction([*own, *shared]):
            contradict(place, *pair)
            continue
        old = _value(place, scenario, rows)
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
    ordered = sorted(asked, key=lambda it: (ORDER.index(it.how), it.amount.value, it.lever, span(it.amount)))
    value, (low, high) = base.value, span(base)
    for item in ordered:
        apply = APPLY[item.how]
        value = apply(value, item.amount.value)
        reached = [apply(old, new) for old, new in product((low, high), span(item.amount))]
        low, high = min(reached), max(reached)
    value, low, high = (clipped(number, base.value, bounds) for number in (value, low, high))
    if value == base.value:
        return base
    said = dict.fromkeys(f"lever {item.lever} ({item.amount.source})" for item in ordered)
    source = "; ".join([*([base.source] if base.source else []), *said])
    return Quantity(value=value, range=(low, high), grade="assumed", source=source)


def span(quantity: Quantity) -> Span:
    """Lowest and highest plausible value; twice the value where no range is given."""
    return quantity.range or (quantity.value, quantity.value)


def clipped(number: float, base: float, bounds: Bounds) -> float:
    """A number within the limits, and whole where it must be.

    A limit that must not be reached is approached to a hundredth of the way from the base.
    """
    lowest = bounds.low + (base - bounds.low) / 100 if bounds.above else bounds.low
    inside = min(max(number, lowest), bounds.high)
    return float(floor(inside + 0.5)) if bounds.whole else inside


def contradiction(asked: Iterable[Asked]) -> tuple[Asked, Asked] | None:
    """Two changes of one number that cannot both be followed; None if all can.

    One sets it to something else than another, or beyond another's limit; or one's lower limit lies above
    another's upper limit.
    """
    limits = sorted(
        (item for item in asked if item.how in ALLOWED),
        key=lambda item: (item.lever, ORDER.index(item.how), item.amount.value),
    )
    return next((pair for pair in combinations(limits, 2) if _apart(*map(_allowed, pair))), None)


def _allowed(item: Asked) -> Span:
    return ALLOWED[item.how](item.amount.value)


def _apart(a: Span, b: Span) -> bool:
    return max(a[0], b[0]) > min(a[1], b[1])
