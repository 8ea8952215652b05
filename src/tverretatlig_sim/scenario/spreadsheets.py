"""Tables as CSV files that spreadsheets can open without taking names for formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")
"""First characters with which a spreadsheet may take text for a formula or a command."""
TEXT = "'"
"""Put before such text, it tells a spreadsheet that text is meant."""


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as text; see ``csv_text``."""
    path.write_text(csv_text(frame), encoding="utf-8", newline="")


def csv_text(frame: pd.DataFrame) -> str:
    """A table as text, without its index; text that looks like a formula gets an apostrophe before it.

    Names, titles and sources are other people's words: ``=1+1`` becomes ``'=1+1``, which a spreadsheet shows
    instead of computing. Numbers stay numbers. JSON documents hold all text as it was.
    """
    safe = frame.copy()
    for place, kind in enumerate(frame.dtypes):
        if kind.kind not in "biuf":
            safe.isetitem(place, frame.iloc[:, place].map(as_text).to_numpy())
    safe.columns = [as_text(name) for name in frame.columns]
    return safe.to_csv(index=False, lineterminator="\n")


def as_text(value: Any) -> Any:  # noqa: ANN401
    """Text a spreadsheet shows as it is; anything else unchanged."""
    return TEXT + value if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA) else value
