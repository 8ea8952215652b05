"""Figures: functions that take results, a scenario or a table and return a figure."""

import os
import sys
from collections.abc import Callable, Mapping

try:
    import matplotlib  # noqa: F401
except ValueError:  # MPLBACKEND names no backend; figures here need none
    del os.environ["MPLBACKEND"]
    for module in [name for name in sys.modules if name.startswith("matplotlib")]:
        del sys.modules[module]  # half imported
from matplotlib.figure import Figure

from tverretatlig_sim.ensemble.compare import Comparison
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.scenario.errors import check_named
from tverretatlig_sim.show.plots.differences import (
    plot_differences,
    plot_effects,
    plot_pareto,
    plot_robustness,
    plot_sobol,
    plot_tornado,
)
from tverretatlig_sim.show.plots.ensembles import (
    plot_frameworks,
    plot_funnel,
    plot_gantt,
    plot_incidence,
    plot_meetings,
    plot_series,
    plot_trust,
)
from tverretatlig_sim.show.plots.structure import plot_structure
from tverretatlig_sim.show.plots.style import save_figure

__all__ = [
    "plot_differences",
    "plot_effects",
    "plot_frameworks",
    "plot_funnel",
    "plot_gantt",
    "plot_incidence",
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

Pictures = Mapping[str, Callable[..., Figure]]

OF_BOTH: Pictures = {
    "funnel": plot_funnel,
    "incidence": plot_incidence,
    "frameworks": plot_frameworks,
    "meetings": plot_meetings,
}
OF_ENSEMBLE: Pictures = {"series": plot_series, "trust": plot_trust, "gantt": plot_gantt, **OF_BOTH}
OF_COMPARISON: Pictures = {"differences": plot_differences, **OF_BOTH}


def plot_result(result: Ensemble | Comparison, kind: str | None = None, **options: object) -> Figure:
    """What ``result.plot()`` draws: the picture that suits a result best, or another one by its name.

    Args:
        result: runs of one scenario, or of several that are compared.
        kind: of an ensemble ``series`` (the default), ``trust``, ``gantt``, ``funnel``, ``incidence``,
            ``frameworks`` or ``meetings``; of a comparison ``differences`` (the default), ``funnel``,
            ``incidence``, ``frameworks`` or ``meetings``.
        options: as the function ``plot_…`` of that name takes them.

    Raises:
        ValueError: if there is no such picture, or it needs what was not kept.
    """
    pictures = OF_ENSEMBLE if isinstance(result, Ensemble) else OF_COMPARISON
    name = next(iter(pictures)) if kind is None else kind
    check_named("picture", name, pictures)
    return pictures[name](result, **options)
