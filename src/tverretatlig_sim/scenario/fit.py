"""One rule for each conflict that a change of a scenario leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, TypeVar, get_args

from pydantic import BaseModel

from tverretatlig_sim.i18n import Message, _, joined
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

RULES: Mapping[str, Message] = {
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
T = TypeVar("T")


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
    def text(self) -> Message | str:
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


def summed_up(fittings: Iterable[Fitting]) -> list[Message | str]:
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
        self.before = {part: names_of(origin.agencies) for part, origin in origins.items()}
        self.steering = {agency.ministry for agency in scenario.agencies}
        self.forums: list[Forum] = []

    def fitted(self) -> Scenario:
        scenario = self.scenario
        beyond = self._beyond(scenario.arrangement.municipal_chain)
        outside = {agency.ministry for agency in beyond} - self.steering
        for ministry in scenario.ministries:
            if ministry.name not in self.steering | outside:
                self._note("ministry", f"ministry.{ministry.name}", ministry.name)
        arrangement = self._arrangement(scenario.arrangement)
        projects = _some(map(self._project, scenario.portfolio.project))
        return replace(
            scenario,
            ministries=self._ministries(self.steering),
            core=scenario.core & {*self.members},
            beyond=beyond,
            beyond_ministries=self._ministries(outside),
            arrangement=arrangement,
            portfolio=revised(scenario.portfolio, project=projects),
            letters=revised(
                scenario.letters,
                letter=_some(self._letter(letter, names_of(projects)) for letter in scenario.letters.letter),
                event=_some(map(self._event, scenario.letters.event)),
            ),
        )

    # --- who there is

    def _beyond(self, chain: Sequence[str]) -> tuple[Agency, ...]:
        """Agencies of the municipal chain that are no members."""
        before, names = self.origins["membership"], sorted({*chain} - {*self.members})
        for name in (name for name in names if name in self.before["membership"]):
            self._note("chain", "arrangement.municipal_chain", name)
        return tuple(_some(named((*self.scenario.beyond, *before.everyone), name) for name in names))

    def _ministries(self, names: Collection[str]) -> tuple[Ministry, ...]:
        sources = (self.scenario, self.origins["steering"], self.origins["membership"])
        known = [m for source in sources for m in (*source.ministries, *source.beyond_ministries)]
        return tuple(_some(named(known, name) for name in sorted(names)))

    # --- forums and practice

    def _arrangement(self, arrangement: Arrangement) -> Arrangement:
        forums, secretariat = self.origins["forums"], self.origins["secretariat"]
        served = arrangement if secretariat is forums else secretariat.arrangement
        seated = _some(map(self._seated, arrangement.forum))
        secretariats = _Secretariats(seated, served, forums.arrangement, self._note)
        self.forums = [secretariats.serve(forum) for forum in seated]
        return revised(
            arrangement,
            member=[row for row in arrangement.member if row.agency in self.members],
            forum=self.forums,
            coordinator=self._coordinator(arrangement.coordinator),
            facilitator=secretariats.facilitator(arrangement.facilitator, secretariat.arrangement.forum),
            route=self._route(arrangement.route, "arrangement", "route", forums),
            self_initiated_route=self._route(
                arrangement.self_initiated_route, "arrangement", "self_initiated_route", forums
            ),
            tie=[tie for tie in arrangement.tie if self._is_tied(tie)],
        )

    def _seated(self, forum: Forum) -> Forum | None:
        everyone = self.before["forums"]
        seats = self._names(forum, "seats", ("seats", "forum"), everyone, everyone, self.members)
        if not seats:
            return None
        forum = revised(forum, seats=seats)
        if forum.chair is None or forum.chair in seats or forum.chair not in everyone:
            return forum
        coordinator = self.scenario.arrangement.coordinator
        heir = coordinator if forum.rule == "authority" and coordinator in seats else None
        self._note("chair", f"forum.{forum.name}.chair", forum.name, [forum.chair], heir)
        leaderless = forum.rule == "authority" and heir is None
        return revised(forum, chair=heir, rule="consensus" if leaderless else forum.rule)

    def _coordinator(self, name: str | None) -> str | None:
        if name is None or name in self.members or name not in self.before["forums"]:
            return name
        self._note("coordinator", "arrangement.coordinator", name, [name])
        return None

    def _route(self, stops: list[str] | None, kind: str, name: str, before: Scenario) -> list[str] | None:
        """A route by bodies that exist; the same body twice in a row counts once."""
        known, gone = {LINE, *names_of(self.forums)}, {*names_of(before.arrangement.forum)}
        if stops is None or not ({*stops} - known) & gone:
            return stops
        facilitator = self.origins["forums"].arrangement.facilitator
        instead = facilitator if facilitator in known else LINE
        replaced = [instead if stop in gone - known else stop for stop in stops]
        route = [stop for index, stop in enumerate(replaced) if replaced[index - 1 : index] != [stop]]
        place = f"arrangement.{name}" if kind == "arrangement" else f"{kind}.{name}.route"
        self._note("route", place, name, stops, *route)
        return route

    def _is_tied(self, tie: Tie) -> bool:
        ends = tie.source_agency, tie.target_agency
        if not {*ends} & {*self.before["staffing"]} - {*self.members}:
            return True
        self._note("ties", f"tie.{'.'.join(ends)}", " – ".join(ends))
        return False

    # --- projects

    def _project(self, project: Project) -> Project | None:
        everyone = self.before["portfolio"]
        members = self._names(project, "members", ("members", "project"), everyone, everyone, self.members)
        if not members:
            return None
        lead, name = project.lead, project.name
        here = [agency for agency in self.scenario.agencies if agency.name in members]
        if lead not in members and lead in everyone and here:
            lead = nearest(project, here)
            self._note("lead", f"project.{name}.lead", name, [project.lead], lead)
        strangers = {*everyone} - {*members}
        return revised(
            project,
            members=members,
            lead=lead,
            parties=capped(project.parties, len(members), "as many as take part"),
            gains={name: gain for name, gain in project.gains.items() if name not in strangers},
            recommendation=[self._duties(item, name, strangers, lead) for item in project.recommendation],
            route=self._route(project.route, "project", name, self.origins["portfolio"]),
        )

    def _duties(
        self, item: Recommendation, project: str, strangers: Collection[str], lead: str
    ) -> Recommendation:
        duties = [name for name in item.duties if name not in strangers]
        if not duties:
            place = f"recommendation.{project}.{item.name}.duties"
            self._note("duties", place, f"{project}/{item.name}", item.duties, lead)
        return revised(item, duties=duties or [lead])

    # --- letters and events

    def _letter(self, letter: Letter, projects: Collection[str]) -> Letter | None:
        before = self.origins["steering"]
        gone = {*names_of(before.portfolio.project)} - {*projects}
        about = [name for name in letter.projects if name not in gone]
        if letter.projects and not about:
            # Without its projects it would become a general letter, and ask for more than it ever did.
            self._note("assignment", f"letter.{letter.name}.projects", letter.name, letter.projects)
            return None
        steered = [agency.name for agency in before.agencies if agency.ministry in letter.ministries]
        here = {agency.name for agency in self.scenario.agencies if agency.ministry in letter.ministries}
        now = here | {name for name in letter.to if name in self.members}
        to = self._names(letter, "to", ("receivers", "letter"), steered, self.before["steering"], now)
        if not to:
            return None
        senders = {agency.ministry for agency in self.scenario.agencies if agency.name in to}
        unknown = {*letter.ministries} - {*names_of(before.ministries)}
        ministries = _ordered(senders | unknown | {*letter.ministries} & self.steering, letter.ministries)
        return revised(letter, to=to, ministries=ministries, projects=about)

    def _event(self, event: Event) -> Event | None:
        before = self.origins["steering"]
        known = {*names_of(before.ministries)}
        heirs = {heir for name in event.ministries for heir in self._heirs(name, before)}
        ministries = _ordered(heirs | {*event.ministries} - known, event.ministries)
        if {*event.ministries} == known != self.steering:
            ministries = sorted(self.steering)
        self._changed(event, "ministries", ("receivers", "event"), ministries)
        return revised(event, ministries=ministries) if ministries else None

    def _heirs(self, ministry: str, before: Scenario) -> set[str]:
        """The ministries here that steer whom one steered before; else itself, if it steers anybody."""
        steered = {agency.name for agency in before.agencies if agency.ministry == ministry}
        heirs = {agency.ministry for agency in self.scenario.agencies if agency.name in steered}
        return heirs or {ministry} & self.steering

    # --- names, and what is said of them

    def _names(
        self,
        row: Named,
        field: str,
        codes: tuple[str, str],
        everyone: Collection[str],
        before: Collection[str],
        now: Collection[str],
    ) -> list[str]:
        """The names that are here or were never known; everyone who is here, if they were everyone before."""
        old: list[str] = getattr(row, field)
        was_all = {*old} == {*everyone} != {*now}
        new = sorted(now) if was_all else [name for name in old if name in now or name not in before]
        self._changed(row, field, codes, new)
        return new

    def _changed(self, row: Named, field: str, codes: tuple[str, str], new: Sequence[str]) -> None:
        """Note that a list of names grew to everyone, lost some (first code), or all (second code)."""
        old = getattr(row, field)
        code = "everyone" if {*new} - {*old} else codes[0] if new else codes[1]
        if {*new} != {*old}:
            self._note(code, f"{type(row).__name__.lower()}.{row.name}.{field}", row.name, old, *new)

    def _note(self, code: str, place: str, name: str, before: Sequence[str] = (), *after: str | None) -> None:
        self.fittings.append(Fitting(code, place, name, tuple(before), tuple(filter(None, after))))


class _Secretariats:
    """The secretariats of one arrangement in the forums of another, or of the same with fewer forums.

    Where several forums would do, it is the one with most staff of its own, then the one that meets most
    often, then the first by name.
    """

    def __init__(
        self, forums: Sequence[Forum], served: Arrangement, structure: Arrangement, note: Callable[..., None]
    ) -> None:
        self.forums = forums
        self.served = served
        self.structure = structure
        self.note = note
        homes = {it.name: self._home(it.name) for it in served.forum if is_secretariat(it)}
        self.homes = {name: home for name, home in homes.items() if home is not None}

    def serve(self, forum: Forum) -> Forum:
        """The forum with the staff and the service that are meant for it."""
        model = self._counterpart(forum)
        server = self._server(model)
        if model is not None and model.served_by and server is None:
            if named(self.structure.forum, model.served_by) is None:
                return forum  # a name that nobody knows
            self.note("unserved", f"forum.{forum.name}.served_by", forum.name, [model.served_by])
        home = self.homes.get(server or "")
        return revised(
            forum, secretariat_fte=self._staff(forum), served_by=home if home != forum.name else None
        )

    def facilitator(self, name: str | None, before: Sequence[Forum]) -> str | None:
        """The forum that follows projects up: itself, else where its secretariat sits, else one alike."""
        wanted = named([*self.served.forum, *before], name)
        if wanted is None or named(self.forums, name):
            return name
        alike = [forum for forum in self.forums if forum.function == wanted.function]
        own = named(self.forums, self.structure.facilitator)
        heir = self.homes.get(wanted.name) or _first(alike or ([own] if own else []))
        self.note("facilitator", "arrangement.facilitator", wanted.name, [wanted.name], heir)
        return heir

    def _home(self, name: str) -> str | None:
        """Its own forum, else one that prepares, else the facilitator, else one that steers, else any."""
        if named(self.forums, name):
            return name
        preparing, steering = ([f for f in self.forums if f.function == it] for it in ("prepare", "steer"))
        facilitating = [forum for forum in self.forums if forum.name == self.structure.facilitator]
        home = _first(preparing or facilitating or steering or self.forums)
        self.note("secretariat" if home else "unstaffed", f"forum.{name}.secretariat_fte", name, [name], home)
        return home

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
        alike = [it for it in self.served.forum if it.function == forum.function and self._server(it)]
        if namesake is not None or not alike:
            return namesake
        self.note("served", f"forum.{forum.name}.served_by", forum.name)
        return min(alike, key=lambda other: other.name)

    def _server(self, forum: Forum | None) -> str | None:
        """The secretariat that serves a forum; one with staff serves itself unless it names another."""
        server = forum and named(self.served.forum, forum.served_by or forum.name)
        return server.name if server and is_secretariat(server) else None


def _first(forums: Sequence[Forum]) -> str | None:
    ranked = sorted(forums, key=lambda f: (-float(f.secretariat_fte), float(f.cadence), f.name))
    return ranked[0].name if ranked else None


def _some(rows: Iterable[T | None]) -> list[T]:
    return [row for row in rows if row is not None]


def _ordered(names: Collection[str], order: Sequence[str]) -> list[str]:
    """Names in a given order; others follow, sorted."""
    return [name for name in order if name in names] + sorted({*names} - {*order})
