"""What ``result.plot()`` draws: the picture that suits a result best, or another one by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matplotlib.figure import Figure

from tverretatlig_sim.ensemble.compare import Comparison
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.show.plots.differences import plot_differences
from tverretatlig_sim.show.plots.ensembles import plot_frameworks, plot_funnel, plot_meetings, plot_series
from tverretatlig_sim.show.plots.gantt import plot_gantt
from tverretatlig_sim.show.plots.style import check_known
from tverretatlig_sim.show.plots.trust import plot_trust

Pictures = Mapping[str, Callable[..., Figure]]

OF_BOTH: Pictures = {"funnel": plot_funnel, "frameworks": plot_frameworks, "meetings": plot_meetings}
OF_ENSEMBLE: Pictures = {"series": plot_series, "trust": plot_trust, "gantt": plot_gantt, **OF_BOTH}
OF_COMPARISON: Pictures = {"differences": plot_differences, **OF_BOTH}


def plot_ensemble(ensemble: Ensemble, kind: str = "series", **options: object) -> Figure:
    """A picture of an ensemble.

    Args:
        ensemble: runs of one scenario.
        kind: ``series``, ``trust``, ``gantt``, ``funnel``, ``frameworks`` or ``meetings``.
        options: as the function ``plot_…`` of that name takes them.

    Raises:
        ValueError: if there is no such picture, or it needs what was not kept.
    """
    check_known("picture", [kind], OF_ENSEMBLE)
    return OF_ENSEMBLE[kind](ensemble, **options)


def plot_comparison(comparison: Comparison, kind: str = "differences", **options: object) -> Figure:
    """A picture of a comparison.

    Args:
        comparison: of two or more scenarios.
        kind: ``differences``, ``funnel``, ``frameworks`` or ``meetings``.
        options: as the function ``plot_…`` of that name takes them.

    Raises:
        ValueError: if there is no such picture.
    """
    check_known("picture", [kind], OF_COMPARISON)
    return OF_COMPARISON[kind](comparison, **options)
