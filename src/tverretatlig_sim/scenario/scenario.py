"""A scenario with every name resolved: what the rest of the package reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import floor
from pathlib import Path
from typing import TypeVar

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.inputs import frozen, plain
from tverretatlig_sim.scenario.compose import Composed, compose
from tverretatlig_sim.scenario.errors import Origin, Problem, ScenarioError, did_you_mean, is_, listed, quoted
from tverretatlig_sim.scenario.files import PARTS, Folders, Raw, Value, shipped_folder, toml_text
from tverretatlig_sim.scenario.parameters import checked_overrides
from tverretatlig_sim.scenario.quantity import Quantity, capped
from tverretatlig_sim.scenario.references import reference_problems
from tverretatlig_sim.scenario.schema import (
    FOLLOW_UP,
    OVERRIDES,
    SHORTEST_DEFAULT,
    Actors,
    Agency,
    Arrangement,
    Forum,
    Letter,
    Letters,
    Member,
    Ministry,
    Portfolio,
    Project,
    ScenarioFile,
    Table,
    Title,
    WholeScenario,
    months_between,
)
from tverretatlig_sim.scenario.validate import Sourced, checked

T = TypeVar("T", bound=Table)


@dataclass(frozen=True)
class Scenario:
    """One arrangement, one portfolio and one calendar of letters, ready to be simulated.

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
        core: names of the members counted among the core agencies.
        arrangement, portfolio, letters: the three parts.
        parameters: values that replace those of the parameter file, by parameter name.
        path: the scenario's file; None if it was made in memory.
        levers: names of the levers pulled, sorted.
        notes: sentences on what had to be fitted when something was changed or left out, and on what counts
            for nothing though the file asks for it.
        beyond: agencies of the municipal chain that are no members, by name: they only carry last duties.
        beyond_ministries: those that steer them and no member.
    """

    name: str
    title: Title
    summary: Title | None
    source: str
    start: str
    months: Quantity | None
    ministries: tuple[Ministry, ...]
    agencies: tuple[Agency, ...]
    core: frozenset[str]
    arrangement: Arrangement
    portfolio: Portfolio
    letters: Letters
    parameters: Mapping[str, Quantity]
    path: Path | None = field(default=None, compare=False)
    levers: tuple[str, ...] = field(default=(), compare=False)
    notes: tuple[Message | str, ...] = field(default=(), compare=False)
    beyond: tuple[Agency, ...] = ()
    beyond_ministries: tuple[Ministry, ...] = ()

    @classmethod
    def from_dict(cls, table: Mapping[str, Value]) -> Scenario:
        """A scenario from a table such as ``to_dict`` gives or a scenario file holds; it has no path.

        Args:
            table: its parts stand in it, or are named and come with the package. What an arrangement leaves
                out with ``without`` must be missed nowhere; ``load_scenario`` also fits what misses it.

        Raises:
            ScenarioError: with all problems of the table and its parts.
        """
        return built(composed_table(table))

    @property
    def everyone(self) -> tuple[Agency, ...]:
        """Members, and those of the municipal chain that are none."""
        return *self.agencies, *self.beyond

    @property
    def default_months(self) -> int:
        """Length of a run: as given, else 60 months, or more if the last project starts after month 36."""
        return int(self.length)

    @property
    def length(self) -> Quantity:
        """Length of a run in months, with its evidence."""
        if self.months is not None:
            return self.months
        starts = [months_between(self.start, project.start) for project in self.portfolio.project]
        note = f"{SHORTEST_DEFAULT} months, or the start of the last project and {FOLLOW_UP} months"
        months = float(max(SHORTEST_DEFAULT, max(starts, default=0) + FOLLOW_UP))
        return Quantity(value=months, range=(months, months), source="library default", note=note)

    def to_dict(self) -> Raw:
        """Everything the scenario says in one table, from which ``from_dict`` makes an equal one."""
        agencies = {agency.name: agency for agency in self.agencies}
        rows = [
            _member(row, agencies.get(row.agency), row.agency in self.core) for row in self.arrangement.member
        ]
        whole = ScenarioFile.model_construct(
            name=self.name,
            title=self.title,
            source=self.source,
            summary=self.summary,
            start=self.start,
            months=self.months,
            parameters=dict(self.parameters),
            actors=Actors.model_construct(
                ministry=[*self.ministries, *self.beyond_ministries], agency=[*self.everyone]
            ),
            arrangement=self.arrangement.model_copy(update={"member": rows}),
            portfolio=self.portfolio,
            letters=self.letters,
        )
        # No warnings: of a scenario made in memory anything may be said, and is checked later.
        table = whole.model_dump(exclude_defaults=True, exclude_none=True, warnings=False)
        return {**table, "parameters": table.get("parameters", {})}

    def to_toml(self) -> str:
        """The text of one scenario file that holds everything, and needs no other file."""
        return toml_text(self.to_dict())

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with a scenario that was made in memory, as with a file; empty if nothing is."""
        try:
            self.checked()
        except ScenarioError as error:
            return error.problems
        return ()

    def checked(self) -> Scenario:
        """What a scenario that was made in memory says, read as a file would be; itself if it was read so.

        Nothing in what is returned can be changed, so what is computed of it stays true.

        Raises:
            ScenarioError: with everything that is wrong with it.
        """
        if "_sound" in vars(self):
            return self
        if "_checked" not in vars(self):
            object.__setattr__(self, "_checked", _sound(self._read_again()))
            _sound(self, "_frozen")
        made: Scenario = vars(self)["_checked"]
        return made

    def validate(self) -> None:
        """Refuse what is not sound.

        Raises:
            ScenarioError: with everything that is wrong with it.
        """
        self.checked()

    def _read_again(self) -> Scenario:
        origin = Origin(quoted(self.name))
        try:
            table = plain(self.to_dict())
            members = {row.agency for row in self.arrangement.member}
            own = {"agencies": {agency.name for agency in self.agencies}, "core": set(self.core)}
        except (AttributeError, TypeError) as error:
            what = _("holds something that no file can say: {reason}", reason=error)
            raise ScenarioError([origin.problem("", what)]) from error
        problems = [
            origin.problem(place, _("unknown key"), listed(known), did_you_mean(key, known))
            for place, key, known in _unknown(vars(self).values())
        ]
        found = resolved(read_of(compose(table, origin, Folders(()), self.name)), self.path)
        known = {"agencies": members, "core": own["core"] & members}
        problems += [
            origin.problem(
                what, is_(", ".join(sorted(map(str, names)))), listed(known[what]), code="disagrees"
            )
            for what, names in own.items()
            if names != known[what]
        ]
        if problems:
            raise ScenarioError(problems)
        return replace(found, levers=self.levers, notes=self.notes)


def _unknown(values: Iterable[object], place: str = "") -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """What stands in models that have no field for it: where, how it is called, and the fields there are."""
    for value in values:
        if isinstance(value, Table):
            here, known, own = getattr(value, "name", place), type(value).model_fields, vars(value)
            yield from ((f"{here}, {key}", key, known) for key in own.keys() - known)
            yield from _unknown(own.values(), here)
        elif isinstance(value, list | tuple):
            yield from _unknown(value, place)


def composed_table(table: Mapping[str, Value]) -> Composed:
    """A scenario's table with the parts and actors of the package that it names."""
    if not isinstance(table, Mapping):
        raise TypeError(_("a scenario is given by its name, the path of its file or a table"))
    named = plain({"name": "scenario", **table})
    return compose(named, Origin(quoted(named["name"])), Folders((shipped_folder().absolute(),)), "inline")


def built(whole: Composed, path: Path | None = None) -> Scenario:
    """The scenario of a composed table.

    Raises:
        ScenarioError: with everything that is wrong with the table.
    """
    return _sound(resolved(read_of(whole), path))


def _sound(scenario: Scenario, mark: str = "_sound") -> Scenario:
    """The scenario, in which nothing can be changed any more, marked."""
    for name, value in vars(scenario).items():
        object.__setattr__(scenario, name, frozen(value))
    # No field: what is made of a scenario with dataclasses.replace has to be checked again.
    object.__setattr__(scenario, mark, True)
    return scenario


def read_of(whole: Composed, *, references: bool = True) -> WholeScenario:
    """The tables of a scenario, checked one by one and, unless that is to come, against each other.

    Raises:
        ScenarioError: with everything that is wrong with them.
    """
    raw, found = whole.raw, list[Problem]()
    parameters = checked_overrides(raw.get("parameters", {}), whole.origin, found)
    model = checked(
        WholeScenario, Sourced({**raw, "parameters": parameters}, raw.origin), whole.origin, found
    )
    # A part that could not be found is a problem already.
    found = [item for item in found if not (item.code == "missing" and str(item.place) in PARTS)]
    head = [item for item in found if item.file == whole.origin.file]
    problems = [*head, *whole.problems, *found]
    problems += reference_problems(whole) if references else []
    if problems or model is None:
        raise ScenarioError(problems)
    return model


def resolved(model: WholeScenario, path: Path | None = None) -> Scenario:
    """The scenario of sound tables: every "all" spelled out, defaults that depend on others filled in."""
    described = {agency.name: agency for table in model.actors for agency in table.agency}
    known = {ministry.name: ministry for table in model.actors for ministry in table.ministry}
    rows = sorted(model.arrangement.member, key=lambda row: row.agency)
    agencies = [_agency(described[row.agency], row) for row in rows]
    names = [agency.name for agency in agencies]
    beyond = [described[name] for name in sorted({*model.arrangement.municipal_chain} - {*names})]
    steered: dict[str, list[str]] = {}
    for agency in agencies:
        steered.setdefault(agency.ministry, []).append(agency.name)
    others = {agency.ministry for agency in beyond} - steered.keys()
    forums = [_naming(forum, "seats", names) for forum in model.arrangement.forum]
    projects = [_project(_naming(project, "members", names)) for project in model.portfolio.project]
    letters = [_letter(letter, steered) for letter in model.letters.letter]
    events = [_naming(event, "ministries", sorted(steered)) for event in model.letters.event]
    made = Scenario(
        name=model.name,
        title=Title(en=model.name, nb=model.name) if model.title is None else model.title,
        summary=model.summary,
        source=model.source,
        start=model.start,
        months=model.months,
        ministries=tuple(known[name] for name in sorted(steered)),
        agencies=tuple(agencies),
        core=frozenset(row.agency for row in rows if row.core),
        arrangement=model.arrangement.model_copy(update={"forum": forums}),
        portfolio=model.portfolio.model_copy(update={"project": projects}),
        letters=model.letters.model_copy(update={"letter": letters, "event": events}),
        parameters=model.parameters,
        path=path,
        beyond=tuple(beyond),
        beyond_ministries=tuple(known[name] for name in sorted(others)),
    )
    return replace(made, notes=tuple(cautions(made)))


def _agency(agency: Agency, row: Member) -> Agency:
    given = {name: value for name in OVERRIDES if (value := getattr(row, name)) is not None}
    return agency.model_copy(update=given)


def _naming(table: T, field: str, everyone: list[str]) -> T:
    """The table with names for the word "all"."""
    return table.model_copy(update={field: everyone}) if getattr(table, field) == "all" else table


def _project(project: Project) -> Project:
    parties = capped(project.parties, len(project.members), "as many as take part")
    return project if parties is project.parties else project.model_copy(update={"parties": parties})


def _letter(letter: Letter, steered: Mapping[str, list[str]]) -> Letter:
    own = sorted(name for ministry in set(letter.ministries) for name in steered.get(ministry, ()))
    ends = f"{letter.begins[:4]}-12" if letter.ends is None else letter.ends
    return letter.model_copy(update={"to": own if letter.to == "all" else letter.to, "ends": ends})


# --- what a scenario says that its author may not have meant


def cautions(scenario: Scenario) -> list[Message | str]:
    """Sentences on forums that decide nothing, and values that are read by nothing, in a run."""
    arrangement, projects, months = scenario.arrangement, scenario.portfolio.project, scenario.default_months
    own = arrangement.self_initiated_route
    routes = [
        project.route or (own if project.origin == "self-initiated" else None) or arrangement.route
        for project in projects
    ]
    deciding = {stop for route in routes for stop in route}
    idle = [
        forum.name for forum in arrangement.forum if forum.name in deciding and not _meets(forum, scenario)
    ]
    unheard = [project.name for project in projects if project.municipal and not arrangement.municipal_chain]
    late = [project.name for project in projects if months_between(scenario.start, project.start) >= months]
    said = {
        _("forums that decide never meet in the run, so nothing gets past them"): idle,
        _(
            "projects work through municipalities, but municipal_chain names nobody to carry that out"
        ): unheard,
        _("projects start after the run has ended"): late,
    }
    return [joined(": ", (sentence, listed(names))) for sentence, names in said.items() if names]


def _meets(forum: Forum, scenario: Scenario) -> bool:
    """Whether the forum meets at all; months are counted from its begin, else from the run's."""
    last = scenario.default_months - 1
    begins = 0 if forum.begins is None else months_between(scenario.start, forum.begins)
    ends = last if forum.ends is None else min(last, months_between(scenario.start, forum.ends))
    first, cadence = max(0, begins), float(forum.cadence)
    return ends >= first and floor((ends - begins + 1) / cadence) > floor((first - begins) / cadence)


# --- a scenario as a table


def _member(row: Member, agency: Agency | None, core: bool) -> Member:
    """A membership; what it replaces is as it stands with the agency now."""
    given = [name for name in OVERRIDES if getattr(row, name) is not None]
    now = {name: getattr(row if agency is None else agency, name) for name in given}
    return row.model_copy(update={**now, "core": core})
