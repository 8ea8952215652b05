"""Parts of one scenario in another: swaps for users, hybrids for explanations; both fitted by one rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.inputs import given_names
from tverretatlig_sim.scenario.edits import noted
from tverretatlig_sim.scenario.errors import Problem, ScenarioError, listed, quoted
from tverretatlig_sim.scenario.fit import PARTS, Fitted, Part, fit, named, names_of, revised, summed_up
from tverretatlig_sim.scenario.load import ScenarioLike, load_scenario
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import (
    FOLLOW_UP,
    LONGEST,
    OVERRIDES,
    Agency,
    Arrangement,
    Forum,
    Letters,
    Ministry,
    Portfolio,
    Title,
    months_between,
    shifted,
)

Owner = Part | Literal["label", "inside"]
"""A part; or that a field has no effect on results; or that its tables are shared out field by field."""

TITLES = ("name", "title", "source")

OWNERS: Mapping[type, Mapping[Owner, tuple[str, ...]]] = {
    Scenario: {
        "label": (*TITLES, "summary", "path", "levers", "notes"),
        "inside": (
            "ministries", "agencies", "beyond", "beyond_ministries", "arrangement", "portfolio", "letters",
        ),
        "portfolio": ("months",),
        "membership": ("core",),
        # Every other date moves along; what stays is which months are January and the budget month.
        "steering": ("start",),
        "parameters": ("parameters",),
    },
    Ministry: {"label": ("title", "source"), "steering": ("name", "attention")},
    Agency: {
        "label": ("title", "source"),
        "membership": (
            "name", "core_tasks", "staff", "place", "form", "function", "frame", "understanding",
            "stubbornness", "dependence", "ambition",
        ),
        "steering": ("ministry",),
        "staffing": ("capacity", "line_capacity", "internal_organisation", "ownership"),
    },
    Arrangement: {
        # Membership is read from the scenario's agencies, to which it has been applied.
        "label": (*TITLES, "extends", "member"),
        "inside": ("forum",),
        "membership": ("municipal_chain",),
        "forums": ("coordinator", "route", "self_initiated_route", "project_groups"),
        "secretariat": ("facilitator",),
        "mandate": ("mandate_clarity", "project_clarity", "stop_points", "delivery", "follow_up"),
        "steering": ("core_group_authority", "attention", "lead_authority", "department_link"),
        "staffing": ("turnover", "unstable", "start", "tie", "programme_resources"),
    },
    Forum: {
        "label": ("title", "source"),
        "forums": (
            "name", "function", "seats", "cadence", "rule", "chair", "agenda", "authority", "begins", "ends",
            "exclusive", "rank",
        ),
        "secretariat": ("secretariat_fte", "served_by"),
        "mandate": ("mandate_clarity",),
    },
    Portfolio: {"label": TITLES, "portfolio": ("project",)},
    Letters: {"label": TITLES, "steering": ("budget_month", "letter", "event")},
}  # fmt: skip
"""Fields by owner. A field of a part holds everything inside it; tables that stand here share theirs out."""

DATES = ("begins", "ends", "month", "start")
"""Fields that hold a month of the calendar."""
FIRST, LAST = "1900-01", "2099-12"
"""Months that files can write."""
SWAPPED: tuple[Literal["portfolio", "agencies", "letters"], ...] = ("portfolio", "agencies", "letters")

M = TypeVar("M", bound=BaseModel)
Origins = Mapping[Part, Scenario]
"""The scenario that each part comes from."""


def moved(table: M, months: int) -> M:
    """A table with its dates some months later."""
    dates = {field: getattr(table, field, None) for field in DATES}
    return revised(
        table, **{field: shifted(date, months) for field, date in dates.items() if isinstance(date, str)}
    )


# --- swaps


def swap(
    scenario: ScenarioLike,
    *,
    portfolio: ScenarioLike | None = None,
    agencies: ScenarioLike | None = None,
    letters: ScenarioLike | None = None,
) -> Scenario:
    """One scenario's structure with parts of other scenarios.

    Members, forums and rules stay. Months are shifted so that the other scenario's start coincides with this
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

    Raises:
        ScenarioError: a scenario cannot be loaded, nothing of a part would be left here, or months would
            leave the calendar.
    """
    scenario = load_scenario(scenario)
    asked = {"agencies": agencies, "portfolio": portfolio, "letters": letters}
    others = {part: load_scenario(source) for part, source in asked.items() if source is not None}
    origins: dict[Part, Scenario] = dict.fromkeys(PARTS, scenario)
    result, notes = scenario, list[Message | str]()
    if "agencies" in others:
        result, notes = _described(scenario, others["agencies"])
    if "portfolio" in others:
        origins["portfolio"] = others["portfolio"]
        result = _with_portfolio(result, others["portfolio"])
    if "letters" in others:
        origins["steering"] = others["letters"]
        result = _with_letters(result, others["letters"])
    result, fittings = fit(result, origins)
    notes += summed_up(fittings)
    changed = [
        part for part in SWAPPED if getattr(scenario, part) != getattr(result, part) and part in others
    ]
    if not changed:
        same = _("nothing is swapped: {name} has these parts already", name=quoted(scenario.name))
        # What was left out on the way may be why nothing else differs.
        return noted(scenario, [same, *notes])
    if problems := result.problems():
        raise ScenarioError(problems)
    names = ",".join(f"{part}={others[part].name}" for part in changed)
    title = Title(en=f"{scenario.title.en} ({names})", nb=f"{scenario.title.nb} ({names})")
    return replace(noted(result, notes), name=f"{scenario.name}/{names}", title=title, path=None)


def _refusal(own: Scenario, part: str, what: Message | str) -> ScenarioError:
    allowed = _("a scenario that shares agencies with {name}", name=quoted(own.name))
    return ScenarioError([Problem(quoted(own.name), part, what, allowed)])


def _described(own: Scenario, other: Scenario) -> tuple[Scenario, list[Message | str]]:
    """The scenario with its members as another one describes them, and a note on those it does not."""
    given = {agency.name: agency for agency in other.agencies}
    missing = [name for name in names_of(own.agencies) if name not in given]
    if len(missing) == len(own.agencies):
        what = _("{other} describes no agency that is a member here", other=quoted(other.name))
        raise _refusal(own, "agencies", what)
    rows = [revised(given.get(row.name, row), ministry=row.ministry) for row in own.agencies]
    sentence = _(
        "{other} does not describe, so as before: {names}", other=quoted(other.name), names=listed(missing)
    )
    return replace(own, agencies=tuple(rows)), [sentence] if missing else []


def _with_portfolio(own: Scenario, other: Scenario) -> Scenario:
    """The months of the run grow, if they were given, so that the last project has time to be followed up."""
    members = {*names_of(own.agencies)}
    if other.portfolio.project and all(members.isdisjoint(it.members) for it in other.portfolio.project):
        what = _("no project of {other} has a member here", other=quoted(other.name))
        raise _refusal(own, "portfolio", what)
    projects = [_dated(project, own, other) for project in other.portfolio.project]
    ends = [months_between(own.start, project.start) + FOLLOW_UP for project in projects]
    needed, months = min(max(ends, default=0), LONGEST), own.months
    if months is not None and float(months) < needed:
        note = f"{months.value:g} months, grown: the last project's start and {FOLLOW_UP} months"
        months = Quantity(value=float(needed), grade="derived", source=months.source, note=note)
    return replace(own, portfolio=revised(other.portfolio, project=projects), months=months)


def _with_letters(own: Scenario, other: Scenario) -> Scenario:
    members, letters = {*names_of(own.agencies)}, other.letters
    if letters.letter and all(members.isdisjoint(letter.to) for letter in letters.letter):
        what = _("no letter of {other} is to a member here", other=quoted(other.name))
        raise _refusal(own, "letters", what)
    dated = {
        "letter": [_dated(letter, own, other) for letter in letters.letter],
        "event": [_dated(event, own, other) for event in letters.event],
    }
    return replace(own, letters=revised(letters, **dated))


def _dated(table: M, own: Scenario, other: Scenario) -> M:
    """A table of another scenario in this one's calendar."""
    result = moved(table, months_between(other.start, own.start))
    for month in (getattr(result, field, None) for field in DATES):
        if isinstance(month, str) and not FIRST <= month <= LAST:
            what = _("the calendar of {name} would reach {month}", name=quoted(other.name), month=month)
            allowed = _("months from {first} to {last}", first=FIRST, last=LAST)
            raise ScenarioError([Problem(quoted(own.name), "", what, allowed)])
    return result


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


def combined(a: Scenario, b: Scenario, parts_from_b: Iterable[Part] = ()) -> Fitted:
    """As ``hybrid``, with what had to be fitted."""
    wanted = frozenset(given_names("parts_from_b", parts_from_b, PARTS[0]))
    if unknown := sorted(wanted - set(PARTS)):
        known = ", ".join(PARTS)
        raise ValueError(_("no part {names}; allowed: {known}", names=", ".join(unknown), known=known))
    origins = {part: b if part in wanted else a for part in PARTS}
    scenario, fittings = fit(_unfitted(origins), origins)
    name = " + ".join([a.name, *(f"{part} of {b.name}" for part in PARTS if part in wanted)])
    return Fitted(replace(scenario, name=name), fittings)


def _unfitted(origins: Origins) -> Scenario:
    """The parts side by side; dates keep their distance from the start, which comes with the steering."""
    start, members = origins["steering"].start, origins["membership"]

    def agency(own: Agency) -> Agency:
        return mixed(own, {part: named(origins[part].everyone, own.name) for part in PARTS})

    def later(part: Part) -> int:
        return months_between(origins[part].start, start)

    agencies = {row.name: agency(row) for row in members.agencies}
    arrangement = mixed(origins["forums"].arrangement, {part: origins[part].arrangement for part in PARTS})
    mandates = origins["mandate"].arrangement.forum
    forums = [
        revised(moved(row, later("forums")), mandate_clarity=_mandate(named(mandates, row.name)))
        for row in arrangement.forum
    ]
    rows = [
        revised(
            row,
            **{
                field: getattr(agencies[row.agency], field)
                for field in OVERRIDES
                if getattr(row, field) is not None
            },
        )
        for row in members.arrangement.member
    ]
    own = origins["portfolio"]
    return replace(
        own,
        path=None,
        levers=(),
        notes=(),
        start=start,
        ministries=(),
        agencies=tuple(agencies.values()),
        core=members.core,
        beyond=tuple(map(agency, members.beyond)),
        beyond_ministries=(),
        arrangement=revised(
            arrangement,
            member=rows,
            forum=forums,
            unstable=[moved(period, later("staffing")) for period in arrangement.unstable],
        ),
        portfolio=revised(
            own.portfolio, project=[moved(row, later("portfolio")) for row in own.portfolio.project]
        ),
        letters=origins["steering"].letters,
        parameters=origins["parameters"].parameters,
    )


def _mandate(namesake: Forum | None) -> Quantity | None:
    return namesake.mandate_clarity if namesake else None


def mixed(own: M, versions: Mapping[Part, M | None]) -> M:
    """A table with the fields of each part taken from that part's version, where there is one."""
    chosen = {
        field: getattr(version, field)
        for part, version in versions.items()
        if version is not None
        for field in OWNERS[type(own)].get(part, ())
    }
    return own.model_copy(update=chosen)


def essence(scenario: Scenario) -> Hashable:
    """Everything in a scenario that can change the results of runs of a given length, and nothing else."""
    return scenario.start[-2:], _reduced(replace(scenario, months=None), scenario.start)


def _reduced(value: Any, start: str) -> Hashable:  # noqa: ANN401
    """Numbers without their evidence, tables without their labels, dates as months from the start."""
    if isinstance(value, Quantity):
        return value.value
    if isinstance(value, Scenario | BaseModel):
        return tuple(_field(value, name, start) for name in _effective(type(value)))
    if isinstance(value, Mapping):
        return frozenset((key, _reduced(item, start)) for key, item in value.items())
    if isinstance(value, list | tuple):
        items = [_reduced(item, start) for item in value]
        # The order of tables in a file never matters; that of names does, on a route.
        ordered = all(isinstance(item, str) for item in items)
        return tuple(items) if ordered else frozenset(Counter(items).items())
    return value  # type: ignore[no-any-return]


def _field(table: Scenario | BaseModel, name: str, start: str) -> Hashable:
    value = getattr(table, name)
    is_date = name in DATES and isinstance(value, str)
    return months_between(start, value) if is_date else _reduced(value, start)


def _effective(kind: type) -> tuple[str, ...]:
    """Fields of a table that are no labels."""
    labels = OWNERS.get(kind, {}).get("label", ("title", "source"))
    return tuple(name for name in field_names(kind) if name not in labels)


def field_names(kind: type) -> tuple[str, ...]:
    """Names of the fields of a table."""
    return tuple(kind.model_fields if issubclass(kind, BaseModel) else kind.__annotations__)
