"""Monthly series as bands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.plots.style import add_foot, blank, look, note, styled, text

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble.ensemble import Ensemble

VARIABLES = (
    "recommendations", "implemented_share", "attention", "ownership_mean", "structure_share", "trust_mean",
)  # fmt: skip
"""What is shown unless asked otherwise."""
MOST_BANDS = 7
"""Lines in one panel whose bands can still be told apart."""
MOST_INSIDE = 8
"""Names that fit into a panel; more stand beside it."""


@styled
def plot_series(ensemble: Ensemble, variables: Sequence[str] = VARIABLES) -> Figure:
    """Month by month, the mean over runs and a band of one standard deviation on either side.

    Args:
        ensemble: simulated with ``series="moments"`` or ``"runs"``.
        variables: names in ``ensemble.series``; each gets a panel, with a line for each entity it is about.

    Raises:
        ValueError: if there is no such series.
    """
    for name in variables:
        if name not in ensemble.series:
            known = ", ".join(map(str, ensemble.series.data_vars)) or "none: the ensemble kept no series"
            raise ValueError(f"no series {name!r}; allowed: {known}")
    rows = -(-len(variables) // 2)
    figure = blank(1.2 + 3.4 * rows)
    panels = figure.subplots(rows, min(2, len(variables)), sharex=True, squeeze=False).ravel()
    for panel, name in zip(panels, variables, strict=False):
        _draw(panel, ensemble.series[name])
        panel.set_title(label(name))
    for panel in panels[len(variables) :]:
        panel.set_visible(False)
    _mark_years(panels, [str(date) for date in ensemble.series["date"].values])
    figure.suptitle(f"{text(ensemble.scenario.name)}: {label('figure.series')}", x=0.01, ha="left")
    add_foot(figure, note(ensemble))
    return figure


def _draw(panel: Axes, series: xr.DataArray) -> None:
    mean, sd = _moments(series)
    names = [str(dim) for dim in mean.dims if dim != "month"]
    lines = mean.stack(entity=names).transpose("entity", "month") if names else mean.expand_dims("entity")
    spread = sd.stack(entity=names).transpose("entity", "month") if names else sd.expand_dims("entity")
    for place, (middle, deviation) in enumerate(zip(lines, spread, strict=True)):
        _draw_line(panel, place, middle, deviation, strength=_strength(len(lines)))
        if names:
            panel.lines[-1].set_label(_entity(middle.entity.item()))
    # No series can be negative, so no band should seem to be.
    panel.set_ylim(bottom=max(0.0, panel.get_ylim()[0]))
    if names and len(lines):
        _name_lines(panel, len(lines))


def _name_lines(panel: Axes, lines: int) -> None:
    """Few names stand where the panel is emptiest, many beside it."""
    if lines <= MOST_INSIDE:
        panel.legend(ncols=2, fontsize=10, loc="best", frameon=True, framealpha=0.8, edgecolor="none")
    else:
        panel.legend(ncols=1 + lines // 8, fontsize=10, loc="center left", bbox_to_anchor=(1, 0.5))


def _entity(names: tuple[str, ...]) -> str:
    """What a line is about; stages have labels, everything else is called by its name."""
    return text(" / ".join(label(f"stage.{name}").removeprefix("stage.") for name in names), 24)


def _strength(lines: int) -> float:
    """Opacity of a band: none where there are too many lines."""
    if lines > MOST_BANDS:
        return 0.0
    return 0.1 if lines > 1 else 0.2


def _draw_line(
    panel: Axes, place: int, middle: xr.DataArray, deviation: xr.DataArray, *, strength: float
) -> None:
    """One line; months without a value are bridged."""
    known = ~np.isnan(middle.values)
    months, values, width = middle["month"].values[known], middle.values[known], deviation.values[known]
    panel.plot(months, values, **look(place))
    if strength:
        look_of_band = {"color": look(place)["color"], "alpha": strength, "linewidth": 0}
        panel.fill_between(months, values - width, values + width, **look_of_band)


def _moments(series: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    if "statistic" in series.dims:
        return series.sel(statistic="mean", drop=True), series.sel(statistic="sd", drop=True)
    return series.mean("run"), series.std("run", ddof=1)


def _mark_years(panels: Iterable[Axes], dates: Sequence[str]) -> None:
    """A tick at each January, named by its year."""
    januaries = [month for month, date in enumerate(dates) if date.endswith("-01")]
    every = max(1, len(januaries) // 6)
    shown = januaries[::every] or [0]
    for panel in panels:
        panel.set_xticks(shown, [dates[month][: 4 if januaries else 7] for month in shown])
        panel.tick_params(labelbottom=True)
