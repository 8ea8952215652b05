"""Figures: functions that take results, a scenario or a table and return a figure.

``result.plot()`` draws what suits a result best; ``result.plot("meetings")`` another picture of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matplotlib.figure import Figure

from tverretatlig_sim.ensemble import Comparison, Ensemble
from tverretatlig_sim.show.plots.differences import plot_differences, plot_robustness
from tverretatlig_sim.show.plots.gantt import plot_gantt
from tverretatlig_sim.show.plots.ranked import plot_pareto, plot_sobol, plot_tornado
from tverretatlig_sim.show.plots.results import plot_frameworks, plot_funnel, plot_meetings, plot_series
from tverretatlig_sim.show.plots.structure import plot_structure
from tverretatlig_sim.show.plots.style import check_known, save_figure
from tverretatlig_sim.show.plots.trust import plot_trust

__all__ = [
    "plot_differences",
    "plot_frameworks",
    "plot_funnel",
    "plot_gantt",
    "plot_meetings",
    "plot_pareto",
    "plot_robustness",
    "plot_series",
    "plot_sobol",
    "plot_structure",
    "plot_tornado",
    "plot_trust",
    "save_figure",
]

OF_ENSEMBLES: Mapping[str, Callable[..., Figure]] = {
    "funnel": plot_funnel,
    "meetings": plot_meetings,
    "frameworks": plot_frameworks,
}
OF_ENSEMBLE = {**OF_ENSEMBLES, "series": plot_series, "trust": plot_trust, "gantt": plot_gantt}
OF_COMPARISON = {"differences": plot_differences, **OF_ENSEMBLES}


def plot_of_ensemble(ensemble: Ensemble, picture: str = "funnel", **options: object) -> Figure:
    """A picture of an ensemble.

    Args:
        ensemble: what to draw.
        picture: ``funnel``, ``meetings``, ``frameworks``, ``series``, ``trust`` or ``gantt``.
        options: as the function ``plot_<picture>`` takes them.

    Raises:
        ValueError: if there is no such picture.
    """
    check_known("picture", [picture], OF_ENSEMBLE)
    return OF_ENSEMBLE[picture](ensemble, **options)


def plot_of_comparison(comparison: Comparison, picture: str = "differences", **options: object) -> Figure:
    """A picture of a comparison: ``differences``, ``funnel``, ``meetings`` or ``frameworks``; as above."""
    check_known("picture", [picture], OF_COMPARISON)
    return OF_COMPARISON[picture](comparison, **options)
