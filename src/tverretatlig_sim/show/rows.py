"""The row model: a result states its rows once, and every renderer reads them; units, directions and numbers.

A result is a ``Sheet`` of paragraphs and tables. A cell of a table is text, a code with a label (``Word``) or
numbers with a unit (``Value``, ``Span``); ``str(cell)`` is what readers see, in the current language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from math import isfinite, nan
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from tverretatlig_sim.ensemble import Direction, Unit
from tverretatlig_sim.i18n import Message, label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_MEASURES: Mapping[Unit, str] = {
    "share": """
        ladder.aimed_joint ladder.rung_1 ladder.rung_2 ladder.rung_3 ladder.rung_4 ladder.negative
        ladder.positive distance.extra_contact distance.cognitive_closed distance.substance
        matrix.decided_in_forums voluntary.reach instrument.legal instrument.economic
        instrument.organisational instrument.pedagogical instrument.legal_implemented
        instrument.economic_implemented instrument.organisational_implemented
        instrument.pedagogical_implemented instrument.lost_at_ministries chain.to_municipalities
        chain.recommendation chain.decision chain.implementation chain.lasting chain.municipal chain.whole
        chain.capacity
    """,
    "fte": "chain.activity",
    "number": "ladder.aimed ladder.ambition ladder.reached",
}
FRAMEWORK_UNITS: Mapping[str, Unit] = {key: unit for unit, keys in _MEASURES.items() for key in keys.split()}
"""Unit of the measures of the sources' frameworks that are no levels."""

MISSING = "–"
PERCENT = "(%)"
NEGLIGIBLE = 1e-9
"""Half widths up to this are rounding errors."""
DECIMALS: dict[Unit, int] = {"share": 1, "level": 2, "count": 1, "months": 1, "fte": 1, "number": 2}


def unit_of(measure: str) -> Unit:
    """Unit of an outcome, or of a measure of the frameworks."""
    if "." in measure:
        return FRAMEWORK_UNITS.get(measure, "level")
    from tverretatlig_sim.ensemble.outcomes import OUTCOMES  # numerical libraries are slow to import

    return OUTCOMES[measure].unit if measure in OUTCOMES else "number"


def number(value: float, decimals: int, *, sign: bool = False) -> str:
    """A number with a fixed number of decimals; a dash if it is missing."""
    if not isfinite(value):
        return MISSING
    return _marked(f"{round(value, decimals) + 0.0:{'+' if sign else ''}.{decimals}f}")


def plain(value: float) -> str:
    """A number as it was given, without needless digits; a dash if it is missing."""
    return _marked(f"{value:g}") if isfinite(value) else MISSING


def _marked(digits: str) -> str:
    return digits.replace("-", "−").replace(".", label("number.point"))


def scaled(value: float, unit: Unit) -> float:
    """A share in per cent; anything else as it is."""
    return 100 * value if unit == "share" else value


def percent(share: float, decimals: int = 0) -> str:
    """A share in per cent, without the sign."""
    return number(100 * share, decimals)


def enough_decimals(*values: float, least: int = 1, most: int = 6) -> int:
    """Decimals with which no number other than zero is shown as zero."""
    for decimals in range(least, most):
        if all(value == 0 or round(value, decimals) != 0 for value in values):
            return decimals
    return most


Row = Mapping[str, Any]
"""One row of a frame: plain Python values by column."""
Document = dict[str, Any]
"""What JSON holds."""

BAR = 14
"""Length of the longest bar, in characters."""


@dataclass(frozen=True)
class Word:
    """A code of data, which readers see by its label.

    Attributes:
        key: the code.
        of: what comes before the code in the key of its label, such as ``stage``; empty if nothing does.
        unit: of the numbers it heads, if it is a measure; per cent is said.
        better: whether more of it is better, less is, or neither can be said; None if it is no outcome.
    """

    key: str
    of: str = ""
    unit: Unit | None = None
    better: Direction | None = None

    def __str__(self) -> str:
        full = f"{self.of}.{self.key}" if self.of else self.key
        said = label(full)
        return (self.key if said == full else said) + (f" {PERCENT}" if self.unit == "share" else "")


def measure(key: str) -> Word:
    """An outcome with its unit and direction, or a measure of the frameworks with its unit."""
    from tverretatlig_sim.ensemble.outcomes import OUTCOMES

    return Word(key, unit=unit_of(key), better=OUTCOMES[key].better if key in OUTCOMES else None)


@dataclass(frozen=True)
class Value:
    """A number, missing if NaN, with what is known of it.

    Attributes:
        mean: the number; a share from 0 to 1.
        unit: its unit; None for a number that is shown as it was given.
        low, high: its interval; NaN if there is none.
        sign: whether a positive number is shown with its sign, as a difference is.
        decimals: how many are shown; None for as many as unit and interval bear.
        ends: whether the interval is shown by its ends instead of its half width.
        after: what is written behind the number.
    """

    mean: float
    unit: Unit | None = None
    low: float = nan
    high: float = nan
    sign: bool = False
    decimals: int | None = None
    ends: bool = False
    after: str = ""

    @classmethod
    def of(cls, row: Row, unit: Unit, *, sign: bool = False) -> Value:
        """The columns ``mean``, ``low`` and ``high`` of a row."""
        return cls(row["mean"], unit, row["low"], row["high"], sign=sign)

    def __str__(self) -> str:
        decimals, half = self.decimals, ""
        if self.unit and decimals is None and not self.ends:
            width = scaled(self.high - self.low, self.unit) / 2
            if width > NEGLIGIBLE:  # neither the same in every run, nor unknown
                least = DECIMALS[self.unit]
                decimals = enough_decimals(width, least=least, most=least + 1)
                half = f" ± {number(width, decimals)}"
        mean, low, high = (
            _written(end, self.unit, decimals, self.sign) for end in (self.mean, self.low, self.high)
        )
        if self.ends and isfinite(self.low) and self.low != self.high:
            mean += f" ({low} … {high})"
        return mean + half + (self.after if isfinite(self.mean) else "")


@dataclass(frozen=True)
class Span:
    """Two ends, or nothing if there are none; attributes as those of ``Value``."""

    low: float | None
    high: float | None
    unit: Unit | None = None
    sign: bool = False
    decimals: int | None = None

    @classmethod
    def of(cls, ends: Sequence[float] | None) -> Span:
        """The lowest and highest of some numbers, as they were given."""
        return cls(min(ends), max(ends)) if ends else cls(None, None)

    def __str__(self) -> str:
        ends = dict.fromkeys(end for end in (self.low, self.high) if end is not None)
        return " … ".join(_written(end, self.unit, self.decimals, self.sign) for end in ends)


def _written(value: float, unit: Unit | None, decimals: int | None, sign: bool) -> str:
    if unit is None:
        return plain(value)
    return number(scaled(value, unit), DECIMALS[unit] if decimals is None else decimals, sign=sign)


@dataclass(frozen=True)
class Bar:
    """A bar beside a number.

    Attributes:
        size: of the longest bar's length, from 0 to 1; below 0 for a negative number, whose bar is hollow.
    """

    size: float

    def __str__(self) -> str:
        return ("█" if self.size > 0 else "░") * round(BAR * abs(self.size)) if isfinite(self.size) else ""


@dataclass(frozen=True)
class Several:
    """Cells in a row, with something between them."""

    cells: Sequence[Cell]
    between: str = ", "

    def __str__(self) -> str:
        return self.between.join(map(text, self.cells))


Cell = Word | Value | Span | Bar | Several | Message | str | int | None
"""One cell of a table; None is empty."""
Cells = Mapping[str, Cell]
"""One row of a table, by column."""


def text(cell: Cell) -> str:
    """A cell as readers see it."""
    return "" if cell is None else str(cell)


@dataclass(frozen=True)
class Group:
    """Rows that belong together, under a heading if it is not empty."""

    rows: Sequence[Cells]
    heading: str = ""
    key: str = ""


@dataclass(frozen=True)
class Table:
    """Rows with the same columns; units stand with the cells, as rows of one table may differ in them.

    Attributes:
        columns: heading by the key that names the column in rows and in CSV.
        groups: the rows.
        title: heading above.
        note: what must be said below.
    """

    columns: Mapping[str, str]
    groups: Sequence[Group]
    title: str = ""
    note: str = ""

    @property
    def rows(self) -> list[Cells]:
        """All rows."""
        return [row for group in self.groups for row in group.rows]


def keyed(
    *parts: Sequence[Cells] | Group,
    of: str = "",
    title: str = "",
    note: str = "",
    heads: Mapping[str, str] = MappingProxyType({}),
) -> Table:
    """A table whose columns are the keys of its rows.

    Args:
        parts: rows, in parts that are set off from each other, or under headings.
        of: what may come before a key in the key of its label: ``left_out`` of ``robust`` is called
            ``robust.left_out``, or ``left_out`` if there is no such label.
        title: heading above.
        note: what must be said below.
        heads: headings of columns that are called otherwise, or not at all.
    """
    groups = [part if isinstance(part, Group) else Group(part) for part in parts]
    keys = dict.fromkeys(key for group in groups for row in group.rows for key in row)
    return Table({key: heads.get(key, _called(key, of)) for key in keys}, groups, title, note)


def _called(key: str, of: str) -> str:
    full = f"{of}.{key}"
    said = label(full)
    return label(key) if said == full else said


class Heading(str):
    """A paragraph that heads what follows."""

    __slots__ = ()


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure.

    Attributes:
        figure: the figure.
        alt: what it shows, for readers who do not see it.
        caption: its heading.
    """

    figure: Figure
    alt: str
    caption: str


@dataclass(frozen=True)
class Points:
    """A list; numbered if its order is referred to."""

    items: Sequence[str]
    numbered: bool = False


@dataclass(frozen=True)
class Details:
    """What is folded up until a reader asks for it."""

    summary: str
    parts: Sequence[Table]


Frame: TypeAlias = "pd.DataFrame | Callable[[], pd.DataFrame]"
"""A table for a file, or what makes it."""
Part = Table | str
"""A table, or a paragraph, of a sheet."""
PagePart = Part | Picture | Points | Details
"""What a page is made of."""


@dataclass(frozen=True)
class Sheet:
    """A result, ready for every renderer.

    Attributes:
        parts: what readers see, from top to bottom.
        document: what machines read, see ``as_data``: all numbers, unrounded, and codes instead of labels.
        frames: each table of a folder of results, or what makes it, by the name of its CSV file.
        figures: what draws each figure of such a folder, by the name of its files without their ending.
        name: of the document's file in such a folder; empty if it has none.
    """

    parts: Sequence[Part]
    document: Document | list[Document]
    frames: Mapping[str, Frame] = field(default_factory=dict)
    figures: Mapping[str, Callable[[], Figure]] = field(default_factory=dict)
    name: str = ""

    def __post_init__(self) -> None:
        """Bring the document in the form of JSON."""
        object.__setattr__(self, "document", as_data(self.document))


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame, without its index."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def fields_of(result: object, *names: str) -> Document:
    """Some attributes of a result, by name."""
    return {name: getattr(result, name) for name in names}


def as_data(value: Any) -> Any:  # noqa: ANN401
    """What JSON holds of a value, also inside others.

    That is the rows of a frame, the fields of what has fields, a message in the current language, and None
    for a number that is missing.
    """
    if isinstance(value, Message):
        return str(value)
    if hasattr(value, "to_dict"):
        value = value.to_dict("records")
    elif hasattr(value, "model_dump"):
        value = value.model_dump()
    elif hasattr(value, "_asdict"):
        value = value._asdict()
    elif is_dataclass(value):
        value = vars(value)
    if isinstance(value, Mapping):
        return {str(key): as_data(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_data(inner) for inner in value]
    return None if isinstance(value, float) and not isfinite(value) else value


MANY = 20
"""Intervals from which on it is said that some miss by chance."""


def many(intervals: int) -> list[str]:
    """What to make of many intervals that hold for one at a time."""
    if intervals < MANY:
        return []
    missed, together = round(0.05 * intervals), 100 * (1 - 0.05 / intervals)
    return [label("note.many", number=intervals, missed=missed, together=number(together, 3))]
