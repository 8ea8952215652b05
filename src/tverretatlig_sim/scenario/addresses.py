"""One address for each number of a scenario: ``forum.steering-group.cadence``, ``parameter.turnover``."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from math import isfinite
from typing import Any, TypeVar, get_args, get_origin

from tverretatlig_sim.language import say as _
from tverretatlig_sim.scenario import errors
from tverretatlig_sim.scenario.errors import Origin, Problem, ScenarioError, is_, listed, quoted
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.scenario.quantity import Bounds, Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import (
    Agency,
    Arrangement,
    Event,
    Forum,
    Letter,
    Letters,
    Ministry,
    Period,
    Portfolio,
    Project,
    Recommendation,
    ScenarioFile,
    Start,
    Table,
    Tie,
)

T = TypeVar("T", bound=Table)

KINDS: Mapping[str, tuple[type[Table], tuple[str, ...]]] = {
    "ministry": (Ministry, ("name",)),
    "agency": (Agency, ("name",)),
    "arrangement": (Arrangement, ()),
    "start": (Start, ()),
    "forum": (Forum, ("name",)),
    "tie": (Tie, ("source_agency", "target_agency")),
    "unstable": (Period, ("begins", "ends")),
    "portfolio": (Portfolio, ()),
    "project": (Project, ("name",)),
    "recommendation": (Recommendation, ("name",)),
    "letters": (Letters, ()),
    "letter": (Letter, ("name",)),
    "event": (Event, ("name",)),
}
"""Tables that hold numbers, by the word that begins an address, and the fields that name an entry."""
PARAMETER = "parameter"
PART = re.compile(r'"(?:[^"\\]|\\.)*"|[^."]+')
HAND = "set by hand"


@dataclass(frozen=True)
class Address:
    """Where a number of a scenario stands.

    Attributes:
        kind: a key of ``KINDS``, or ``parameter``.
        names: what its table is called: nothing for the arrangement, two agencies for a tie, project and
            name for a recommendation, first and last month for an unstable period.
        field: the field that holds it, or the parameter's name.
        key: theme or agency, where the field holds a number for each.
    """

    kind: str
    names: tuple[str, ...]
    field: str
    key: str = ""

    def __str__(self) -> str:
        return ".".join(map(_written, (self.kind, *self.names, self.field, *filter(None, [self.key]))))

    @property
    def bounds(self) -> Bounds:
        """Hard limits of the number."""
        if self.kind == PARAMETER:
            return parameter_specs()[self.field].bounds
        model = ScenarioFile if self.kind == "scenario" else KINDS[self.kind][0]
        return number_fields(model)[self.field]


MONTHS = Address("scenario", (), "months")


@cache
def number_fields(model: type[Table]) -> Mapping[str, Bounds]:
    """Fields of a table that can hold numbers, and their hard limits."""
    found = {name: _bounds((*info.metadata, info.annotation)) for name, info in model.model_fields.items()}
    return {name: bounds for name, bounds in found.items() if bounds is not None}


def located(scenario: Scenario) -> Iterator[tuple[Address, Quantity]]:
    """Every number of a scenario with its address, part by part; parameters last.

    What a membership replaces stands in the agencies, and is not repeated.
    """
    yield MONTHS, scenario.length
    for ministry in scenario.ministries + scenario.beyond_ministries:
        yield from _inside(ministry, "ministry", (ministry.name,))
    for agency in scenario.everyone:
        yield from _inside(agency, "agency", (agency.name,))
    for part in ("arrangement", "portfolio", "letters"):
        yield from _inside(getattr(scenario, part), part, ())
    for name, spec in parameter_specs().items():
        yield Address(PARAMETER, (), name), scenario.parameters.get(name) or spec.quantity


def numbers(scenario: Scenario) -> dict[str, Quantity]:
    """Every number of a scenario, and every parameter, by its address."""
    return {str(address): quantity for address, quantity in located(scenario)}


def parse(scenario: Scenario, text: str) -> Address:
    """The address that a text is.

    Args:
        scenario: whose number is meant.
        text: e.g. ``forum.steering-group.cadence`` or ``tie.Udir.Hdir.trust``; names with a dot or a
            quotation mark stand in quotation marks. A bare name is a parameter and nothing else.

    Raises:
        ScenarioError: the scenario has no such number, nor a place where it could be given.
    """
    parts = [_unquoted(part) for part in PART.findall(text)] or [""]
    kind, *rest = parts if len(parts) > 1 else (PARAMETER, *parts)
    if kind == PARAMETER and len(rest) == 1 and rest[0] in parameter_specs():
        return Address(kind, (), rest[0])
    if [kind, *rest] == [MONTHS.kind, MONTHS.field]:
        return MONTHS
    for place, table in entries(scenario):
        count = len(place.names)
        if kind == place.kind and tuple(rest[:count]) == place.names:
            field, key, *more = *rest[count:], "", ""
            if key in _keys(table, field) and not any(more):
                return Address(kind, place.names, field, key)
    raise ScenarioError([unknown(scenario, text)])


def unknown(scenario: Scenario, text: str) -> Problem:
    """What is wrong with an address that is none: with the nearest one, or both that a bare name recalls."""
    allowed = _("an address such as {example}", example="arrangement.mandate_clarity")
    what = _("there is no number {address}", address=quoted(text))
    return Problem(quoted(scenario.name), "", what, allowed, did_you_mean(scenario, text), "unknown_address")


def did_you_mean(scenario: Scenario, text: str) -> str:
    """A question with the nearest address; empty if none is near."""
    known = list(_addresses(scenario))
    same = [address for address in known if address.rpartition(".")[2] == text]
    if same:
        return _("did you mean {word}?", word=listed(same))
    near = get_close_matches(text, parameter_specs(), n=1) if "." not in text else []
    return errors.did_you_mean(f"{PARAMETER}.{near[0]}" if near else text, known)


def both(name: str) -> str:
    """A sentence that tells a parameter from the arrangement's number of the same name; empty if one is none.

    Args:
        name: e.g. ``turnover``.
    """
    if name not in parameter_specs() or name not in number_fields(Arrangement):
        return ""
    return _(
        "{parameter} is the model's parameter, {arrangement} the number of the arrangement",
        parameter=f"{PARAMETER}.{name}",
        arrangement=f"arrangement.{name}",
    )


def value(scenario: Scenario, address: str | Address) -> Quantity | None:
    """The number at an address; None where the scenario gives none and another one counts in its place.

    Raises:
        ScenarioError: there is no such address.
    """
    where = parse(scenario, address) if isinstance(address, str) else address
    if where.kind == PARAMETER:
        return scenario.parameters.get(where.field) or parameter_specs()[where.field].quantity
    if where == MONTHS:
        return scenario.length
    table = next(row for place, row in entries(scenario) if place == replace(where, field="", key=""))
    held = getattr(table, where.field)
    found: Quantity | None = held[where.key] if isinstance(held, dict) else held
    return found


def with_values(scenario: Scenario, values: Mapping[str, float | Quantity]) -> Scenario:
    """The scenario with other numbers at some addresses.

    Args:
        scenario: what to change.
        values: by address; a bare number becomes an assumption that says it was set by hand.

    Raises:
        ScenarioError: with every address that is none and every number beyond its hard limits.
    """
    problems: list[Problem] = []
    updates: dict[Address, Quantity] = {}
    for text, given in values.items():
        try:
            address = parse(scenario, text)
        except ScenarioError as error:
            problems += error.problems
            continue
        quantity = given if isinstance(given, Quantity) else _by_hand(given)
        if quantity is None or not address.bounds.holds(quantity.value):
            origin = Origin(quoted(scenario.name))
            problems.append(origin.problem(text, is_(given), address.bounds.allowed, code="out_of_bounds"))
        else:
            updates[address] = quantity
    if problems:
        raise ScenarioError(problems)
    return updated(scenario, updates)


def updated(scenario: Scenario, updates: Mapping[Address, Quantity]) -> Scenario:
    """The scenario with new numbers, whose addresses it has and whose limits were checked."""
    if not updates:
        return scenario
    kinds = {address.kind for address in updates}
    given = {address.field: quantity for address, quantity in updates.items() if address.kind == PARAMETER}
    changes: dict[str, Any] = {"parameters": dict(sorted({**scenario.parameters, **given}.items()))}
    if MONTHS in updates:
        changes["months"] = updates[MONTHS]
    for field, kind in (
        ("ministries", "ministry"),
        ("beyond_ministries", "ministry"),
        ("agencies", "agency"),
        ("beyond", "agency"),
    ):
        if kind in kinds:
            rows = getattr(scenario, field)
            changes[field] = tuple(_with(row, kind, (row.name,), updates) for row in rows)
    for part in ("arrangement", "portfolio", "letters"):
        changes[part] = _with(getattr(scenario, part), part, (), updates)
    changes["arrangement"] = _memberships(changes["arrangement"], updates)
    return replace(scenario, **changes)


def _memberships(arrangement: Arrangement, updates: Mapping[Address, Quantity]) -> Arrangement:
    """What a membership replaces of an agency changes with the agency."""
    rows = []
    for row in arrangement.member:
        given = [name for name, held in row if isinstance(held, Quantity)]
        places = {name: Address("agency", (row.agency,), name) for name in given}
        new = {name: updates[place] for name, place in places.items() if place in updates}
        rows.append(row.model_copy(update=new) if new else row)
    return arrangement.model_copy(update={"member": rows})


def _written(part: str) -> str:
    """A part of an address, in quotation marks if it would fall apart."""
    return part if PART.fullmatch(part) and part[0] != '"' else json.dumps(part, ensure_ascii=False)


def _unquoted(part: str) -> str:
    try:
        return str(json.loads(part)) if part[0] == '"' else part
    except ValueError:
        return part


def _bounds(annotation: Any) -> Bounds | None:  # noqa: ANN401
    parts = annotation if isinstance(annotation, tuple) else get_args(annotation)
    found = (part if isinstance(part, Bounds) else _bounds(part) for part in parts)
    return next((bounds for bounds in found if bounds is not None), None)


def _inside(table: Table, kind: str, names: tuple[str, ...]) -> Iterator[tuple[Address, Quantity]]:
    """Numbers of a table and of the tables inside it, in the order of the fields."""
    for field, held in table:
        if isinstance(held, Quantity):
            yield Address(kind, names, field), held
        elif isinstance(held, dict):
            yield from ((Address(kind, names, field, key), number) for key, number in held.items())
        for inner, entry in _tables(field, held, names):
            yield from _inside(entry, field, inner)


def _tables(field: str, held: object, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Table]]:
    """The tables with numbers that stand in one field, and what they are called."""
    if field not in KINDS:
        return
    for entry in held if isinstance(held, list) else [held]:
        if isinstance(entry, Table):
            yield (*names, *(str(getattr(entry, key)) for key in KINDS[field][1])), entry


def entries(scenario: Scenario) -> Iterator[tuple[Address, Table]]:
    """Every table that can hold numbers, with an address that lacks the field."""
    for ministry in scenario.ministries + scenario.beyond_ministries:
        yield Address("ministry", (ministry.name,), ""), ministry
    for agency in scenario.everyone:
        yield Address("agency", (agency.name,), ""), agency
    for part in ("arrangement", "portfolio", "letters"):
        yield from _entries_of(getattr(scenario, part), part, ())


def _entries_of(table: Table, kind: str, names: tuple[str, ...]) -> Iterator[tuple[Address, Table]]:
    yield Address(kind, names, ""), table
    for field, held in table:
        for inner, entry in _tables(field, held, names):
            yield from _entries_of(entry, field, inner)


def _addresses(scenario: Scenario) -> Iterator[str]:
    """Every address that a number has or could be given at."""
    yield str(MONTHS)
    for place, table in entries(scenario):
        for field in number_fields(type(table)):
            yield from (str(replace(place, field=field, key=key)) for key in _keys(table, field))
    yield from (f"{PARAMETER}.{name}" for name in parameter_specs())


def _keys(table: Table, field: str) -> Collection[str]:
    """Keys of the numbers in a field: none but the empty one if it holds a single number."""
    if field not in number_fields(type(table)):
        return ()
    held, annotation = getattr(table, field), type(table).model_fields[field].annotation
    optional = [get_args(part)[:1] for part in get_args(annotation)]
    single = annotation is Quantity or (get_origin(annotation) is not dict and (Quantity,) in optional)
    return ("",) if single else (held or ())


def _with(table: T, kind: str, names: tuple[str, ...], updates: Mapping[Address, Quantity]) -> T:
    """The table with new numbers in it and in the tables inside it."""
    new: dict[str, Any] = {}
    for field, held in table:
        place = Address(kind, names, field)
        inner = list(_tables(field, held, names))
        if place in updates:
            new[field] = updates[place]
        elif isinstance(held, dict):
            new[field] = {key: updates.get(replace(place, key=key), number) for key, number in held.items()}
        elif inner:
            rows = [_with(entry, field, own, updates) for own, entry in inner]
            new[field] = rows if isinstance(held, list) else rows[0]
    return table.model_copy(update=new) if new else table


def _by_hand(number: object) -> Quantity | None:
    """A bare number as a quantity; None if it is no finite number."""
    if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
        return None
    return Quantity(value=float(number), source=HAND)
