"""The evidence of a scenario's numbers, as tables and as a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, get_args

from tverretatlig_sim.scenario.evidence_table import PARTS, Number
from tverretatlig_sim.scenario.quantity import Grade
from tverretatlig_sim.show.labels import Language, label
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


def shares_table(numbers: Sequence[Number], lang: Language) -> Table:
    """Share of each grade, by part."""
    headings = ["numbers", *GRADES, "evidence.default"]
    columns = {"": "left", **{label(heading, lang): "right" for heading in headings}}
    made = table(label("evidence.shares", lang), columns)
    for part in PARTS:
        _add_shares(made, label(f"evidence.{part}", lang), [n for n in numbers if n.part == part])
    _add_shares(made, label("all", lang), numbers)
    return made


def _add_shares(made: Table, name: str, numbers: Sequence[Number]) -> None:
    counts = _counts(numbers)
    shares = [counts[key] / max(counts["n"], 1) for key in (*GRADES, "library_default")]
    made.add_row(name, str(counts["n"]), *(f"{100 * share:.0f}" for share in shares))


def grouped_tables(numbers: Sequence[Number], lang: Language) -> list[Table]:
    """A table for each part that has numbers: one row for those of a field with the same grade and source."""
    parts = {part: [number for number in numbers if number.part == part] for part in PARTS}
    return [_grouped(part, found, lang) for part, found in parts.items() if found]


def _grouped(part: str, numbers: Sequence[Number], lang: Language) -> Table:
    stands = {"field": "left", "numbers": "right", "value": "left", "range": "left", "grade": "left"}
    headings = {**stands, "source": "fold"}
    made = table(
        label(f"evidence.{part}", lang), {label(key, lang): stands for key, stands in headings.items()}
    )
    groups: dict[Group, list[Number]] = {}
    for number in numbers:
        groups.setdefault((_field(number), number.grade, number.source), []).append(number)
    for (field, grade, source), group in groups.items():
        values = _span([number.value for number in group], lang)
        limits = [end for number in group for end in (number.low, number.high) if end is not None]
        made.add_row(field, str(len(group)), values, _span(limits, lang), label(grade, lang), source)
    return made


def _field(number: Number) -> str:
    """The field without the theme or agency behind it."""
    return ".".join(number.field.split(".", 2)[:2])


def _span(values: Sequence[float], lang: Language) -> str:
    ends = sorted({min(values), max(values)}) if values else []
    return " … ".join(plain(end, lang) for end in ends)
