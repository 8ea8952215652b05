"""Who trusts whom at the end: agency by agency, and core against the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.numbers import number
from tverretatlig_sim.show.plots.style import (
    VERMILION,
    WIDTH,
    Floats,
    blank,
    finish,
    moments,
    note,
    styled,
    text,
)

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
    names = sorted(
        (agency.name for agency in scenario.agencies), key=lambda name: (name not in scenario.core, name)
    )
    first, last = _matrices(ensemble, names)
    side = max(4.0, min(0.42 * len(names), 10.0))
    figure = blank(2.6 + side)
    beside = max(WIDTH - side - NAMES, BLOCKS)
    left, right = figure.subplots(1, 2, width_ratios=[WIDTH - beside, beside])
    _draw_matrix(left, last, [text(name, LONGEST) for name in names], len(scenario.core))
    _draw_blocks(right, first, last, len(scenario.core))
    left.set_title(label("trust.title"))
    right.set_title(label("trust.blocks"))
    return finish(figure, text(scenario.title, 100), f"{label('trust.note')} {note(ensemble)}")


def _matrices(ensemble: Ensemble, names: Sequence[str]) -> Floats:
    """Mean trust in per cent, row in column, in the first month and in the last; NaN without a tie."""
    mean, _ = moments(ensemble.series["trust"])
    found = np.full((2, len(names), len(names)), np.nan)
    for tie in map(str, mean["tie"].values):
        a, b = map(names.index, tie.split(ARROW))
        found[:, a, b] = 100 * mean.sel(tie=tie).isel(month=[0, -1]).values
    return found


def _draw_matrix(panel: Axes, values: Floats, names: Sequence[str], core: int) -> None:
    written = np.vectorize(lambda value: f"{value:.0f}")(values) if len(names) <= NUMBERED else None
    _shade(panel, values, written, 9, names)
    panel.tick_params(axis="x", rotation=90)
    if 0 < core < len(names):
        frame = Rectangle((-0.5, -0.5), core, core, fill=False, edgecolor=VERMILION, linewidth=2.5)
        panel.add_patch(frame).set_clip_on(False)


def _draw_blocks(panel: Axes, first: Floats, last: Floats, core: int) -> None:
    """Means of the four blocks, from start to end."""
    parts = {"core": slice(0, core), "others": slice(core, None)}
    groups = {name: part for name, part in parts.items() if first[part].size}
    start, end = (
        np.array([[_mean(values[rows, columns]) for columns in groups.values()] for rows in groups.values()])
        for values in (first, last)
    )
    written = np.vectorize(lambda old, new: f"{number(old, 0)} → {number(new, 0)}")(start, end)
    _shade(panel, end, written, 14, [label(f"trust.{group}") for group in groups])
    panel.tick_params(axis="y", rotation=90)


def _mean(values: Floats) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else np.nan


def _shade(
    panel: Axes, values: Floats, written: NDArray[np.str_] | None, size: int, names: Sequence[str]
) -> None:
    """Cells in the colour of their value, with something written in those that are known."""
    panel.imshow(values, cmap="cividis", vmin=0, vmax=100, aspect="equal")
    panel.set_anchor("NW")
    panel.grid(visible=False)
    panel.tick_params(length=0)
    panel.spines[:].set_visible(False)
    panel.set_xticks(range(len(names)), names)
    panel.set_yticks(range(len(names)), names)
    panel.set_xlabel(label("trust.target"))
    panel.set_ylabel(label("trust.source"))
    for (row, column), value in np.ndenumerate(values):
        if written is not None and np.isfinite(value):
            said = str(written[row, column])
            panel.text(column, row, said, ha="center", va="center", color=_ink(value), fontsize=size)


def _ink(value: float) -> str:
    """A colour that can be read on a cell."""
    red, green, blue, _ = colormaps["cividis"](value / 100)
    return "black" if 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 else "white"
