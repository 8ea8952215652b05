"""Every number of a scenario with its evidence: where it is from, how sure it is, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from tverretatlig_sim.scenario.load import load_scenario
from tverretatlig_sim.scenario.parameters import ParameterSpec, parameter_specs
from tverretatlig_sim.scenario.quantity import Bounds, Grade, Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Table

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("scenario", "actors", "arrangement", "portfolio", "letters", "parameters")
"""Parts of a scenario, in the order of the table."""

ROOTS = ("arrangement", "portfolio", "letters")
APPLIED = "member"
"""Membership is left out: what it replaces already stands in the agencies."""


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


def evidence(scenario: Scenario | str | Path) -> pd.DataFrame:
    """Every number of a scenario and every behavioural parameter, one row each.

    Args:
        scenario: a loaded scenario, the name of a shipped one, or a path.

    Returns:
        Columns as the attributes of ``Number``; NaN where no range is given. The agencies' numbers are those
        of the arrangement's members, overrides applied. Dates are not among them.

    Raises:
        ScenarioError: if the scenario is not valid.
    """
    import pandas as pd  # slow to import

    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    frame = pd.DataFrame([asdict(number) for number in numbers(loaded)], columns=list(Number.__annotations__))
    return frame.astype({"value": float, "low": float, "high": float})


def numbers(scenario: Scenario) -> list[Number]:
    """Every number of a scenario and every behavioural parameter, part by part."""
    return [
        _number("scenario", scenario.name, "scenario.months", scenario.length, "months"),
        *(
            n
            for ministry in scenario.ministries + scenario.beyond_ministries
            for n in _walk(ministry, "actors", "ministry", ministry.name)
        ),
        *(n for agency in scenario.everyone for n in _walk(agency, "actors", "agency", agency.name)),
        *(
            n
            for part in ROOTS
            for n in _walk(getattr(scenario, part), part, part, getattr(scenario, part).name)
        ),
        *(_parameter(spec, scenario.parameters.get(name)) for name, spec in parameter_specs().items()),
    ]


def _walk(table: Table, part: str, word: str, entity: str) -> Iterator[Number]:
    """Numbers of a table and of the tables inside it, whatever its fields are."""
    for field, info in type(table).model_fields.items():
        value, unit = getattr(table, field), _unit(_bounds((*info.metadata, info.annotation)))
        if isinstance(value, Quantity):
            yield _number(part, entity, f"{word}.{field}", value, unit)
        elif isinstance(value, dict):
            for key, weight in value.items():
                yield _number(part, entity, f"{word}.{field}.{key}", weight, unit)
        elif isinstance(value, Table):
            yield from _walk(value, part, field, entity)
        elif isinstance(value, list) and field != APPLIED:
            for entry in (entry for entry in value if isinstance(entry, Table)):
                yield from _walk(entry, part, field, _called(entry, "" if word in ROOTS else f"{entity}/"))


def _called(entry: Table, within: str) -> str:
    """An entry's name; for one without, its other texts: the two ends of a tie or of a period."""
    texts = [value for field, value in entry if isinstance(value, str) and field != "source"]
    return within + str(getattr(entry, "name", " – ".join(texts)))


def _number(part: str, entity: str, field: str, quantity: Quantity, unit: str) -> Number:
    low, high = quantity.range or (None, None)
    return Number(
        part, entity, field, quantity.value, low, high, unit, quantity.grade, quantity.source, quantity.note
    )


def _parameter(spec: ParameterSpec, given: Quantity | None) -> Number:
    """A parameter: the scenario's own value, else the model's."""
    own = given or Quantity(
        value=spec.value, range=(spec.low, spec.high), grade=spec.grade, source=spec.source
    )
    return _number("parameters", spec.name, "parameters." + spec.name, own, spec.unit)


def _bounds(annotation: Any) -> Bounds | None:  # noqa: ANN401
    parts = annotation if isinstance(annotation, tuple) else get_args(annotation)
    for part in parts:
        found = part if isinstance(part, Bounds) else _bounds(part)
        if found is not None:
            return found
    return None


def _unit(bounds: Bounds | None) -> str:
    if bounds is None:
        return ""
    kind = "whole number" if bounds.whole else "share" if (bounds.low, bounds.high) == (0, 1) else "number"
    return bounds.unit or kind
