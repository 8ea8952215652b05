"""One rule for each conflict that a change of a scenario leaves behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Any, Generic, Literal, NamedTuple, TypeVar, get_args

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.errors import listed
from tverretatlig_sim.scenario.quantity import Quantity, capped
from tverretatlig_sim.scenario.resolved import Resolved, lot, nearness
from tverretatlig_sim.scenario.schema import (
    LINE,
    Agency,
    Arrangement,
    Event,
    Forum,
    Letter,
    Member,
    Named,
    Period,
    Project,
    Recommendation,
    Tie,
    given,
)
from tverretatlig_sim.scenario.whole import named, names_of, revised

Part = Literal[
    "portfolio",
    "membership",
    "forums",
    "secretariat",
    "mandate",
    "ministries",
    "steering",
    "staffing",
    "parameters",
    "changes",
]
PARTS: tuple[Part, ...] = get_args(Part)
"""Parts that two scenarios can exchange, in the order of tables; ``parameters`` are those a scenario sets,
``changes`` what it becomes at dates, and what runs beside it."""

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
    "unstable": _("turnover at agencies that take no part goes"),
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

S = TypeVar("S", bound=Resolved)
T = TypeVar("T")
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
    def text(self) -> Message | str:
        """The place and the rule, in a sentence."""
        now = _("now: {names}", names=listed(self.after)) if self.after else ""
        return joined("; ", (_("{place}: {rule}", place=self.place, rule=RULES[self.code]), now))


class Fitted(NamedTuple, Generic[S]):
    """A scenario that fits together, and what had to give way for it."""

    scenario: S
    fittings: tuple[Fitting, ...]


def fit(scenario: S, known: S | Mapping[Part, S], guests: Sequence[Agency] | None = None) -> Fitted[S]:
    """Resolve what a change left behind, by the one rule there is for each conflict.

    A name that exists in ``known`` and no longer in the scenario is fitted. A name that exists in neither is
    left for the check of references. A list that held everyone in ``known`` holds everyone of the scenario.

    Args:
        scenario: after a change that did not care for consistency; its agencies say who takes part.
        known: the scenario before the change; or, where a scenario is put together from several, the one
            from which each of ``PARTS`` was taken.
        guests: agencies that work on projects without any other part in the arrangement: members for whom no
            list is fitted. Projects then keep all who work on them; None if these are fitted, too.
    """
    origins = dict.fromkeys(PARTS, known) if isinstance(known, Resolved) else known
    fitter = _Fitter(scenario, origins, guests)
    return Fitted(fitter.fitted(scenario), tuple(fitter.fittings))


def by_rule(fittings: Iterable[Fitting]) -> dict[str, tuple[str, ...]]:
    """Sorted names of what each rule was used on, in the order of ``RULES``."""
    used: dict[str, set[str]] = {code: set() for code in RULES}
    for item in fittings:
        used[item.code].add(item.name)
    return {code: tuple(sorted(names)) for code, names in used.items() if names}


def summed_up(fittings: Iterable[Fitting]) -> list[Message | str]:
    """A sentence for each rule that was used, with what it was used on."""
    return [joined(": ", (RULES[code], listed(names))) for code, names in by_rule(fittings).items()]


def is_secretariat(forum: Forum | None) -> bool:
    """Whether there is a forum, and it has staff."""
    return forum is not None and float(forum.secretariat_fte) > 0


class _Fitter:
    """A scenario on its way to consistency; the order is that in which one conflict leads to another.

    A secretariat without a forum of its own name or function finds another; where several would do, it is the
    one with most staff of its own, then the one that meets most often, then one that is drawn.
    """

    def __init__(
        self, scenario: Resolved, origins: Mapping[Part, Resolved], guests: Sequence[Agency] | None
    ) -> None:
        self.guests, self.same_work = guests or (), guests is not None
        self.agencies, self.origins, self.fittings = scenario.agencies, origins, list[Fitting]()
        self.members = scenario.members
        self.before = {part: origin.members for part, origin in origins.items()}
        self.steering = {agency.ministry for agency in self.agencies}
        self.structure, secretariat = origins["forums"].arrangement, origins["secretariat"]
        self.coordinator = scenario.arrangement.coordinator
        self.served = (scenario if secretariat is origins["forums"] else secretariat).arrangement.forum
        self.forums = _some(map(self._seated, scenario.arrangement.forum))
        self.homes = {it.name: self._home(it.name) for it in self.served if is_secretariat(it)}

    def fitted(self, scenario: S) -> S:
        membership = self.origins["membership"]
        others: tuple[Part, ...] = ("steering", "membership", "ministries", "forums", "portfolio")
        sources: list[Resolved] = [scenario, *map(self.origins.__getitem__, others)]
        ministries = [it for source in sources for it in (*source.ministries, *source.beyond_ministries)]
        arrangement = self._arrangement(scenario.arrangement)
        rows = [Member(agency=guest.name) for guest in self.guests]
        arrangement = revised(
            arrangement, member=sorted([*arrangement.member, *rows], key=attrgetter("agency"))
        )
        agencies = tuple(sorted([*scenario.agencies, *self.guests], key=attrgetter("name")))
        seated = replace(scenario, arrangement=arrangement, agencies=agencies)
        described = (*scenario.beyond, *membership.everyone, *self.origins["portfolio"].everyone)
        made = seated.with_actors(described, ministries)
        for name in scenario.arrangement.municipal_chain:
            if self._is_gone(name, "membership"):
                self._note("chain", "arrangement.municipal_chain", name)
        left = names_of(made.ministries + made.beyond_ministries)
        for name in (name for name in names_of(scenario.ministries) if name not in left):
            self._note("ministry", f"ministry.{name}", name)
        projects = _without_the_gone(_some(map(self._project, scenario.projects)), "after")
        gone = {*names_of(self.origins["steering"].projects)} - {*names_of(projects)}
        letters = _without_the_gone(
            _some(self._letter(letter, gone) for letter in scenario.letters.letter), "contradicts"
        )
        events = _some(map(self._event, scenario.letters.event))
        return replace(
            made,
            arrangement=arrangement,
            portfolio=revised(scenario.portfolio, project=projects),
            letters=revised(scenario.letters, letter=letters, event=events),
        )

    # --- forums and practice

    def _arrangement(self, arrangement: Arrangement) -> Arrangement:
        forums, coordinator = [*map(self._served, self.forums)], arrangement.coordinator
        joint = arrangement.ministry_forum
        if coordinator is not None and self._is_gone(coordinator, "forums"):
            self._note("coordinator", "arrangement.coordinator", coordinator, [coordinator])
            coordinator = None
        bodies = self._bodies(arrangement, "arrangement", "forums")
        return revised(
            arrangement,
            member=[row for row in arrangement.member if row.agency in self.members],
            forum=forums,
            ministry_forum=_some(self._ministries_forum(it, [*forums, *joint]) for it in joint),
            coordinator=coordinator,
            facilitator=self._facilitator(arrangement.facilitator),
            tie=[tie for tie in arrangement.tie if self._is_tied(tie)],
            unstable=_some(map(self._unsteady, arrangement.unstable)),
            **bodies,
        )

    def _seated(self, forum: Forum) -> Forum | None:
        seats, chair = self._names(forum, "seats", "seats", "forums"), forum.chair
        forum = revised(forum, seats=seats, term=[it for it in forum.term if it.holder in seats])
        if not seats or chair is None or chair in seats or chair not in self.before["forums"]:
            return forum if seats else None
        by_chair = forum.rule == "authority"
        heir = self.coordinator if by_chair and self.coordinator in seats else None
        self._note("chair", f"forum.{forum.name}.chair", forum.name, [chair], heir)
        rule = "consensus" if by_chair and heir is None else forum.rule
        return revised(forum, chair=heir, rule=rule)

    def _ministries_forum(self, forum: Forum, forums: Sequence[Forum]) -> Forum | None:
        """Seats go as ``_heirs`` says; what serves must be here."""
        seats = self._heirs(forum, "seats", "seats", "ministries")
        server = forum.served_by if is_secretariat(named(forums, forum.served_by)) else None
        chair = forum.chair if forum.chair in seats else None
        rule = "consensus" if forum.rule == "authority" and chair is None else forum.rule
        term = [it for it in forum.term if it.holder in seats]
        made = revised(forum, seats=seats, term=term, chair=chair, rule=rule, served_by=server)
        return made if seats else None

    def _route(self, stops: list[str], place: str, name: str, part: Part) -> list[str]:
        """A route by bodies that exist; the same body twice in a row counts once."""
        known = {LINE, *names_of(self.forums)}
        gone = {*names_of(self.origins[part].arrangement.forum)} - known
        if gone.isdisjoint(stops):
            return stops
        instead = self.structure.facilitator if self.structure.facilitator in known else LINE
        route = [stop for stop, _same in groupby(instead if stop in gone else stop for stop in stops)]
        self._note("route", place, name, stops, *route)
        return route

    def _bodies(self, row: Arrangement | Project, at: str, part: Part, name: str = "") -> dict[str, Any]:
        """Routes, and forums that vet mandates, or those that take their place; the line vets none."""
        found: dict[str, Any] = {}
        for field in ("route", "self_initiated_route", "mandate_body", "self_initiated_mandate_body"):
            held, vets = getattr(row, field, None), field.endswith("mandate_body")
            stops = [held] if held and vets else held
            if stops is not None:
                route = self._route(stops, f"{at}.{field}", name or field, part)
                found[field] = (None if route == [LINE] else route[0]) if vets else route
        return found

    def _is_tied(self, tie: Tie) -> bool:
        ends = tie.source_agency, tie.target_agency
        gone = any(self._is_gone(name, "staffing") for name in ends)
        if gone:
            self._note("ties", f"tie.{'.'.join(ends)}", " – ".join(ends))
        return not gone

    def _unsteady(self, period: Period) -> Period | None:
        old = period.agencies
        new = "all" if old == "all" else [name for name in old if not self._is_gone(name, "staffing")]
        if new != old:
            ends = period.begins, period.ends
            self._note("unstable", f"unstable.{'.'.join(ends)}", " – ".join(ends), old, *new)
        return revised(period, agencies=new) if new else None

    # --- secretariats, which may come from another arrangement

    def _home(self, name: str) -> str | None:
        """Its own forum, else one that prepares, else the facilitator, else one that steers, else any."""
        if named(self.forums, name):
            return name
        preparing, steering = ([f for f in self.forums if f.function == it] for it in ("prepare", "steer"))
        facilitating = _some([named(self.forums, self.structure.facilitator)])
        home = foremost(preparing or facilitating or steering or self.forums)
        code = "secretariat" if home else "unstaffed"
        self._note(code, f"forum.{name}.secretariat_fte", name, [name], home)
        return home

    def _served(self, forum: Forum) -> Forum:
        """The forum with the staff of all secretariats that sit there, and served as its model is."""
        name, model = forum.name, named(self.served, forum.name)
        here = [it.secretariat_fte for it in self.served if self.homes.get(it.name) == name]
        staff = here[0] if here else model.secretariat_fte if model else given(0.0)
        if len(here) > 1:
            note = "secretariats that share a forum"
            staff = Quantity(value=sum(map(float, here)), grade="derived", source="hybrid", note=note)
        alike = [it for it in self.served if it.function == forum.function and self._server(it)]
        if model is None and alike:
            self._note("served", f"forum.{name}.served_by", name)
            model = named(alike, foremost(alike))
        server = self._server(model)
        if model is not None and model.served_by and server is None:
            if named(self.structure.forum, model.served_by) is None:
                return forum  # a name that nobody knows
            self._note("unserved", f"forum.{name}.served_by", name, [model.served_by])
        home = self.homes.get(server or "")
        return revised(forum, secretariat_fte=staff, served_by=home if home != name else None)

    def _server(self, forum: Forum | None) -> str | None:
        """The secretariat that serves a forum; one with staff serves itself unless it names another."""
        server = None if forum is None else forum.served_by or forum.name
        return server if is_secretariat(named(self.served, server)) else None

    def _facilitator(self, name: str | None) -> str | None:
        """The forum that follows projects up: itself, else where its secretariat sits, else one alike."""
        wanted = named([*self.served, *self.origins["secretariat"].arrangement.forum], name)
        if wanted is None or named(self.forums, name):
            return name
        alike = [forum for forum in self.forums if forum.function == wanted.function]
        own = _some([named(self.forums, self.structure.facilitator)])
        heir = self.homes.get(wanted.name) or foremost(alike or own)
        self._note("facilitator", "arrangement.facilitator", wanted.name, [wanted.name], heir)
        return heir

    # --- projects

    def _project(self, project: Project) -> Project | None:
        members = (
            project.members if self.same_work else self._names(project, "members", "members", "portfolio")
        )
        lead, name, everyone = project.lead, project.name, self.before["portfolio"]
        here = [agency for agency in self.agencies if agency.name in members]
        if not members:
            return None
        if lead not in members and lead in everyone and here:
            lead = min(here, key=lambda it: (-nearness([it], project), lot(name, it.name))).name
            self._note("lead", f"project.{name}.lead", name, [project.lead], lead)
        strangers = {*everyone} - {*members}

        def of_those_left(item: Project | Recommendation) -> dict[str, Any]:
            """What it gives by agency, of those who still take part."""
            given = {field: getattr(item, field) for field in ("gains", "gives_up")}
            return {
                field: {name: value for name, value in values.items() if name not in strangers}
                for field, values in given.items()
            }

        def duties(item: Recommendation) -> Recommendation:
            left = [duty for duty in item.duties if duty not in strangers]
            if not left:
                place = f"recommendation.{name}.{item.name}.duties"
                self._note("duties", place, f"{name}/{item.name}", item.duties, lead)
            return revised(item, duties=left or [lead], **of_those_left(item))

        return revised(
            project,
            members=members,
            lead=lead,
            parties=capped(project.parties, len(members), "as many as take part"),
            **of_those_left(project),
            recommendation=[*map(duties, project.recommendation)],
            **self._bodies(project, f"project.{name}", "portfolio", name),
        )

    # --- letters and events

    def _letter(self, letter: Letter, gone: Collection[str]) -> Letter | None:
        about = [name for name in letter.projects if name not in gone]
        if letter.projects and not about:
            # Without its projects it would become a general letter, and ask for more than it ever did.
            self._note("assignment", f"letter.{letter.name}.projects", letter.name, letter.projects)
            return None
        before = self.origins["steering"]
        steered, here = (
            {agency.name for agency in agencies if agency.ministry in letter.ministries}
            for agencies in (before.agencies, self.agencies)
        )
        to = self._names(
            letter, "to", "receivers", "steering", steered, here | {*letter.to} & {*self.members}
        )
        if not to:
            return None
        senders = {agency.ministry for agency in self.agencies if agency.name in to}
        unknown = {*letter.ministries} - {*names_of(before.ministries)}
        ministries = _ordered(senders | unknown | {*letter.ministries} & self.steering, letter.ministries)
        return revised(letter, to=to, ministries=ministries, projects=about)

    def _event(self, event: Event) -> Event | None:
        ministries = self._heirs(event, "ministries", "receivers", "steering")
        return revised(event, ministries=ministries) if ministries else None

    def _heirs(self, row: Named, field: str, code: str, part: Part) -> list[str]:
        """Those in a field; for ministries, who steers here now what theirs steered; all of them stay all."""
        before, names = self.origins[part].agencies, getattr(row, field)
        old, gone = {it.ministry for it in before}, {*self.before[part]} - {*self.members}
        heirs = {*names} - old - gone
        for ministry in old & {*names}:
            steered = {agency.name for agency in before if agency.ministry == ministry}
            now = {agency.ministry for agency in self.agencies if agency.name in steered}
            heirs |= now or {ministry} & self.steering
        was_all = {*names} == old != self.steering
        found = sorted(self.steering) if was_all else _ordered(heirs, names)
        self._changed(row, field, code, found)
        return found

    # --- names, and what is said of them

    def _is_gone(self, name: str, part: Part) -> bool:
        return name in self.before[part] and name not in self.members

    def _names(
        self,
        row: Named,
        field: str,
        code: str,
        part: Part,
        everyone: Collection[str] | None = None,
        now: Collection[str] | None = None,
    ) -> list[str]:
        """The names that are here or were never known; everyone who is here, if they were everyone before."""
        old, before = getattr(row, field), self.before[part]
        everyone, now = before if everyone is None else everyone, self.members if now is None else now
        was_all = {*old} == {*everyone} != {*now}
        new = sorted(now) if was_all else [name for name in old if name in now or name not in before]
        self._changed(row, field, code, new)
        return new

    def _changed(self, row: Named, field: str, code: str, new: Sequence[str]) -> None:
        """Note that a list of names grew to everyone, lost some (by a rule) or all (the rule of its kind)."""
        old, kind = getattr(row, field), type(row).__name__.lower()
        if {*new} != {*old}:
            code = "everyone" if {*new} - {*old} else code if new else kind
            self._note(code, f"{kind}.{row.name}.{field}", row.name, old, *new)

    def _note(self, code: str, place: str, name: str, before: Sequence[str] = (), *after: str | None) -> None:
        self.fittings.append(Fitting(code, place, name, tuple(before), tuple(filter(None, after))))


def foremost(forums: Sequence[Forum]) -> str | None:
    """Name of the forum with most staff, then of that which meets most often, then of one that is drawn."""
    ranked = sorted(forums, key=lambda it: (-float(it.secretariat_fte), float(it.cadence), lot(it.name)))
    return ranked[0].name if ranked else None


def _some(rows: Iterable[T | None]) -> list[T]:
    return [row for row in rows if row is not None]


def _without_the_gone(rows: list[N], field: str) -> list[N]:
    """Projects or letters that refer to none but those that are here."""
    here = names_of(rows)
    return [revised(it, **{field: [name for name in getattr(it, field) if name in here]}) for it in rows]


def _ordered(names: Collection[str], order: Sequence[str]) -> list[str]:
    """Names in a given order; others follow, sorted."""
    return [name for name in order if name in names] + sorted({*names} - {*order})
