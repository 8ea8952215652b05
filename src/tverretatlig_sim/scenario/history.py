"""What a scenario turns into within a run: its changes at dates, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from tverretatlig_sim.scenario.revise import names_of, revised
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Forum, Member, Named, Table, Term
from tverretatlig_sim.scenario.whole import Then

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
        raise Origin(quoted(scenario.name)).refusal("arrangement, member", nobody)
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
    to_come = names_of(into.portfolio.project)
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
        portfolio=revised(begun, project=_beside(made.portfolio.project, into.portfolio.project)),
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
