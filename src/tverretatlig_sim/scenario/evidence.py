"""Every number and every other fact of a scenario with its evidence: where it is from and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from tverretatlig_sim.scenario.addresses import MONTHS, PARAMETER, Address, entries, located
from tverretatlig_sim.scenario.history import phases
from tverretatlig_sim.scenario.load import ScenarioLike, load_scenario
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.scenario.quantity import Grade, Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Table

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("scenario", "actors", "arrangement", "portfolio", "letters", "parameters")
"""Parts of a scenario, in the order of the table."""
HOLDING: Mapping[str, str] = {
    "ministry": "actors",
    "agency": "actors",
    "start": "arrangement",
    "member": "arrangement",
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

    There are none where arrangements follow or run beside one another, or members and seats have dates: what
    is there then is fitted to it, and a number for each run cannot be.
    """
    found: dict[Entry, dict[Address, Quantity]] = {}
    for address, number in () if scenario.beside or len(phases(scenario)) > 1 else located(scenario):
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


# --- facts that are no numbers


FACTS = {
    "agency": "ministry place form function works",
    "member": "agency core",
    "forum": "seats rule chair begins ends",
    "ministry_forum": "seats chair begins ends",
    "tie": "source_agency target_agency",
    "unstable": "begins ends",
    "project": "origin lead members start instrument route",
    "letter": "ministries to begins ends",
    "event": "ministries month",
}
"""Facts of each kind of table."""
WORDS = {
    "seats": "members sits",
    "begins": "month months date year",
    "ends": "months date carried",
    "lead": "agencies",
    "members": "agencies whom",
    "start": "month when",
    "route": "attachment",
    "ministries": "ones",
    "to": "addressees",
}
"""What a source may call a fact, beside its own name."""
OURS = re.compile(
    r"([^;()]*?)\b(inferred|utledet|assumed|antatt|taken (?:as|to)|general knowledge"
    r"|not (?:stated|said|named|covered|in the sources))\b"
)
"""What a source says is not in the documents: the words before it tell of which facts, none of all."""


@dataclass(frozen=True)
class Fact:
    """A fact that is no number, such as a seat, a date or a lead; what repeats by template is one.

    Attributes:
        part: one of ``PARTS``.
        field: kind of table and field, e.g. ``forum.seats``.
        grade: ``sourced``; ``derived`` if its source says that it is inferred; ``assumed`` if it says so in
            another word, or there is none.
        source: that of its table.
    """

    part: str
    field: str
    grade: Grade
    source: str


def facts(scenario: Scenario) -> list[Fact]:
    """Every fact of a scenario that is no number, part by part; the same said of the same source once."""
    found = dict.fromkeys(fact for at, table in entries(scenario) for fact in _facts(at.kind, table))
    return sorted(found, key=lambda fact: PARTS.index(fact.part))


def _facts(kind: str, table: Table) -> Iterator[Fact]:
    words = {field: {field, *WORDS.get(field, "").split()} for field in FACTS.get(kind, "").split()}
    source = getattr(table, "source", "")
    grades: dict[str, Grade] = dict.fromkeys(words, "sourced" if source else "assumed")
    for before, said in OURS.findall(source):
        told = {field for field in words if words[field] & {*re.findall(r"\w+", before.lower())}}
        grades |= dict.fromkeys(told or words, "derived" if said in ("inferred", "utledet") else "assumed")
    for field, grade in grades.items():
        if getattr(table, field) not in (None, False, []):
            yield Fact(HOLDING[kind], f"{kind}.{field}", grade, source)
