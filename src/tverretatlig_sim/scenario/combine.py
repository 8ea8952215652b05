"""Parts of one scenario in another: swaps for users, hybrids for explanations; both fitted by one rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from tverretatlig_sim.dates import FROM_START, LONGEST, months_between, shifted
from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.inputs import given_names
from tverretatlig_sim.scenario.addresses import Address, rewritten
from tverretatlig_sim.scenario.edits import noted
from tverretatlig_sim.scenario.errors import listed, quoted
from tverretatlig_sim.scenario.fit import PARTS, Fitted, Part, fit, summed_up
from tverretatlig_sim.scenario.history import source_of
from tverretatlig_sim.scenario.load import ScenarioLike, load_scenario
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import (
    Agency,
    Arrangement,
    Forum,
    Letters,
    Ministry,
    Portfolio,
    Table,
)
from tverretatlig_sim.scenario.whole import Then, named, names_of, revised

Owner = Part | Literal["label", "inside"]
"""A part; or that a field has no effect on results; or that its tables are shared out field by field."""

OWNERS: Mapping[type, Mapping[Owner, str]] = {
    Scenario: {
        "label": "name title source summary path levers notes changes",
        "inside": "ministries agencies beyond beyond_ministries arrangement portfolio letters",
        "portfolio": "months",
        # Every other date moves along; what stays is which months are January and the budget month.
        "steering": "start",
        "parameters": "parameters",
        "changes": "then beside",
    },
    Ministry: {"label": "title source", "steering": "name attention frame"},
    Agency: {
        "label": "title source",
        "membership": "name core_tasks staff place form function works frame understanding stubbornness "
        "dependence ambition",
        "steering": "ministry",
        "staffing": "capacity line_capacity internal_organisation ownership",
    },
    Arrangement: {
        "label": "name title source extends",
        "inside": "forum",
        "membership": "municipal_chain circle member",
        "forums": "coordinator route self_initiated_route project_groups mandate_body "
        "self_initiated_mandate_body",
        "secretariat": "facilitator",
        "mandate": "mandate_clarity project_clarity preparation ambition_agreed stop_points delivery "
        "follow_up",
        "ministries": "ministry_forum",
        "steering": "attention lead_authority",
        "staffing": "turnover unstable start tie programme_resources",
    },
    Forum: {
        "label": "title source",
        "forums": "name function seats cadence rule chair agenda authority rounds quorum begins ends "
        "exclusive rank link term",
        "secretariat": "secretariat_fte served_by",
        "mandate": "mandate_clarity",
    },
    Portfolio: {"label": "name title source", "portfolio": "at_once project"},
    Letters: {"label": "name title source", "steering": "budget_month budget_lead law_months letter event"},
}
"""Fields by owner. A field of a part holds everything inside it; tables that stand here share theirs out."""

DATES = ("begins", "ends", "month", "start", "date")
"""Fields that hold a month of the calendar."""

M = TypeVar("M", bound=BaseModel)


def moved_to(scenario: Scenario, start: str) -> Scenario:
    """The scenario with another start, from which every date keeps its distance."""
    months = months_between(scenario.start, start)

    def later(at: Address, row: Table) -> Table:
        dates = {name: getattr(row, name, None) for name in DATES}
        return revised(
            row, **{name: shifted(it, months) for name, it in dates.items() if isinstance(it, str)}
        )

    if not months:
        return scenario

    def change(it: Then) -> Then:
        into = None if it.becomes is None else source_of(it.becomes)
        table = into and moved_to(into, shifted(into.start, months)).to_dict()
        return revised(it, date=shifted(it.date, months), becomes=table)

    return revised(rewritten(scenario, later), start=start, then=tuple(map(change, scenario.then)))


# --- swaps


def swap(
    scenario: ScenarioLike,
    *,
    portfolio: ScenarioLike | None = None,
    agencies: ScenarioLike | None = None,
    letters: ScenarioLike | None = None,
    ministries: ScenarioLike | None = None,
    same_load: bool = False,
) -> Scenario:
    """One scenario's structure with parts of other scenarios.

    Members, forums and rules stay. The work on another's portfolio is the same work: projects keep all who
    work on them, and their duties go down the same municipal chain; who is no member here takes part without
    a seat. Months are shifted so that the other scenario's start coincides with this
    one's; a length of the run that is given grows until the last project can be followed up. Descriptions of
    agencies replace those of the same name, apart from their ministry. What refers to agencies, forums and
    projects that are not here is fitted, see ``fit``; lists that held everyone hold everyone here.

    What had to be fitted is said in ``notes``. The name becomes, e.g.,
    ``dfo-simplified/portfolio=0-24-2018``; parts that are the same already change nothing.

    Args:
        scenario: whose arrangement it is.
        portfolio: the scenario whose projects there are to do.
        agencies: the scenario that describes the agencies.
        letters: the scenario whose letters, events and budget month there are.
        ministries: the scenario whose forums of ministries there are; seats go to who steers here
            what theirs steered.
        same_load: whether everyone's capacity for joint work is scaled so that there is as much of it to the
            work as in the portfolio's scenario.

    Raises:
        ScenarioError: a scenario cannot be loaded, nothing of a part would be left here, or months would
            leave the calendar of 1900 to 2099.
    """
    scenario = load_scenario(scenario)
    asked = {"portfolio": portfolio, "agencies": agencies, "letters": letters, "ministries": ministries}
    others = {
        part: moved_to(load_scenario(it), scenario.start) for part, it in asked.items() if it is not None
    }
    for part, other in others.items():
        if part != "ministries":
            _check_shared(scenario, part, other)
    projects, steering, describing, joint = (
        others.get(it, scenario) for it in ("portfolio", "letters", "agencies", "ministries")
    )
    given = {agency.name: agency for agency in describing.agencies}
    needed = {name for project in projects.projects for name in project.members}
    guests = [it for it in projects.agencies if it.name in needed - {*scenario.members}]
    mixed = replace(
        scenario,
        agencies=tuple(revised(given.get(it.name, it), ministry=it.ministry) for it in scenario.agencies),
        arrangement=revised(
            scenario.arrangement,
            ministry_forum=joint.arrangement.ministry_forum,
            municipal_chain=projects.arrangement.municipal_chain,
        ),
        portfolio=projects.portfolio,
        letters=steering.letters,
        months=_long_enough(scenario, projects),
    )
    origins = {
        **dict.fromkeys(PARTS, scenario),
        "portfolio": projects,
        "steering": steering,
        "ministries": joint,
    }
    result, fittings = fit(mixed, origins, guests if "portfolio" in others else None)
    notes = summed_up(fittings)
    if guests:
        said = {"other": quoted(projects.name), "names": listed(names_of(guests))}
        notes = [_("the work of {other} needs, so they take part without a seat: {names}", **said), *notes]
    if missing := [name for name in scenario.members if name not in given]:
        said = {"other": quoted(describing.name), "names": listed(missing)}
        notes = [_("{other} does not describe, so as before: {names}", **said), *notes]
    held = {"ministries": attrgetter("arrangement.ministry_forum")}
    changed = [part for part in others if (own := held.get(part, attrgetter(part)))(scenario) != own(result)]
    if not changed:
        same = _("nothing is swapped: {name} has these parts already", name=quoted(scenario.name))
        # What was left out on the way may be why nothing else differs.
        return noted(scenario, [same, *notes])
    result.validate()
    if same_load:
        result = _at_load_of(result, projects)
        changed.append("load")
        others["load"] = projects
    names = ",".join(f"{part}={others[part].name}" for part in changed)
    name, title = f"{scenario.name}/{names}", scenario.title.with_(names)
    return replace(noted(result, notes), name=name, title=title, path=None)


def _at_load_of(scenario: Scenario, other: Scenario) -> Scenario:
    """The scenario with capacities that make its load that of the other."""
    factor = scenario.load / other.load

    def scaled(agency: Agency) -> Agency:
        note = f"{agency.capacity.value:g} FTE, scaled to the load of {other.name}"
        value = Quantity(value=factor * agency.capacity.value, grade="derived", source="swap", note=note)
        return revised(agency, capacity=value)

    return replace(scenario, agencies=tuple(map(scaled, scenario.agencies)))


def _check_shared(own: Scenario, part: str, other: Scenario) -> None:
    """Refuse a part that concerns agencies, none of which is a member here."""
    concerned, what = {
        "agencies": (other.members, _("{other} describes no agency that is a member here")),
        "portfolio": (
            [name for project in other.projects for name in project.members],
            _("no project of {other} has a member here"),
        ),
        "letters": (
            [name for letter in other.letters.letter for name in letter.to],
            _("no letter of {other} is to a member here"),
        ),
    }[part]
    if concerned and {*own.members}.isdisjoint(concerned):
        allowed = _("a scenario that shares agencies with {name}", name=quoted(own.name))
        said = Message(what.template, {"other": quoted(other.name)})
        raise own.origin.refusal(part, said, allowed)


def _long_enough(own: Scenario, other: Scenario) -> Quantity | None:
    """The length of the run; one that is given grows until the other's last project is followed up."""
    ends = [months_between(own.start, project.start) + FROM_START for project in other.projects]
    needed, months = min(max(ends, default=0), LONGEST), own.months
    if months is None or float(months) >= needed or other is own:
        return months
    note = f"{months.value:g} months, grown: the last project's start and {FROM_START} months"
    return Quantity(value=float(needed), grade="derived", source=months.source, note=note)


# --- hybrids


def hybrid(a: ScenarioLike, b: ScenarioLike, parts_from_b: Iterable[Part] = ()) -> Scenario:
    """One scenario with some parts of another.

    Without parts of ``b`` it gives the results of ``a``, with all of them those of ``b``, bit by bit.

    Args:
        a: gives the parts that are not asked of ``b``.
        b: gives the others.
        parts_from_b: names of parts, see ``PARTS``.

    Raises:
        ValueError: if there is no such part.
    """
    return combined(load_scenario(a), load_scenario(b), parts_from_b).scenario


def combined(a: Scenario, b: Scenario, parts_from_b: Iterable[Part] = ()) -> Fitted[Scenario]:
    """As ``hybrid``, with what had to be fitted; dates keep their distance from the steering's start."""
    wanted = frozenset(given_names("parts_from_b", parts_from_b, PARTS[0]))
    if unknown := sorted(wanted - set(PARTS)):
        known = ", ".join(PARTS)
        raise ValueError(_("no part {names}; allowed: {known}", names=", ".join(unknown), known=known))
    start = (b if "steering" in wanted else a).start
    dated = moved_to(a, start), moved_to(b, start)
    origins = {part: dated[part in wanted] for part in PARTS}

    def agency(row: Agency) -> Agency:
        return _mixed(row, {part: named(origin.everyone, row.name) for part, origin in origins.items()})

    def forum(row: Forum) -> Forum:
        namesake = named(origins["mandate"].arrangement.forum, row.name)
        return revised(row, mandate_clarity=namesake and namesake.mandate_clarity)

    members, forums = origins["membership"], origins["forums"].arrangement
    arrangement = _mixed(forums, {part: origin.arrangement for part, origin in origins.items()})
    scenario, fittings = fit(
        replace(
            origins["portfolio"],
            name=" + ".join([a.name, *(f"{part} of {b.name}" for part in PARTS if part in wanted)]),
            path=None,
            levers=(),
            notes=(),
            changes=(),
            start=start,
            ministries=(),
            agencies=tuple(map(agency, members.agencies)),
            beyond=tuple(map(agency, members.beyond)),
            beyond_ministries=(),
            arrangement=revised(arrangement, forum=[*map(forum, arrangement.forum)]),
            letters=origins["steering"].letters,
            then=origins["changes"].then,
            beside=origins["changes"].beside,
            parameters=origins["parameters"].parameters,
        ),
        origins,
    )
    return Fitted(scenario, fittings)


def _mixed(own: M, versions: Mapping[Part, M | None]) -> M:
    """A table with the fields of each part taken from that part's version, where there is one."""
    chosen = {
        field: getattr(version, field)
        for part, version in versions.items()
        if version is not None
        for field in OWNERS[type(own)].get(part, "").split()
    }
    return own.model_copy(update=chosen)


def essence(scenario: Scenario) -> Hashable:
    """Everything in a scenario that can change the results of runs of a given length, and nothing else."""
    return scenario.start[-2:], _reduced(replace(scenario, months=None), scenario.start)


def _reduced(value: Any, start: str, field: str = "") -> Hashable:  # noqa: ANN401
    """Numbers without their evidence, tables without their labels, dates as months from the start."""
    if isinstance(value, Quantity):
        return value.value
    if isinstance(value, Scenario | BaseModel):
        labels = OWNERS.get(type(value), {}).get("label", "title source").split()
        own = (name for name in field_names(type(value)) if name not in labels)
        return tuple(_reduced(getattr(value, name), start, name) for name in own)
    if isinstance(value, Mapping):
        return frozenset((key, _reduced(item, start)) for key, item in value.items())
    if isinstance(value, list | tuple):
        items = [_reduced(item, start) for item in value]
        # The order of tables in a file never matters; that of names does, on a route.
        ordered = all(isinstance(item, str) for item in items)
        return tuple(items) if ordered else frozenset(Counter(items).items())
    if field in DATES and isinstance(value, str):
        return months_between(start, value)
    return value  # type: ignore[no-any-return]


def field_names(kind: type) -> tuple[str, ...]:
    """Names of the fields of a table."""
    return tuple(kind.model_fields if issubclass(kind, BaseModel) else Scenario.__dataclass_fields__)
