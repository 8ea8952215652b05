"""Paired differences between scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from tverretatlig_sim.show.labels import HEADLINE, UNITS, Language, label, unit
from tverretatlig_sim.show.numbers import scaled
from tverretatlig_sim.show.plots.style import BLUE, CYCLE, SKY, add_note, blank, styled, text

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble import Comparison

MOST_PAIRS = 3
"""Pairs whose other outcomes still fit into the figure."""
SHARES = tuple(name for name, kind in UNITS.items() if kind == "share")
LEVELS = tuple(name for name, kind in UNITS.items() if kind == "level")


@styled
def plot_differences(comparison: Comparison, lang: Language = "en") -> Figure:
    """Differences a − b of runs on the same draws.

    Above: the implemented rate of every pair, as the distribution over runs with the mean and its 95 % interval. Below,
    for up to three pairs: all outcomes that are shares or levels from 0 to 1.

    Args:
        comparison: two or more scenarios on the same draws.
        lang: language of the text.
    """
    pairs = list(combinations(comparison.ensembles, 2))
    few = len(pairs) <= MOST_PAIRS
    above = 1.6 + 0.8 * len(pairs)
    below = (1.6 + max(len(SHARES), len(LEVELS)) * (0.3 + 0.12 * len(pairs))) if few else 0.0
    figure = blank(above + below + 0.9)
    upper, lower = _panels(figure, above, below)
    _draw_rate(upper, comparison, pairs, lang)
    if lower:
        _draw_outcomes(lower, comparison.table(), pairs, lang)
    figure.suptitle(label("figure.differences", lang), x=0.01, ha="left")
    add_note(figure, next(iter(comparison.ensembles.values())), lang)
    return figure


def _panels(figure: Figure, above: float, below: float) -> tuple[Axes, list[Axes]]:
    if not below:
        return figure.subplots(), []
    grid = figure.add_gridspec(2, 2, height_ratios=[above, below])
    return figure.add_subplot(grid[0, :]), [figure.add_subplot(grid[1, column]) for column in (0, 1)]


def _draw_rate(panel: Axes, comparison: Comparison, pairs: Sequence[tuple[str, str]], lang: Language) -> None:
    table = comparison.table(HEADLINE)
    for place, ((a, b), (_, row)) in enumerate(zip(pairs, table.iterrows(), strict=True)):
        first, second = (comparison.ensembles[name].outcomes[HEADLINE].to_numpy(float) for name in (a, b))
        difference = 100 * (first - second)
        _draw_spread(panel, place, difference[~np.isnan(difference)], lang)
        _draw_interval(panel, place, 100 * row[["mean", "low", "high"]].to_numpy(float), "black")
    panel.axvline(0, color="black", linewidth=1)
    panel.set_yticks(range(len(pairs)), [f"{text(a, 26)}\n− {text(b, 26)}" for a, b in pairs])
    panel.set_ylim(len(pairs) - 0.4, -0.6)
    panel.grid(visible=False, axis="y")
    panel.set_title(label(HEADLINE, lang))
    panel.set_xlabel(label("figure.points", lang))
    handles = [Patch(color=SKY, label=label("figure.spread", lang)), _interval_key(lang)]
    panel.legend(handles=handles, loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderaxespad=0)


def _draw_spread(panel: Axes, place: int, difference: np.ndarray, lang: Language) -> None:
    if len(difference) == 0:
        panel.text(0, place, label("figure.nothing", lang), va="center")
    elif len(difference) > 2 and np.ptp(difference) > 1e-9:
        shape = panel.violinplot(
            difference, [place], orientation="horizontal", widths=0.85, showextrema=False
        )
        for body in shape["bodies"]:  # type: ignore[attr-defined]
            body.set(facecolor=SKY, alpha=0.8)


def _draw_outcomes(
    panels: Sequence[Axes], table: pd.DataFrame, pairs: Sequence[tuple[str, str]], lang: Language
) -> None:
    for panel, outcomes, heading in zip(
        panels, (SHARES, LEVELS), ("figure.points", "figure.levels"), strict=True
    ):
        for place, (a, b) in enumerate(pairs):
            rows = table[(table["a"] == a) & (table["b"] == b)].set_index("outcome")
            shift = 0.6 * ((place + 0.5) / len(pairs) - 0.5)
            for level, outcome in enumerate(outcomes):
                values = [scaled(rows.loc[outcome, key], unit(outcome)) for key in ("mean", "low", "high")]  # type: ignore[arg-type]
                _draw_interval(panel, level + shift, values, CYCLE[place] if len(pairs) > 1 else BLUE)
        panel.axvline(0, color="black", linewidth=1)
        panel.set_yticks(range(len(outcomes)), [label(outcome, lang) for outcome in outcomes])
        panel.set_ylim(len(outcomes) - 0.4, -0.6)
        panel.set_xlabel(label(heading, lang))
    if len(pairs) > 1:
        panels[0].figure.legend(handles=list(_pair_keys(pairs)), loc="outside lower left", ncols=1)


def _draw_interval(panel: Axes, place: float, values: Sequence[float] | np.ndarray, colour: str) -> None:
    mean, low, high = values
    panel.plot([low, high], [place, place], color=colour, linewidth=2.5, solid_capstyle="butt")
    panel.plot([mean], [place], color=colour, marker="o", markersize=7, linestyle="")


def _interval_key(lang: Language) -> Line2D:
    return Line2D([], [], color="black", marker="o", linewidth=2.5, label=label("figure.interval", lang))


def _pair_keys(pairs: Sequence[tuple[str, str]]) -> Iterator[Line2D]:
    for place, (a, b) in enumerate(pairs):
        yield Line2D([], [], color=CYCLE[place], marker="o", linewidth=2.5, label=f"{text(a)} − {text(b)}")
