"""The coordination ladder and the theory of change: which rung is reached, and where the chain breaks."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.numbers import number
from tverretatlig_sim.show.plots.style import CYCLE, add_foot, blank, note, styled, text

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble.ensemble import Ensemble

RUNGS = (1, 2, 3, 4)
Means = Mapping[str, Mapping[str, float]]


@styled
def plot_frameworks(ensembles: Mapping[str, Ensemble]) -> Figure:
    """Left, the share of runs that reach each rung, with the rung aimed at; right, the links of the chain.

    A dash in place of a bar says that a measure does not apply.

    Args:
        ensembles: by scenario name.
    """
    means = {name: _means(ensemble) for name, ensemble in ensembles.items()}
    figure = blank(2.6 + 0.62 * max(len(ensembles), 2) * 2.2)
    ladder, chain = figure.subplots(1, 2)
    _draw_ladder(ladder, means)
    _draw_chain(chain, means)
    figure.suptitle(label("frameworks.title"), x=0.01, ha="left")
    keys: list[Patch | Line2D] = [
        Patch(color=_colour(place), label=text(name)) for place, name in enumerate(ensembles)
    ]
    keys.append(Line2D([], [], color="black", marker="D", linestyle="", label=label("frameworks.aimed")))
    add_foot(figure, note(next(iter(ensembles.values()))), keys, columns=2)
    return figure


def _means(ensemble: Ensemble) -> dict[str, float]:
    return {str(measure): float(mean) for measure, mean in ensemble.frameworks()["mean"].items()}


def _colour(place: int) -> str:
    return CYCLE[place % len(CYCLE)]


def _draw_ladder(panel: Axes, means: Means) -> None:
    """Upright bars, one group a rung: the share of runs that reach it."""
    thick = 0.8 / len(means)
    for place, found in enumerate(means.values()):
        across = [rung - 0.4 + thick * (place + 0.5) for rung in RUNGS]
        heights = [100 * found[f"ladder.rung_{rung}"] for rung in RUNGS]
        panel.bar(across, heights, width=0.92 * thick, color=_colour(place))
        aimed = found["ladder.aimed"]
        if isfinite(aimed):
            # Diamonds of arrangements that aim at the same rung stand side by side above it.
            panel.plot(
                aimed - 0.4 + thick * (place + 0.5), 108, "D", color=_colour(place), markersize=9,
                markeredgecolor="black", clip_on=False,
            )  # fmt: skip
    panel.set_xticks(RUNGS, [label(f"frameworks.rung_{rung}") for rung in RUNGS])
    panel.set_ylim(0, 115)
    panel.set_yticks([0, 25, 50, 75, 100])
    panel.grid(visible=False, axis="x")
    panel.set_ylabel(label("frameworks.runs"))
    panel.set_title(label("framework.ladder"))


def _draw_chain(panel: Axes, means: Means) -> None:
    """Lying bars, one group a link: of what came so far, the share that gets one further."""
    from tverretatlig_sim.ensemble.frameworks import LINKS

    thick = 0.8 / len(means)
    for place, found in enumerate(means.values()):
        for row, link in enumerate(LINKS):
            height = row - 0.4 + thick * (place + 0.5)
            share = 100 * found[link]
            panel.barh(height, share if isfinite(share) else 0.0, height=0.92 * thick, color=_colour(place))
            panel.text(
                (share if isfinite(share) else 0.0) + 1.5, height, number(share, 0), va="center",
                fontsize=11,
            )  # fmt: skip
    panel.set_yticks(range(len(LINKS)), [label(f"frameworks.{link}") for link in LINKS])
    panel.set_ylim(len(LINKS) - 0.4, -0.6)
    panel.set_xlim(0, 112)
    panel.set_xticks([0, 25, 50, 75, 100])
    panel.grid(visible=False, axis="y")
    panel.set_xlabel(label("frameworks.gets_further"))
    panel.set_title(label("framework.chain"))
