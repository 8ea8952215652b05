"""A scenario file as a whole: head, parts, actors of its own, changes at dates, what runs beside it.

Also what is done to any table: fields replaced, and tables found by their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, Field

from tverretatlig_sim.scenario.quantity import Date, LongName, Name, NameOrTable, Override, WholeMonths
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

T = TypeVar("T")
N = TypeVar("N", bound=Named)


def revised(table: T, **fields: object) -> T:
    """The table or scenario with fields replaced; itself if they are so already."""
    new: dict[str, Any] = {name: value for name, value in fields.items() if getattr(table, name) != value}
    if not new:
        return table
    return table.model_copy(update=new) if isinstance(table, BaseModel) else replace(table, **new)  # type: ignore[type-var]


def named(tables: Iterable[N], name: str | None) -> N | None:
    """The table with a name, if there is one."""
    return next((table for table in tables if table.name == name), None)


def names_of(tables: Iterable[Named]) -> list[str]:
    """Names of tables."""
    return [table.name for table in tables]
