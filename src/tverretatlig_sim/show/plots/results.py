"""What the results' own ``plot`` draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tverretatlig_sim.i18n import _
from tverretatlig_sim.show.plots.differences import plot_differences
from tverretatlig_sim.show.plots.frameworks import plot_frameworks
from tverretatlig_sim.show.plots.funnel import plot_funnel
from tverretatlig_sim.show.plots.gantt import plot_gantt
from tverretatlig_sim.show.plots.meetings import plot_meetings
from tverretatlig_sim.show.plots.series import plot_series
from tverretatlig_sim.show.plots.trust import plot_trust

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tverretatlig_sim.ensemble.compare import Comparison
    from tverretatlig_sim.ensemble.ensemble import Ensemble

DIFFERENCES: Callable[..., Figure] = plot_differences
OF_ONE: Mapping[str, Callable[..., Figure]] = {
    "series": plot_series,
    "gantt": plot_gantt,
    "trust": plot_trust,
}
OF_MANY: Mapping[str, Callable[..., Figure]] = {
    "funnel": plot_funnel,
    "frameworks": plot_frameworks,
    "meetings": plot_meetings,
}


def plot_ensemble(ensemble: Ensemble, kind: str = "series", **options: object) -> Figure:
    """A picture of an ensemble.

    Args:
        ensemble: runs of one scenario.
        kind: ``series``, ``funnel``, ``frameworks``, ``meetings``, ``trust`` or ``gantt``.
        options: as the function ``plot_…`` of that name takes them.

    Raises:
        ValueError: if there is no such picture, or it needs what was not kept.
    """
    _check(kind, (*OF_ONE, *OF_MANY))
    if kind in OF_ONE:
        return OF_ONE[kind](ensemble, **options)
    return OF_MANY[kind]({ensemble.scenario.name: ensemble}, **options)


def plot_comparison(comparison: Comparison, kind: str = "differences", **options: object) -> Figure:
    """A picture of a comparison.

    Args:
        comparison: of two or more scenarios.
        kind: ``differences``, ``funnel``, ``frameworks`` or ``meetings``.
        options: as the function ``plot_…`` of that name takes them.

    Raises:
        ValueError: if there is no such picture, or it needs what was not kept.
    """
    _check(kind, ("differences", *OF_MANY))
    if kind == "differences":
        return DIFFERENCES(comparison, **options)
    return OF_MANY[kind](comparison.ensembles, **options)


def _check(kind: str, known: tuple[str, ...]) -> None:
    if kind not in known:
        raise ValueError(_("no picture {kind!r}; allowed: {known}", kind=kind, known=", ".join(known)))
