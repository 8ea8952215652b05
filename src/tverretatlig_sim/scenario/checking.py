"""Checking one table against its model, keeping what is sound of a table that is not."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from tverretatlig_sim.scenario.errors import Origin, Problem
from tverretatlig_sim.scenario.files import Value
from tverretatlig_sim.scenario.messages import Location, problems_of

M = TypeVar("M", bound=BaseModel)


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
    kept = []
    for index, entry in enumerate(value):
        inner = [fault[1:] for fault in faults if fault[0] == index]
        whole = not isinstance(entry, dict) or any(
            fault[:1] not in {(key,) for key in entry} for fault in inner
        )
        if not (inner and whole):
            kept.append(_without(entry, inner) if inner else entry)
    return kept
