"""Small helpers for tables of pandas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]
"""One row of a table: plain Python values by column."""


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """The rows of a table, without its index."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def stacked(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Tables of several scenarios under each other, with columns for scenario and index first."""
    import pandas as pd  # slow to import

    return pd.concat(frames, names=["scenario"]).reset_index()
