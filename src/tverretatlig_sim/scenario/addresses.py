"""One address for each number of a scenario: ``forum.steering-group.cadence``, ``parameter.turnover``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import isfinite
from typing import Any, TypeVar, get_args

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.scenario import errors
from tverretatlig_sim.scenario.errors import Origin, Problem, ScenarioError, is_, listed, quoted
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.scenario.quantity import Bounds, Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import KINDS, Arrangement, Member, Named, Table

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


@cache
def number_fields(model: type[Table]) -> Mapping[str, Bounds]:
    """Fields of a table that can hold numbers, and their hard limits."""
    found = {name: _bounds((*info.metadata, info.annotation)) for name, info in model.model_fields.items()}
    return {name: bounds for name, bounds in found.items() if bounds is not None}


def places(scenario: Scenario) -> Iterator[tuple[Address, Quantity | None]]:
    """Every place of a scenario that can hold a number, with the number if one is given; parameters last.

    What a membership replaces stands in the agencies, and is not repeated.
    """
    yield MONTHS, scenario.length
    for kind, rows in _top(scenario):
        for row in rows:
            yield from _inside(row, kind, (row.name,) if KINDS[kind][1] else ())
    for name, spec in parameter_specs().items():
        yield Address(PARAMETER, (), name), scenario.parameters.get(name, spec.quantity)


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
        place = known.get(_whole(text))
        if place is None:
            problems.append(unknown(scenario, text))
            continue
        quantity = given if isinstance(given, Quantity) else _by_hand(given)
        if quantity is None or not place.bounds.holds(quantity.value):
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
    given = {place.field: number for place, number in updates.items() if place.kind == PARAMETER}
    arrangement = _with(scenario.arrangement, "arrangement", (), updates)
    rows = [_with(row, "agency", (row.agency,), updates) for row in arrangement.member]
    return replace(
        scenario,
        parameters=dict(sorted({**scenario.parameters, **given}.items())),
        months=updates.get(MONTHS, scenario.months),
        ministries=tuple(_with(row, "ministry", (row.name,), updates) for row in scenario.ministries),
        beyond_ministries=tuple(
            _with(row, "ministry", (row.name,), updates) for row in scenario.beyond_ministries
        ),
        agencies=tuple(_with(row, "agency", (row.name,), updates) for row in scenario.agencies),
        beyond=tuple(_with(row, "agency", (row.name,), updates) for row in scenario.beyond),
        arrangement=arrangement.model_copy(update={"member": rows}),
        portfolio=_with(scenario.portfolio, "portfolio", (), updates),
        letters=_with(scenario.letters, "letters", (), updates),
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


def both(name: str) -> Message | str:
    """A sentence that tells a parameter from the arrangement's number of the same name; empty if one is none.

    Args:
        name: e.g. ``turnover``.
    """
    if name not in parameter_specs() or name not in number_fields(Arrangement):
        return ""
    parameter, arrangement = f"{PARAMETER}.{name}", f"arrangement.{name}"
    return _(
        "{parameter} is the model's parameter, {arrangement} the number of the arrangement",
        parameter=parameter,
        arrangement=arrangement,
    )


def entries(scenario: Scenario) -> Iterator[tuple[Address, Table]]:
    """Every table that can hold numbers, with an address that lacks the field."""
    for kind, rows in _top(scenario):
        for row in rows:
            yield from _tables(row, kind, (row.name,) if KINDS[kind][1] else ())


def _found(scenario: Scenario, text: str) -> tuple[Address, Quantity | None]:
    for place, number in places(scenario):
        if str(place) == _whole(text):
            return place, number
    raise ScenarioError([unknown(scenario, text)])


def _whole(text: str) -> str:
    return text if "." in text else f"{PARAMETER}.{text}"


def _top(scenario: Scenario) -> list[tuple[str, Sequence[Named]]]:
    return [
        ("ministry", scenario.ministries + scenario.beyond_ministries),
        ("agency", scenario.everyone),
        ("arrangement", [scenario.arrangement]),
        ("portfolio", [scenario.portfolio]),
        ("letters", [scenario.letters]),
    ]


def _inner(field: str, held: object, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Table]]:
    """The tables with numbers that stand in one field, and what they are called."""
    if field in KINDS and field != "member":
        for entry in held if isinstance(held, list) else [held]:
            if isinstance(entry, Table):
                yield (*names, *(str(getattr(entry, key)) for key in KINDS[field][1])), entry


def _tables(table: Table, kind: str, names: tuple[str, ...]) -> Iterator[tuple[Address, Table]]:
    yield Address(kind, names, ""), table
    for field, held in table:
        for inner, entry in _inner(field, held, names):
            yield from _tables(entry, field, inner)


def _inside(table: Table, kind: str, names: tuple[str, ...]) -> Iterator[tuple[Address, Quantity | None]]:
    """Places for numbers in a table and in the tables inside it, in the order of the fields."""
    own = number_fields(type(table))
    for field, held in table:
        if field in EACH:
            yield from ((Address(kind, names, field, key), number) for key, number in (held or {}).items())
        elif field in own:
            yield Address(kind, names, field), held
        for inner, entry in _inner(field, held, names):
            yield from _inside(entry, field, inner)


def _with(table: T, kind: str, names: tuple[str, ...], updates: Mapping[Address, Quantity]) -> T:
    """The table with new numbers in it and in the tables inside it; a membership, where it gives one."""
    new: dict[str, Any] = {}
    for field, held in table:
        inner = list(_inner(field, held, names))
        number = updates.get(Address(kind, names, field))
        if number is not None and (held is not None or not isinstance(table, Member)):
            new[field] = number
        elif isinstance(held, dict):
            new[field] = {
                key: updates.get(Address(kind, names, field, key), old) for key, old in held.items()
            }
        elif inner:
            rows = [_with(entry, field, own, updates) for own, entry in inner]
            new[field] = rows if isinstance(held, list) else rows[0]
    return table.model_copy(update=new) if new else table


def _bounds(annotation: Any) -> Bounds | None:  # noqa: ANN401
    parts = annotation if isinstance(annotation, tuple) else get_args(annotation)
    found = (part if isinstance(part, Bounds) else _bounds(part) for part in parts)
    return next((bounds for bounds in found if bounds is not None), None)


def _by_hand(number: object) -> Quantity | None:
    """A bare number as a quantity; None if it is no finite number."""
    if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
        return None
    return Quantity(value=float(number), source=HAND)
