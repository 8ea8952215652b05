"""In which evidence-consistent parameter sets one scenario is above another."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from scipy.stats import rankdata

from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import parameter_specs
from tverretatlig_sim.show.numbers import number, scaled, unit_of
from tverretatlig_sim.show.plots.style import BLUE, GREY, VERMILION, add_foot, blank, styled, text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tverretatlig_sim.study.robust import RobustComparison
    from tverretatlig_sim.study.sampling import ParameterSets

    Floats = NDArray[np.float64]

AXES = {"share": "figure.points", "months": "figure.months", "level": "figure.levels"}
"""What a difference is measured in, by unit of the outcome."""
SIDES = ((1, BLUE, "^"), (-1, VERMILION, "v"), (0, GREY, "o"))
"""Sign of a difference, its colour and its mark."""


@styled
def plot_robustness(
    comparison: RobustComparison,
    *,
    outcome: str = HEADLINE,
    pair: tuple[str, str] | None = None,
) -> Figure:
    """The difference a − b in every parameter set: sorted, and over the two parameters it hangs on most.

    Those are the ones with the highest rank correlation with the difference, the parameter of the best split
    first, if there is a split; a line shows its threshold. A map of points is no proof of a cause.

    Args:
        comparison: of two or more scenarios in the same sets.
        outcome: which difference.
        pair: names of the scenarios; default: the first two.

    Raises:
        ValueError: if there is no such outcome or pair.
    """
    names = [scenario.name for scenario in comparison.scenarios]
    a, b = pair or (names[0], names[1])
    _check(comparison, a, b, outcome)
    difference = np.asarray(scaled(1, unit_of(outcome)) * comparison.difference(a, b, outcome))
    figure = blank(6.6)
    left, right = figure.subplots(1, 2)
    _draw_sorted(left, difference, outcome)
    split = comparison.flips(outcome).get((a, b))
    first = split.parameter if split is not None and split.separates else None
    _draw_plane(right, comparison.sets, difference, first)
    if first is not None and split is not None:
        right.axvline(split.threshold, color="black", linestyle="--", linewidth=1.5)
    right.set_title(label("robustness.plane"))
    figure.suptitle(label("robustness.title", outcome=label(outcome)), x=0.01, ha="left")
    said = label(
        "robustness.note",
        sets=len(comparison.sets),
        runs=comparison.runs,
        seed=comparison.seed,
        months=comparison.months,
    )
    add_foot(figure, said, _legend(a, b, difference, first is not None), columns=2)
    return figure


def _check(comparison: RobustComparison, a: str, b: str, outcome: str) -> None:
    for what, name, known in (
        ("scenario", a, comparison.outcomes),
        ("scenario", b, comparison.outcomes),
        ("outcome", outcome, OUTCOMES),
    ):
        if name not in known:
            raise ValueError(f"no {what} {name!r}; allowed: {', '.join(known)}")


def _draw_sorted(panel: Axes, difference: Floats, outcome: str) -> None:
    known = np.sort(difference[~np.isnan(difference)])[::-1]
    places = 100 * (np.arange(len(known)) + 0.5) / max(len(known), 1)
    for sign, colour, _ in SIDES:
        chosen = np.sign(known) == sign
        panel.bar(
            places[chosen], known[chosen], width=100 / max(len(known), 1), color=colour, edgecolor=colour
        )
    panel.axhline(0, color="black", linewidth=1)
    panel.set_xlim(0, 100)
    panel.set_xlabel(label("robustness.sets"))
    key = AXES.get(unit_of(outcome))
    panel.set_ylabel(label(key) if key else label(outcome))
    panel.set_title(label("robustness.sorted"))
    if not len(known):
        panel.text(50, 0, label("figure.nothing"), ha="center", va="bottom")


def _draw_plane(panel: Axes, sets: ParameterSets, difference: Floats, first: str | None) -> None:
    known = ~np.isnan(difference)
    names = _foremost(sets, difference, first)
    if len(names) < 2:
        panel.set_visible(False)
        return
    x, y = (sets.values[:, sets.names.index(name)] for name in names)
    size = np.abs(difference) / max(float(np.nanmax(np.abs(difference))), 1e-12)
    for sign, colour, mark in SIDES:
        chosen = known & (np.sign(difference) == sign)
        area = 12 + 90 * size[chosen]
        panel.scatter(x[chosen], y[chosen], s=area, c=colour, marker=mark, alpha=0.6, linewidths=0)
    panel.set_xlabel(_meaning(names[0]))
    panel.set_ylabel(_meaning(names[1]))


def _meaning(parameter: str) -> str:
    """What a parameter means, and its name, in lines that fit beside the panel."""
    said = text(str(parameter_specs()[parameter].meaning), 100)
    return "\n".join([*wrap(said, 40), f"({parameter})"])


def _foremost(sets: ParameterSets, difference: Floats, first: str | None) -> list[str]:
    """The two parameters whose ranks go most with those of the difference; a given one comes first."""
    known = ~np.isnan(difference)
    values = sets.values[known]
    if len(values) < 3 or np.ptp(difference[known]) == 0:
        return []
    ranks = rankdata(difference[known])
    sizes = {
        name: abs(float(np.corrcoef(rankdata(column), ranks)[0, 1]))
        for name, column in zip(sets.names, values.T, strict=True)
        if np.ptp(column) > 0
    }
    order = sorted(sizes, key=lambda name: (name != first, -sizes[name]))
    return order[:2]


def _legend(a: str, b: str, difference: Floats, split: bool) -> list[Line2D]:
    known = difference[~np.isnan(difference)]
    names = {1: a, -1: b}
    keys = []
    for sign, colour, mark in SIDES:
        share = float(np.mean(np.sign(known) == sign)) if len(known) else 0.0
        above = label("robustness.above", name=text(names.get(sign, ""), 60))
        words = label("robustness.equal") if sign == 0 else above
        said = f"{words} ({number(100 * share, 0)} %)"
        if share or sign:
            keys.append(Line2D([], [], color=colour, marker=mark, linestyle="", markersize=9, label=said))
    line = Line2D([], [], color="black", linestyle="--", label=label("robustness.split"))
    return [*keys, line] if split else keys
