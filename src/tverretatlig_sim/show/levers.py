"""Levers as tables and documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import Quantity
from tverretatlig_sim.scenario.edits import Edit
from tverretatlig_sim.scenario.levers import Lever
from tverretatlig_sim.show.numbers import plain
from tverretatlig_sim.show.tables import table

Row = tuple[str, str, Quantity | None]
"""What is changed, how, and by how much."""


def lever_document(lever: Lever) -> dict[str, Any]:
    """Everything that is known about a lever."""
    return {
        "name": lever.name,
        "title": lever.title.model_dump(),
        "source": lever.source,
        "evidence": lever.evidence,
        "meaning": lever.meaning.model_dump(),
        "changes": [change.model_dump() for change in lever.changes],
        "operations": [operation.model_dump() for operation in lever.operations],
    }


def levers_table(levers: Sequence[Lever]) -> Table:
    """Name and meaning of each lever, with where it is from."""
    made = table("", {label("lever"): "left", label("meaning"): "fold"})
    for lever in levers:
        made.add_row(lever.name, f"{lever.meaning!s} ({_origin(lever)})")
    return made


def lever_portrait(lever: Lever) -> list[Text | Table]:
    """What a lever means and what it changes, with the evidence of every number."""
    meaning = f"\n{lever.meaning!s}\n{label('source')}: {_origin(lever)}"
    headings = {
        "lever.what": "left", "lever.how": "fold", "value": "right", "range": "left", "grade": "left",
        "source": "fold",
    }  # fmt: skip
    made = table("", {label(key): stands for key, stands in headings.items()})
    for what, how, amount in _rows(lever):
        made.add_row(what, how, *([""] * 4 if amount is None else _cells(amount)))
    return [Text.assemble((f"{lever.name}: {lever.title!s}", "bold"), meaning), made]


def _origin(lever: Lever) -> str:
    return f"{lever.source}; {label(f'lever.{lever.evidence}')}"


def _rows(lever: Lever) -> Iterator[Row]:
    for change in lever.changes:
        yield change.what, label(f"lever.{change.how}"), change.amount
    for operation in lever.operations:
        yield from _operation_rows(operation)


def _operation_rows(operation: Edit) -> Iterator[Row]:
    fields = {name: getattr(operation, name) for name in type(operation).model_fields}
    said = [f"{name} {given}" for name, given in fields.items() if isinstance(given, str) and name != "do"]
    said += [name for name, given in fields.items() if given is True]
    yield operation.do, ", ".join(said), None
    for name, given in fields.items():
        if isinstance(given, Quantity):
            yield "", name, given


def _cells(amount: Quantity) -> list[str]:
    span = " … ".join(plain(end) for end in amount.range or ())
    return [plain(amount.value), span, label(amount.grade), amount.source]
