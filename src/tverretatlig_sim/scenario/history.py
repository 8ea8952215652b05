"""What a run is made of: what a scenario turns into at dates, and the arrangements that run beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, TypeVar

from tverretatlig_sim.dates import shifted
from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.scenario.addresses import Address, rewritten
from tverretatlig_sim.scenario.edits import Add, Edit, Remove, Set, edited, edits_of, noted
from tverretatlig_sim.scenario.errors import Origin, Problem, ScenarioError, among, is_, quoted
from tverretatlig_sim.scenario.files import list_scenarios, read_table, shipped_folder
from tverretatlig_sim.scenario.fit import PARTS, Part, fit, summed_up
from tverretatlig_sim.scenario.levers import pulled
from tverretatlig_sim.scenario.operations import OPERATIONS
from tverretatlig_sim.scenario.quantity import marked
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Among, Forum, Member, Named, Table, Term
from tverretatlig_sim.scenario.targets import STANDS_FOR
from tverretatlig_sim.scenario.whole import Then, names_of, revised

N = TypeVar("N", bound=Named)

LAST = "9999-12"
"""After every date."""

EDITS: Mapping[str, type[Edit]] = {"set": Set, "add": Add, "remove": Remove, **OPERATIONS}
"""Edits by the word for them."""


def phases(scenario: Scenario) -> list[tuple[str, Scenario]]:
    """What holds from which month on: the scenario, what becomes of it, and as members and seats come and go.

    A change at a date is made of what was before it: it replaces the parts that it names, and the rest stays.
    Start, length and parameters are those of the run.

    Raises:
        ScenarioError: a change cannot be made, or nobody is a member in some month.
    """
    changed = [(scenario.start, scenario)]
    for change in scenario.then:
        changed.append((change.date, _changed(changed[-1][1], change)))
    ends = [*(date for date, _whole in changed[1:]), LAST]
    return [
        (date, _in_force(whole, date))
        for (begins, whole), end in zip(changed, ends, strict=True)
        for date in (begins, *(it for it in _turns(whole) if begins < it < end))
    ]


def _turns(scenario: Scenario) -> list[str]:
    """Months from which other members or seats are there, here or beside it."""
    rows = [row for it in (scenario, *map(source_of, scenario.beside)) for row in _terms(it)]
    ends = (shifted(row.ends, 1) for row in rows if row.ends)
    return sorted({*(row.begins for row in rows if row.begins), *ends})


def _terms(scenario: Scenario) -> list[Member | Term]:
    return [*scenario.arrangement.member, *(term for forum in scenario.forums for term in forum.term)]


def _in_force(scenario: Scenario, date: str) -> Scenario:
    """The scenario with the members and seats of a month, fitted; itself if that is everyone."""

    def lives(row: Member | Term) -> bool:
        return (row.begins or date) <= date <= (row.ends or date)

    def seated(_at: Address, row: Table) -> Table:
        if not isinstance(row, Forum):
            return row
        gone = {it.holder for it in row.term if not lives(it)}
        return revised(row, seats=[name for name in row.seats if name not in gone])

    beside = tuple(
        part if now is own else now.to_dict()
        for part in scenario.beside
        for own in [source_of(part)]
        for now in [_in_force(own, date)]
    )
    if beside == scenario.beside and all(map(lives, _terms(scenario))):
        return scenario
    away = {row.agency for row in scenario.arrangement.member if not lives(row)}
    members = tuple(it for it in scenario.agencies if it.name not in away)
    if not members:
        nobody = _("nobody is a member in {date}", date=date)
        raise scenario.origin.refusal("arrangement, member", nobody)
    made = replace(rewritten(scenario, seated), agencies=members, beside=beside)
    fitted, fittings = fit(made, scenario)
    fitted.validate()
    return noted(fitted, summed_up(fittings))


def words(change: Then) -> str:
    """Names of what a change is made of: what it becomes, levers, and what edits are about."""
    into = change.becomes
    becomes = [] if into is None else [into.get("name", "") if isinstance(into, Mapping) else into]
    edits = [edit.get("address", edit.get("do", "")) for edit in change.edit]
    return ",".join(map(str, (*becomes, *change.lever, *edits)))


def said(change: Then) -> Message | str:
    """What changes at a date, in a sentence."""
    return _("from {date}: {changes}", date=change.date, changes=words(change))


def source_of(becomes: Any) -> Scenario:  # noqa: ANN401
    """The scenario that something turns into: one that comes with the package, or a table.

    Raises:
        ScenarioError: there is none.
    """
    if isinstance(becomes, Mapping):
        return Scenario.from_dict(becomes)
    if becomes not in (known := list_scenarios()):
        raise Origin(quoted(becomes)).refusal("", _("there is no such scenario"), *among(becomes, known))
    return Scenario.from_dict({"name": becomes, **read_table(shipped_folder() / f"{becomes}.toml")})


def _changed(before: Scenario, change: Then) -> Scenario:
    """The scenario from a date on."""
    place = Origin(quoted(before.name), _("then {date}", date=change.date))
    now = before
    if change.date <= before.start:
        after = _("a month after {start}", start=before.start)
        raise place.refusal("date", is_(change.date), after)
    if change.becomes is not None:
        now = _becoming(now, source_of(change.becomes), change.date)
    if change.lever:
        now = pulled(replace(now, levers=()), *change.lever)
    if change.edit:
        problems = list[Problem]()
        edits = edits_of(change.edit, EDITS, "edit", place, problems)
        if problems:
            raise ScenarioError(problems)
        now = edited(now, edits).scenario
    for field in ("start", "months", "parameters"):
        if getattr(now, field) != getattr(before, field):
            raise place.refusal(field, _("holds for the whole run"), _("no change at a date"))
    return replace(now, name=before.name, path=before.path)


def _becoming(now: Scenario, into: Scenario, date: str) -> Scenario:
    """The scenario with another's arrangement and agencies: what has begun stays, and what that has comes."""
    work, letters, events = now.portfolio.project, now.letters.letter, now.letters.event
    to_come = names_of(into.projects)
    begun = revised(now.portfolio, project=[it for it in work if it.start < date])
    lost = [it for it in work if it.start < date or it.name not in to_come]
    mixed = replace(
        now,
        agencies=into.agencies,
        beyond=into.beyond,
        ministries=into.ministries,
        beyond_ministries=into.beyond_ministries,
        # It stays the same cooperation, whatever it is called.
        arrangement=revised(into.arrangement, name=now.arrangement.name),
        portfolio=begun,
        letters=revised(
            into.letters,
            letter=[it for it in letters if it.begins < date],
            event=[it for it in events if it.month < date],
        ),
    )
    before = replace(now, portfolio=revised(begun, project=lost))
    origins: dict[Part, Scenario] = {**dict.fromkeys(PARTS, into), "portfolio": now, "steering": before}
    made, fittings = fit(mixed, origins)
    whole = replace(
        made,
        portfolio=revised(begun, project=_beside(made.portfolio.project, into.projects)),
        letters=revised(
            made.letters,
            letter=_beside(made.letters.letter, into.letters.letter),
            event=_beside(made.letters.event, into.letters.event),
        ),
    )
    whole.validate()
    return noted(whole, summed_up(fittings))


def _beside(kept: Sequence[N], others: Sequence[N]) -> list[N]:
    """What is kept, and others of another name."""
    return [*kept, *(row for row in others if row.name not in names_of(kept))]


# --- several arrangements in one run

MARK = "\u2060"
"""Stands around what is added to a name; no name in a file can hold it."""


def plain_name(name: str) -> str:
    """The name that a file gives, to which draws belong."""
    return re.sub(f"{MARK}.*?{MARK}", "", name)


def parts(scenario: Scenario) -> list[Scenario]:
    """The scenario and those beside it, from one start; forums and projects of one name are told apart.

    Raises:
        ScenarioError: they cannot run together.
    """
    if not scenario.beside:
        return [scenario]
    found = [replace(scenario, beside=()), *map(source_of, scenario.beside)]
    called = [{part.name for part in found}, {part.arrangement.name for part in found}]
    wrong = {
        _("arrangements in one run have different names"): min(map(len, called)) < len(found),
        _("what runs beside another has no changes at dates and nothing beside it"): any(
            part.then or part.beside for part in found[1:]
        ),
        _("arrangements in one run set the same parameters"): any(
            {**part.parameters} != {**scenario.parameters} for part in found
        ),
    }
    if any(wrong.values()):
        place = quoted(scenario.name)
        raise ScenarioError([Problem(place, "beside", what) for what, holds in wrong.items() if holds])
    rows = {
        "forums": [row.name for part in found for row in part.forums],
        "projects": [row.name for part in found for row in part.projects],
    }
    twice = {kind: {name for name, n in Counter(names).items() if n > 1} for kind, names in rows.items()}
    return [_told_apart(_from(part, scenario.start), twice) for part in found]


def whole(found: Sequence[Scenario]) -> Scenario:
    """All parts in one; agencies and ministries are as the first part that has them describes them."""
    if len(found) == 1:
        return found[0]
    own = found[0]
    members = _once(part.agencies for part in found)
    steering = _once(part.ministries for part in found)
    names = {it.name for it in (*members, *steering)}
    arrangements = [part.arrangement for part in found]
    return replace(
        own,
        agencies=members,
        beyond=tuple(it for it in _once(part.beyond for part in found) if it.name not in names),
        ministries=steering,
        beyond_ministries=tuple(
            it for it in _once(part.beyond_ministries for part in found) if it.name not in names
        ),
        arrangement=revised(
            own.arrangement,
            attention=None,
            forum=[row for it in arrangements for row in it.forum],
            ministry_forum=[row for it in arrangements for row in it.ministry_forum],
            tie=[
                *{
                    (row.source_agency, row.target_agency): row
                    for it in reversed(arrangements)
                    for row in it.tie
                }.values()
            ],
        ),
        portfolio=revised(own.portfolio, project=[row for part in found for row in part.projects]),
    )


def _once(rows: Iterable[Iterable[N]]) -> tuple[N, ...]:
    """Rows of different names; of the same name, the first."""
    return tuple({row.name: row for row in reversed([*chain.from_iterable(rows)])}.values())


def _from(part: Scenario, start: str) -> Scenario:
    """The part in a run from a start, with what its arrangement gives its forums, projects and agencies."""
    own = part.arrangement
    wholes = {"arrangement": own, "start": own.start}

    def given(at: Address, row: Any) -> Any:  # noqa: ANN401
        fields = {
            name: getattr(wholes[whole], field)
            for (kind, name), (whole, field) in STANDS_FOR.items()
            if kind == at.kind and whole in wholes
        }
        fields |= {"chair": own.coordinator} if at.kind == "forum" else {}
        return revised(row, **{name: it for name, it in fields.items() if getattr(row, name) is None})

    return begun_late(replace(rewritten(part, given), start=start), part.start)


def begun_late(scenario: Scenario, date: str) -> Scenario:
    """The scenario in which forums without a begin of their own begin at a date after its start."""
    own = scenario.arrangement
    late = {
        field: [revised(it, begins=it.begins or date) for it in getattr(own, field)]
        for field in ("forum", "ministry_forum")
    }
    return revised(scenario, arrangement=revised(own, **late)) if date > scenario.start else scenario


def _told_apart(part: Scenario, twice: dict[str, set[str]]) -> Scenario:
    """The part with its own name behind the names of forums and projects that stand in several parts."""

    def new(kind: str, held: Any) -> Any:  # noqa: ANN401
        if isinstance(held, list):
            return [new(kind, name) for name in held]
        return f"{held}{MARK} ({part.name}){MARK}" if held in twice[kind] else held

    def renamed(at: Address, row: Table) -> Table:
        own = {"forum": "forums", "ministry_forum": "forums", "project": "projects"}.get(at.kind, "")
        kinds = {field: among.known for field, among in marked(type(row), Among).items()} | {"name": own}
        kinds = {field: "forums" if kind == "stops" else kind for field, kind in kinds.items()}
        return revised(row, **{f: new(k, getattr(row, f)) for f, k in kinds.items() if k in twice})

    return rewritten(part, renamed)
