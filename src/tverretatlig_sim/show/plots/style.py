"""The one look of all figures, and what they share: panels, bars, intervals, bands, legends.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart. Figures start from matplotlib's
own defaults, so no setting of a user (LaTeX, a dark face) can break or hide anything, and pyplot is not used.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import Any, ParamSpec

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib import style
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import ScalarFormatter
from numpy.typing import ArrayLike, NDArray

from tverretatlig_sim.dates import shifted
from tverretatlig_sim.ensemble.compare import Comparison
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.i18n import _, label, ngettext

P = ParamSpec("P")
Floats = NDArray[np.float64]
Panels = Axes | Iterable[Any] | None
"""A panel of the user's own, or those of a figure's ``subplots``; None for a new figure."""
Results = Ensemble | Comparison | Mapping[str, Ensemble]
"""One ensemble, those of a comparison, or some by the names they are drawn under."""

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY, PALE = "#8C8C8C", "#D9D9D9"

CYCLE = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK, YELLOW)
"""Colours of lines and points, in the order in which they are given out."""
DASHES = ("-", "--", ":", "-.")
"""Line styles; the next is taken when the colours are used up."""

WIDTH, DPI = 12.8, 100
"""Width of a figure in inches and its resolution: 1280 pixels."""
BARS = 0.8
"""Height of the bars of one row together; rows are 1 apart."""

STYLE = {
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 15,
    "axes.labelsize": 13,
    "figure.titlesize": 17,
    "font.size": 13,
    "grid.color": "#E6E6E6",
    "legend.fontsize": 12,
    "legend.frameon": False,
    "svg.hashsalt": "tverretatlig-sim",
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
}


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Let a function draw its figure in the common style, with the decimal mark of its language."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with style.context(["default", STYLE]):
            figure = draw(*args, **kwargs)
        if label("number.point") == ",":
            for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
                if type(axis.get_major_formatter()) is ScalarFormatter:
                    axis.set_major_formatter(_Comma())
        return figure

    return drawn


class _Comma(ScalarFormatter):
    """Numbers with a decimal comma."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The number at a tick."""
        return super().__call__(x, pos).replace(".", ",")


def save_figure(figure: Figure, path: str | Path) -> None:
    """Write a figure as PNG, SVG or whatever the ending says; the same bytes for the same figure."""
    Path(path).write_bytes(drawn(figure, Path(path).suffix[1:] or "png"))


def drawn(figure: Figure, kind: str, dpi: int = DPI) -> bytes:
    """A figure as ``png``, ``svg`` or another kind of file that matplotlib knows."""
    made = BytesIO()
    with style.context(["default", STYLE]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a name in a script that the font lacks
        figure.savefig(made, format=kind, dpi=dpi, metadata={"Date": None} if kind == "svg" else {})
    return made.getvalue()


def blank(height: float) -> Figure:
    """An empty figure, 1280 pixels wide.

    Args:
        height: in inches.
    """
    return Figure(figsize=(WIDTH, height), dpi=DPI, layout="constrained")


def only_panel(ax: Axes | None, height: float) -> tuple[Figure, Axes]:
    """The panel of a figure that has one: the given one with its figure, or that of a new figure."""
    panel = blank(height).subplots() if ax is None else ax
    return _figure_of(panel), panel


def _figure_of(panel: Axes) -> Figure:
    figure = panel.figure.figure  # the whole, if the panel stands in a part of a figure
    assert isinstance(figure, Figure)
    return figure


def several_panels(
    count: int,
    columns: int,
    height: float,
    *,
    more: float = 1.9,
    sharex: bool = False,
    sharey: bool = False,
    ax: Panels = None,
) -> tuple[Figure, Sequence[Axes]]:
    """A figure of panels beside and below each other, their height and what is needed besides in inches.

    Raises:
        ValueError: panels are given, and not as many.
    """
    if ax is not None:
        given = [ax] if isinstance(ax, Axes) else [it for part in ax for it in np.ravel(part)]
        if len(given) != count:
            raise ValueError(_("ax: {given} panels; allowed: {count} here", given=len(given), count=count))
        return _figure_of(given[0]), given
    columns = min(count, columns)
    rows = -(-count // columns)
    figure = blank(more + height * rows)
    panels = figure.subplots(rows, columns, squeeze=False, sharex=sharex, sharey=sharey).ravel()
    for panel in panels[count:]:
        panel.set_visible(False)
    return figure, list(panels[:count])


def finish(
    figure: Figure, title: str, said: str, keys: Iterable[Artist] = (), *, columns: int = 3,
    ax: Panels = None,
) -> Figure:  # fmt: skip
    """A title above the figure, words and a legend below; at the first panel itself, if a user gave it."""
    if ax is not None:
        panel = ax if isinstance(ax, Axes) else np.ravel([*ax])[0]
        if not panel.get_title("left"):
            panel.set_title(title)
        if handles := list(keys):
            panel.legend(handles=handles, fontsize=9)
        return figure
    figure.suptitle(title, x=0.01, ha="left")
    figure.legend(
        handles=list(keys), title=said, title_fontsize=11, alignment="left", loc="outside lower left",
        ncols=columns,
    )  # fmt: skip
    return figure


def note(*results: Ensemble) -> str:
    """How many runs a figure rests on, and what it does not claim."""
    runs = ngettext("{number} run", "{number} runs", results[0].runs)
    months = ngettext("{number} month", "{number} months", results[0].months)
    return label("figure.note", runs=runs, seed=results[0].seed, months=months)


def ensembles_of(results: Results) -> Mapping[str, Ensemble]:
    """The ensembles to be drawn, by name.

    Raises:
        ValueError: if there is none.
    """
    if isinstance(results, Ensemble):
        return {results.scenario.name: results}
    found = results.ensembles if isinstance(results, Comparison) else results
    if not found:
        raise ValueError("there is no ensemble to draw")
    return found


def text(words: object, longest: int = 60) -> str:
    """Words as they stand: shortened, and without matplotlib reading dollar signs as mathematics."""
    said = str(words)
    short = said if len(said) <= longest else said[: longest - 1] + "…"
    return short.replace("$", r"\$")


def folded(words: str, width: int) -> str:
    """Words on at most two lines, shortened if they need more; as they stand, like ``text``."""
    first, *rest = wrap(words, width) or [""]
    return "\n".join([text(first), *([text(" ".join(rest), width)] if rest else [])])


def look(place: int) -> dict[str, Any]:
    """Colour and line style of the line at a place."""
    return {"color": CYCLE[place % len(CYCLE)], "linestyle": DASHES[place // len(CYCLE) % len(DASHES)]}


def patch(words: str, colour: str) -> Patch:
    """What an area of a colour means."""
    return Patch(color=colour, label=words)


def mark(words: str, colour: str = "black", marker: str = "", **more: Any) -> Line2D:  # noqa: ANN401
    """What a mark means, or with ``linestyle`` or without ``marker`` a line."""
    return Line2D([], [], color=colour, label=words, marker=marker,
                  **{"linestyle": "" if marker else "-", **more})  # fmt: skip


def name_rows(panel: Axes, names: Sequence[str], **look: Any) -> None:  # noqa: ANN401
    """One row a name, the first on top."""
    panel.set_yticks(range(len(names)), names, **look)
    panel.set_ylim(max(len(names), 1) - 0.4, -0.6)
    panel.grid(visible=False, axis="y")


def slots(count: int, room: float = BARS) -> Floats:
    """Where bars of one row stand beside each other, from its middle."""
    return room * ((np.arange(count) + 0.5) / count - 0.5)


def draw_intervals(
    panel: Axes,
    places: ArrayLike,
    found: pd.DataFrame,
    colour: str = "black",
    *,
    means: bool = False,
) -> None:
    """Intervals as lines, thick and with marks if their means are not shown by bars; nothing if unknown.

    Args:
        panel: where to draw.
        places: from top to bottom.
        found: ``low`` and ``high``, and ``mean`` if it is to be marked.
        colour: of lines and marks.
        means: whether to mark them.
    """
    panel.hlines(places, found["low"], found["high"], color=colour, linewidth=2.5 if means else 1.5)
    if means:
        panel.plot(found["mean"], places, color=colour, marker="o", markersize=7, linestyle="")


def moments(series: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Mean and standard deviation over runs."""
    if "statistic" in series.dims:
        return series.sel(statistic="mean", drop=True), series.sel(statistic="sd", drop=True)
    return series.mean("run"), series.std("run", ddof=1)


def draw_band(
    panel: Axes, place: int, mean: xr.DataArray, sd: xr.DataArray, *, strength: float, words: str = ""
) -> None:
    """A mean over months and one standard deviation on either side; months without a value are bridged."""
    known = ~np.isnan(mean.values)
    months, values, width = mean["month"].values[known], mean.values[known], sd.values[known]
    panel.plot(months, values, label=words or None, **look(place))
    if strength:
        colour = look(place)["color"]
        panel.fill_between(months, values - width, values + width, color=colour, alpha=strength, linewidth=0)


def mark_years(panel: Axes, start: str, months: int, most: int) -> None:
    """Ticks at Januaries, as many as fit, named by their year; at the start, if there is none."""
    dates = [shifted(start, month) for month in range(months)]
    januaries = [month for month, date in enumerate(dates) if date.endswith("-01")]
    shown = januaries[:: max(1, len(januaries) // most)] or [0]
    panel.set_xticks(shown, [dates[month][: 4 if januaries else 7] for month in shown])
