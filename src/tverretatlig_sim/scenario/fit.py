"""One rule for each conflict that a change of a scenario leaves behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, TypeVar, get_args

from pydantic import BaseModel

from tverretatlig_sim.language import joined
from tverretatlig_sim.language import say as _
from tverretatlig_sim.scenario.errors import listed
from tverretatlig_sim.scenario.quantity import Quantity, capped
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import (
    Agency,
    Arrangement,
    Event,
    Forum,
    Letter,
    Ministry,
    Named,
    Project,
    Recommendation,
    Tie,
    given,
    overlap,
)

Part = Literal[
    "portfolio", "membership", "forums", "secretariat", "mandate", "steering", "staffing", "parameters"
]
PARTS: tuple[Part, ...] = get_args(Part)
"""Parts that two scenarios can exchange, in the order of tables; ``parameters`` are those a scenario sets."""

LINE = "line"
"""The word that stands for the lead's own line in a route."""

RULES: Mapping[str, str] = {
    "everyone": _("a list that named everyone names everyone who is here now"),
    "seats": _("seats of agencies that take no part are given up"),
    "forum": _("forums in which nobody has a seat are left out"),
    "chair": _("a chair without a seat goes; the coordinator or consensus decides instead"),
    "coordinator": _("a coordinator that takes no part goes"),
    "members": _("agencies that take no part leave the project"),
    "lead": _("the member nearest to the project's themes leads where the lead takes no part"),
    "project": _("projects without a member are left out"),
    "duties": _("recommendations without a duty-holder fall to the lead"),
    "route": _("a body on the route that is not here is replaced by the forum that follows up, or the line"),
    "ties": _("ties of agencies that take no part go"),
    "letter": _("letters to nobody here are left out"),
    "receivers": _("agencies and ministries that take no part are no longer addressed"),
    "assignment": _("letters about projects that are gone are left out"),
    "event": _("events at ministries that steer nobody here are left out"),
    "secretariat": _("a secretariat whose forum is not here sits in another one"),
    "unstaffed": _("a secretariat without any forum to sit in is lost"),
    "served": _("a forum is served as one with the same function is there"),
    "facilitator": _("another forum follows up, as the one that did is not here"),
    "unserved": _("forums whose secretariat is gone are prepared by nobody"),
    "chain": _("agencies that leave stay in the municipal chain, from outside"),
    "ministry": _("ministries that steer nobody here are left out"),
}
"""What happens in each kind of conflict, by code."""

M = TypeVar("M", bound=BaseModel)
N = TypeVar("N", bound=Named)


@dataclass(frozen=True)
class Fitting:
    """What a change forced elsewhere.

    Attributes:
        code: the rule that was used, a key of ``RULES``.
        place: address of what had to give way, e.g. ``forum.steering-group.seats``.
        name: of the entry that gave way, or of the one that is gone.
        before, after: the names that stood and stand there.
    """

    code: str
    place: str
    name: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The place and the rule, in a sentence."""
        now = _("now: {names}", names=listed(self.after)) if self.after else ""
        return joined("; ", (_("{place}: {rule}", place=self.place, rule=RULES[self.code]), now))


class Fitted(NamedTuple):
    """A scenario that fits together, and what had to give way for it."""

    scenario: Scenario
    fittings: tuple[Fitting, ...]


def fit(scenario: Scenario, known: Scenario | Mapping[Part, Scenario]) -> Fitted:
    """Resolve what a change left behind, by the one rule there is for each conflict.

    A name that exists in ``known`` and no longer in the scenario is fitted. A name that exists in neither is
    left for the check of references. A list that held everyone in ``known`` holds everyone of the scenario.

    Args:
        scenario: after a change that did not care for consistency; its agencies say who takes part.
        known: the scenario before the change; or, where a scenario is put together from several, the one
            from which each of ``PARTS`` was taken.
    """
    origins = dict.fromkeys(PARTS, known) if isinstance(known, Scenario) else known
    fitter = _Fitter(scenario, origins)
    return Fitted(fitter.fitted(), tuple(fitter.fittings))


def by_rule(fittings: Iterable[Fitting]) -> dict[str, tuple[str, ...]]:
    """Sorted names of what each rule was used on, in the order of ``RULES``."""
    used: dict[str, set[str]] = {code: set() for code in RULES}
    for item in fittings:
        used[item.code].add(item.name)
    return {code: tuple(sorted(names)) for code, names in used.items() if names}


def summed_up(fittings: Iterable[Fitting]) -> list[str]:
    """A sentence for each rule that was used, with what it was used on."""
    return [joined(": ", (RULES[code], listed(names))) for code, names in by_rule(fittings).items()]


def revised(table: M, **fields: object) -> M:
    """The table with fields replaced; itself if they are so already."""
    new = {name: value for name, value in fields.items() if getattr(table, name) != value}
    return table.model_copy(update=new) if new else table


def named(tables: Sequence[N], name: str | None) -> N | None:
    """The table with a name, if there is one."""
    return next((table for table in tables if table.name == name), None)


def names_of(tables: Sequence[Named]) -> list[str]:
    """Names of tables."""
    return [table.name for table in tables]


def is_secretariat(forum: Forum | None) -> bool:
    """Whether there is a forum, and it has staff."""
    return forum is not None and float(forum.secretariat_fte) > 0


def nearest(project: Project, agencies: Sequence[Agency]) -> str:
    """The agency whose core tasks overlap most with a project's themes; the first by name among equals."""
    return min(agencies, key=lambda agency: (-overlap(agency, project), agency.name)).name


class _Fitter:
    """A scenario on its way to consistency; the order is that in which one conflict leads to another."""

    def __init__(self, scenario: Scenario, origins: Mapping[Part, Scenario]) -> None:
        self.scenario = scenario
        self.origins = origins
        self.fittings: list[Fitting] = []
        self.members = names_of(scenario.agencies)
        self.steering = {agency.ministry for agency in scenario.agencies}
        self.forums: list[Forum] = []

    def fitted(self) -> Scenario:
        scenario = self.scenario
        chain = scenario.arrangement.municipal_chain
        beyond = self._described(sorted({*chain} - {*self.members}), chain)
        arrangement = self._arrangement()
        own = [self._project(project) for project in scenario.portfolio.project]
        portfolio = revised(scenario.portfolio, project=[project for project in own if project is not None])
        projects = names_of(portfolio.project)
        letters = [self._letter(letter, projects) for letter in scenario.letters.letter]
        events = [self._event(event) for event in scenario.letters.event]
        outside = {agency.ministry for agency in beyond} - self.steering
        for ministry in scenario.ministries:
            if ministry.name not in self.steering | outside:
                self._note("ministry", f"ministry.{ministry.name}", ministry.name)
        return replace(
            scenario,
            ministries=self._ministries(self.steering),
            core=scenario.core & {*self.members},
            beyond=beyond,
            beyond_ministries=self._ministries(outside),
            arrangement=arrangement,
            portfolio=portfolio,
            letters=revised(
                scenario.letters,
                letter=[letter for letter in letters if letter is not None],
                event=[event for event in events if event is not None],
            ),
        )

    # --- who there is

    def _described(self, names: Sequence[str], chain: Sequence[str]) -> tuple[Agency, ...]:
        """Agencies of the municipal chain that are no members."""
        before = self.origins["membership"]
        for name in names:
            if name in names_of(before.agencies):
                self._note("chain", "arrangement.municipal_chain", name, chain, chain)
        found = (named((*self.scenario.beyond, *before.everyone), name) for name in names)
        return tuple(agency for agency in found if agency is not None)

    def _ministries(self, names: Collection[str]) -> tuple[Ministry, ...]:
        sources = (self.scenario, self.origins["steering"], self.origins["membership"])
        known = [m for source in sources for m in (*source.ministries, *source.beyond_ministries)]
        found = (named(known, name) for name in sorted(names))
        return tuple(ministry for ministry in found if ministry is not None)

    # --- forums and practice

    def _arrangement(self) -> Arrangement:
        scenario, arrangement = self.scenario, self.scenario.arrangement
        structure = self.origins["forums"].arrangement
        moved = self.origins["secretariat"] is not self.origins["forums"]
        served = self.origins["secretariat"].arrangement if moved else arrangement
        seated = [forum for forum in map(self._seated, arrangement.forum) if forum is not None]
        secretariats = _Secretariats(seated, served, structure.facilitator, self)
        self.forums = [secretariats.serve(forum) for forum in seated]
        return revised(
            arrangement,
            member=[row for row in arrangement.member if row.agency in self.members],
            forum=self.forums,
            coordinator=self._coordinator(arrangement.coordinator),
            facilitator=secretariats.facilitator(
                arrangement.facilitator, self.origins["secretariat"].arrangement.forum
            ),
            route=self._route(arrangement.route, "arrangement.route", "route", self.origins["forums"]),
            self_initiated_route=arrangement.self_initiated_route
            and self._route(
                arrangement.self_initiated_route,
                "arrangement.self_initiated_route",
                "self_initiated_route",
                self.origins["forums"],
            ),
            tie=[tie for tie in scenario.arrangement.tie if self._is_tied(tie)],
        )

    def _seated(self, forum: Forum) -> Forum | None:
        everyone = names_of(self.origins["forums"].agencies)
        seats = _kept(list(forum.seats), everyone, everyone, self.members)
        self._changed(
            "seats" if seats else "forum", f"forum.{forum.name}.seats", forum.name, forum.seats, seats
        )
        if not seats:
            return None
        forum = revised(forum, seats=seats)
        if forum.chair is None or forum.chair in seats or forum.chair not in everyone:
            return forum
        coordinator = self.scenario.arrangement.coordinator
        heir = coordinator if forum.rule == "authority" and coordinator in seats else None
        after = (heir,) if heir else ()
        self._note("chair", f"forum.{forum.name}.chair", forum.name, (forum.chair,), after)
        rule = "consensus" if forum.rule == "authority" and heir is None else forum.rule
        return revised(forum, chair=heir, rule=rule)

    def _coordinator(self, name: str | None) -> str | None:
        if name is None or name in self.members or name not in names_of(self.origins["forums"].agencies):
            return name
        self._note("coordinator", "arrangement.coordinator", name, (name,))
        return None

    def _route(self, stops: list[str], place: str, name: str, before: Scenario) -> list[str]:
        """A route by bodies that exist; the same body twice in a row counts once."""
        known, gone = {LINE, *names_of(self.forums)}, set(names_of(before.arrangement.forum))
        if not (set(stops) - known) & gone:
            return stops
        facilitator = self.origins["forums"].arrangement.facilitator
        instead = facilitator if facilitator in known else LINE
        replaced = [instead if stop in gone - known else stop for stop in stops]
        route = [stop for index, stop in enumerate(replaced) if replaced[index - 1 : index] != [stop]]
        self._note("route", place, name, stops, route)
        return route

    def _is_tied(self, tie: Tie) -> bool:
        ends = {tie.source_agency, tie.target_agency}
        gone = ends & set(names_of(self.origins["staffing"].agencies)) - set(self.members)
        if gone:
            place = f"tie.{tie.source_agency} to {tie.target_agency}"
            self._note("ties", place, f"{tie.source_agency} – {tie.target_agency}")
        return not gone

    # --- projects

    def _project(self, project: Project) -> Project | None:
        before, place = self.origins["portfolio"], f"project.{project.name}"
        everyone = names_of(before.agencies)
        members = _kept(list(project.members), everyone, everyone, self.members)
        code = "members" if members else "project"
        self._changed(code, f"{place}.members", project.name, project.members, members)
        if not members:
            return None
        lead = self._lead(project, members)
        strangers = {*everyone} - {*members}
        return revised(
            project,
            members=members,
            lead=lead,
            parties=capped(project.parties, len(members), "as many as take part"),
            gains={name: gain for name, gain in project.gains.items() if name not in strangers},
            recommendation=[self._duties(item, project, members, lead) for item in project.recommendation],
            route=project.route and self._route(project.route, f"{place}.route", project.name, before),
        )

    def _lead(self, project: Project, members: Sequence[str]) -> str:
        if project.lead in members or project.lead not in names_of(self.origins["portfolio"].agencies):
            return project.lead
        here = [agency for agency in self.scenario.agencies if agency.name in members]
        lead = nearest(project, here) if here else project.lead
        self._note("lead", f"project.{project.name}.lead", project.name, (project.lead,), (lead,))
        return lead

    def _duties(
        self, item: Recommendation, project: Project, members: Sequence[str], lead: str
    ) -> Recommendation:
        known = names_of(self.origins["portfolio"].agencies)
        duties = [name for name in item.duties if name in members or name not in known]
        if duties:
            return revised(item, duties=duties)
        name = f"{project.name}/{item.name}"
        self._note("duties", f"recommendation.{name}.duties", name, item.duties, (lead,))
        return revised(item, duties=[lead])

    # --- letters and events

    def _letter(self, letter: Letter, projects: Collection[str]) -> Letter | None:
        before, place = self.origins["steering"], f"letter.{letter.name}"
        gone = set(names_of(before.portfolio.project)) - set(projects)
        about = [name for name in letter.projects if name not in gone]
        if letter.projects and not about:
            # Without its projects it would become a general letter, and ask for more than it ever did.
            self._note("assignment", f"{place}.projects", letter.name, letter.projects)
            return None
        steered = [agency.name for agency in before.agencies if agency.ministry in letter.ministries]
        here = [agency.name for agency in self.scenario.agencies if agency.ministry in letter.ministries]
        addressed = [name for name in letter.to if name in self.members]
        to = _kept(list(letter.to), steered, names_of(before.agencies), sorted({*here, *addressed}))
        self._changed("receivers" if to else "letter", f"{place}.to", letter.name, letter.to, to)
        if not to:
            return None
        senders = {agency.ministry for agency in self.scenario.agencies if agency.name in to}
        unknown = set(letter.ministries) - set(names_of(before.ministries))
        ministries = _ordered(senders | unknown | {*letter.ministries} & self.steering, letter.ministries)
        return revised(letter, to=to, ministries=ministries, projects=about)

    def _event(self, event: Event) -> Event | None:
        before = self.origins["steering"]
        known, here = names_of(before.ministries), sorted(self.steering)
        heirs = {heir for name in event.ministries for heir in self._heirs(name, before)}
        unknown = [name for name in event.ministries if name not in known]
        everyone = set(event.ministries) == set(known)
        ministries = here if everyone else _ordered({*heirs, *unknown}, event.ministries)
        if set(ministries) == set(event.ministries):
            ministries = list(event.ministries)
        code = "receivers" if ministries else "event"
        self._changed(code, f"event.{event.name}.ministries", event.name, event.ministries, ministries)
        return revised(event, ministries=ministries) if ministries else None

    def _heirs(self, ministry: str, before: Scenario) -> set[str]:
        """The ministries here that steer whom one steered before; else itself, if it steers anybody."""
        steered = {agency.name for agency in before.agencies if agency.ministry == ministry}
        heirs = {agency.ministry for agency in self.scenario.agencies if agency.name in steered}
        return heirs or {ministry} & self.steering

    # --- what is said

    def _note(
        self, code: str, place: str, name: str, before: Sequence[str] = (), after: Sequence[str] = ()
    ) -> None:
        self.fittings.append(Fitting(code, place, name, tuple(before), tuple(after)))

    def _changed(self, code: str, place: str, name: str, old: Sequence[str], new: Sequence[str]) -> None:
        """Note that a list of names grew to everyone, or lost some."""
        if set(new) - set(old):
            self._note("everyone", place, name, old, new)
        elif set(old) - set(new):
            self._note(code, place, name, old, new)


class _Secretariats:
    """The secretariats of one arrangement in the forums of another, or of the same with fewer forums.

    Where several forums would do, it is the one with most staff of its own, then the one that meets most
    often, then the first by name.
    """

    def __init__(
        self, forums: Sequence[Forum], served: Arrangement, facilitator: str | None, fitter: _Fitter
    ) -> None:
        self.forums = forums
        self.served = served
        self.own_facilitator = facilitator
        self.fitter = fitter
        self.homes = dict[str, str]()
        for secretariat in filter(is_secretariat, served.forum):
            self._settle(secretariat)

    def serve(self, forum: Forum) -> Forum:
        """The forum with the staff and the service that are meant for it."""
        model = self._counterpart(forum)
        server = self.homes.get(self._server(model) or "")
        if model is not None and model.served_by and self._server(model) is None:
            if named(self.fitter.origins["forums"].arrangement.forum, model.served_by) is None:
                return forum  # a name that nobody knows
            self._note("unserved", f"forum.{forum.name}.served_by", forum.name, (model.served_by,))
        return revised(
            forum, secretariat_fte=self._staff(forum), served_by=server if server != forum.name else None
        )

    def facilitator(self, name: str | None, before: Sequence[Forum]) -> str | None:
        """The forum that follows projects up: itself, else where its secretariat sits, else one alike."""
        wanted = named([*self.served.forum, *before], name)
        if wanted is None or named(self.forums, name):
            return name
        alike = [forum for forum in self.forums if forum.function == wanted.function]
        own = self.own_facilitator if named(self.forums, self.own_facilitator) else None
        heir = self.homes.get(wanted.name) or (_first(alike).name if alike else own)
        after = (heir,) if heir else ()
        self._note("facilitator", "arrangement.facilitator", wanted.name, (wanted.name,), after)
        return heir

    def _settle(self, secretariat: Forum) -> None:
        name = secretariat.name
        home = name if named(self.forums, name) else self._new_home()
        if home != name:
            code, after = ("secretariat", (home,)) if home else ("unstaffed", ())
            self._note(code, f"forum.{name}.secretariat_fte", name, (name,), after)
        if home is not None:
            self.homes[name] = home

    def _new_home(self) -> str | None:
        """A forum that prepares, else the facilitator, else one that steers, else any."""
        preparing, steering = (
            [f for f in self.forums if f.function == kind] for kind in ("prepare", "steer")
        )
        facilitating = [forum for forum in self.forums if forum.name == self.own_facilitator]
        ranked = next(filter(None, (preparing, facilitating, steering, list(self.forums))), None)
        return _first(ranked).name if ranked else None

    def _staff(self, forum: Forum) -> Quantity:
        """Staff of all secretariats that sit in a forum."""
        here = [item.secretariat_fte for item in self.served.forum if self.homes.get(item.name) == forum.name]
        if len(here) > 1:
            note = "secretariats that share a forum"
            return Quantity(value=sum(map(float, here)), grade="derived", source="hybrid", note=note)
        namesake = named(self.served.forum, forum.name)
        return here[0] if here else namesake.secretariat_fte if namesake else given(0.0)

    def _counterpart(self, forum: Forum) -> Forum | None:
        """Its namesake, else a served forum with the same function, else none."""
        namesake = named(self.served.forum, forum.name)
        if namesake is not None:
            return namesake
        alike = [it for it in self.served.forum if it.function == forum.function and self._server(it)]
        if not alike:
            return None
        self._note("served", f"forum.{forum.name}.served_by", forum.name)
        return min(alike, key=lambda other: other.name)

    def _server(self, forum: Forum | None) -> str | None:
        """The secretariat that serves a forum; one with staff serves itself unless it names another."""
        if forum is None:
            return None
        server = forum.served_by or forum.name
        return server if is_secretariat(named(self.served.forum, server)) else None

    def _note(
        self, code: str, place: str, name: str, before: Sequence[str] = (), after: Sequence[str] = ()
    ) -> None:
        self.fitter.fittings.append(Fitting(code, place, name, tuple(before), tuple(after)))


def _first(forums: Sequence[Forum]) -> Forum:
    return min(forums, key=lambda f: (-float(f.secretariat_fte), float(f.cadence), f.name))


def _kept(
    names: list[str], everyone: Collection[str], before: Collection[str], now: Sequence[str]
) -> list[str]:
    """The names that are here or were never known; everyone who is here, if they were everyone before."""
    if set(names) == set(everyone) != set(now):
        return sorted(now)
    return [name for name in names if name in now or name not in before]


def _ordered(names: Collection[str], order: Sequence[str]) -> list[str]:
    """Names in a given order; others follow, sorted."""
    return [name for name in order if name in names] + sorted(set(names) - set(order))
