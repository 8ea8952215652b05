"""What a search found: gain against cost."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.numbers import scaled, unit_of
from tverretatlig_sim.show.plots.style import BLUE, GREY, ORANGE, VERMILION, add_foot, blank, styled, text
from tverretatlig_sim.show.rows import measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tverretatlig_sim.study.search import Search


@styled
def plot_pareto(search: Search) -> Figure:
    """Everything tried, the front as the search saw it, and the front on fresh draws with intervals.

    Points of the front that another point may beat, for all that the fresh runs say, are hollow.

    Args:
        search: what was found.
    """
    job = search.job
    figure = blank(7.2)
    panel = figure.subplots()
    tried = _measured(search.table(), search)
    front = _measured(search.front, search)
    panel.plot(tried["cost"], tried["gain"], "o", color=GREY, alpha=0.5, markersize=4)
    seen = front.sort_values("cost")
    panel.plot(seen["cost"], seen["gain"], "x--", color=ORANGE, markersize=7, linewidth=1)
    clear = (front["clear"] & front["holds"]).to_numpy(dtype=bool)
    for chosen, hollow in ((front[clear], False), (front[~clear], True)):
        _draw_points(panel, chosen, hollow=hollow)
    gain, cost = (interval.mean for interval in search.as_it_is)
    panel.plot(
        scaled(cost, unit_of(job.cost)), scaled(gain, unit_of(job.gain)), "*", color=VERMILION, markersize=16
    )
    panel.set_xlabel(str(measure(job.cost)))
    panel.set_ylabel(str(measure(job.gain)))
    heading = label("search.title", scenario=text(job.scenario.name, 40), gain=label(job.gain))
    figure.suptitle(heading, x=0.01, ha="left")
    said = label("search.method",
        tried=len(tried), front=len(front), fresh_runs=search.fresh_runs,
        runs=job.runs, seed=job.seed, months=job.months,
    )  # fmt: skip
    add_foot(figure, "\n".join(wrap(said, 110)), _legend())
    return figure


def _measured(table: pd.DataFrame, search: Search) -> pd.DataFrame:
    """The table with gains and costs as readers see them."""
    factors = {"gain": scaled(1.0, unit_of(search.job.gain)), "cost": scaled(1.0, unit_of(search.job.cost))}
    sides = {str(name): str(name).removeprefix("fresh_")[:4] for name in table}
    measured = {name: table[name] * factors[side] for name, side in sides.items() if side in factors}
    return table.assign(**measured)


def _draw_points(panel: Axes, points: pd.DataFrame, *, hollow: bool) -> None:
    widths = {side: _half_widths(points, f"fresh_{side}") for side in ("cost", "gain")}
    panel.errorbar(
        points["fresh_cost"], points["fresh_gain"], xerr=widths["cost"], yerr=widths["gain"], linestyle="",
        marker="o", markersize=8, color=BLUE, markerfacecolor="white" if hollow else BLUE, elinewidth=1.5,
    )  # fmt: skip


def _half_widths(points: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """From the mean to the low and to the high end of the interval. Shape (2, point)."""
    mean, low, high = (points[f"{column}{end}"].to_numpy(dtype=float) for end in ("", "_low", "_high"))
    return np.stack([mean - low, high - mean])


def _legend() -> list[Artist]:
    looks = {
        "search.tried": {"color": GREY, "marker": "o", "linestyle": "", "markersize": 4},
        "search.chosen": {"color": ORANGE, "marker": "x", "linestyle": "--"},
        "search.fresh": {"color": BLUE, "marker": "o", "linestyle": ""},
        "search.doubtful": {"color": BLUE, "marker": "o", "linestyle": "", "markerfacecolor": "white"},
        "search.interval": {"color": BLUE, "linewidth": 1.5},
        "search.plain": {"color": VERMILION, "marker": "*", "linestyle": "", "markersize": 12},
    }
    return [Line2D([], [], label=label(key), **look) for key, look in looks.items()]  # type: ignore[arg-type]
