"""The parts two scenarios can swap: every field of a scenario belongs to one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any, Literal, TypeVar, get_args

from pydantic import BaseModel

from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import (
    Agency,
    Arrangement,
    Forum,
    Letters,
    Ministry,
    Portfolio,
    months_between,
    shifted,
)

Part = Literal[
    "portfolio", "membership", "forums", "secretariat", "mandate", "steering", "staffing", "parameters"
]
PARTS: tuple[Part, ...] = get_args(Part)
"""Parts, in the order of tables; ``parameters`` are those a scenario sets for itself."""

Owner = Part | Literal["label", "inside"]
"""A part; or that a field has no effect on results; or that its tables are shared out field by field."""

TITLES = ("name", "title", "source")

OWNERS: Mapping[type, Mapping[Owner, tuple[str, ...]]] = {
    Scenario: {
        "label": (*TITLES, "summary", "path", "levers", "notes"),
        "inside": (
            "ministries", "agencies", "beyond", "beyond_ministries", "arrangement", "portfolio", "letters",
        ),
        "portfolio": ("months",),
        "membership": ("core",),
        # Every other date moves along; what stays is which months are January and the budget month.
        "steering": ("start",),
        "parameters": ("parameters",),
    },
    Ministry: {"label": ("title", "source"), "steering": ("name", "attention")},
    Agency: {
        "label": ("title", "source"),
        "membership": (
            "name", "core_tasks", "staff", "place", "form", "function", "frame", "understanding",
            "stubbornness", "dependence", "ambition",
        ),
        "steering": ("ministry",),
        "staffing": ("capacity", "line_capacity", "internal_organisation", "ownership"),
    },
    Arrangement: {
        # Membership is read from the scenario's agencies, to which it has been applied.
        "label": (*TITLES, "extends", "member"),
        "inside": ("forum",),
        "membership": ("municipal_chain",),
        "forums": ("coordinator", "route", "self_initiated_route", "project_groups"),
        "secretariat": ("facilitator",),
        "mandate": ("mandate_clarity", "project_clarity", "stop_points", "delivery", "follow_up"),
        "steering": ("core_group_authority", "attention", "lead_authority", "department_link"),
        "staffing": ("turnover", "unstable", "start", "tie", "programme_resources"),
    },
    Forum: {
        "label": ("title", "source"),
        "forums": (
            "name", "function", "seats", "cadence", "rule", "chair", "agenda", "authority", "begins", "ends",
            "exclusive", "rank",
        ),
        "secretariat": ("secretariat_fte", "served_by"),
        "mandate": ("mandate_clarity",),
    },
    Portfolio: {"label": TITLES, "portfolio": ("project",)},
    Letters: {"label": TITLES, "steering": ("budget_month", "letter", "event")},
}  # fmt: skip
"""Fields by owner. A field of a part holds everything inside it; tables that stand here share theirs out."""

DATES = ("begins", "ends", "month", "start")
"""Fields that hold a month of the calendar."""

M = TypeVar("M", bound=BaseModel)


def mixed(own: M, versions: Mapping[Part, M | None]) -> M:
    """A table with the fields of each part taken from that part's version, where there is one."""
    chosen = {
        field: getattr(version, field)
        for part, version in versions.items()
        if version is not None
        for field in OWNERS[type(own)].get(part, ())
    }
    return own.model_copy(update=chosen)


def moved(table: M, months: int) -> M:
    """A table with its dates some months later."""
    dates = {field: getattr(table, field, None) for field in DATES}
    return table.model_copy(
        update={field: shifted(date, months) for field, date in dates.items() if isinstance(date, str)}
    )


def essence(scenario: Scenario) -> Hashable:
    """Everything in a scenario that can change the results of runs of a given length, and nothing else."""
    return scenario.start[-2:], _reduced(replace(scenario, months=None), scenario.start)


def _reduced(value: Any, start: str) -> Hashable:  # noqa: ANN401
    """Numbers without their evidence, tables without their labels, dates as months from the start."""
    if isinstance(value, Quantity):
        return value.value
    if isinstance(value, Scenario | BaseModel):
        return tuple(_field(value, name, start) for name in _effective(type(value)))
    if isinstance(value, Mapping):
        return frozenset((key, _reduced(item, start)) for key, item in value.items())
    if isinstance(value, list | tuple):
        items = [_reduced(item, start) for item in value]
        # The order of tables in a file never matters; that of names does, on a route.
        ordered = all(isinstance(item, str) for item in items)
        return tuple(items) if ordered else frozenset(Counter(items).items())
    return value  # type: ignore[no-any-return]


def _field(table: Scenario | BaseModel, name: str, start: str) -> Hashable:
    value = getattr(table, name)
    is_date = name in DATES and isinstance(value, str)
    return months_between(start, value) if is_date else _reduced(value, start)


def _effective(kind: type) -> tuple[str, ...]:
    """Fields of a table that are no labels."""
    labels = OWNERS.get(kind, {}).get("label", ("title", "source"))
    return tuple(name for name in field_names(kind) if name not in labels)


def field_names(kind: type) -> tuple[str, ...]:
    """Names of the fields of a table."""
    return tuple(kind.model_fields if issubclass(kind, BaseModel) else kind.__annotations__)
