"""One address for each number of a scenario: ``forum.steering-group.cadence``, ``parameter.turnover``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, TypeVar

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.scenario import errors
from tverretatlig_sim.scenario.errors import Origin, Problem, ScenarioError, is_, listed, quoted
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.scenario.quantity import Bounds, Quantity, number_fields
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import KINDS, Member, Table

T = TypeVar("T", bound=Table)

PARAMETER = "parameter"
EACH = ("core_tasks", "frame", "understanding", "themes", "gains")
"""Fields that hold a number for each theme or agency."""
PLAIN = re.compile(r'[^."]+')
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
        parts = [self.kind, *self.names, self.field, *filter(None, [self.key])]
        written = [part if PLAIN.fullmatch(part) else json.dumps(part, ensure_ascii=False) for part in parts]
        return ".".join(written)

    @property
    def bounds(self) -> Bounds:
        """Hard limits of the number."""
        if self.kind == PARAMETER:
            return parameter_specs()[self.field].bounds
        return number_fields(KINDS[self.kind][0])[self.field]


MONTHS = Address("scenario", (), "months")


def places(scenario: Scenario) -> Iterator[tuple[Address, Quantity | None]]:
    """Every place of a scenario that can hold a number, with the number if one is given; parameters last.

    What a membership replaces stands in the agencies, and is not repeated.
    """
    yield MONTHS, scenario.length
    for at, held in _everything(scenario):
        if at.field in EACH:
            yield from ((replace(at, key=key), number) for key, number in (held or {}).items())
        elif at.field in number_fields(KINDS[at.kind][0]):
            yield at, held
    for name, spec in parameter_specs().items():
        yield Address(PARAMETER, (), name), scenario.parameters.get(name, spec.quantity)


def entries(scenario: Scenario) -> Iterator[tuple[Address, Table]]:
    """Every table that can hold numbers, with an address that lacks the field."""
    return ((at, held) for at, held in _everything(scenario) if not at.field)


def located(scenario: Scenario) -> Iterator[tuple[Address, Quantity]]:
    """Every number of a scenario with its address, part by part; parameters last."""
    return ((address, quantity) for address, quantity in places(scenario) if quantity is not None)


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
    return _found(scenario, text)[0]


def value(scenario: Scenario, address: str | Address) -> Quantity | None:
    """The number at an address; None where the scenario gives none and another one counts in its place.

    Raises:
        ScenarioError: as ``parse``.
    """
    return _found(scenario, str(address))[1]


def with_values(scenario: Scenario, values: Mapping[str, float | Quantity]) -> Scenario:
    """The scenario with other numbers at some addresses.

    Args:
        scenario: what to change.
        values: by address; a bare number becomes an assumption that says it was set by hand.

    Raises:
        ScenarioError: with every address that is none and every number beyond its hard limits.
    """
    known = {str(place): place for place, _number in places(scenario)}
    problems, updates = list[Problem](), dict[Address, Quantity]()
    for text, given in values.items():
        place, quantity = known.get(_whole(text)), _quantity(given)
        if place is None:
            problems.append(unknown(scenario, text))
        elif quantity is None or not place.bounds.holds(quantity.value):
            origin = Origin(quoted(scenario.name))
            problems.append(origin.problem(text, is_(given), place.bounds.allowed, code="out_of_bounds"))
        else:
            updates[place] = quantity
    if problems:
        raise ScenarioError(problems)
    return updated(scenario, updates)


def updated(scenario: Scenario, updates: Mapping[Address, Quantity]) -> Scenario:
    """The scenario with new numbers, whose addresses it has and whose limits were checked."""
    if not updates:
        return scenario

    def new(kind: str, table: T) -> T:
        return _with(table, _at(kind, table), updates)

    def rows(kind: str, tables: Iterable[T]) -> tuple[T, ...]:
        return tuple(new(kind, row) for row in tables)

    arrangement = new("arrangement", scenario.arrangement)
    members = [_with(row, Address("agency", (row.agency,), ""), updates) for row in arrangement.member]
    given = {place.field: number for place, number in updates.items() if place.kind == PARAMETER}
    return replace(
        scenario,
        parameters=dict(sorted({**scenario.parameters, **given}.items())),
        months=updates.get(MONTHS, scenario.months),
        ministries=rows("ministry", scenario.ministries),
        beyond_ministries=rows("ministry", scenario.beyond_ministries),
        agencies=rows("agency", scenario.agencies),
        beyond=rows("agency", scenario.beyond),
        arrangement=arrangement.model_copy(update={"member": members}),
        portfolio=new("portfolio", scenario.portfolio),
        letters=new("letters", scenario.letters),
    )


def unknown(scenario: Scenario, text: str) -> Problem:
    """What is wrong with an address that is none: with the nearest one, or all that a bare name recalls."""
    allowed = _("an address such as {example}", example="arrangement.mandate_clarity")
    what = _("there is no number {address}", address=quoted(text))
    return Problem(quoted(scenario.name), "", what, allowed, did_you_mean(scenario, text), "unknown_address")


def did_you_mean(scenario: Scenario, text: str) -> Message | str:
    """A question with the nearest address; empty if none is near."""
    known = [str(place) for place, _number in places(scenario)]
    same = [address for address in known if address.endswith(f".{text}")]
    if same:
        return _("did you mean {word}?", word=listed(same))
    return errors.did_you_mean(_whole(text), known)


def _found(scenario: Scenario, text: str) -> tuple[Address, Quantity | None]:
    for place, number in places(scenario):
        if str(place) == _whole(text):
            return place, number
    raise ScenarioError([unknown(scenario, text)])


def _whole(text: str) -> str:
    return text if "." in text else f"{PARAMETER}.{text}"


def _everything(scenario: Scenario) -> Iterator[tuple[Address, Any]]:
    """Every table that can hold numbers, each followed by its fields, with their addresses."""
    yield from _fields("ministry", scenario.ministries + scenario.beyond_ministries)
    yield from _fields("agency", scenario.everyone)
    for part in ("arrangement", "portfolio", "letters"):
        yield from _fields(part, [getattr(scenario, part)])


def _fields(kind: str, tables: Iterable[Table], names: tuple[str, ...] = ()) -> Iterator[tuple[Address, Any]]:
    for table in tables:
        at = _at(kind, table, names)
        yield at, table
        for field, held in table:
            yield replace(at, field=field), held
            yield from _fields(field, _inner(field, held), at.names)


def _at(kind: str, table: Table, within: tuple[str, ...] = ()) -> Address:
    """What a table is called, itself in the table it stands in."""
    return Address(kind, (*within, *(str(getattr(table, key)) for key in KINDS[kind][1])), "")


def _inner(field: str, held: Any) -> list[Table]:  # noqa: ANN401
    """The tables with numbers that stand in one field."""
    if field not in KINDS or field == "member":
        return []
    return [entry for entry in (held if isinstance(held, list) else [held]) if isinstance(entry, Table)]


def _with(table: T, at: Address, updates: Mapping[Address, Quantity]) -> T:
    """The table with new numbers in it and in the tables inside it; a membership, where it gives one."""
    new: dict[str, Any] = {}
    for field, held in table:
        here = replace(at, field=field)
        if here in updates and (held is not None or not isinstance(table, Member)):
            new[field] = updates[here]
        elif isinstance(held, dict):
            new[field] = {key: updates.get(replace(here, key=key), old) for key, old in held.items()}
        elif rows := [_with(row, _at(field, row, at.names), updates) for row in _inner(field, held)]:
            new[field] = rows if isinstance(held, list) else rows[0]
    return table.model_copy(update=new)


def _quantity(number: object) -> Quantity | None:
    """A bare number as a quantity; None if it is no finite number."""
    if isinstance(number, Quantity):
        return number
    if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
        return None
    return Quantity(value=float(number), source=HAND)
