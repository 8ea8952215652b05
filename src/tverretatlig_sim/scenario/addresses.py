"""One address for each number of a scenario, such as ``forum.steering-group.cadence``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, get_args

from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.errors import Origin, Problem, ScenarioError, did_you_mean, is_, quoted
from tverretatlig_sim.scenario.quantity import Bounds, Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Table


@dataclass(frozen=True)
class Address:
    """Where a number of a scenario stands.

    Attributes:
        kind: the table, e.g. ``forum``.
        names: what its entry is called; nothing for the arrangement.
        field: the field that holds it.
    """

    kind: str
    names: tuple[str, ...]
    field: str
    bounds: Bounds

    def __str__(self) -> str:
        return ".".join((self.kind, *self.names, self.field))


ROWS: Mapping[str, Callable[[Scenario], Sequence[Table]]] = {
    "ministry": lambda scenario: scenario.ministries,
    "agency": lambda scenario: scenario.agencies,
    "forum": lambda scenario: scenario.arrangement.forum,
    "project": lambda scenario: scenario.portfolio.project,
    "letter": lambda scenario: scenario.letters.letter,
    "event": lambda scenario: scenario.letters.event,
    "arrangement": lambda scenario: [scenario.arrangement],
    "start": lambda scenario: [scenario.arrangement.start],
    "letters": lambda scenario: [scenario.letters],
}
SINGLE = ("arrangement", "start", "letters")


@cache
def number_fields(model: type[Table]) -> Mapping[str, Bounds]:
    """Fields of a table that hold a number, and their hard limits."""
    found = {name: _bounds((*info.metadata, info.annotation)) for name, info in model.model_fields.items()}
    return {name: bounds for name, bounds in found.items() if bounds is not None}


def _bounds(annotation: Any) -> Bounds | None:  # noqa: ANN401
    parts = annotation if isinstance(annotation, tuple) else get_args(annotation)
    found = (part if isinstance(part, Bounds) else _bounds(part) for part in parts)
    return next((bounds for bounds in found if bounds is not None), None)


def _name(table: Table) -> str:
    return str(getattr(table, "name", ""))


def _addresses(scenario: Scenario) -> Iterable[Address]:
    for kind, rows in ROWS.items():
        for row in rows(scenario):
            names = () if kind in SINGLE else (_name(row),)
            for field, bounds in number_fields(type(row)).items():
                if not isinstance(getattr(row, field), dict):
                    yield Address(kind, names, field, bounds)


def parse(scenario: Scenario, text: str) -> Address:
    """The address that a text is.

    Raises:
        ScenarioError: the scenario has no such number.
    """
    known = {str(address): address for address in _addresses(scenario)}
    if text not in known:
        what = _("there is no number {address}", address=quoted(text))
        raise ScenarioError([Problem(quoted(scenario.name), "", what, hint=did_you_mean(text, known))])
    return known[text]


def value(scenario: Scenario, address: Address) -> Quantity | None:
    """The number at an address; None where the scenario gives none and another one counts in its place."""
    rows = ROWS[address.kind](scenario)
    row = next(row for row in rows if address.kind in SINGLE or (_name(row),) == address.names)
    found: Quantity | None = getattr(row, address.field)
    return found


def with_values(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """The scenario with other numbers at some addresses.

    Raises:
        ScenarioError: an address is none, or a number is beyond its hard limits.
    """
    for text, number in values.items():
        address = parse(scenario, text)
        if not address.bounds.holds(number):
            origin = Origin(quoted(scenario.name))
            raise ScenarioError([origin.problem(text, is_(number), address.bounds.allowed)])
        quantity = Quantity(value=number, source="set by hand")
        scenario = _changed(scenario, address, quantity)
    return scenario


def _changed(scenario: Scenario, address: Address, quantity: Quantity) -> Scenario:  # noqa: PLR0911
    def new(row: Table) -> Table:
        here = address.kind in SINGLE or (_name(row),) == address.names
        return row.model_copy(update={address.field: quantity}) if here else row

    arrangement, letters = scenario.arrangement, scenario.letters
    rows = [new(row) for row in ROWS[address.kind](scenario)]
    match address.kind:
        case "ministry":
            return replace(scenario, ministries=tuple(rows))  # type: ignore[arg-type]
        case "agency":
            return replace(scenario, agencies=tuple(rows))  # type: ignore[arg-type]
        case "arrangement":
            return replace(scenario, arrangement=rows[0])  # type: ignore[arg-type]
        case "letters":
            return replace(scenario, letters=rows[0])  # type: ignore[arg-type]
        case "start":
            return replace(scenario, arrangement=arrangement.model_copy(update={"start": rows[0]}))
        case "forum":
            return replace(scenario, arrangement=arrangement.model_copy(update={"forum": rows}))
        case "project":
            return replace(scenario, portfolio=scenario.portfolio.model_copy(update={"project": rows}))
        case kind:
            return replace(scenario, letters=letters.model_copy(update={kind: rows}))
