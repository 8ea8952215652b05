"""Ranked and weighed: factors by how much they matter, and what a search found, gain against cost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from textwrap import wrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.numbers import scaled, unit_of
from tverretatlig_sim.show.plots.style import (
    BARS,
    BLUE,
    CYCLE,
    GREY,
    ORANGE,
    VERMILION,
    Floats,
    draw_intervals,
    finish,
    name_rows,
    only_panel,
    slots,
    styled,
    text,
)
from tverretatlig_sim.show.rows import measure
from tverretatlig_sim.study.search import Search

MOST = 40
"""Factors that still fit into a figure."""
COLUMNS = ("factor", "index", "low", "high")


@styled
def plot_tornado(
    table: pd.DataFrame, *, title: str = "", axis: str = "", foot: str = "", ax: Axes | None = None
) -> Figure:
    """Bars from zero, the largest first, with their intervals as whiskers.

    Args:
        table: columns ``factor``, ``index`` (size of the effect), ``low`` and ``high`` (its interval; NaN if
            unknown). With a column ``of``, each factor has a bar for each of its values, in another colour.
        title: above the figure.
        axis: what the bars measure.
        foot: words below.
        ax: where to draw; default: a new figure.

    Raises:
        ValueError: if a column is missing.
    """
    return _bars(table, COLUMNS, title, axis or label("bars.effect"), foot, ax)


@styled
def plot_sobol(table: pd.DataFrame, *, title: str = "", foot: str = "", ax: Axes | None = None) -> Figure:
    """Sobol indices as pairs of bars: each factor alone, and with all its interactions.

    Args:
        table: columns ``factor``, ``order`` (``first`` or ``total``), ``index``, ``low`` and ``high``.
        title: above the figure.
        foot: words below.
        ax: where to draw; default: a new figure.

    Raises:
        ValueError: if a column is missing.
    """
    names = {order: label(f"bars.{order}") for order in ("first", "total")}
    named = table.assign(of=table["order"].map(names)) if "order" in table else table
    return _bars(named, (*COLUMNS, "order"), title, label("bars.sobol"), foot, ax)


def _bars(
    table: pd.DataFrame, columns: Sequence[str], title: str, axis: str, foot: str, ax: Axes | None
) -> Figure:
    missing = [column for column in columns if column not in table]
    if missing:
        raise ValueError(f"the table lacks {', '.join(missing)}; needed: {', '.join(columns)}")
    known = table.assign(of=table.get("of", ""))[np.isfinite(table["index"].astype(float))]
    sizes = known["index"].abs().groupby(known["factor"], sort=False).max()
    order = list(sizes.sort_values(ascending=False, kind="stable").index)
    places = {factor: place for place, factor in enumerate(order[:MOST])}
    groups = known[known["factor"].isin(places)].groupby("of", sort=False)
    figure, panel = only_panel(ax, 1.8 + max(1.0, len(places) * (0.26 + 0.13 * max(len(groups), 1))))
    for colour, shift, (group, rows) in zip(cycle(CYCLE), slots(len(groups)), groups, strict=False):
        at = rows["factor"].map(places) + shift
        size = 0.92 * BARS / len(groups)
        panel.barh(at, rows["index"], height=size, color=colour, label=text(group) or None)
        draw_intervals(panel, at.to_numpy(), rows)
    panel.axvline(0, color="black", linewidth=1)
    name_rows(panel, [text(name, 48) for name in places])
    panel.set_xlabel(axis)
    if not places:
        panel.text(0, 0, f" {label('bars.nothing')}", va="center")
    more = label("bars.more", n=len(order) - MOST) if len(order) > MOST else ""
    said = " ".join(filter(None, [foot, label("bars.whiskers"), more]))
    return finish(figure, title, said, panel.get_legend_handles_labels()[0], columns=2, ax=ax)


@styled
def plot_pareto(search: Search, *, ax: Axes | None = None) -> Figure:
    """Everything tried, the front as the search saw it, and the front on fresh draws with intervals.

    Points of the front that another point may beat, for all that the fresh runs say, are hollow.

    Args:
        search: what was found.
        ax: where to draw; default: a new figure.
    """
    job = search.job
    figure, panel = only_panel(ax, 7.2)
    tried, front = (_measured(table, search) for table in (search.table(), search.front))
    panel.plot(
        tried["cost"], tried["gain"], "o", color=GREY, alpha=0.5, markersize=4, label=label("search.tried")
    )
    seen = front.sort_values("cost")
    panel.plot(
        seen["cost"],
        seen["gain"],
        "x--",
        color=ORANGE,
        markersize=7,
        linewidth=1,
        label=label("search.chosen"),
    )
    clear = (front["clear"] & front["holds"]).astype(bool)
    for key, points, face in (("fresh", front[clear], BLUE), ("doubtful", front[~clear], "white")):
        panel.errorbar(
            points["fresh_cost"], points["fresh_gain"], linestyle="", elinewidth=1.5, color=BLUE,
            xerr=_half_widths(points, "fresh_cost"), yerr=_half_widths(points, "fresh_gain"),
        )  # fmt: skip
        panel.plot(
            points["fresh_cost"], points["fresh_gain"], "o", markersize=8, color=BLUE, markerfacecolor=face,
            label=label(f"search.{key}"),
        )  # fmt: skip
    panel.plot([], [], color=BLUE, linewidth=1.5, label=label("search.interval"))
    sides = zip((job.cost, job.gain), reversed(search.as_it_is), strict=True)
    cost, gain = (scaled(interval.mean, unit_of(outcome)) for outcome, interval in sides)
    panel.plot(cost, gain, "*", color=VERMILION, markersize=16, label=label("search.plain"))
    panel.set_xlabel(str(measure(job.cost)))
    panel.set_ylabel(str(measure(job.gain)))
    sizes = {"tried": len(tried), "front": len(front), "fresh_runs": search.fresh_runs}
    said = label("search.method", runs=job.runs, seed=job.seed, months=job.months, **sizes)
    title = label("search.title", scenario=text(job.scenario.name, 40), gain=label(job.gain))
    keys = panel.get_legend_handles_labels()[0]
    return finish(figure, title, "\n".join(wrap(said, 110)), keys, ax=ax)


def _measured(table: pd.DataFrame, search: Search) -> pd.DataFrame:
    """The table with gains and costs as readers see them."""
    sides = {"gain": search.job.gain, "cost": search.job.cost}
    return table.assign(
        **{
            column: table[column] * scaled(1, unit_of(outcome))
            for side, outcome in sides.items()
            for column in table.columns[table.columns.str.match(f"(fresh_)?{side}")]
        }
    )


def _half_widths(points: pd.DataFrame, column: str) -> Floats:
    """From the mean to the low and to the high end of the interval. Shape (2, point)."""
    mean, low, high = (points[f"{column}{end}"] for end in ("", "_low", "_high"))
    return np.stack([mean - low, high - mean])
