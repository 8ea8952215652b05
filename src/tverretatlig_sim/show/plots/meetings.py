"""What meeting time is spent on: structure and process, or substance."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.numbers import number
from tverretatlig_sim.show.plots.style import GREEN, ORANGE, add_foot, blank, folded, look, note, styled, text

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble.ensemble import Ensemble

SHARE = "structure_share"
LEAST = 11
"""Per cent of a bar in which a number fits."""


@styled
def plot_meetings(ensembles: Mapping[str, Ensemble]) -> Figure:
    """Share of meeting time on structure and process and on substance, over the whole run and month by month.

    Months without meetings are bridged. Without monthly series there is only the whole run.

    Args:
        ensembles: by scenario name.
    """
    monthly = all(SHARE in ensemble.series for ensemble in ensembles.values())
    figure = blank(max(4.2 if monthly else 2.6, 2.2 + 0.6 * len(ensembles)))
    panels = figure.subplots(1, 2 if monthly else 1, squeeze=False)[0]
    _draw_bars(panels[0], ensembles)
    if monthly:
        _draw_months(panels[1], ensembles)
    figure.suptitle(label("meetings.title"), x=0.01, ha="left")
    first = next(iter(ensembles.values()))
    keys = [
        Patch(color=colour, label=label(f"meetings.{key}"))
        for key, colour in (("structure", ORANGE), ("substance", GREEN))
    ]
    add_foot(figure, f"{label('meetings.note')} {note(first)}", keys)
    return figure


def _draw_bars(panel: Axes, ensembles: Mapping[str, Ensemble]) -> None:
    for place, ensemble in enumerate(ensembles.values()):
        interval = mean_interval(100 * ensemble.values[SHARE], anytime=ensemble.anytime)
        mean, half = interval.mean, (interval.high - interval.low) / 2
        if not isfinite(mean):
            panel.text(1, place, label("meetings.none"), va="center")
            continue
        panel.barh(place, 100 - mean, left=mean, color=GREEN)
        panel.barh(place, mean, color=ORANGE, xerr=half if half > 0 else None, error_kw={"capsize": 3})
        _write_shares(panel, place, mean, mean + (half if isfinite(half) else 0.0))
    panel.set_yticks(range(len(ensembles)), [folded(name, 30) for name in ensembles])
    panel.set_ylim(len(ensembles) - 0.4, -0.6)
    panel.set_xlim(0, 100)
    panel.grid(visible=False, axis="y")
    panel.set_xlabel(label("meetings.share"))


def _write_shares(panel: Axes, place: int, mean: float, end: float) -> None:
    """Both shares; the first stands after the end of its part and whisker, where that part is too short."""
    first, second = number(mean, 0), number(100 - mean, 0)
    start, ink = (1.0, "black") if mean > LEAST else (end + 1.0, "white")
    panel.text(start, place, f"{first} %", va="center", color=ink)
    panel.text(99, place, f"{second} %", va="center", ha="right", color="white")


def _draw_months(panel: Axes, ensembles: Mapping[str, Ensemble]) -> None:
    for place, (name, ensemble) in enumerate(ensembles.items()):
        series = 100 * ensemble.series[SHARE]
        moments = "statistic" in series.dims
        mean = series.sel(statistic="mean").values if moments else series.mean("run").values
        sd = series.sel(statistic="sd").values if moments else series.std("run", ddof=1).values
        known = np.flatnonzero(~np.isnan(mean))
        panel.plot(known, mean[known], label=text(name, 46), **look(place))
        low, high = np.clip(mean - sd, 0, 100)[known], np.clip(mean + sd, 0, 100)[known]
        panel.fill_between(known, low, high, color=look(place)["color"], alpha=0.15, linewidth=0)
    panel.set_ylim(0, 100)
    panel.set_title(label("meetings.over_time"))
    panel.set_ylabel(label("meetings.share"))
    panel.set_xlabel(label("meetings.months"))
    if len(ensembles) > 1:
        panel.legend(loc="upper right", fontsize=10)
