"""Swaps: one arrangement with another scenario's portfolio, descriptions of agencies, or letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.scenario.errors import Problem, ScenarioError, listed, quoted
from tverretatlig_sim.scenario.load import load_scenario
from tverretatlig_sim.scenario.parts import (
    about,
    gone_letters,
    letters_about,
    noted,
    problems_in,
    with_agencies,
)
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.resolve import at_most
from tverretatlig_sim.scenario.scenario import FOLLOW_UP, LONGEST, Scenario, months_between, shifted
from tverretatlig_sim.scenario.schema import Agency, Event, Letter, Project, Recommendation, Title
from tverretatlig_sim.scenario.themes import overlap

FIRST, LAST = "1900-01", "2099-12"
"""Months that files can write."""

Source = Scenario | str | Path
"""A scenario, the name of one that comes with the package, or the path of a scenario file."""


def swap(
    scenario: Scenario,
    *,
    portfolio: Source | None = None,
    agencies: Source | None = None,
    letters: Source | None = None,
) -> Scenario:
    """One scenario's structure with parts of other scenarios.

    Members, forums and rules stay. Months are shifted so that the other scenario's start coincides with this
    one's. What names agencies that are no members here is cut down:

    - projects and recommendations keep those of their agencies that are members. Without its lead a project
      is led by the one of them whose core tasks overlap most with it; a recommendation without a duty-holder
      is the lead's; a project without any member is left out;
    - letters keep the addressees that are members, and come from the ministries that steer them here; letters
      to nobody, and letters about projects that are not here, are left out;
    - an event is one of the ministries that here steer the agencies its ministries steer there;
    - descriptions of agencies replace those of the same name, apart from their ministry.

    What was left out is said in ``notes``. The name becomes, e.g., ``dfo-simplified/portfolio=0-24-2018``;
    parts that are the same already change nothing.

    Args:
        scenario: whose arrangement it is.
        portfolio: the scenario whose projects there are to do.
        agencies: the scenario that describes the agencies.
        letters: the scenario whose letters, events and budget month there are.

    Raises:
        ScenarioError: a scenario cannot be loaded, nothing of a part would be left here, or months would
            leave the calendar.
    """
    asked = {"portfolio": portfolio, "agencies": agencies, "letters": letters}
    others = {part: _loaded(source) for part, source in asked.items() if source is not None}
    result, swapped = scenario, list[str]()
    for part in SWAPS:
        if part in others:
            before, result = result, SWAPS[part](_Pair(result, others[part]))
            if _content(before) != _content(result):
                swapped.append(part)
    if not swapped:
        same = _("nothing is swapped: {name} has these parts already", name=quoted(scenario.name))
        # What was left out on the way may be why nothing else differs.
        return noted(scenario, [same, *result.notes])
    result = _without_lost_letters(result)
    if problems := problems_in(result, quoted(scenario.name)):
        raise ScenarioError(problems)
    names = ",".join(f"{part}={other.name}" for part, other in others.items() if part in swapped)
    title = Title(en=f"{scenario.title.en} ({names})", nb=f"{scenario.title.nb} ({names})")
    return replace(result, name=f"{scenario.name}/{names}", title=title, path=None)


@dataclass(frozen=True)
class _Pair:
    """The scenario that keeps its structure, and the one that gives a part."""

    own: Scenario
    other: Scenario

    @property
    def members(self) -> Mapping[str, Agency]:
        """The members, by name."""
        return {agency.name: agency for agency in self.own.agencies}

    @property
    def later(self) -> int:
        """Months by which the other's calendar is shifted."""
        return months_between(self.other.start, self.own.start)

    def refusal(self, part: str, what: Message | str) -> ScenarioError:
        """Why a part of the other cannot be swapped in: nothing of it would be left."""
        allowed = _("a scenario that shares agencies with {name}", name=quoted(self.own.name))
        return ScenarioError([Problem(quoted(self.own.name), part, what, allowed)])

    def moved(self, date: str) -> str:
        """A month of the other's calendar in this one's."""
        month = shifted(date, self.later)
        if not FIRST <= month <= LAST:
            what = _("the calendar of {name} would reach {month}", name=quoted(self.other.name), month=month)
            allowed = _("months from {first} to {last}", first=FIRST, last=LAST)
            raise ScenarioError([Problem(quoted(self.own.name), "", what, allowed)])
        return month


def _agencies(pair: _Pair) -> Scenario:
    given = {agency.name: agency for agency in pair.other.agencies}
    rows = [
        given[agency.name].model_copy(update={"ministry": agency.ministry})
        if agency.name in given
        else agency
        for agency in pair.own.agencies
    ]
    other = quoted(pair.other.name)
    missing = [agency.name for agency in pair.own.agencies if agency.name not in given]
    if len(missing) == len(rows):
        raise pair.refusal("agencies", _("{other} describes no agency that is a member here", other=other))
    note = _("{other} does not describe, so as before: {names}", other=other, names=listed(missing))
    return noted(with_agencies(pair.own, rows), [note] if missing else [])


def _portfolio(pair: _Pair) -> Scenario:
    """The months of the run grow, if they were given, so that the last project has time to be followed up."""
    cut = {project.name: _cut_project(project, pair) for project in pair.other.portfolio.project}
    projects = [project for project in cut.values() if project is not None]
    if cut and not projects:
        what = _("no project of {other} has a member here", other=quoted(pair.other.name))
        raise pair.refusal("portfolio", what)
    portfolio = pair.other.portfolio.model_copy(update={"project": projects})
    result = replace(pair.own, portfolio=portfolio, months=_long_enough(pair.own, projects))
    return noted(result, _portfolio_notes(pair, cut))


def _long_enough(own: Scenario, projects: Sequence[Project]) -> Quantity | None:
    """The length of the run, if one is given, grown until every project has time to be followed up."""
    needed = max((months_between(own.start, project.start) + FOLLOW_UP for project in projects), default=0)
    needed = min(needed, LONGEST)
    if own.months is None or float(own.months) >= needed:
        return own.months
    note = f"{own.months.value:g} months, grown: the last project's start and {FOLLOW_UP} months"
    return Quantity(value=float(needed), grade="derived", source=own.months.source, note=note)


def _cut_project(project: Project, pair: _Pair) -> Project | None:
    """The project as the members here can do it; None if none of its members is one."""
    here = [name for name in project.members if name in pair.members]
    if not here:
        return None
    lead = project.lead if project.lead in here else _nearest(project, here, pair)
    stops = {"line", *(forum.name for forum in pair.own.arrangement.forum)}
    return project.model_copy(
        update={
            "lead": lead,
            "members": here,
            "start": pair.moved(project.start),
            "gains": {name: gain for name, gain in project.gains.items() if name in here},
            "parties": at_most(project.parties, len(here), "as many as take part"),
            "recommendation": [_cut_recommendation(item, here, lead) for item in project.recommendation],
            "route": project.route if set(project.route or []) <= stops else None,
        }
    )


def _nearest(project: Project, names: Sequence[str], pair: _Pair) -> str:
    return min(names, key=lambda name: (-overlap(pair.members[name], project), name))


def _cut_recommendation(item: Recommendation, here: Sequence[str], lead: str) -> Recommendation:
    return item.model_copy(update={"duties": [name for name in item.duties if name in here] or [lead]})


def _portfolio_notes(pair: _Pair, cut: Mapping[str, Project | None]) -> list[str]:
    old = {project.name: project for project in pair.other.portfolio.project}
    gone = [name for name, project in cut.items() if project is None]
    led = [f"{name} ({new.lead})" for name, new in cut.items() if new and new.lead != old[name].lead]
    routed = [name for name, new in cut.items() if new and new.route != old[name].route]
    return about(
        {
            _("projects without a member here are left out"): gone,
            _("projects whose lead is no member here are led by another"): led,
            _("projects decided in forums that are not here take the arrangement's route"): routed,
        }
    )


def _letters(pair: _Pair) -> Scenario:
    other = pair.other.letters
    letters = [(letter.name, _cut_letter(letter, pair)) for letter in other.letter]
    events = [(event.name, _cut_event(event, pair)) for event in other.event]
    tables = {
        "letter": [letter for __, letter in letters if letter is not None],
        "event": [event for __, event in events if event is not None],
    }
    gone: dict[str, list[str]] = {
        _("letters to nobody here are left out"): [name for name, letter in letters if letter is None],
        _("events of ministries that steer nobody here are left out"): [
            n for n, event in events if event is None
        ],
    }
    if letters and not tables["letter"]:
        what = _("no letter of {other} is to a member here", other=quoted(pair.other.name))
        raise pair.refusal("letters", what)
    return noted(replace(pair.own, letters=other.model_copy(update=tables)), about(gone))


def _cut_letter(letter: Letter, pair: _Pair) -> Letter | None:
    here = [name for name in letter.to if name in pair.members]
    if not here:
        return None
    steering = {ministry.name for ministry in pair.own.ministries}
    senders = {name for name in letter.ministries if name in steering}
    senders |= {pair.members[name].ministry for name in here}
    dates = {"begins": pair.moved(letter.begins), "ends": letter.ends and pair.moved(letter.ends)}
    return letter.model_copy(
        update={**dates, "to": here, "ministries": _in_order(senders, letter.ministries)}
    )


def _cut_event(event: Event, pair: _Pair) -> Event | None:
    heirs = _heirs(pair)
    here = {heir for ministry in event.ministries for heir in heirs.get(ministry, ())}
    if not here:
        return None
    return event.model_copy(
        update={"month": pair.moved(event.month), "ministries": _in_order(here, event.ministries)}
    )


def _heirs(pair: _Pair) -> dict[str, set[str]]:
    """The ministries here that stand for each of the other's: those that steer its agencies, else itself."""
    heirs = {ministry.name: {ministry.name} for ministry in pair.own.ministries}
    for ministry in pair.other.ministries:
        steered = {agency.name for agency in pair.other.agencies if agency.ministry == ministry.name}
        here = {pair.members[name].ministry for name in steered if name in pair.members}
        if here:
            heirs[ministry.name] = here
    return heirs


def _in_order(names: set[str], order: Sequence[str]) -> list[str]:
    """Names in a given order; others follow, sorted."""
    return [name for name in order if name in names] + sorted(names - set(order))


SWAPS: Mapping[str, Callable[[_Pair], Scenario]] = {
    "agencies": _agencies,
    "portfolio": _portfolio,
    "letters": _letters,
}
"""How each part is swapped, in the order in which it is done: who leads a project depends on core tasks."""


def _without_lost_letters(scenario: Scenario) -> Scenario:
    projects = {project.name for project in scenario.portfolio.project}
    letters, gone = letters_about(scenario.letters, projects)
    return noted(replace(scenario, letters=letters), gone_letters(gone))


def _loaded(source: Source) -> Scenario:
    return source if isinstance(source, Scenario) else load_scenario(source)


def _content(scenario: Scenario) -> tuple[object, ...]:
    return scenario.agencies, scenario.portfolio, scenario.letters
