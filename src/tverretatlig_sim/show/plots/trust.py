"""Who trusts whom at the end: agency by agency, and core against the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.numbers import number
from tverretatlig_sim.show.plots.style import GREY, VERMILION, WIDTH, add_foot, blank, note, styled, text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tverretatlig_sim.ensemble.ensemble import Ensemble

    Floats = NDArray[np.float64]

ARROW = " → "
"""Between the two names of a tie."""
NUMBERED = 16
"""Agencies in whose matrix numbers can still be read."""
NAMES, BLOCKS = 2.4, 3.6
"""Inches beside the matrix for names, and least width of the panel with the blocks."""
LONGEST = 18
"""Letters of an agency's name."""


@styled
def plot_trust(ensemble: Ensemble) -> Figure:
    """Mean trust of each agency (row) in each other (column) in the last month, and the means of the blocks.

    Core agencies come first and are framed. Beside the matrix: mean trust from core and others to core and
    others, in the first month and in the last.

    Args:
        ensemble: simulated with ``series="moments"`` or ``"runs"``.

    Raises:
        ValueError: if the ensemble kept no series.
    """
    if "trust" not in ensemble.series:
        raise ValueError("the ensemble kept no series of trust; simulate with series='moments'")
    scenario = ensemble.scenario
    core = sorted(scenario.core)
    names = [*core, *sorted(agency.name for agency in scenario.agencies if agency.name not in scenario.core)]
    first, last = _matrices(ensemble.series["trust"], names)
    side = max(4.0, min(0.42 * len(names), 10.0))
    figure = blank(2.6 + side)
    beside = max(WIDTH - side - NAMES, BLOCKS)
    left, right = figure.subplots(1, 2, width_ratios=[WIDTH - beside, beside])
    _draw_matrix(left, last, names, len(core))
    _draw_blocks(right, first, last, len(core))
    left.set_title(label("trust.title"))
    right.set_title(label("trust.blocks"))
    figure.suptitle(text(str(scenario.title), 100), x=0.01, ha="left")
    add_foot(figure, f"{label('trust.note')} {note(ensemble)}")
    return figure


def _matrices(trust: xr.DataArray, names: Sequence[str]) -> tuple[Floats, Floats]:
    """Mean trust in per cent, row in column, in the first month and in the last; NaN without a tie."""
    mean = trust.sel(statistic="mean") if "statistic" in trust.dims else trust.mean("run")
    places = {f"{a}{ARROW}{b}": (i, j) for i, a in enumerate(names) for j, b in enumerate(names)}
    first, last = np.full((2, len(names), len(names)), np.nan)
    for tie in mean["tie"].values:
        values = mean.sel(tie=tie).values
        first[places[str(tie)]], last[places[str(tie)]] = 100 * values[0], 100 * values[-1]
    return first, last


def _draw_matrix(panel: Axes, values: Floats, names: Sequence[str], core: int) -> None:
    _shade(panel, values, 9 if len(names) <= NUMBERED else 0)
    shown = [text(name, LONGEST) for name in names]
    panel.set_xticks(range(len(names)), shown, rotation=90)
    panel.set_yticks(range(len(names)), shown)
    panel.set_xlabel(label("trust.target"))
    panel.set_ylabel(label("trust.source"))
    if 0 < core < len(names):
        frame = Rectangle((-0.5, -0.5), core, core, fill=False, edgecolor=VERMILION, linewidth=2.5)
        panel.add_patch(frame)
        frame.set_clip_on(False)


def _draw_blocks(panel: Axes, first: Floats, last: Floats, core: int) -> None:
    """Means of the four blocks, from start to end."""
    parts = [part for part in (slice(0, core), slice(core, None)) if first[part].size]
    groups = ["core", "others"] if len(parts) == 2 else ["core" if core else "others"]
    start, end = (
        np.array([[_mean(values[rows, columns]) for columns in parts] for rows in parts])
        for values in (first, last)
    )
    _shade(panel, end, 0)
    for (row, column), value in np.ndenumerate(end):
        said = f"{number(float(start[row, column]), 0)} → {number(value, 0)}"
        panel.text(column, row, said, ha="center", va="center", color=_ink(value), fontsize=14)
    shown = [label(f"trust.{group}") for group in groups]
    panel.set_xticks(range(len(groups)), shown)
    panel.set_yticks(range(len(groups)), shown, rotation=90, va="center")
    panel.set_xlabel(label("trust.target"))
    panel.set_ylabel(label("trust.source"))


def _mean(values: Floats) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else np.nan


def _shade(panel: Axes, values: Floats, size: int) -> None:
    """Cells in the colour of their value, with numbers of a size unless it is 0."""
    panel.imshow(values, cmap="cividis", vmin=0, vmax=100, aspect="equal")
    panel.set_anchor("NW")
    panel.grid(visible=False)
    panel.tick_params(length=0)
    for spine in panel.spines.values():
        spine.set_visible(False)
    for (row, column), value in np.ndenumerate(values):
        if size and np.isfinite(value):
            said = f"{value:.0f}"
            panel.text(column, row, said, ha="center", va="center", color=_ink(value), fontsize=size)


def _ink(value: float) -> str:
    """A colour that can be read on a cell."""
    if not np.isfinite(value):
        return GREY
    red, green, blue, _ = colormaps["cividis"](value / 100)
    return "black" if 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 else "white"
