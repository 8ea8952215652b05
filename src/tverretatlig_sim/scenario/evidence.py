"""Every number of a scenario with its evidence: where it is from, how sure it is, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from tverretatlig_sim.scenario.addresses import MONTHS, PARAMETER, Address, located
from tverretatlig_sim.scenario.load import ScenarioLike, load_scenario
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.scenario.quantity import Grade, Quantity
from tverretatlig_sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("scenario", "actors", "arrangement", "portfolio", "letters", "parameters")
"""Parts of a scenario, in the order of the table."""
HOLDING: Mapping[str, str] = {
    "ministry": "actors",
    "agency": "actors",
    "start": "arrangement",
    "forum": "arrangement",
    "ministry_forum": "arrangement",
    "tie": "arrangement",
    "unstable": "arrangement",
    "project": "portfolio",
    "recommendation": "portfolio",
    "letter": "letters",
    "event": "letters",
    PARAMETER: "parameters",
}
"""The part that holds a kind of table, unless the table is a part itself."""


@dataclass(frozen=True)
class Number:
    """One number of a scenario.

    Attributes:
        part: one of ``PARTS``.
        entity: whom or what it describes; a recommendation is called ``project/name``.
        field: as a key of ``[evidence]`` writes it, e.g. ``forum.cadence``; for weights by theme or gains by
            agency, with the theme or agency behind it.
        value: in ``unit``.
        low, high: lowest and highest plausible value; None where none is given.
        unit: in words.
        grade: ``sourced``, ``derived`` or ``assumed``.
        source: source tag and section; for assumed numbers, the reason, or ``library default``.
        note: the derivation, or anything a reader must know.
    """

    part: str
    entity: str
    field: str
    value: float
    low: float | None
    high: float | None
    unit: str
    grade: Grade
    source: str
    note: str


class Entry(NamedTuple):
    """An evidence entry: what one file says of one field for one reason. Its numbers rest on one assumption.

    Attributes:
        file: that states it, by its folder and stem; empty for what was made in memory.
        field: kind of table and field, as a key of ``[evidence]``.
        grade, source, note: the evidence.
    """

    file: str
    field: str
    grade: Grade
    source: str
    note: str


def entries_of(scenario: Scenario) -> dict[Entry, dict[Address, Quantity]]:
    """Numbers of a scenario that have a range with a width, by entry.

    There are none where arrangements follow or run beside one another, as their numbers are those of others.
    """
    found: dict[Entry, dict[Address, Quantity]] = {}
    for address, number in () if scenario.then or scenario.beside else located(scenario):
        if number.span[0] < number.span[1] and address.kind != PARAMETER and address != MONTHS:
            field = f"{address.kind}.{address.field}"
            entry = Entry(number.file, field, number.grade, number.source, number.note)
            found.setdefault(entry, {})[address] = number
    return found


def named(entries: Mapping[Entry, Mapping[Address, Quantity]]) -> dict[Entry, str]:
    """A name for each entry: its number's address, or the field of several; with that of the file."""
    names: dict[Entry, str] = {}
    for entry, numbers in entries.items():
        alone = sum(it[:2] == entry[:2] for it in entries) == 1
        what = entry.field if alone and len(numbers) > 1 else str(next(iter(numbers)))
        names[entry] = f"{what} ({PurePath(entry.file).name})" if entry.file else what
    return names


def evidence(scenario: ScenarioLike) -> pd.DataFrame:
    """Every number of a scenario and every behavioural parameter, one row each.

    Args:
        scenario: as for ``load_scenario``.

    Returns:
        Columns as the attributes of ``Number``; NaN where no range is given. The agencies' numbers are those
        of the arrangement's members, overrides applied. Dates are not among them.

    Raises:
        ScenarioError: if the scenario is not valid.
    """
    import pandas as pd  # slow to import

    loaded = load_scenario(scenario)
    frame = pd.DataFrame([asdict(number) for number in numbers(loaded)], columns=list(Number.__annotations__))
    return frame.astype({"value": float, "low": float, "high": float})


def numbers(scenario: Scenario) -> list[Number]:
    """Every number of a scenario and every behavioural parameter, part by part."""
    return [_number(scenario, address, quantity) for address, quantity in located(scenario)]


def _number(scenario: Scenario, address: Address, quantity: Quantity) -> Number:
    part = HOLDING.get(address.kind, address.kind)
    low, high = quantity.range or (None, None)
    word, unit = address.kind, _unit(address)
    if address.kind == PARAMETER:
        entity, word, unit = address.field, part, parameter_specs()[address.field].unit
    elif address.names:
        entity = ("/" if address.kind == "recommendation" else " – ").join(address.names)
    else:
        entity = scenario.name if part == "scenario" else getattr(scenario, part).name
    field = ".".join(filter(None, (word, address.field, address.key)))
    return Number(
        part, entity, field, quantity.value, low, high, unit, quantity.grade, quantity.source, quantity.note
    )


def _unit(address: Address) -> str:
    bounds = address.bounds
    kind = "whole number" if bounds.whole else "share" if (bounds.low, bounds.high) == (0, 1) else "number"
    return bounds.unit or kind
