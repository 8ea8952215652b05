"""Ensembles side by side: the funnel, monthly series, meeting time, and the sources' frameworks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from math import isfinite

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.ensemble.frameworks import LINKS
from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.numbers import number
from tverretatlig_sim.show.plots.style import (
    BARS,
    BLUE,
    CYCLE,
    GREEN,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILION,
    Results,
    check_known,
    draw_band,
    draw_intervals,
    ensembles_of,
    finish,
    folded,
    mark,
    mark_years,
    moments,
    name_rows,
    note,
    patch,
    several_panels,
    slots,
    styled,
    text,
)

REASONS = {
    "not_drafted": PURPLE,
    "disagreement": ORANGE,
    "ministries": VERMILION,
    "line": SKY,
    "municipalities": GREEN,
    "waiting": PALE,
}
"""Colour of each reason for which a recommendation does not get further."""
VARIABLES = (
    "recommendations", "implemented_share", "attention", "ownership_mean", "structure_share", "trust_mean",
)  # fmt: skip
"""Series that are shown unless asked otherwise."""
MOST_BANDS = 7
"""Lines in one panel whose bands can still be told apart."""
MOST_INSIDE = 8
"""Names that fit into a panel; more stand beside it."""
SHARE = "structure_share"
LEAST = 11
"""Per cent of a bar in which a number fits."""
RUNGS = np.arange(1, 5)
QUARTERS = (0, 25, 50, 75, 100)
ABOVE = 108
"""Where the rung aimed at is marked, above bars of up to 100 per cent."""


@styled
def plot_funnel(results: Results) -> Figure:
    """How far recommendations get, in per cent of those planned, and for which reason the others do not.

    A bar is as long as the share that reached the stage before; its first part reached this stage too, with
    the 95 % interval of the mean as whiskers. The figures beside it are mean numbers of recommendations.

    Args:
        results: each ensemble gets a panel.
    """
    ensembles = ensembles_of(results)
    figure, panels = several_panels(len(ensembles), 3, 4.6, sharex=True, sharey=True)
    for panel, (name, ensemble) in zip(panels, ensembles.items(), strict=True):
        _draw_funnel(panel, ensemble.funnel().reset_index())
        panel.set_title(text(name, 110 // min(len(ensembles), 3)))
    names = {reason: label("figure.lost_to", reason=label(f"reason.{reason}")) for reason in REASONS}
    names |= {key: label(f"figure.{key}") for key in ("not_drafted", "waiting")}
    keys = [patch(names[reason], colour) for reason, colour in REASONS.items()]
    said = f"{label('figure.whiskers')} {note(*ensembles.values())}"
    return finish(figure, label("funnel"), said, [patch(label("figure.reached"), BLUE), *keys])


def _draw_funnel(panel: Axes, stages: pd.DataFrame) -> None:
    places, before = np.arange(len(stages)), stages.shift()
    percent = 100 / max(stages["reached"][0], 1e-9)
    left = percent * stages["reached"]
    panel.barh(places, left, color=BLUE)
    draw_intervals(panel, places, percent * stages[["low", "high"]])
    for reason, colour in REASONS.items():  # the part that got to the stage before, but not to this one
        lost = before["waiting"] if reason == "waiting" else before["lost"].where(before["reason"] == reason)
        panel.barh(places, percent * lost.fillna(0), left=left, color=colour)
        left = left + percent * lost.fillna(0)
    for place, reached in enumerate(stages["reached"]):
        panel.text(1.02, place, number(reached, 1), transform=panel.get_yaxis_transform(), va="center")
    name_rows(panel, [label(f"stage.{stage}") for stage in stages["stage"]])
    panel.set_xlim(0, 100)
    panel.set_xlabel(label("figure.share_of_planned"))


@styled
def plot_series(ensemble: Ensemble, variables: str | Sequence[str] = VARIABLES) -> Figure:
    """Month by month, the mean over runs and a band of one standard deviation on either side.

    Args:
        ensemble: simulated with ``series="moments"`` or ``"runs"``.
        variables: names in ``ensemble.series``; each gets a panel, with a line for each entity it is about.

    Raises:
        ValueError: if there is no such series.
    """
    names = [variables] if isinstance(variables, str) else list(variables) or [""]
    check_known("series", names, ensemble.series.data_vars)
    figure, panels = several_panels(len(names), 2, 3.4, more=1.2, sharex=True)
    for panel, name in zip(panels, names, strict=True):
        _draw_series(panel, ensemble.series[name])
        panel.set_title(label(name))
        mark_years(panel, str(ensemble.series["date"].values[0]), ensemble.months, 6)
        panel.tick_params(labelbottom=True)
    title = f"{text(ensemble.scenario.name)}: {label('figure.series')}"
    return finish(figure, title, note(ensemble))


def _draw_series(panel: Axes, series: xr.DataArray) -> None:
    of = [str(dim) for dim in series.dims if dim not in ("month", "run", "statistic")]
    mean, sd = (
        part.stack(entity=of).transpose("entity", "month") if of else part.expand_dims("entity")
        for part in moments(series)
    )
    strength = 0.0 if len(mean) > MOST_BANDS else 0.1 if len(mean) > 1 else 0.2
    for place, (middle, deviation) in enumerate(zip(mean, sd, strict=True)):
        words = _entity(middle.entity.item()) if of else ""
        draw_band(panel, place, middle, deviation, strength=strength, words=words)
    # No series can be negative, so no band should seem to be.
    panel.set_ylim(bottom=max(0.0, panel.get_ylim()[0]))
    if of and len(mean) > MOST_INSIDE:
        panel.legend(ncols=1 + len(mean) // 8, fontsize=10, loc="center left", bbox_to_anchor=(1, 0.5))
    elif of and len(mean):
        panel.legend(ncols=2, fontsize=10, loc="best", frameon=True, framealpha=0.8, edgecolor="none")


def _entity(names: Sequence[str]) -> str:
    """What a line is about; stages have labels, everything else is called by its name."""
    return text(" / ".join(label(f"stage.{name}").removeprefix("stage.") for name in names), 24)


@styled
def plot_meetings(results: Results) -> Figure:
    """Share of meeting time on structure and process and on substance, over the whole run and month by month.

    Months without meetings are bridged. Without monthly series there is only the whole run.

    Args:
        results: each ensemble gets a bar and a line.
    """
    ensembles = ensembles_of(results)
    monthly = all(SHARE in ensemble.series for ensemble in ensembles.values())
    height = max(4.2 if monthly else 2.6, 2.2 + 0.6 * len(ensembles))
    figure, panels = several_panels(1 + monthly, 2, height, more=0)
    for place, (name, ensemble) in enumerate(ensembles.items()):
        _draw_meetings(panels[0], place, 100 * ensemble.summary()[["mean", "low", "high"]].loc[[SHARE]])
        if monthly:
            months = moments(100 * ensemble.series[SHARE])
            draw_band(panels[1], place, *months, strength=0.15, words=text(name, 46))
    name_rows(panels[0], [folded(name, 30) for name in ensembles])
    panels[0].set_xlim(0, 100)
    panels[0].set_xlabel(label("meetings.share"))
    if monthly:
        panels[1].set(ylim=(0, 100), title=label("meetings.over_time"))
        panels[1].set(ylabel=label("meetings.share"), xlabel=label("meetings.months"))
        if len(ensembles) > 1:
            panels[1].legend(loc="upper right", fontsize=10)
    keys = [patch(label("meetings.structure"), ORANGE), patch(label("meetings.substance"), GREEN)]
    said = f"{label('meetings.note')} {note(*ensembles.values())}"
    return finish(figure, label("meetings.title"), said, keys)


def _draw_meetings(panel: Axes, place: int, found: pd.DataFrame) -> None:
    """Both shares; the first stands after the end of its part and whisker, where that part is too short."""
    mean, high = found[["mean", "high"]].to_numpy(dtype=float)[0]
    if not isfinite(mean):
        panel.text(1, place, label("meetings.none"), va="center")
        return
    panel.barh(place, mean, color=ORANGE)
    panel.barh(place, 100 - mean, left=mean, color=GREEN)
    draw_intervals(panel, place, found)
    start, ink = (1.0, "black") if mean > LEAST else (np.nanmax([mean, high]) + 1.0, "white")
    panel.text(start, place, f"{number(mean, 0)} %", va="center", color=ink)
    panel.text(99, place, f"{number(100 - mean, 0)} %", va="center", ha="right", color="white")


@styled
def plot_frameworks(results: Results) -> Figure:
    """Left, the share of runs that reach each rung, with the rung aimed at; right, the links of the chain.

    A dash in place of a bar says that a measure does not apply.

    Args:
        results: each ensemble gets a colour.
    """
    ensembles = ensembles_of(results)
    figure, (ladder, chain) = several_panels(2, 2, 1.36 * max(len(ensembles), 2), more=2.6)
    rows, size = np.arange(len(LINKS)), 0.92 * BARS / len(ensembles)
    for (name, ensemble), shift, colour in zip(
        ensembles.items(), slots(len(ensembles)), cycle(CYCLE), strict=False
    ):
        means = ensemble.frameworks()["mean"]
        reached = 100 * means[[f"ladder.rung_{rung}" for rung in RUNGS]]
        ladder.bar(RUNGS + shift, reached, width=size, color=colour, label=text(name))
        # Diamonds of arrangements that aim at the same rung stand side by side above it.
        aimed = means["ladder.aimed"] + shift
        ladder.plot(aimed, ABOVE, "D", color=colour, markersize=9, markeredgecolor="black", clip_on=False)
        shares = 100 * means[list(LINKS)].to_numpy()
        chain.barh(rows + shift, np.nan_to_num(shares), height=size, color=colour)
        for row, share in zip(rows + shift, shares, strict=True):
            chain.text(np.nan_to_num(share) + 1.5, row, number(share, 0), va="center", fontsize=11)
    ladder.set(title=label("framework.ladder"), ylabel=label("frameworks.runs"), ylim=(0, ABOVE + 7))
    ladder.set_xticks(RUNGS, [label(f"frameworks.rung_{rung}") for rung in RUNGS])
    ladder.set_yticks(QUARTERS)
    ladder.grid(visible=False, axis="x")
    chain.set(title=label("framework.chain"), xlabel=label("frameworks.gets_further"), xlim=(0, 112))
    chain.set_xticks(QUARTERS)
    name_rows(chain, [label(f"frameworks.{link}") for link in LINKS])
    keys = [*ladder.get_legend_handles_labels()[0], mark(label("frameworks.aimed"), marker="D")]
    return finish(figure, label("frameworks.title"), note(*ensembles.values()), keys, columns=2)
