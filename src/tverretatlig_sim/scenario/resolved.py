"""A scenario's tables with every name resolved: what rules of fitting, edits and the world read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from itertools import chain
from math import floor, inf, sqrt
from pathlib import Path
from typing import Any, Self

from tverretatlig_sim.dates import FROM_START, SHORTEST_DEFAULT, months_between
from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.errors import Origin, listed, quoted
from tverretatlig_sim.scenario.quantity import Quantity, capped
from tverretatlig_sim.scenario.schema import (
    OVERRIDES,
    Agency,
    Arrangement,
    Forum,
    Letter,
    Letters,
    Member,
    Ministry,
    Portfolio,
    Project,
    Title,
)
from tverretatlig_sim.scenario.whole import Then, WholeScenario, names_of, revised


@dataclass(frozen=True)
class Resolved:
    """One arrangement, one portfolio and one calendar of letters.

    Every "all" is replaced by an explicit sorted list and every letter has an end. Two scenarios are equal if
    they say the same, wherever they come from.

    Attributes:
        name: short name.
        title: heading in both languages.
        summary: what it shows, in both languages, if the file says so.
        source: where its facts are from.
        start: first month, ``YYYY-MM``.
        months: length of a run in months, if given; see ``length``.
        ministries: those that steer a member, by name.
        agencies: the members, by name, with the arrangement's overrides applied.
        arrangement, portfolio, letters: the three parts; memberships no longer say what they replace.
        parameters: values that replace those of the parameter file, by parameter name.
        path: the scenario's file; None if it was made in memory.
        levers: names of the levers pulled, sorted.
        notes: sentences on what had to be fitted when something was changed or left out, and on what counts
            for nothing though the file asks for it.
        changes: what its user changed in another scenario, line by line; see ``overlay.Line``.
        beyond: agencies of the municipal chain that are no members, by name: they only carry last duties.
        beyond_ministries: those that steer them and no member, or that only have a seat.
        then: what changes at dates within a run; see ``history.phases``.
        beside: scenarios whose arrangements run beside this one; see ``together.parts``.
    """

    name: str
    title: Title
    summary: Title | None
    source: str
    start: str
    months: Quantity | None
    ministries: tuple[Ministry, ...]
    agencies: tuple[Agency, ...]
    arrangement: Arrangement
    portfolio: Portfolio
    letters: Letters
    parameters: Mapping[str, Quantity]
    path: Path | None = field(default=None, compare=False)
    levers: tuple[str, ...] = field(default=(), compare=False)
    notes: tuple[Message | str, ...] = field(default=(), compare=False)
    changes: tuple[Any, ...] = field(default=(), compare=False)
    beyond: tuple[Agency, ...] = ()
    beyond_ministries: tuple[Ministry, ...] = ()
    then: tuple[Then, ...] = ()
    beside: tuple[str | Mapping[str, Any], ...] = ()

    @classmethod
    def of(cls, model: WholeScenario, path: Path | None = None) -> Self:
        """The scenario of sound tables: "all" spelled out, defaults that depend on others filled in."""
        described = {agency.name: agency for table in model.actors for agency in table.agency}
        known = [ministry for table in reversed(model.actors) for ministry in reversed(table.ministry)]
        rows = sorted(model.arrangement.member, key=lambda row: row.agency)
        agencies = tuple(_overridden(described[row.agency], row) for row in rows)
        names, steered = names_of(agencies), dict[str, list[str]]()
        for agency in agencies:
            steered.setdefault(agency.ministry, []).append(agency.name)
        own, joint = (
            [revised(forum, seats=everyone) if forum.seats == "all" else forum for forum in forums]
            for forums, everyone in (
                (model.arrangement.forum, names),
                (model.arrangement.ministry_forum, sorted({*steered} - {*names})),
            )
        )
        events = [
            revised(event, ministries=sorted(steered)) if event.ministries == "all" else event
            for event in model.letters.event
        ]
        members = [revised(row, **dict.fromkeys(OVERRIDES)) for row in model.arrangement.member]
        projects = [_project(project, names) for project in model.portfolio.project]
        letters = [_letter(letter, steered) for letter in model.letters.letter]
        made = cls(
            name=model.name,
            title=Title(en=model.name, nb=model.name) if model.title is None else model.title,
            summary=model.summary,
            source=model.source,
            start=model.start,
            months=model.months,
            ministries=(),
            agencies=agencies,
            arrangement=revised(model.arrangement, member=members, forum=own, ministry_forum=joint),
            portfolio=revised(model.portfolio, project=projects),
            letters=revised(model.letters, letter=letters, event=events),
            parameters=model.parameters,
            path=path,
            beside=model.beside,
            then=tuple(sorted(model.then, key=lambda change: change.date)),
        ).with_actors(described.values(), known)
        return replace(made, notes=tuple(made.cautions()))

    def with_actors(self, agencies: Iterable[Agency], ministries: Iterable[Ministry]) -> Self:
        """The scenario with those who are no members but belong to it: of the municipal chain, and steering.

        Args:
            agencies: as somebody describes them; of the same name, the first counts.
            ministries: alike.
        """
        described = {it.name: it for it in reversed([*agencies])}
        known = {it.name: it for it in reversed([*ministries])}
        carriers = {*self.arrangement.municipal_chain} - {*self.members}
        beyond = tuple(described[name] for name in sorted(carriers & described.keys()))
        steering, outside = ({it.ministry for it in rows} for rows in (self.agencies, beyond))
        outside |= self.seated
        return replace(
            self,
            beyond=beyond,
            ministries=tuple(known[name] for name in sorted(steering & known.keys())),
            beyond_ministries=tuple(known[name] for name in sorted(outside - steering & known.keys())),
        )

    @cached_property
    def core(self) -> frozenset[str]:
        """Names of the members counted among the core agencies."""
        return frozenset(row.agency for row in self.arrangement.member if row.core)

    @property
    def origin(self) -> Origin:
        """Where messages say that something of it stands."""
        return Origin(quoted(self.name))

    @property
    def members(self) -> list[str]:
        """Names of the members."""
        return names_of(self.agencies)

    @property
    def projects(self) -> list[Project]:
        """What there is to do."""
        return self.portfolio.project

    @property
    def forums(self) -> list[Forum]:
        """Forums of the cooperation and of the ministries."""
        return [*self.arrangement.forum, *self.arrangement.ministry_forum]

    @property
    def seated(self) -> frozenset[str]:
        """Names of the ministries with a seat: all names in seats that are no member's."""
        return frozenset(chain.from_iterable(it.seats for it in self.forums)) - {*self.members}

    @property
    def everyone(self) -> tuple[Agency, ...]:
        """Members, and those of the municipal chain that are none."""
        return *self.agencies, *self.beyond

    @property
    def work(self) -> float:
        """What the projects take, in FTE-months."""
        return sum(float(project.size) for project in self.projects)

    @property
    def capacity(self) -> float:
        """FTE that those who work on the projects have for joint work."""
        at_work = {name for project in self.projects for name in project.members}
        return sum(float(it.capacity) for it in self.agencies if it.name in at_work)

    @property
    def load(self) -> float:
        """Months in which all that capacity would do the work; infinite without capacity."""
        return self.work / self.capacity if self.capacity else inf

    @property
    def staff(self) -> float:
        """FTE of the secretariats of the cooperation."""
        return sum(float(forum.secretariat_fte) for forum in self.arrangement.forum)

    @property
    def default_months(self) -> int:
        """Length of a run: as given, else 60 months, or 48 from the start of the last project."""
        return int(self.length)

    @property
    def length(self) -> Quantity:
        """Length of a run in months, with its evidence."""
        if self.months is not None:
            return self.months
        starts = [months_between(self.start, project.start) for project in self.projects]
        note = f"{SHORTEST_DEFAULT} months, or the start of the last project and {FROM_START} months"
        months = float(max(SHORTEST_DEFAULT, max(starts, default=0) + FROM_START))
        return Quantity(value=months, range=(months, months), source="library default", note=note)

    def route_of(self, project: Project) -> list[str]:
        """The bodies that decide on a project's recommendations: its own, or the arrangement's."""
        own = self.arrangement.self_initiated_route if project.origin == "self-initiated" else None
        return project.route or own or self.arrangement.route

    def mandate_body_of(self, project: Project) -> str | None:
        """The forum that vets a project's mandate: its own, or the arrangement's; None if nobody does."""
        alone = project.origin == "self-initiated"
        own = self.arrangement.self_initiated_mandate_body if alone else None
        return project.mandate_body or own or self.arrangement.mandate_body

    def cautions(self) -> list[Message | str]:
        """Sentences on forums that decide nothing, and values that are read by nothing, in a run."""
        projects, months = self.projects, self.default_months
        deciding = {stop for it in projects for stop in (*self.route_of(it), self.mandate_body_of(it))}
        late = [it.name for it in projects if months_between(self.start, it.start) >= months]
        said = {
            _("forums that decide never meet in the run, so nothing gets past them"): [
                it.name for it in self.arrangement.forum if it.name in deciding and not self._meets(it)
            ],
            _("projects work through municipalities, but municipal_chain names nobody to carry that out"): [
                it.name for it in projects if it.municipal and not self.arrangement.municipal_chain
            ],
            _("projects start after the run has ended"): late,
        }
        return [joined(": ", (sentence, listed(names))) for sentence, names in said.items() if names]

    def _meets(self, forum: Forum) -> bool:
        """Whether the forum meets at all; months are counted from its begin, else from the run's."""
        last = self.default_months - 1
        begins = months_between(self.start, forum.begins or self.start)
        ends = last if forum.ends is None else min(last, months_between(self.start, forum.ends))
        first, cadence = max(0, begins), float(forum.cadence)
        return ends >= first and floor((ends - begins + 1) / cadence) > floor((first - begins) / cadence)


def _overridden(agency: Agency, row: Member) -> Agency:
    return revised(agency, **{name: given for name in OVERRIDES if (given := getattr(row, name)) is not None})


def _project(project: Project, everyone: list[str]) -> Project:
    members = everyone if project.members == "all" else project.members
    parties = capped(project.parties, len(members), "as many as take part")
    return revised(project, members=members, parties=parties)


def _letter(letter: Letter, steered: Mapping[str, list[str]]) -> Letter:
    own = sorted(name for ministry in {*letter.ministries} for name in steered.get(ministry, ()))
    to, ends = own if letter.to == "all" else letter.to, letter.ends or f"{letter.begins[:4]}-12"
    return revised(letter, to=to, ends=ends)


# --- what is read off agencies and projects


def overlap(agency: Agency, project: Project) -> float:
    """Cosine of an agency's core tasks and a project's themes; 0 if one has no weight."""
    one, other = _numbers(agency.core_tasks), _numbers(project.themes)
    lengths = sqrt(sum(x * x for x in one.values())) * sqrt(sum(x * x for x in other.values()))
    return sum(one[theme] * other.get(theme, 0.0) for theme in one) / lengths if lengths > 0 else 0.0


def nearness(agencies: Sequence[Agency], project: Project) -> float:
    """Mean overlap of some agencies with a project, so rounded that their order does not show."""
    return round(sum(overlap(it, project) for it in agencies) / len(agencies), 9) if agencies else 0.0


def lot(*names: str) -> bytes:
    """A draw that belongs to names, as the alphabet must not choose between equals."""
    return blake2b("\0".join(names).encode()).digest()


def views(agency: Agency) -> dict[str, float]:
    """How an agency understands the problem at the start: as given, else its frame, else its core tasks."""
    given_view = agency.frame if agency.understanding is None else agency.understanding
    if given_view is not None:
        return _numbers(given_view)
    core = _numbers(agency.core_tasks)
    total = sum(core.values())
    return {theme: weight / total for theme, weight in core.items()} if total > 0 else core


def _numbers(weights: dict[str, Quantity]) -> dict[str, float]:
    return {theme: float(weight) for theme, weight in sorted(weights.items())}
