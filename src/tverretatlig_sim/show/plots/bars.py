"""Factors ranked by how much they matter, each with its interval: tornado and Sobol bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.plots.style import BLUE, CYCLE, add_foot, blank, styled, text
from tverretatlig_sim.show.rows import Row, rows_of

MOST = 40
"""Factors that still fit into a figure."""
COLUMNS = ("factor", "index", "low", "high")


@styled
def plot_tornado(table: pd.DataFrame, *, title: str = "", axis: str = "", foot: str = "") -> Figure:
    """Bars from zero, the largest first, with their intervals as whiskers.

    Args:
        table: columns ``factor``, ``index`` (size of the effect), ``low`` and ``high`` (its interval; NaN if
            unknown). With a column ``of``, each factor has a bar for each of its values, in another colour.
        title: above the figure.
        axis: what the bars measure.
        foot: words below.

    Raises:
        ValueError: if a column is missing.
    """
    _check(table, COLUMNS)
    return _bars(table, title, axis or label("bars.effect"), foot)


@styled
def plot_sobol(table: pd.DataFrame, *, title: str = "", foot: str = "") -> Figure:
    """Sobol indices as pairs of bars: each factor alone, and with all its interactions.

    Args:
        table: columns ``factor``, ``order`` (``first`` or ``total``), ``index``, ``low`` and ``high``.
        title: above the figure.
        foot: words below.

    Raises:
        ValueError: if a column is missing.
    """
    _check(table, (*COLUMNS, "order"))
    names = {order: label(f"bars.{order}") for order in ("first", "total")}
    return _bars(table.assign(of=table["order"].map(names)), title, label("bars.sobol"), foot)


def _check(table: pd.DataFrame, columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in table]
    if missing:
        raise ValueError(f"the table lacks {', '.join(missing)}; needed: {', '.join(columns)}")


def _bars(table: pd.DataFrame, title: str, axis: str, foot: str) -> Figure:
    known = table[np.isfinite(table["index"].astype(float))]
    factors = known.assign(size=known["index"].abs()).groupby("factor", sort=False)["size"].max()
    order = [str(name) for name in factors.sort_values(ascending=False, kind="stable").index]
    shown = order[:MOST]
    groups = [str(of) for of in known["of"].unique()] if "of" in known else []
    figure = blank(1.8 + max(1.0, len(shown) * (0.26 + 0.13 * max(len(groups), 1))))
    panel = figure.subplots()
    for place, factor in enumerate(shown):
        for row in rows_of(known[known["factor"] == factor]):
            _draw(panel, place, row, groups)
    _finish(panel, shown, axis)
    figure.suptitle(title, x=0.01, ha="left")
    more = label("bars.more", n=len(order) - MOST) if len(order) > MOST else ""
    keys = [
        Patch(color=colour, label=text(name)) for name, colour in zip(groups, _colours(groups), strict=True)
    ]
    add_foot(figure, " ".join(filter(None, [foot, label("bars.whiskers"), more])), keys, columns=2)
    return figure


def _colours(groups: Sequence[str]) -> list[str]:
    return [CYCLE[place % len(CYCLE)] for place in range(len(groups))]


def _draw(panel: Axes, place: int, row: Row, groups: Sequence[str]) -> None:
    thick = 0.76 / max(len(groups), 1)
    position = groups.index(str(row["of"])) if groups else 0
    height = place - 0.38 + thick * (position + 0.5)
    colour = _colours(groups)[position] if groups else BLUE
    panel.barh(height, row["index"], height=0.92 * thick, color=colour)
    if np.isfinite(row["low"]) and np.isfinite(row["high"]):
        panel.plot([row["low"], row["high"]], [height] * 2, color="black", linewidth=1.5)


def _finish(panel: Axes, factors: Sequence[str], axis: str) -> None:
    panel.axvline(0, color="black", linewidth=1)
    panel.set_yticks(range(len(factors)), [text(name, 48) for name in factors])
    panel.set_ylim(max(len(factors), 1) - 0.4, -0.6)
    panel.grid(visible=False, axis="y")
    panel.set_xlabel(axis)
    if not factors:
        panel.text(0, 0, f" {label('bars.nothing')}", va="center")
