"""Operations: the edits of structure that levers and dials are made of, a closed list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import exp, log
from typing import ClassVar, Literal

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.scenario.compose import shipped_actors
from tverretatlig_sim.scenario.edits import Edit, Unfit, arranged, each, rerouted
from tverretatlig_sim.scenario.fit import LINE, names_of, revised
from tverretatlig_sim.scenario.forum_operations import (
    AddForum,
    AddSecretariat,
    DropForums,
    FewerSeats,
    OneLevel,
    lasts,
)
from tverretatlig_sim.scenario.quantity import (
    Fte,
    MonthOfYear,
    Quantity,
    Share,
)
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import (
    Agency,
    Delivery,
    Event,
    Instrument,
    Letter,
    Name,
    Project,
    overlap,
    shifted,
    views,
)
from tverretatlig_sim.scenario.targets import routes_of, span

CHAIN = ("Fylkesmenn", "Kommuner")
"""County governors and municipalities, as the shipped catalogue describes them."""
BY_LAW_OR_BUDGET: tuple[Instrument, ...] = ("legal", "economic")
"""Instruments that need the ministries."""

NOTHING = Quantity(
    value=0.0, range=(0.0, 0.0), grade="derived", source="the lever adds no resources",
    note="what it says comes without money",
)  # fmt: skip
"""What a new letter gives where no lever's file says so."""


class Needs(Edit):
    """Changes nothing; refused where the scenario lacks what it asks for.

    Attributes:
        what: forums, or ties (agencies that share a forum or a project group, or are listed as tied).
    """

    about: ClassVar[str] = "what"
    what: Literal["forums", "ties"]

    def _apply(self, scenario: Scenario) -> Scenario:
        if self.what == "forums" and not scenario.arrangement.forum:
            raise Unfit(_("there is no forum here, so no programme beside the line"))
        if self.what == "ties" and not has_ties(scenario):
            raise Unfit(_("no agencies have anything to do with each other here"))
        return scenario


def has_ties(scenario: Scenario) -> bool:
    """Whether any two agencies share a forum or a project group, or are listed as tied."""
    arrangement = scenario.arrangement
    meet = any(len(forum.seats) > 1 for forum in arrangement.forum)
    together = any(len(project.members) > 1 for project in scenario.portfolio.project)
    return meet or (arrangement.project_groups and together) or bool(arrangement.tie)


# --- agencies


class NameCoordinator(Edit):
    """A coordinating agency where there is none: the one, core agencies first, that leads most projects."""

    def _apply(self, scenario: Scenario) -> Scenario:
        if scenario.arrangement.coordinator is not None:
            return scenario
        leads = Counter(project.lead for project in scenario.portfolio.project)
        candidates = scenario.core or {*names_of(scenario.agencies)}
        return arranged(scenario, coordinator=min(candidates, key=lambda name: (-leads[name], name)))


class SamePlace(Edit):
    """Agencies under one roof: in the coordinator's place, or where most of them are.

    Attributes:
        who: all members, or the core agencies only.
    """

    who: Literal["all", "core"]

    def _apply(self, scenario: Scenario) -> Scenario:
        places = {
            it.name: it.place for it in scenario.agencies if self.who == "all" or it.name in scenario.core
        }
        if len(places) < 2:
            core = _("there are {number} core agencies to bring together", number=len(places))
            everyone = _("there are {number} agencies to bring together", number=len(places))
            raise Unfit(core if self.who == "core" else everyone)
        place = places.get(scenario.arrangement.coordinator or "") or _usual(places)
        return each(scenario, "agency", lambda agency: {"place": place} if agency.name in places else {})


class Apart(Edit):
    """A share of the agencies each in a place of its own, the rest in the coordinator's, or where most are.

    The periphery moves out first, then the core, each in order of name; the coordinator stays.

    Attributes:
        share: of the agencies that move out, 0 to 1.
    """

    share: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        return _spread(scenario, "place", lambda agency: agency.place, self.share)

    def _undone_by(self, other: Edit) -> Message | str:
        opposite = isinstance(other, SamePlace)
        return _("one spreads agencies out, the other brings them together") if opposite else ""


class OwnForms(Edit):
    """A share of the agencies each of an organisational form of its own, the rest of the coordinator's.

    Without a coordinator the rest has the form that most have. Who steers whom stays as it is. The periphery
    goes first, then the core, each in order of name; the coordinator stays.

    Attributes:
        share: of the agencies with a form of their own, 0 to 1.
    """

    share: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        return _spread(scenario, "form", lambda agency: agency.form or agency.ministry, self.share)


def _spread(scenario: Scenario, field: str, own: Callable[[Agency], str], share: Quantity) -> Scenario:
    """A field that is each agency's own for a share of them, and the same for the rest."""
    host, now = scenario.arrangement.coordinator, {agency.name: own(agency) for agency in scenario.agencies}
    centre = _usual(now) if host is None else now[host]
    order = sorted(now, key=lambda name: (name == host, name in scenario.core, name))
    out = {*order[: round(float(share) * len(order))]}
    return each(scenario, "agency", lambda it: {field: f"{centre}: {it.name}" if it.name in out else centre})


def _usual(given: Mapping[str, str]) -> str:
    """What most have; the first in order among equals."""
    count = Counter(given.values())
    return min(count, key=lambda item: (-count[item], item))


class EvenSizes(Edit):
    """Agencies nearer in size: staff moves towards the geometric mean.

    Attributes:
        share: how far, 0 to 1; all agencies are of one size at 1.
    """

    share: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        logs = [log(float(agency.staff)) for agency in scenario.agencies]
        middle, left = sum(logs) / len(logs), 1.0 - float(self.share)
        if left == 1.0:
            return scenario

        def sized(own: Quantity) -> Quantity:
            value, low, high = (exp(middle + left * (log(size) - middle)) for size in (own.value, *span(own)))
            source = "; ".join(part for part in (own.source, self.share.source) if part)
            return Quantity(value=value, range=(low, high), grade="assumed", source=source)

        return each(scenario, "agency", lambda agency: {"staff": sized(agency.staff)})


class CommonPicture(Edit):
    """Problem understanding that starts nearer to each other's; frames stay.

    Attributes:
        share: how far each agency starts on the way to the mean of all members, 0 to 1.
    """

    share: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        starts = {agency.name: views(agency) for agency in scenario.agencies}
        themes = sorted({theme for start in starts.values() for theme in start})
        mean = {theme: sum(it.get(theme, 0.0) for it in starts.values()) / len(starts) for theme in themes}

        def nearer(agency: Agency) -> dict[str, object]:
            own = starts[agency.name]
            moved = {theme: self._between(own.get(theme, 0.0), mean[theme]) for theme in themes}
            same = all(float(weight) == own.get(theme, 0.0) for theme, weight in moved.items())
            return {} if same else {"understanding": moved}

        return each(scenario, "agency", nearer)

    def _between(self, own: float, mean: float) -> Quantity:
        low, high = sorted(own + share * (mean - own) for share in span(self.share))
        value = own + self.share.value * (mean - own)
        return Quantity(value=value, range=(low, high), grade="assumed", source=self.share.source)


# --- projects


class RouteThrough(Edit):
    """Every recommendation passes a body: the steering forum first, or the lead's line last.

    A route that has any forum already passes one; which forum it is stays as it is.

    Attributes:
        body: which of the two.
    """

    about: ClassVar[str] = "body"
    body: Literal["steering-forum", "line"]

    def _apply(self, scenario: Scenario) -> Scenario:
        if self.body == LINE:
            return rerouted(scenario, lambda route: route if LINE in route else [*route, LINE])
        if all(set(route) != {LINE} for route in routes_of(scenario)):
            return scenario
        steering = [
            (float(forum.cadence), forum.name)
            for forum in scenario.arrangement.forum
            if forum.function == "steer" and lasts(forum, scenario)
        ]
        if not steering:
            raise Unfit(_("no forum steers for the whole run"))
        first = min(steering)[1]
        return rerouted(scenario, lambda route: [first, *route] if set(route) == {LINE} else route)


class Deliver(Edit):
    """How projects deliver.

    Attributes:
        delivery: ``final-report`` or ``increments``.
    """

    delivery: Delivery

    def _apply(self, scenario: Scenario) -> Scenario:
        return arranged(scenario, delivery=self.delivery)


class LawAndBudget(Edit):
    """A share of the planned recommendations by law or budget, the rest by organisation or teaching.

    Projects are taken in order of how spread out they leave the share over the list by name. One that has to
    change gets the legal, or the organisational, instrument, for all its recommendations.

    Attributes:
        share: of the planned recommendations, 0 to 1; met as closely as whole projects can.
    """

    share: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        done, hard, share = 0, 0, float(self.share)
        chosen: dict[str, bool] = {}
        for project in sorted(scenario.portfolio.project, key=lambda project: project.name):
            count = len(project.recommendation) or int(project.recommendations or 0)
            done += count
            chosen[project.name] = abs(hard + count - share * done) < abs(hard - share * done)
            hard += count * chosen[project.name]
        return each(scenario, "project", lambda project: _instruments(project, chosen[project.name]))


def _instruments(project: Project, by_law: bool) -> dict[str, object]:
    """Each instrument kept if it is of the right sort, else replaced."""

    def right(now: Instrument) -> Instrument:
        if (now in BY_LAW_OR_BUDGET) == by_law:
            return now
        return "legal" if by_law else "organisational"

    listed = [
        revised(item, instrument=right(item.instrument or project.instrument))
        for item in project.recommendation
    ]
    return {"instrument": right(project.instrument), "recommendation": listed}


class ThroughMunicipalities(Edit):
    """A share of the projects, in order of name, works through municipalities, which carry the last duty.

    The arrangement's municipal chain does that; where it names none, county governors and municipalities.

    Attributes:
        share: of the projects, 0 to 1.
    """

    share: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        names = sorted(names_of(scenario.portfolio.project))
        through = {*names[: round(float(self.share) * len(names))]}
        marked = each(scenario, "project", lambda project: {"municipal": project.name in through})
        if scenario.arrangement.municipal_chain or not through:
            return marked
        members = names_of(scenario.agencies)
        beyond, ministries = shipped_actors(name for name in CHAIN if name not in members)
        missing = sorted({it.ministry for it in beyond} - {*names_of(scenario.ministries)})
        outside = tuple(ministries[name] for name in missing)
        chained = arranged(marked, municipal_chain=[*CHAIN])
        return replace(chained, beyond=tuple(beyond), beyond_ministries=outside)


class DropProjects(Edit):
    """Fewer projects; the run stays as long as it was, so that the rest is counted over the same time.

    Attributes:
        share: of the projects that are not started, at least one; one is always left.
        first: which go first: those farthest from their members' core tasks, or those that start last.
    """

    share: Share
    first: Literal["farthest", "last"]

    def _apply(self, scenario: Scenario) -> Scenario:
        projects = scenario.portfolio.project
        if len(projects) < 2:
            raise Unfit(_("there are {number} projects to choose from", number=len(projects)))
        count = min(max(1, round(float(self.share) * len(projects))), len(projects) - 1)
        ranked = sorted(projects, key=lambda project: (*self._rank(project, scenario), project.name))
        portfolio = revised(scenario.portfolio, project=[it for it in projects if it not in ranked[:count]])
        return replace(scenario, portfolio=portfolio, months=scenario.length)

    def _rank(self, project: Project, scenario: Scenario) -> tuple[float, str]:
        if self.first == "last":
            return -float(project.start.replace("-", "")), ""
        near = [overlap(agency, project) for agency in scenario.agencies if agency.name in project.members]
        return sum(near) / len(near), project.start


# --- letters


class JointLetter(Edit):
    """The same letter from all ministries to all members, in force for the whole run.

    Attributes:
        letter: its name.
        strength: of the letter.
        resources: extra capacity of each member while it is in force.
    """

    about: ClassVar[str] = "letter"
    letter: Name
    strength: Share
    resources: Fte = NOTHING

    def _apply(self, scenario: Scenario) -> Scenario:
        months = [shifted(scenario.start, month) for month in range(scenario.default_months)]
        if self._is_said_already(scenario, months):
            return scenario
        own = Letter(
            name=_free_name(self.letter, names_of(scenario.letters.letter)),
            ministries=names_of(scenario.ministries),
            to=names_of(scenario.agencies),
            begins=scenario.start,
            ends=months[-1],
            strength=self.strength,
            resources=self.resources,
        )
        return replace(scenario, letters=revised(scenario.letters, letter=[*scenario.letters.letter, own]))

    def _is_said_already(self, scenario: Scenario, months: Sequence[str]) -> bool:
        """Whether every member hears as much in general letters all the time, and nothing more comes."""
        loud = [
            letter
            for letter in scenario.letters.letter
            if not letter.projects and float(letter.strength) >= float(self.strength)
        ]
        return float(self.resources) == 0 and all(
            any(name in it.to and it.begins <= month <= (it.ends or month) for it in loud)
            for name in names_of(scenario.agencies)
            for month in months
        )


class YearlyEvent(Edit):
    """Something that renews the attention of all ministries in the same month of every year.

    Attributes:
        event: its name, followed by the year.
        month: of the year, 1 to 12.
        strength: share of the way to full attention.
    """

    about: ClassVar[str] = "event"
    event: Name
    month: MonthOfYear
    strength: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        events = scenario.letters.event
        own = [
            Event(
                name=_free_name(f"{self.event}-{date[:4]}", names_of(events)),
                ministries=names_of(scenario.ministries),
                month=date,
                strength=self.strength,
            )
            for date in (shifted(scenario.start, month) for month in range(scenario.default_months))
            if int(date[-2:]) == int(self.month)
        ]
        return replace(scenario, letters=revised(scenario.letters, event=[*events, *own]))


def _free_name(name: str, taken: Sequence[str]) -> str:
    """The name, marked as a lever's if the scenario has one of that name."""
    return name if name not in taken else _free_name(f"{name} (lever)", taken)


OPERATIONS: Mapping[str, type[Edit]] = {
    "needs": Needs,
    "name-coordinator": NameCoordinator,
    "drop-forums": DropForums,
    "one-level": OneLevel,
    "add-forum": AddForum,
    "fewer-seats": FewerSeats,
    "add-secretariat": AddSecretariat,
    "route-through": RouteThrough,
    "deliver": Deliver,
    "drop-projects": DropProjects,
    "law-and-budget": LawAndBudget,
    "through-municipalities": ThroughMunicipalities,
    "common-picture": CommonPicture,
    "even-sizes": EvenSizes,
    "apart": Apart,
    "own-forms": OwnForms,
    "same-place": SamePlace,
    "joint-letter": JointLetter,
    "yearly-event": YearlyEvent,
}
"""Every operation by the name that lever files write, in the order in which they are carried out."""
