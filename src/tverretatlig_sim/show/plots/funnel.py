"""The recommendation funnel, one panel a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.numbers import number
from tverretatlig_sim.show.plots.style import BLUE, REASONS, add_foot, blank, note, styled, text
from tverretatlig_sim.show.rows import Row, rows_of

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble.ensemble import Ensemble

ABREAST = 3
"""Panels beside each other."""


@styled
def plot_funnel(ensembles: Mapping[str, Ensemble]) -> Figure:
    """How far recommendations get, in per cent of those planned, and for which reason the others do not.

    A bar is as long as the share that reached the stage before; its first part reached this stage too, with
    the 95 % interval of the mean as whiskers. The figures beside it are mean numbers of recommendations.

    Args:
        ensembles: by scenario name; each gets a panel.
    """
    rows, columns = -(-len(ensembles) // ABREAST), min(len(ensembles), ABREAST)
    figure = blank(1.9 + 4.6 * rows)
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for panel, (name, ensemble) in zip(panels, ensembles.items(), strict=False):
        _draw(panel, rows_of(ensemble.funnel().reset_index()))
        panel.set_title(text(name, 110 // columns))
    for panel in panels[len(ensembles) :]:
        panel.set_visible(False)
    figure.suptitle(label("funnel"), x=0.01, ha="left")
    said = f"{label('figure.whiskers')} {note(next(iter(ensembles.values())))}"
    add_foot(figure, said, _legend())
    return figure


def _draw(panel: Axes, stages: Sequence[Row]) -> None:
    planned = stages[0]["reached"]
    percent = 100 / planned if planned > 0 else 0.0
    for place, stage in enumerate(stages):
        reached = stage["reached"] * percent
        half = (stage["high"] - stage["low"]) / 2 * percent
        whisker = half if isfinite(half) and half > 0 else None
        panel.barh(place, reached, color=BLUE, xerr=whisker, error_kw={"elinewidth": 1.5, "capsize": 3})
        beside = panel.get_yaxis_transform()
        panel.text(1.02, place, number(stage["reached"], 1), transform=beside, va="center")
        if place:
            _draw_lost(panel, place, reached, stages[place - 1], percent)
    panel.set_yticks(range(len(stages)), [label(f"stage.{stage['stage']}") for stage in stages])
    panel.set_ylim(len(stages) - 0.4, -0.6)
    panel.set_xlim(0, 100)
    panel.grid(visible=False, axis="y")
    panel.set_xlabel(label("figure.share_of_planned"))


def _draw_lost(panel: Axes, place: int, reached: float, before: Row, percent: float) -> None:
    """The part of a bar that got to the stage before, but not to this one."""
    left = reached
    for reason, count in ((before["reason"], before["lost"]), ("waiting", before["waiting"])):
        if count > 0 and reason in REASONS:
            panel.barh(place, count * percent, left=left, color=REASONS[reason])
            left += count * percent


def _legend() -> list[Patch]:
    lost = label("figure.lost_to")
    names = {reason: lost.format(reason=label(f"reason.{reason}")) for reason in REASONS}
    names["not_drafted"] = label("figure.not_drafted")
    names["waiting"] = label("figure.waiting")
    return [
        Patch(color=BLUE, label=label("figure.reached")),
        *(Patch(color=colour, label=names[reason]) for reason, colour in REASONS.items()),
    ]
