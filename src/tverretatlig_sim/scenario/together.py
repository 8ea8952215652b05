"""Several arrangements on the same agencies in one run: the parts of a scenario, their names told apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, TypeVar

from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.addresses import Address, rewritten
from tverretatlig_sim.scenario.errors import Problem, ScenarioError, quoted
from tverretatlig_sim.scenario.history import source_of
from tverretatlig_sim.scenario.quantity import marked
from tverretatlig_sim.scenario.revise import revised
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Among, Named, Table
from tverretatlig_sim.scenario.targets import STANDS_FOR

MARK = "\u2060"
"""Stands around what is added to a name; no name in a file can hold it."""
N = TypeVar("N", bound=Named)


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
        "projects": [row.name for part in found for row in part.portfolio.project],
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
        portfolio=revised(own.portfolio, project=[row for part in found for row in part.portfolio.project]),
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
