"""One table against its model: pydantic's findings in plain words, with entities called by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin
from unicodedata import normalize

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.errors import (
    EMPTY_NAME,
    MISSING,
    Origin,
    Problem,
    ScenarioError,
    among,
    did_you_mean,
    is_,
    listed,
    quoted,
)
from tverretatlig_sim.scenario.files import Raw, Value
from tverretatlig_sim.scenario.quantity import PRINTABLE, Quantity

Words = tuple[Message | str, Message | str, Message | str]
"""What is wrong, what is allowed, and a hint."""

FILES = ("ScenarioFile", "WholeScenario", "Actors", "Arrangement", "Portfolio", "Letters")
LOADER_KEYS = {
    "evidence": FILES,
    "without": ("Arrangement",),
    "factor": ("Quantity",),
    "spread": ("Quantity",),
}
"""Keys that the loader consumes before a table is checked, and the tables that can have them."""
TABLE, NUMBER = _("a table"), _("a number")
ALLOWED = {
    "string_type": _("text in quotation marks"),
    "bool_type": _("true or false"),
    "list_type": _("a list"),
    "tuple_type": _("a list of two numbers"),
    "dict_type": TABLE,
    "model_type": TABLE,
    "model_attributes_type": TABLE,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "int_type": _("a whole number"),
    "finite_number": _("a finite number"),
    "string_pattern_mismatch": _('a month "YYYY-MM" from 1900 to 2099'),
    "unprintable": _("printable text on one line"),
    "string_too_short": EMPTY_NAME[1],
    "string_too_long": _("at most {limit} characters"),
    "too_short": _("at least one entry"),
    "too_long": _("at most {limit:g}"),
    "greater_than": _("above {limit:g}"),
    "greater_than_equal": _("at least {limit:g}"),
    "less_than_equal": _("at most {limit:g}"),
}
"""What would be right where pydantic finds an error of a type."""
WHAT = {
    "string_too_short": EMPTY_NAME[0],
    "string_too_long": _("is too long"),
    "too_short": _("is empty"),
    "too_long": _("has too many entries"),
}
"""What is wrong there, unless it is the value itself."""
LIMITS = ("gt", "ge", "le", "max_length")
"""How pydantic calls the limit that was not kept."""


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

    def having(self, table: Mapping[str, Value]) -> Sourced:
        """The same with other values of some keys."""
        return Sourced({**self, **table}, self.origin, self.origins)


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


def checked(model: type[M], raw: Value, origin: Origin, problems: list[Problem]) -> M | None:
    """The table as a model; None if something is wrong with it, which is appended to the problems.

    Args:
        model: what the table should be.
        raw: the table as read.
        origin: where it stands, unless it says so itself.
        problems: found problems are appended here.
    """
    try:
        return read(model, raw, origin)
    except ScenarioError as error:
        problems += error.problems
        return None


def read(model: type[M], raw: Value, origin: Origin) -> M:
    """The table as a model; arguments as of ``checked``.

    Raises:
        ScenarioError: with everything that is wrong with it.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise ScenarioError(problems_of(error, model, raw, origin)) from None


def lenient(model: type[M], raw: Value) -> M | None:
    """The table as far as it can be read: None wherever it cannot; no table is None as a whole."""
    found: dict[str, Any] = {}
    for name, info in model.model_fields.items() if isinstance(raw, dict) else ():
        value, inner = raw.get(name), _inner_model(info.annotation)
        if name not in raw:
            found[name] = None if info.is_required() else info.get_default()
        elif inner is not None and inner is not Quantity:
            rows = [lenient(inner, row) for row in tables(value)]
            listed = get_origin(info.annotation) is list
            found[name] = (
                rows if listed and isinstance(value, list) else None if listed else lenient(inner, value)
            )
        else:
            with suppress(ValidationError):
                found[name] = _adapter(model, name).validate_python(value)
    if not isinstance(raw, dict):
        return None
    return model.model_construct({*raw}, **{**dict.fromkeys(model.model_fields), **found})


@cache
def _adapter(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    field: Any = model.model_fields[name]
    return TypeAdapter(Annotated[field.annotation, field])


def problems_of(error: ValidationError, model: type[BaseModel], raw: Value, origin: Origin) -> list[Problem]:
    """One problem for each thing pydantic found in a table; arguments as of ``checked``."""
    return [_problem(item, model, raw, origin) for item in error.errors(include_url=False)]


def _problem(item: ErrorDetails, model: type[BaseModel], raw: Value, origin: Origin) -> Problem:
    """What is wrong at a location, each entity called by its name, fields by their keys."""
    parts: list[Message | str] = []
    here = raw
    for step in item["loc"]:
        if isinstance(here, Sourced):
            origin = here.origins.get(str(step), origin)
        if isinstance(step, int):
            here = here[step] if isinstance(here, list) and step < len(here) else None
            parts.append(joined(" ", (parts.pop() if parts else _("entry"), _label(here, step))))
        elif isinstance(here, dict) and not step.startswith("["):  # pydantic marks keys and branches so
            parts.append(step if step.isidentifier() else quoted(step))
            here = here.get(step)
        if isinstance(here, Sourced) and here.origin is not None:
            origin, parts = here.origin, []
    return origin.problem(joined(", ", parts), *_words(item, model), code=item["type"])


def _label(entry: Value, index: int) -> Message | str:
    found = entry if isinstance(entry, dict) else {}
    source, target = text(found.get("source_agency")), text(found.get("target_agency"))
    if source and target:
        return pair_of(source, target)
    name = text(found.get("name", found.get("agency")))
    return quoted(name) if name else _("number {number}", number=index + 1)


def pair_of(source: object, target: object) -> Message | str:
    """What a tie is called."""
    return _("{source} to {target}", source=quoted(source), target=quoted(target))


def _words(item: ErrorDetails, model: type[BaseModel]) -> Words:
    kind, value, found = item["type"], item["input"], item.get("ctx", {})
    if kind in ("extra_forbidden", "missing"):
        return _key_words(kind, str(item["loc"][-1]), _model_at(model, item["loc"][:-1]))
    if kind == "literal_error":
        return _not_among(value, re.findall(r"'([^']*)'", found["expected"]))
    if kind in ("not_a_number", "out_of_bounds"):
        return _is(value), found["allowed"], _decimal_hint(_number_of(value))
    if kind not in ALLOWED:
        return found.get("what", item["msg"]), found.get("allowed", ""), ""
    what, limits = WHAT.get(kind, _is(value)), [found[key] for key in LIMITS if key in found]
    allowed = Message(ALLOWED[kind].template, {"limit": limits[0]} if limits else {})
    if found.get("pattern") == PRINTABLE:
        what, allowed = _("{value} holds control characters", value=quoted(value)), ALLOWED["unprintable"]
    elif isinstance(value, date):
        what = _("is the date {date}", date=value)
        allowed = _('a month in quotation marks: "{month}"', month=f"{value:%Y-%m}")
    return what, allowed, ""


def _key_words(kind: str, key: str, model: type[BaseModel]) -> Words:
    """What is wrong with a key that is missing, or that there is not."""
    if kind == "missing":
        return MISSING, _needed(model, key), ""
    consumed = {word for word, models in LOADER_KEYS.items() if model.__name__ in models}
    known = model.model_fields.keys() | consumed
    return _("unknown key"), *among(key, known)


def _not_among(value: Value, words: list[str]) -> Words:
    if words == ["all"]:
        return _is(value), _('a list of names, or "all"'), ""
    return _is(value), listed(words), did_you_mean(value, words) if isinstance(value, str) else ""


def _needed(model: type[BaseModel], field: str) -> Message | str:
    """What a field that is missing must hold: what is said to be right when empty text stands there."""
    try:
        model.model_validate({field: ""})
    except ValidationError as error:
        for item in error.errors(include_url=False):
            if item["loc"][:1] == (field,) and item["type"] != "string_too_short":
                return _words(item, model)[1]
    return ALLOWED["string_type"]


def _model_at(model: type[BaseModel], steps: tuple[int | str, ...]) -> type[BaseModel]:
    for step in steps:
        field = model.model_fields.get(str(step))
        model = (_inner_model(field.annotation) if field else None) or model
    return model


def _inner_model(annotation: Value) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _inner_model(part))), None)


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
    found = re.fullmatch(r"\s*([-+]?\d+)([.,]\d+)?\s*", value) if isinstance(value, str) else None
    if found and found[2] and found[2][0] == ",":
        number = f"{found[1]}.{found[2][1:]}"
        return _("write a decimal point and no quotation marks: {number}", number=number)
    return _("write numbers without quotation marks") if found else ""
