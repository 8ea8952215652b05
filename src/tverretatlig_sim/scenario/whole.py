"""A scenario file as a whole: head, parts, actors of its own, changes at dates, what runs beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from tverretatlig_sim.scenario.names import Date, LongName, Name, NameOrTable
from tverretatlig_sim.scenario.quantity import Override, WholeMonths
from tverretatlig_sim.scenario.schema import (
    Agency,
    Arrangement,
    Event,
    Forum,
    Letter,
    Letters,
    Member,
    Ministry,
    Named,
    Period,
    Portfolio,
    Project,
    Recommendation,
    Start,
    Table,
    Term,
    Tie,
    Title,
)


class Actors(Table):
    """Ministries and agencies, each described once."""

    ministry: list[Ministry] = []
    agency: list[Agency] = []


class Head(Named):
    """What a scenario says of itself."""

    name: LongName
    summary: Title | None = None
    start: Date
    months: WholeMonths | None = None


class Then(Table):
    """A change at a date: what it turns into, then levers, then edits.

    Attributes:
        date: first month in which it holds.
        becomes: scenario, by name or as a table, that it turns into; what has begun by then stays.
        lever: levers that are pulled, or dials set.
        edit: edits, as ``do = "set"``, ``"add"``, ``"remove"`` or an operation of levers.
    """

    date: Date
    becomes: NameOrTable | None = None
    lever: tuple[Name, ...] = Field(default=(), strict=False)
    edit: tuple[dict[str, Any], ...] = Field(default=(), strict=False)


class ScenarioFile(Head):
    """The top-level file: what is composed, from where.

    Attributes:
        start: first month of the run.
        months: length of a run; default: 60, or the last project start + 48.
        arrangement, portfolio, letters: name of a part file, or the table itself.
        actors: ministries and agencies of one's own, beside the shared catalogue; same name replaces.
        parameters: values that replace those of ``parameters.toml``.
        then: what changes at dates within a run.
        beside: scenarios, by name or as tables, whose arrangements run beside this one.
    """

    arrangement: Name | Arrangement
    portfolio: Name | Portfolio
    letters: Name | Letters
    actors: Actors = Actors()
    parameters: dict[str, Override] = {}
    then: tuple[Then, ...] = Field(default=(), strict=False)
    beside: tuple[NameOrTable, ...] = Field(default=(), strict=False)


class WholeScenario(Head):
    """A scenario file with everything it names: its parts as tables, and one table of actors a file."""

    actors: list[Actors] = []
    arrangement: Arrangement
    portfolio: Portfolio
    letters: Letters
    parameters: dict[str, Override] = {}
    then: tuple[Then, ...] = Field(default=(), strict=False)
    beside: tuple[NameOrTable, ...] = Field(default=(), strict=False)


KINDS: Mapping[str, tuple[type[Table], tuple[str, ...]]] = {
    "scenario": (ScenarioFile, ()),
    "ministry": (Ministry, ("name",)),
    "agency": (Agency, ("name",)),
    "arrangement": (Arrangement, ()),
    "start": (Start, ()),
    "member": (Member, ("agency",)),
    "forum": (Forum, ("name",)),
    "term": (Term, ("holder",)),
    "ministry_forum": (Forum, ("name",)),
    "tie": (Tie, ("source_agency", "target_agency")),
    "unstable": (Period, ("begins", "ends")),
    "portfolio": (Portfolio, ()),
    "project": (Project, ("name",)),
    "recommendation": (Recommendation, ("name",)),
    "letters": (Letters, ()),
    "letter": (Letter, ("name",)),
    "event": (Event, ("name",)),
}
"""Tables that hold numbers, as addresses and keys of ``[evidence]`` call them; the fields that name one."""
