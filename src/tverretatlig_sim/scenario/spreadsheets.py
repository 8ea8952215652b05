"""Tables as CSV files that spreadsheets can open without taking names for formulas."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from tverretatlig_sim.i18n import label

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")
"""First characters with which a spreadsheet may take text for a formula or a command."""
TEXT = "'"
"""Put before such text, it tells a spreadsheet that text is meant."""


DIGITS = 5
"""Digits of a number in the form of a language; the plain form has all of them."""
MARK = "\ufeff"
"""Tells Excel that text is UTF-8."""


def write_csv(frame: pd.DataFrame, path: Path, *, plain: bool = False) -> None:
    """Write a table as text; see ``csv_text``."""
    path.write_text(csv_text(frame, plain=plain), encoding="utf-8", newline="")


def csv_text(frame: pd.DataFrame, *, plain: bool = False) -> str:
    """A table as text, without its index; text that looks like a formula gets an apostrophe before it.

    Names, titles and sources are other people's words: ``=1+1`` becomes ``'=1+1``, which a spreadsheet shows
    instead of computing. Numbers stay numbers. JSON documents hold all text as it was.

    Args:
        frame: the table.
        plain: for machines whatever the language; else, in a language with a decimal comma, as an office
            there opens it: semicolons, titles instead of keys, some five digits.
    """
    safe, local = frame.copy(), not plain and label("number.point") == ","
    for place, kind in enumerate(frame.dtypes):
        if kind.kind not in "biuf":
            safe.isetitem(place, frame.iloc[:, place].map(_worded if local else as_text).to_numpy())
        elif local and kind.kind == "f":
            safe.isetitem(place, frame.iloc[:, place].map(_with_comma).to_numpy())
    titles = [_titled(str(name)) for name in frame.columns] if local else [*frame.columns]
    told = titles if len({*titles}) == len(titles) else [*frame.columns]
    safe.columns = [as_text(name) for name in told]
    return (MARK if local else "") + safe.to_csv(index=False, lineterminator="\n", sep=";" if local else ",")


def _titled(name: str) -> str:
    said = label(f"column.{name}")
    return label(name) if said == f"column.{name}" else said


def _worded(value: Any) -> Any:  # noqa: ANN401
    return as_text(label(value) if isinstance(value, str) and value else value)


def _with_comma(value: float) -> str:
    return f"{value:.{DIGITS}g}".replace(".", ",") if isfinite(value) else ""


def as_text(value: Any) -> Any:  # noqa: ANN401
    """Text a spreadsheet shows as it is; anything else unchanged."""
    return TEXT + value if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA) else value
