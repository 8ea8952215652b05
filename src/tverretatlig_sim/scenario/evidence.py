"""Evidence that a file states once for many numbers."""

from __future__ import annotations

from functools import cache
from typing import Annotated, get_args

from pydantic import Field

from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.checking import checked
from tverretatlig_sim.scenario.errors import Origin, Problem, did_you_mean, is_, quoted
from tverretatlig_sim.scenario.files import Raw, Value
from tverretatlig_sim.scenario.quantity import Grade, Quantity
from tverretatlig_sim.scenario.schema import (
    Agency,
    Arrangement,
    Event,
    Forum,
    Letter,
    Letters,
    Member,
    Ministry,
    Period,
    Project,
    Recommendation,
    ScenarioFile,
    Start,
    Table,
    Tie,
)

TABLES: dict[str, type[Table]] = {
    "scenario": ScenarioFile,
    "arrangement": Arrangement,
    "letters": Letters,
    "ministry": Ministry,
    "agency": Agency,
    "member": Member,
    "forum": Forum,
    "tie": Tie,
    "unstable": Period,
    "start": Start,
    "project": Project,
    "recommendation": Recommendation,
    "letter": Letter,
    "event": Event,
}
"""Tables that hold numbers, by the word that starts a key of ``[evidence]``."""


class Grading(Table):
    """The evidence of all bare numbers of one field in one file; see ``Quantity`` for the keys."""

    grade: Grade
    source: str = ""
    note: str = ""
    range: Annotated[tuple[float, float], Field(strict=False)] | None = None
    factor: float | None = None
    spread: float | None = None


def graded(raw: Raw, root: str, origin: Origin, problems: list[Problem]) -> Raw:
    """The table without its ``[evidence]``, which is written into every bare number it covers.

    Args:
        raw: a file as read.
        root: the word that stands for the file's top level in the keys, e.g. ``arrangement``.
        origin: where the table stands.
        problems: found problems are appended here.
    """
    rest = {key: value for key, value in raw.items() if key != "evidence"}
    stated = _stated(raw.get("evidence", {}), origin, problems)
    return _graded_table(rest, root, stated) if stated else rest


@cache
def evidence_keys() -> frozenset[str]:
    """Every key that ``[evidence]`` may have, apart from ``parameters.<name>``."""
    return frozenset(
        f"{table}.{field}"
        for table, model in TABLES.items()
        for field, info in model.model_fields.items()
        if _holds_numbers(info.annotation)
    )


def _holds_numbers(annotation: Value) -> bool:
    return annotation is Quantity or any(_holds_numbers(part) for part in get_args(annotation))


def _stated(evidence: Value, origin: Origin, problems: list[Problem]) -> dict[str, Raw]:
    if not isinstance(evidence, dict):
        problems.append(origin.problem("evidence", is_(evidence), _("a table")))
        return {}
    stated = {}
    for key, entry in evidence.items():
        if key not in evidence_keys() and not key.startswith("parameters."):
            hint = did_you_mean(key, evidence_keys())
            what, allowed = _("unknown key {key}", key=quoted(key)), _("<table>.<field> of a number")
            problems.append(origin.problem("evidence", what, allowed, hint))
        grading = checked(Grading, entry, Origin(origin.file, f"evidence {quoted(key)}"), problems)
        if grading is not None:
            stated[key] = grading.model_dump(exclude_unset=True)
    return stated


def _graded_table(raw: Raw, table: str, stated: dict[str, Raw]) -> Raw:
    return {key: _graded_value(value, table, key, stated) for key, value in raw.items()}


def _graded_value(value: Value, table: str, key: str, stated: dict[str, Raw]) -> Value:
    grading = stated.get(f"{table}.{key}")
    if grading is not None:
        return _with_grading(value, grading)
    if isinstance(value, dict):
        return _graded_table(value, key, stated)
    if isinstance(value, list):
        return [_graded_table(item, key, stated) if isinstance(item, dict) else item for item in value]
    return value


def _with_grading(value: Value, grading: Raw) -> Value:
    if isinstance(value, dict) and "value" not in value:
        return {key: _with_grading(item, grading) for key, item in value.items()}
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"value": value, **grading}
    return value
