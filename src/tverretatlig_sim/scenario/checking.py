"""Checking one table against its model, keeping what is sound of a table that is not."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from tverretatlig_sim.scenario.errors import Origin, Problem
from tverretatlig_sim.scenario.files import Value
from tverretatlig_sim.scenario.messages import Location, problems_of

M = TypeVar("M", bound=BaseModel)

STAND_INS: dict[str, Value] = {
    "begins": "1900-01",
    "cadence": 1,
    "capacity": 1,
    "core_tasks": {"stand-in": 1},
    "ends": "2099-12",
    "function": "inform",
    "members": "all",
    "month": "2099-12",
    "origin": "commissioned",
    "seats": "all",
    "size": 1,
    "start": "2099-12",
    "strength": 0,
    "themes": {"stand-in": 1},
    "trust": 0.5,
    "turnover": 1,
}
"""Harmless values for faulty fields an entry needs, so that its references are still checked."""


def checked(model: type[M], raw: Value, origin: Origin, problems: list[Problem]) -> M | None:
    """The table as a model; what is wrong with it is appended to the problems.

    Of a table with problems the sound rest is returned, so that its references can be checked in the
    same round; None if nothing can be saved.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problems.extend(problems_of(error, model, raw, origin))
        return _saved(model, raw, error)


def _saved(model: type[M], raw: Value, error: ValidationError) -> M | None:
    """Drop faulty fields first, then entries that lack a field they need."""
    for _ in range(4):
        raw = _without(raw, [item["loc"] for item in error.errors(include_url=False)])
        try:
            return model.model_validate(raw)
        except ValidationError as next_error:
            error = next_error
    return None


def _without(raw: Value, faults: list[Location]) -> Value:
    if not isinstance(raw, dict):
        return raw
    return {
        key: _without_entries(value, [fault[1:] for fault in faults if fault[:1] == (key,)])
        for key, value in raw.items()
        if not any(fault[:1] == (key,) and _names_field(value, fault[1:]) for fault in faults)
    }


def _names_field(value: Value, rest: Location) -> bool:
    return not (isinstance(value, list) and rest and isinstance(rest[0], int))


def _without_entries(value: Value, faults: list[Location]) -> Value:
    if not faults:
        return value
    entries = [
        _saved_entry(entry, [fault[1:] for fault in faults if fault[0] == index])
        for index, entry in enumerate(value)
    ]
    return [entry for entry in entries if entry is not None]


def _saved_entry(entry: Value, faults: list[Location]) -> Value | None:
    """An entry without its faults; None if it is no table, or lacks a field that nothing can stand in for."""
    if not faults:
        return entry
    if not isinstance(entry, dict):
        return None
    lacking = {str(fault[0]) for fault in faults if fault and fault[0] not in entry}
    if not all(faults) or not lacking <= STAND_INS.keys():
        return None
    return {**_without(entry, faults), **{key: STAND_INS[key] for key in lacking}}
