"""Pydantic's findings in plain words, with entities called by their names."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tverretatlig_sim.scenario.errors import Origin, Problem, did_you_mean, listed, quoted
from tverretatlig_sim.scenario.files import Value
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.schema import PRINTABLE

Location = tuple[int | str, ...]
Context = dict[str, Any]
Words = tuple[str, str, str]
"""What is wrong, what is allowed, and a hint."""

BRANCH = ("list[", "literal[")
"""How pydantic marks the branches of a union in a location."""
LOADER_KEYS = {
    "ScenarioFile": {"evidence"},
    "Actors": {"evidence"},
    "Arrangement": {"evidence", "without"},
    "Portfolio": {"evidence"},
    "Letters": {"evidence"},
    "Quantity": {"factor", "spread"},
}
"""Keys that the loader consumes before a table is checked."""
TYPES = {
    "string_type": "text in quotation marks",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list of two numbers",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
}


def problems_of(error: ValidationError, model: type[BaseModel], raw: Value, origin: Origin) -> list[Problem]:
    """One problem for each thing pydantic found in a table.

    Args:
        error: what pydantic raised.
        model: the table's model.
        raw: the table as it was checked.
        origin: where the table stands.
    """
    details = [item for item in error.errors(include_url=False) if not _is_other_branch(item, raw)]
    return [origin.problem(place(raw, item["loc"]), *_words(item, model)) for item in details]


def place(raw: Value, location: Location) -> str:
    """A location in words: each entity by its name, fields by their keys."""
    parts: list[str] = []
    here = raw
    for step in location:
        if isinstance(step, int):
            entry = here[step] if isinstance(here, list) and step < len(here) else None
            parts.append(f"{parts.pop() if parts else 'entry'} {_label(entry, step)}")
            here = entry
        elif isinstance(here, dict) and not step.startswith((*BRANCH, "[key]")):
            parts.append(step if step.isidentifier() else quoted(step))
            here = here.get(step)
    return ", ".join(parts)


def _label(entry: Value, index: int) -> str:
    if isinstance(entry, dict):
        pair = entry.get("source_agency"), entry.get("target_agency")
        if all(isinstance(name, str) for name in pair):
            return f"{quoted(pair[0])} to {quoted(pair[1])}"
        name = entry.get("name", entry.get("agency"))
        if isinstance(name, str) and name.strip():
            return quoted(name.strip())
    return f"number {index + 1}"


def _is_other_branch(item: ErrorDetails, raw: Value) -> bool:
    """Whether the error belongs to the branch of ``list or "all"`` that the author did not mean."""
    here = raw
    for step in item["loc"]:
        if isinstance(step, str) and step.startswith(BRANCH):
            return step.startswith("literal[") == isinstance(here, list)
        here = _step(here, step)
    return False


def _step(here: Value, step: int | str) -> Value:
    if isinstance(step, int):
        return here[step] if isinstance(here, list) and step < len(here) else None
    return here.get(step) if isinstance(here, dict) else None


def _words(item: ErrorDetails, model: type[BaseModel]) -> Words:
    kind, value, context = item["type"], item["input"], item.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(str(item["loc"][-1]), model, item["loc"][:-1])
    if kind in TYPES:
        return _wrong_type(value, TYPES[kind])
    if kind in SAID:
        return SAID[kind](value, context)
    return item["msg"], str(context.get("allowed", "")), ""


def _unknown_key(key: str, model: type[BaseModel], steps: Location) -> Words:
    table = _model_at(model, steps)
    known = set(table.model_fields) | LOADER_KEYS.get(table.__name__, set())
    return "unknown key", listed(known), did_you_mean(key, known)


def _model_at(model: type[BaseModel], steps: Location) -> type[BaseModel]:
    for step in steps:
        field = model.model_fields.get(step) if isinstance(step, str) else None
        model = (_inner_model(field.annotation) if field else None) or model
    return model


def _inner_model(annotation: Value) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _inner_model(part))), None)


def _wrong_type(value: Value, allowed: str) -> Words:
    if isinstance(value, date):
        return f"is the date {value}", f'a month in quotation marks: "{value:%Y-%m}"', ""
    return f"is {_described(value)}", allowed, ""


def _not_among(value: Value, context: Context) -> Words:
    words = re.findall(r"'([^']*)'", str(context["expected"]))
    if words == ["all"]:
        return f"is {_described(value)}", 'a list of names, or "all"', ""
    hint = did_you_mean(value, words) if isinstance(value, str) else ""
    return f"is {_described(value)}", listed(words), hint


def _not_a_number(value: Value, context: Context) -> Words:
    return f"is {_described(value)}", str(context["allowed"]), _decimal_hint(_number_of(value))


def _wrong_pattern(value: Value, context: Context) -> Words:
    if context["pattern"] == PRINTABLE:
        return f"{quoted(value)} holds control characters", "printable text on one line", ""
    return f"is {_described(value)}", 'a month "YYYY-MM" from 1900 to 2099', ""


SAID: dict[str, Callable[[Any, Context], Words]] = {
    "missing": lambda value, context: ("is missing", "", ""),
    "literal_error": _not_among,
    "not_a_number": _not_a_number,
    "out_of_bounds": _not_a_number,
    "finite_number": lambda value, context: (f"is {_described(value)}", "a finite number", ""),
    "string_pattern_mismatch": _wrong_pattern,
    "string_too_short": lambda value, context: ("is an empty name", "a name of 1 to 120 characters", ""),
    "string_too_long": lambda value, context: (
        "is too long",
        f"at most {context['max_length']} characters",
        "",
    ),
    "greater_than": lambda value, context: (f"is {_described(value)}", f"above {context['gt']:g}", ""),
    "greater_than_equal": lambda value, context: (
        f"is {_described(value)}",
        f"at least {context['ge']:g}",
        "",
    ),
    "less_than_equal": lambda value, context: (f"is {_described(value)}", f"at most {context['le']:g}", ""),
    "too_short": lambda value, context: ("is empty", "at least one entry", ""),
    "too_long": lambda value, context: ("has too many entries", f"at most {context['max_length']}", ""),
}
"""Sentences for pydantic's error types; of any other type, pydantic's own sentence stands."""


def _number_of(value: Value) -> Value:
    """What stands for the number in a quantity, bare or in a table."""
    if isinstance(value, Quantity):
        return value.value
    return value["value"] if isinstance(value, dict) and "value" in value else value


def _described(value: Value) -> str:
    value = _number_of(value)
    if isinstance(value, str):
        return f"the text {quoted(value)}" if value.strip() else "empty text"
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list | tuple) else quoted(value)


def _decimal_hint(value: Value) -> str:
    if not isinstance(value, str):
        return ""
    if re.fullmatch(r"\s*[-+]?\d+,\d+\s*", value):
        return f"write a decimal point and no quotation marks: {value.strip().replace(',', '.')}"
    number = re.fullmatch(r"\s*[-+]?\d+(\.\d+)?\s*", value)
    return "write numbers without quotation marks" if number else ""
