"""One table against its model: pydantic's findings in plain words, with entities called by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin
from unicodedata import normalize

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.errors import (
    EMPTY_NAME,
    MISSING,
    Origin,
    Problem,
    at_most,
    did_you_mean,
    is_,
    listed,
    quoted,
)
from tverretatlig_sim.scenario.files import Raw, Value
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.schema import MONTHLY, PRINTABLE, Everyone

Location = tuple[int | str, ...]
Context = dict[str, Any]
Words = tuple[Message | str, Message | str, Message | str]
"""What is wrong, what is allowed, and a hint."""

BRANCH = ("list[", "literal[")
"""How pydantic marks the branches of a union in a location."""
LOADER_KEYS = {
    "ScenarioFile": {"evidence"},
    "WholeScenario": {"evidence"},
    "Actors": {"evidence"},
    "Arrangement": {"evidence", "without"},
    "Portfolio": {"evidence"},
    "Letters": {"evidence"},
    "Quantity": {"factor", "spread"},
}
"""Keys that the loader consumes before a table is checked."""
SEATS, MONTH = _('a list of names, or "all"'), _('a month "YYYY-MM" from 1900 to 2099')
HUGE = 1e300
UNIONS = (Union, UnionType)
TYPES = {
    "string_type": _("text in quotation marks"),
    "bool_type": _("true or false"),
    "list_type": _("a list"),
    "tuple_type": _("a list of two numbers"),
    "dict_type": _("a table"),
    "model_type": _("a table"),
    "model_attributes_type": _("a table"),
    "float_type": _("a number"),
    "float_parsing": _("a number"),
    "int_type": _("a whole number"),
}

SHAPES: tuple[tuple[type, Message], ...] = (
    (Quantity, TYPES["float_type"]),
    (BaseModel, TYPES["model_type"]),
    (dict, TYPES["dict_type"]),
    (list, TYPES["list_type"]),
    (tuple, TYPES["list_type"]),
    (str, TYPES["string_type"]),
    (bool, TYPES["bool_type"]),
    (int, TYPES["int_type"]),
    (float, TYPES["float_type"]),
)
"""What is written for a type, more special types first."""


M = TypeVar("M", bound=BaseModel)


class Sourced(Raw):
    """A table that knows where it stands.

    Attributes:
        origin: its own place, if it is the top of a file or of a part; None if that of the table around it.
        origins: those of single keys, where keys were inherited.
    """

    def __init__(
        self,
        table: Mapping[str, Value],
        origin: Origin | None = None,
        origins: Mapping[str, Origin] | None = None,
    ) -> None:
        super().__init__(table)
        self.origin = origin
        self.origins = dict(origins or {})


def plain(name: str) -> str:
    """A name as the schema stores it: trimmed, in Unicode normal form C."""
    return normalize("NFC", name.strip())


def text(value: Value) -> str | None:
    """A name that a table which was not checked gives; None if it is none."""
    return (plain(value) or None) if isinstance(value, str) else None


def texts(value: Value) -> list[str]:
    """Names in a list of such a table."""
    found = map(text, value) if isinstance(value, list) else ()
    return [name for name in found if name]


def tables(value: Value) -> list[Raw]:
    """Tables in a list of such a table."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def number(value: Value) -> float | None:
    """A number that such a table gives, bare or with its evidence; None if it is none."""
    value = _number_of(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if -HUGE < value < HUGE else None


def checked(model: type[M], raw: Value, origin: Origin, problems: list[Problem]) -> M | None:
    """The table as a model; None if something is wrong with it, which is appended to the problems.

    Args:
        model: what the table should be.
        raw: the table as read.
        origin: where it stands, unless it says so itself.
        problems: found problems are appended here.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problems += problems_of(error, model, raw, origin)
        return None


def problems_of(error: ValidationError, model: type[BaseModel], raw: Value, origin: Origin) -> list[Problem]:
    """One problem for each thing pydantic found in a table; arguments as of ``checked``."""
    details = [item for item in error.errors(include_url=False) if not _is_other_branch(item, raw)]
    return [_problem(item, model, raw, origin) for item in details]


def _problem(item: ErrorDetails, model: type[BaseModel], raw: Value, origin: Origin) -> Problem:
    """What is wrong at a location, each entity called by its name, fields by their keys."""
    parts: list[Message | str] = []
    here = raw
    for step in item["loc"]:
        if isinstance(here, Sourced):
            origin = here.origins.get(str(step), origin)
        if isinstance(step, int):
            entry = here[step] if isinstance(here, list) and step < len(here) else None
            parts.append(joined(" ", (parts.pop() if parts else _("entry"), _label(entry, step))))
            here = entry
        elif isinstance(here, dict) and not step.startswith((*BRANCH, "[key]")):
            parts.append(step if step.isidentifier() else quoted(step))
            here = here.get(step)
        if isinstance(here, Sourced) and here.origin is not None:
            origin, parts = here.origin, []
    return origin.problem(joined(", ", parts), *_words(item, model), code=item["type"])


def _label(entry: Value, index: int) -> Message | str:
    if isinstance(entry, dict):
        pair = entry.get("source_agency"), entry.get("target_agency")
        if all(isinstance(name, str) for name in pair):
            return pair_of(*pair)
        name = entry.get("name", entry.get("agency"))
        if isinstance(name, str) and name.strip():
            return quoted(name.strip())
    return _("number {number}", number=index + 1)


def pair_of(source: object, target: object) -> Message | str:
    """What a tie is called."""
    return _("{source} to {target}", source=quoted(source), target=quoted(target))


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
    if kind == "missing":
        return MISSING, _needed(model, item["loc"]), ""
    if kind in TYPES:
        return _wrong_type(value, TYPES[kind])
    if kind in SAID:
        return SAID[kind](value, context)
    return context.get("what", item["msg"]), context.get("allowed", ""), ""


def _unknown_key(key: str, model: type[BaseModel], steps: Location) -> Words:
    table = _model_at(model, steps)
    known = set(table.model_fields) | LOADER_KEYS.get(table.__name__, set())
    return _("unknown key"), listed(known), did_you_mean(key, known)


def _needed(model: type[BaseModel], location: Location) -> Message | str:
    """What a field that is missing must hold; empty if there are no words for it."""
    field = _model_at(model, location[:-1]).model_fields.get(str(location[-1]))
    if field is None:
        return ""
    if any(getattr(mark, "pattern", None) == MONTHLY for mark in field.metadata):
        return MONTH
    branches = get_args(field.annotation) if get_origin(field.annotation) in UNIONS else (field.annotation,)
    return SEATS if Everyone in branches else _shape(branches[0])


def _shape(annotation: Value) -> Message | str:
    """What is written for a type."""
    kind: Value = get_origin(annotation) or annotation
    if kind is Annotated:
        return _shape(get_args(annotation)[0])
    if kind is Literal:
        return listed(map(str, get_args(annotation)))
    return next((said for known, said in SHAPES if isinstance(kind, type) and issubclass(kind, known)), "")


def _model_at(model: type[BaseModel], steps: Location) -> type[BaseModel]:
    for step in steps:
        field = model.model_fields.get(step) if isinstance(step, str) else None
        model = (_inner_model(field.annotation) if field else None) or model
    return model


def _inner_model(annotation: Value) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _inner_model(part))), None)


def _wrong_type(value: Value, allowed: Message | str) -> Words:
    if isinstance(value, date):
        month = _('a month in quotation marks: "{month}"', month=f"{value:%Y-%m}")
        return _("is the date {date}", date=value), month, ""
    return _is(value), allowed, ""


def _not_among(value: Value, context: Context) -> Words:
    words = re.findall(r"'([^']*)'", str(context["expected"]))
    if words == ["all"]:
        return _is(value), SEATS, ""
    hint = did_you_mean(value, words) if isinstance(value, str) else ""
    return _is(value), listed(words), hint


def _not_a_number(value: Value, context: Context) -> Words:
    return _is(value), context["allowed"], _decimal_hint(_number_of(value))


def _wrong_pattern(value: Value, context: Context) -> Words:
    if context["pattern"] == PRINTABLE:
        what = _("{value} holds control characters", value=quoted(value))
        return what, _("printable text on one line"), ""
    return _is(value), MONTH, ""


SAID: dict[str, Callable[[Any, Context], Words]] = {
    "literal_error": _not_among,
    "not_a_number": _not_a_number,
    "out_of_bounds": _not_a_number,
    "finite_number": lambda value, found: (_is(value), _("a finite number"), ""),
    "string_pattern_mismatch": _wrong_pattern,
    "string_too_short": lambda value, found: (*EMPTY_NAME, ""),
    "string_too_long": lambda value, found: (
        _("is too long"), _("at most {number} characters", number=found["max_length"]), ""
    ),
    "greater_than": lambda value, found: (_is(value), _("above {limit:g}", limit=found["gt"]), ""),
    "greater_than_equal": lambda value, found: (_is(value), _("at least {limit:g}", limit=found["ge"]), ""),
    "less_than_equal": lambda value, found: (_is(value), at_most(found["le"]), ""),
    "too_short": lambda value, found: (_("is empty"), _("at least one entry"), ""),
    "too_long": lambda value, found: (_("has too many entries"), at_most(found["max_length"]), ""),
}  # fmt: skip
"""Sentences for pydantic's error types; of any other type, pydantic's own sentence stands."""


def _number_of(value: Value) -> Value:
    """What stands for the number in a quantity, bare or in a table."""
    if isinstance(value, Quantity):
        return value.value
    return value["value"] if isinstance(value, dict) and "value" in value else value


def _is(value: Value) -> Message | str:
    """What is wrong with a value: what it is."""
    value = _number_of(value)
    if isinstance(value, str):
        return _("is the text {text}", text=quoted(value)) if value.strip() else _("is empty text")
    if isinstance(value, dict):
        return _("is a table")
    return _("is a list") if isinstance(value, list | tuple) else is_(value)


def _decimal_hint(value: Value) -> Message | str:
    if not isinstance(value, str):
        return ""
    if re.fullmatch(r"\s*[-+]?\d+,\d+\s*", value):
        number = value.strip().replace(",", ".")
        return _("write a decimal point and no quotation marks: {number}", number=number)
    quoted_number = re.fullmatch(r"\s*[-+]?\d+(\.\d+)?\s*", value)
    return _("write numbers without quotation marks") if quoted_number else ""
