"""Paired differences between scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from tverretatlig_sim.ensemble import HEADLINE, Unit
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.numbers import scaled
from tverretatlig_sim.show.plots.style import BLUE, CYCLE, SKY, add_foot, blank, note, styled, text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tverretatlig_sim.ensemble.compare import Comparison

Pairs = Sequence[tuple[str, str]]

MOST_PAIRS = 3
"""Pairs whose other outcomes still fit into the figure."""


def _outcomes(kind: Unit) -> list[str]:
    return [name for name, outcome in OUTCOMES.items() if outcome.unit == kind]


PANELS: dict[Unit, list[str]] = {kind: _outcomes(kind) for kind in ("share", "months", "level")}
"""Outcomes of the lower panels, by their unit."""
AXES: dict[Unit, str] = {"share": "figure.points", "months": "figure.months", "level": "figure.levels"}
"""What the lower panels measure."""


@styled
def plot_differences(comparison: Comparison) -> Figure:
    """Differences a − b of runs on the same draws.

    Above: the implemented rate of every pair, as the distribution over runs with the mean and its 95 %
    interval. Below, for up to three pairs: means and intervals of all shares, months and levels.

    Args:
        comparison: two or more scenarios on the same draws.
    """
    pairs = list(combinations(comparison.ensembles, 2))
    above = 1.6 + 0.8 * len(pairs)
    below = 2.0 + len(PANELS["level"]) * (0.3 + 0.12 * len(pairs)) if len(pairs) <= MOST_PAIRS else 0.0
    figure = blank(above + below + 0.9)
    upper, lower = _panels(figure, above, below)
    _draw_rate(upper, comparison, pairs)
    table = comparison.table()
    for kind, panel in lower.items():
        _draw_outcomes(panel, kind, table, pairs)
    figure.suptitle(label("figure.differences"), x=0.01, ha="left")
    keys: list[Artist] = [
        Patch(color=SKY, label=label("figure.spread")),
        _key("black", label("figure.interval")),
    ]
    if lower and len(pairs) > 1:
        keys += [_key(colour, f"{text(a)} − {text(b)}") for colour, (a, b) in zip(CYCLE, pairs, strict=False)]
    add_foot(figure, note(next(iter(comparison.ensembles.values()))), keys, columns=2)
    return figure


def _panels(figure: Figure, above: float, below: float) -> tuple[Axes, dict[Unit, Axes]]:
    if not below:
        return figure.subplots(), {}
    heights = [len(PANELS["share"]) + 1, len(PANELS["months"]) + 1]
    grid = figure.add_gridspec(
        3, 2, height_ratios=[above, *(below * height / sum(heights) for height in heights)]
    )
    upper = figure.add_subplot(grid[0, :])
    lower: dict[Unit, Axes] = {
        "share": figure.add_subplot(grid[1, 0]),
        "months": figure.add_subplot(grid[2, 0]),
        "level": figure.add_subplot(grid[1:, 1]),
    }
    return upper, lower


def _draw_rate(panel: Axes, comparison: Comparison, pairs: Pairs) -> None:
    rows = comparison.table(HEADLINE)[["mean", "low", "high"]].to_numpy(dtype=float)
    for place, ((a, b), row) in enumerate(zip(pairs, rows, strict=True)):
        first, second = (
            comparison.ensembles[name].outcomes[HEADLINE].to_numpy(dtype=float) for name in (a, b)
        )
        difference = 100 * (first - second)
        _draw_spread(panel, place, difference[~np.isnan(difference)])
        _draw_interval(panel, place, 100 * row, "black")
    _finish(panel, [f"{text(a, 26)}\n− {text(b, 26)}" for a, b in pairs])
    panel.grid(visible=False, axis="y")
    panel.set_title(label(HEADLINE))
    panel.set_xlabel(label("figure.points"))


def _draw_spread(panel: Axes, place: int, difference: NDArray[np.float64]) -> None:
    if len(difference) == 0:
        panel.text(0, place, f" {label('figure.nothing')}", va="center")
    elif len(difference) > 2 and np.ptp(difference) > 1e-9:
        shape = panel.violinplot(
            difference, [place], orientation="horizontal", widths=0.85, showextrema=False
        )
        for body in shape["bodies"]:  # type: ignore[attr-defined]
            body.set(facecolor=SKY, alpha=0.8)


def _draw_outcomes(panel: Axes, kind: Unit, table: pd.DataFrame, pairs: Pairs) -> None:
    keys = zip(table["a"], table["b"], table["outcome"], strict=True)
    values = dict(zip(keys, table[["mean", "low", "high"]].to_numpy(dtype=float), strict=True))
    for place, (a, b) in enumerate(pairs):
        shift = 0.6 * ((place + 0.5) / len(pairs) - 0.5)
        colour = CYCLE[place] if len(pairs) > 1 else BLUE
        for level, outcome in enumerate(PANELS[kind]):
            _draw_interval(panel, level + shift, scaled(1, kind) * values[a, b, outcome], colour)
    _finish(panel, [label(outcome) for outcome in PANELS[kind]])
    panel.set_xlabel(label(AXES[kind]))


def _finish(panel: Axes, names: Sequence[str]) -> None:
    panel.axvline(0, color="black", linewidth=1)
    panel.set_yticks(range(len(names)), names)
    panel.set_ylim(len(names) - 0.4, -0.6)


def _draw_interval(panel: Axes, place: float, values: NDArray[np.float64], colour: str) -> None:
    mean, low, high = values
    panel.plot([low, high], [place, place], color=colour, linewidth=2.5, solid_capstyle="butt")
    panel.plot([mean], [place], color=colour, marker="o", markersize=7, linestyle="")


def _key(colour: str, words: str) -> Artist:
    return Line2D([], [], color=colour, marker="o", linewidth=2.5, label=words)
