"""What comes with the package – scenarios, parameters, levers, dials – and where numbers are from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, get_args

from tverretatlig_sim.i18n import current_language, label
from tverretatlig_sim.scenario.errors import ScenarioError
from tverretatlig_sim.scenario.files import list_scenarios, read_table, shipped_folder
from tverretatlig_sim.scenario.quantity import Grade, Quantity
from tverretatlig_sim.show.rows import (
    Cell,
    Cells,
    Document,
    Group,
    Heading,
    Part,
    Sheet,
    Span,
    Table,
    Value,
    Word,
    fields_of,
    headings,
    keyed,
)

if TYPE_CHECKING:
    import pandas as pd

    from tverretatlig_sim.scenario import Scenario
    from tverretatlig_sim.scenario.edits import Operation
    from tverretatlig_sim.scenario.evidence import Number
    from tverretatlig_sim.scenario.levers import Dial, Lever

GRADES: tuple[Grade, ...] = get_args(Grade)
DEFAULT = "library default"
"""Source of numbers that a scenario leaves at the library's default."""


def scenarios_sheet() -> Sheet:
    """Name, title and start of each scenario; only its own file is read, so this is fast.

    A file that cannot be read has no title and no start, but says its ``problem``.
    """
    found = [_shipped(name) for name in list_scenarios()]
    rows: list[Cells] = [
        {
            "name": fields["name"],
            "start": fields["start"],
            "title": fields.get("problem") or _in_language(fields["title"] or {}),
        }
        for fields in found
    ]
    return Sheet([keyed(rows)], found)


def _shipped(name: str) -> Document:
    try:
        raw = read_table(shipped_folder() / f"{name}.toml")
    except ScenarioError as error:
        return {"name": name, "title": None, "start": None, "problem": str(error)}
    return {"name": name, "title": raw.get("title"), "start": raw.get("start")}


def _in_language(titles: Mapping[str, str]) -> str:
    return titles.get(current_language(), titles.get("en", ""))


def parameters_sheet() -> Sheet:
    """Default, evidence range, hard bounds and meaning of each parameter."""
    from tverretatlig_sim.scenario.parameters import parameter_specs

    specs = parameter_specs()
    rows: list[Cells] = [
        {
            "parameter": name,
            "default": Value(spec.value),
            "range": Span(spec.low, spec.high),
            "allowed": Span(spec.minimum, spec.maximum),
            "grade": Word(spec.grade),
            "meaning": f"{spec.meaning!s} ({Word(spec.unit, 'unit')})",
        }
        for name, spec in specs.items()
    ]
    document = [
        {
            **fields_of(spec, "name", "value", "low", "high", "minimum", "maximum"),
            **spec.model_dump(include={"unit", "grade", "source", "meaning", "whole", "phases"}),
        }
        for spec in specs.values()
    ]
    return Sheet([keyed(rows)], document)


def levers_sheet(levers: Sequence[Lever], *, whole: bool = False) -> Sheet:
    """What each lever means; if ``whole``, all that it changes, with the evidence of every number."""
    rows: list[Cells] = [
        {"lever": lever.name, "meaning": f"{lever.meaning!s} ({_origin(lever)})"} for lever in levers
    ]
    parts = [part for lever in levers for part in _lever_parts(lever)] if whole else [keyed(rows)]
    return Sheet(parts, [_lever_document(lever) for lever in levers])


def _lever_document(lever: Lever) -> Document:
    return {
        **fields_of(lever, "name", "source", "evidence"),
        "title": lever.title.model_dump(),
        "meaning": lever.meaning.model_dump(),
        "changes": [change.model_dump() for change in lever.changes],
        "operations": [operation.model_dump() for operation in lever.operations],
    }


def _origin(lever: Lever) -> str:
    return f"{lever.source}; {Word(lever.evidence, 'lever')}"


def _lever_parts(lever: Lever) -> list[Part]:
    rows: list[Cells] = [
        {"what": change.what, "how": Word(change.how, "lever"), **quantity_cells(change.amount)}
        for change in lever.changes
    ]
    rows += [row for operation in lever.operations for row in _operation_rows(operation)]
    return [
        Heading(f"{lever.name}: {lever.title!s}"),
        f"{lever.meaning!s}\n{label('source')}: {_origin(lever)}",
        keyed(rows, of="lever"),
    ]


def _operation_rows(operation: Operation) -> Iterator[Cells]:
    fields = {name: getattr(operation, name) for name in type(operation).model_fields}
    said = [f"{name} {given}" for name, given in fields.items() if isinstance(given, str) and name != "do"]
    said += [name for name, given in fields.items() if given is True]
    yield {"what": operation.do, "how": ", ".join(said)}
    for name, given in fields.items():
        if isinstance(given, Quantity):
            yield {"how": name, **quantity_cells(given)}


def quantity_cells(quantity: Quantity) -> dict[str, Cell]:
    """A number with its evidence."""
    return {
        "value": Value(quantity.value),
        "range": Span.of(quantity.range),
        "grade": Word(quantity.grade),
        "source": quantity.source,
    }


def dials_sheet(dials: Sequence[Dial], *, whole: bool = False) -> Sheet:
    """Limits and meaning of each dial; if ``whole``, all that it changes at its upper end."""
    document = [
        {
            **fields_of(dial, "name", "framework", "source"),
            "title": dial.title.model_dump(),
            "meaning": dial.meaning.model_dump(),
            "assumed": dial.assumed.model_dump(),
            "lowest": dial.bounds.low,
            "highest": dial.bounds.high,
            "whole": dial.bounds.whole,
        }
        for dial in dials
    ]
    if whole:
        return Sheet([part for dial in dials for part in _lever_parts(dial.at(dial.bounds.high))], document)
    groups = [
        Group(
            [_dial_row(dial) for dial in dials if dial.framework == key], label(f"framework.{key}.name"), key
        )
        for key in dict.fromkeys(dial.framework for dial in dials)
    ]
    return Sheet([Table(headings("dial", "dial.from_to", "meaning"), groups)], document)


def _dial_row(dial: Dial) -> Cells:
    origin = f"{dial.source}; {label('assumed')}: {dial.assumed!s}"
    return {
        "dial": dial.name,
        "from_to": Span(dial.bounds.low, dial.bounds.high),
        "meaning": f"{dial.meaning!s} ({origin})",
    }


def evidence_sheet(scenario: Scenario, grade: Grade | None = None) -> Sheet:
    """Where the numbers of a scenario are from.

    Args:
        scenario: whose numbers to show.
        grade: numbers of this grade only are listed; all are counted.
    """
    from tverretatlig_sim.scenario.evidence import numbers

    found = numbers(scenario)
    listed = [number for number in found if grade in {None, number.grade}]
    parts: list[Part] = [evidence_shares(found), label("evidence.note"), *evidence_tables(listed).values()]
    document = {
        "scenario": scenario.name,
        "counts": evidence_counts(found),
        "numbers": [asdict(number) for number in listed],
    }
    return Sheet(parts, document, {"evidence.csv": partial(_evidence_frame, scenario, grade)})


def _evidence_frame(scenario: Scenario, grade: Grade | None) -> pd.DataFrame:
    from tverretatlig_sim.scenario.evidence import evidence

    frame = evidence(scenario)
    return frame if grade is None else frame[frame["grade"] == grade]


def evidence_counts(numbers: Sequence[Number]) -> dict[str, dict[str, int]]:
    """How many numbers there are of each grade, by part."""
    return {part: _counts(found) for part, found in _by_part(numbers).items()}


def _by_part(numbers: Sequence[Number]) -> dict[str, list[Number]]:
    from tverretatlig_sim.scenario.evidence import PARTS

    return {part: [number for number in numbers if number.part == part] for part in PARTS}


def _counts(numbers: Sequence[Number]) -> dict[str, int]:
    grades = Counter[str](number.grade for number in numbers)
    default = sum(number.source == DEFAULT for number in numbers)
    return {"n": len(numbers), **{grade: grades[grade] for grade in GRADES}, "library_default": default}


def evidence_shares(numbers: Sequence[Number], title: str | None = None) -> Table:
    """Share of each grade and of library defaults, by part; all together last."""
    parts = {**evidence_counts(numbers), "all": _counts(numbers)}
    keys = (*GRADES, "library_default")
    rows: list[Cells] = [
        {
            "part": Word(part, "" if part == "all" else "evidence"),
            "numbers": counts["n"],
            **{key: Value(counts[key] / max(counts["n"], 1), "share", decimals=0) for key in keys},
        }
        for part, counts in parts.items()
    ]
    heads = {"part": "", "library_default": label("evidence.default")}
    return keyed(rows, title=label("evidence.shares") if title is None else title, heads=heads)


def evidence_tables(numbers: Sequence[Number]) -> dict[str, Table]:
    """A table for each part that has numbers: one row for those of a field with the same grade and source."""
    return {part: _grouped(part, found) for part, found in _by_part(numbers).items() if found}


def _grouped(part: str, numbers: Sequence[Number]) -> Table:
    groups: dict[tuple[str, ...], list[Number]] = {}
    for number in numbers:
        groups.setdefault((_field(number), number.grade, number.source), []).append(number)
    rows: list[Cells] = [
        {
            "field": field,
            "numbers": len(group),
            "value": Span.of([number.value for number in group]),
            "range": Span.of(
                [end for number in group for end in (number.low, number.high) if end is not None]
            ),
            "grade": Word(grade),
            "source": source,
        }
        for (field, grade, source), group in groups.items()
    ]
    return keyed(rows, title=str(Word(part, "evidence")))


def _field(number: Number) -> str:
    """The field without the theme or agency behind it."""
    return ".".join(number.field.split(".", 2)[:2])
