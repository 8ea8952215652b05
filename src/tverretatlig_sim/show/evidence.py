"""The evidence of a scenario's numbers, as tables and as a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, get_args

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario.evidence import PARTS, Number
from tverretatlig_sim.scenario.quantity import Grade
from tverretatlig_sim.show.numbers import plain
from tverretatlig_sim.show.tables import table

if TYPE_CHECKING:
    from rich.table import Table

GRADES: tuple[Grade, ...] = get_args(Grade)
DEFAULT = "library default"
"""Source of numbers that a scenario leaves at the library's default."""

Group = tuple[str, str, str]


def evidence_document(name: str, found: Sequence[Number], listed: Sequence[Number]) -> dict[str, Any]:
    """Counts by part and grade over all numbers, and the listed numbers one by one."""
    counts = {part: _counts([number for number in found if number.part == part]) for part in PARTS}
    return {"scenario": name, "counts": counts, "numbers": [asdict(number) for number in listed]}


def _counts(numbers: Sequence[Number]) -> dict[str, int]:
    by_grade = Counter[str](number.grade for number in numbers)
    default = sum(number.source == DEFAULT for number in numbers)
    return {"n": len(numbers), **{grade: by_grade[grade] for grade in GRADES}, "library_default": default}


def shares_table(numbers: Sequence[Number]) -> Table:
    """Share of each grade, by part."""
    headings = ["numbers", *GRADES, "evidence.default"]
    columns = {"": "left", **{label(heading): "right" for heading in headings}}
    made = table(label("evidence.shares"), columns)
    for row in share_rows(numbers):
        made.add_row(*row)
    return made


def share_rows(numbers: Sequence[Number]) -> list[list[str]]:
    """Part, numbers, and shares of each grade and of library defaults in per cent; all together last."""
    groups = {label(f"evidence.{part}"): [n for n in numbers if n.part == part] for part in PARTS}
    return [_shares(name, found) for name, found in {**groups, label("all"): list(numbers)}.items()]


def _shares(name: str, numbers: Sequence[Number]) -> list[str]:
    counts = _counts(numbers)
    shares = [counts[key] / max(counts["n"], 1) for key in (*GRADES, "library_default")]
    return [name, str(counts["n"]), *(f"{100 * share:.0f}" for share in shares)]


def grouped_tables(numbers: Sequence[Number]) -> list[Table]:
    """A table for each part that has numbers: one row for those of a field with the same grade and source."""
    return [_grouped(part, rows) for part, rows in grouped_rows(numbers).items()]


def grouped_rows(numbers: Sequence[Number]) -> dict[str, list[list[str]]]:
    """By part: field, how many numbers, their values, range, grade and source."""
    parts = {part: [number for number in numbers if number.part == part] for part in PARTS}
    return {label(f"evidence.{part}"): _rows(found) for part, found in parts.items() if found}


def _grouped(part: str, rows: Sequence[Sequence[str]]) -> Table:
    stands = {"field": "left", "numbers": "right", "value": "left", "range": "left", "grade": "left"}
    headings = {**stands, "source": "fold"}
    made = table(part, {label(key): stands for key, stands in headings.items()})
    for row in rows:
        made.add_row(*row)
    return made


def _rows(numbers: Sequence[Number]) -> list[list[str]]:
    groups: dict[Group, list[Number]] = {}
    for number in numbers:
        groups.setdefault((_field(number), number.grade, number.source), []).append(number)
    return [
        [
            field,
            str(len(group)),
            _span([number.value for number in group]),
            _span([end for number in group for end in (number.low, number.high) if end is not None]),
            label(grade),
            source,
        ]
        for (field, grade, source), group in groups.items()
    ]


def _field(number: Number) -> str:
    """The field without the theme or agency behind it."""
    return ".".join(number.field.split(".", 2)[:2])


def _span(values: Sequence[float]) -> str:
    ends = sorted({min(values), max(values)}) if values else []
    return " … ".join(plain(end) for end in ends)
