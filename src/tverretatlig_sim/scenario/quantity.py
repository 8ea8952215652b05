"""What fields of a file hold: numbers that know where they come from, names and months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from math import ceil, floor
from typing import TYPE_CHECKING, Annotated, Any, Literal, LiteralString, TypeVar, get_args
from unicodedata import normalize

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    StringConstraints,
    Tag,
    ValidatorFunctionWrapHandler,
    model_serializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from tverretatlig_sim.i18n import Message, _, joined

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDEST = 1e6
"""Largest ``factor`` or ``spread``."""

LARGEST = 1e308

Grade = Literal["sourced", "derived", "assumed"]
M = TypeVar("M")


class Quantity(BaseModel):
    """A number with its evidence.

    Attributes:
        value: the number itself, in the unit of the field that holds it.
        range: lowest and highest plausible value, where the number is not certain.
        grade: ``sourced`` (stated in a source), ``derived`` (computed from stated facts) or ``assumed``.
        source: source tag and section, e.g. ``DFO25 2.3``; for assumed numbers, the reason.
        note: the derivation, or anything a reader must know.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)

    _file: str = PrivateAttr("")

    value: float
    range: Annotated[tuple[float, float], Field(strict=False)] | None = None
    grade: Grade = "assumed"
    source: str = ""
    note: str = ""

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> Any:  # noqa: ANN401
        """As in a file: a number of which nothing else is said stands alone."""
        said = write(self)
        if not isinstance(said, dict):  # what was put in its place in memory
            return said
        if "range" in said:
            said["range"] = said["range"] and [*said["range"]]
        return said["value"] if len(said) == 1 else said

    @property
    def span(self) -> tuple[float, float]:
        """Lowest and highest plausible value; twice the value where no range is given."""
        return self.range or (self.value, self.value)

    @property
    def file(self) -> str:
        """The file that states it, empty for what was made in memory; equality does not hang on it."""
        return self._file

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__.values()))

    def of_file(self, file: str) -> Quantity:
        """The same number, stated in a file."""
        copy = self.model_copy()
        copy._file = file
        return copy

    def __float__(self) -> float:
        # Of what differs between runs, one stands for all where only its being there is asked.
        return float(self.value.by_run[0]) if isinstance(self.value, Drawn) else self.value

    def __int__(self) -> int:
        return int(float(self))


@dataclass(frozen=True, eq=False)
class Drawn:
    """Stands for the value of a number that differs between runs. Shape (run,)."""

    by_run: NDArray[np.float64]


def drawn(quantity: Quantity, by_run: NDArray[np.float64]) -> Quantity:
    """The number with a value for each run; only a world can be built of what holds it."""
    return quantity.model_copy(update={"value": Drawn(by_run)})


def keep_files(given: object, read: object) -> None:
    """Have numbers that were read again know the files of those they were read from.

    Args:
        given: numbers, models, tables or lists of these.
        read: of the same make.
    """
    if isinstance(given, Quantity) and isinstance(read, Quantity):
        if given.file:
            read._file = given.file
    elif isinstance(given, BaseModel) and isinstance(read, BaseModel):
        keep_files(vars(given), vars(read))
    elif isinstance(given, Mapping) and isinstance(read, Mapping):
        for key in given.keys() & read.keys():
            keep_files(given[key], read[key])
    elif isinstance(given, list | tuple) and isinstance(read, list | tuple):
        for one, other in zip(given, read, strict=False):
            keep_files(one, other)


def amount(quantity: Quantity) -> Any:  # noqa: ANN401
    """The number itself, or one a run."""
    return quantity.value.by_run if isinstance(quantity.value, Drawn) else quantity.value


class Stated(dict[str, Any]):
    """The table of a number that knows in which file it stands."""

    file: str = ""


@dataclass(frozen=True)
class Bounds:
    """Hard limits of a field: what is physically or logically possible, not what is plausible."""

    low: float
    high: float
    unit: str = ""
    whole: bool = False
    above: bool = False

    @property
    def allowed(self) -> Message | str:
        """The limits in words, as error messages show them."""
        kind = _("a whole number") if self.whole else _("a number")
        above, from_ = _("above {low:g}", low=self.low), _("from {low:g}", low=self.low)
        upper = _("to {high:g}", high=self.high)
        return joined(" ", (kind, above if self.above else from_, upper, Message(self.unit)))

    def holds(self, value: float) -> bool:
        """Whether a value lies within the limits."""
        inside = self.low < value if self.above else self.low <= value
        return inside and value <= self.high and (not self.whole or float(value).is_integer())

    def clipped(self, number: float, base: float) -> float:
        """A number within the limits, and whole where it must be.

        A limit that must not be reached is approached to a hundredth of the way from the base.
        """
        inside = min(max(number, self._lowest(base)), self.high)
        return float(floor(inside + 0.5)) if self.whole else inside

    def _lowest(self, base: float) -> float:
        return self.low + (base - self.low) / 100 if self.above else self.low

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept a bare number or a table, then check the limits."""
        checked = core_schema.no_info_after_validator_function(self._check, handler(source))
        return core_schema.no_info_wrap_validator_function(self._read, checked)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """A bare number within the limits, or a table."""
        lowest = "exclusiveMinimum" if self.above else "minimum"
        kind = "integer" if self.whole else "number"
        number = {"type": kind, lowest: self.low, "maximum": self.high, "description": str(self.allowed)}
        return {"anyOf": [number, handler(schema)]}

    def _read(self, raw: object, handler: ValidatorFunctionWrapHandler) -> Quantity:
        quantity: Quantity = handler(self._as_table(raw))
        return quantity.of_file(raw.file) if isinstance(raw, Stated) else quantity

    def _as_table(self, raw: object) -> object:
        """A bare number as a table, and a table with its ``factor`` or ``spread`` turned into a range."""
        if isinstance(raw, Quantity):
            return raw
        table = dict(raw) if isinstance(raw, dict) else {"value": raw}
        if "value" in table:
            table["value"] = self._number(table["value"])
            return self._with_range(table)
        return table

    def _number(self, raw: object) -> float:
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise self._fault("not_a_number")
        if not -LARGEST <= raw <= LARGEST:
            raise self._fault("out_of_bounds")
        return float(raw)

    def _fault(self, kind: LiteralString) -> PydanticCustomError:
        return fault(kind, _("must be {allowed}", allowed=self.allowed), self.allowed)

    def _with_range(self, table: dict[str, Any]) -> dict[str, Any]:
        given = [key for key in ("range", "factor", "spread") if key in table]
        if len(given) > 1:
            keys = _("{one} and {other}", one=given[0], other=given[1])
            raise fault("range_twice", _("gives its range twice: {keys}", keys=keys))
        if not given or given == ["range"]:
            return table
        kind, width = given[0], table.pop(given[0])
        widths = Bounds(1 if kind == "factor" else 0, WIDEST)
        if isinstance(width, bool) or not isinstance(width, int | float) or not widths.holds(width):
            raise fault("range_width", _("has a faulty {kind}", kind=kind), widths.allowed)
        return {**table, "range": self._around(table["value"], kind, width)}

    def _around(self, value: float, kind: str, width: float) -> tuple[float, float]:
        """The range a factor or spread stands for, clipped to the limits and, if whole, to whole numbers."""
        ends = (value / width, value * width) if kind == "factor" else (value - width, value + width)
        low, high = max(min(ends), self._lowest(value)), min(max(ends), self.high)
        return (ceil(low), floor(high)) if self.whole else (low, high)

    def _check(self, quantity: Quantity) -> Quantity:
        if not self.holds(quantity.value):
            raise self._fault("out_of_bounds")
        if quantity.range is not None:
            low, high = quantity.range
            if not low <= quantity.value <= high:
                raise fault("outside_range", _("lies outside its own range"))
            if not (self.holds(low) and self.holds(high)):
                raise fault("range_out_of_bounds", _("has a range beyond the limits"), self.allowed)
        return quantity


@cache
def marked(model: type[BaseModel], mark: type[M]) -> Mapping[str, M]:
    """Fields of a table whose annotation holds a mark of a kind, with the mark."""
    found = {
        name: _mark((*info.metadata, info.annotation), mark) for name, info in model.model_fields.items()
    }
    return {name: one for name, one in found.items() if one is not None}


def number_fields(model: type[BaseModel]) -> Mapping[str, Bounds]:
    """Fields of a table that can hold numbers, and their hard limits."""
    return marked(model, Bounds)


def _mark(annotation: Any, mark: type[M]) -> M | None:  # noqa: ANN401
    parts = annotation if isinstance(annotation, tuple) else get_args(annotation)
    found = (part if isinstance(part, mark) else _mark(part, mark) for part in parts)
    return next((one for one in found if one is not None), None)


def capped(quantity: Quantity, limit: float, reason: str) -> Quantity:
    """A number and its range cut to a limit, with the reason in its note if the number is above it."""
    if isinstance(quantity.value, Drawn):
        return drawn(quantity, quantity.value.by_run.clip(max=limit))
    if max(quantity.value, *quantity.span) <= limit:
        return quantity
    cut: dict[str, object] = {"range": (min(quantity.span[0], limit), float(limit))}
    if quantity.value > limit:
        note = "; ".join(part for part in (quantity.note, f"{quantity.value:g}, cut: {reason}") if part)
        cut |= {"value": float(limit), "note": note}
    return quantity.model_copy(update=cut)


def fault(kind: LiteralString, what: Message | str, allowed: Message | str = "") -> PydanticCustomError:
    """What is wrong, in a form that pydantic hands on to ``scenario.messages``."""
    return PydanticCustomError(kind, "{what}", {"what": what, "allowed": allowed})


Override = Annotated[Quantity, Bounds(-1e12, 1e12)]
Share = Annotated[Quantity, Bounds(0, 1)]
Signed = Annotated[Quantity, Bounds(-1, 1)]
Factor = Annotated[Quantity, Bounds(0, 10, "times")]
MOST_FTE = 100_000
Fte = Annotated[Quantity, Bounds(0, MOST_FTE, "full-time equivalents")]
PositiveFte = Annotated[Quantity, Bounds(0, MOST_FTE, "full-time equivalents", above=True)]
FteMonths = Annotated[Quantity, Bounds(0, 100_000, "FTE-months", above=True)]
LineWork = Annotated[Quantity, Bounds(0, 100_000, "FTE-months")]
Staff = Annotated[Quantity, Bounds(1, 1_000_000, "people")]
Months = Annotated[Quantity, Bounds(1, 600, "months")]
Wait = Annotated[Quantity, Bounds(0, 600, "months", whole=True)]
WholeMonths = Annotated[Quantity, Bounds(1, 600, "months", whole=True)]
Count = Annotated[Quantity, Bounds(0, 1000, whole=True)]
PositiveCount = Annotated[Quantity, Bounds(1, 1000, whole=True)]
Rung = Annotated[Quantity, Bounds(1, 4, whole=True)]
MonthOfYear = Annotated[Quantity, Bounds(1, 12, whole=True)]

# --- names and months

PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*$"
"""No control characters, line ends or invisible marks."""

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=PRINTABLE),
    AfterValidator(partial(normalize, "NFC")),
]
"""Plain text on one line; the same letters always have the same code points."""
LongName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=PRINTABLE),
    AfterValidator(partial(normalize, "NFC")),
]
"""A scenario's name, which grows with every lever."""
MONTHLY = r"^(19|20)\d\d-(0[1-9]|1[0-2])$"
Date = Annotated[str, StringConstraints(pattern=MONTHLY)]
"""A calendar month, ``YYYY-MM``."""
NameOrTable = Annotated[
    Annotated[LongName, Tag("[name]")] | Annotated[dict[str, Any], Tag("[table]")],
    Discriminator(lambda value: "[table]" if isinstance(value, dict) else "[name]"),
]
