"""The one look of all figures: the colours of Okabe and Ito, which colour-blind readers can tell apart."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, ParamSpec

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from tverretatlig_sim.i18n import label, ngettext

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble import Ensemble

P = ParamSpec("P")

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY, PALE = "#8C8C8C", "#D9D9D9"

CYCLE = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK, YELLOW)
"""Colours of lines and points, in the order in which they are given out."""
DASHES = ("-", "--", ":", "-.")
"""Line styles; the next is taken when the colours are used up."""
REASONS = {
    "not_drafted": PURPLE,
    "disagreement": ORANGE,
    "ministries": VERMILION,
    "line": SKY,
    "municipalities": GREEN,
    "waiting": PALE,
}
"""Colour of each reason for which a recommendation does not get further."""

WIDTH, DPI = 12.8, 100
"""Width of a figure in inches and its resolution: 1280 pixels."""

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
        with rc_context(STYLE):  # type: ignore[arg-type]
            figure = draw(*args, **kwargs)
        if label("number.point") == ",":
            _write_commas(figure)
        return figure

    return drawn


class _Comma(ScalarFormatter):
    """Numbers with a decimal comma."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The number at a tick."""
        return super().__call__(x, pos).replace(".", ",")


def _write_commas(figure: Figure) -> None:
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if type(axis.get_major_formatter()) is ScalarFormatter:
                axis.set_major_formatter(_Comma())


def blank(height: float) -> Figure:
    """An empty figure, 1280 pixels wide.

    Args:
        height: in inches.
    """
    return Figure(figsize=(WIDTH, height), dpi=DPI, layout="constrained")


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as PNG or SVG, the same bytes for the same figure."""
    metadata: Mapping[str, Any] = {"Date": None} if path.suffix == ".svg" else {}
    with rc_context(STYLE), warnings.catch_warnings():  # type: ignore[arg-type]
        warnings.filterwarnings("ignore", message="Glyph")  # a name in a script that the font lacks
        figure.savefig(path, dpi=DPI, metadata=dict(metadata))


def text(words: str, longest: int = 60) -> str:
    """Words as they stand: shortened, and without matplotlib reading dollar signs as mathematics."""
    short = words if len(words) <= longest else words[: longest - 1] + "…"
    return short.replace("$", r"\$")


def folded(words: str, width: int) -> str:
    """Words on at most two lines, shortened if they need more; as they stand, like ``text``."""
    first, *rest = wrap(words, width) or [""]
    return "\n".join([text(first), *([text(" ".join(rest), width)] if rest else [])])


def look(place: int) -> dict[str, Any]:
    """Colour and line style of the line at a place."""
    return {"color": CYCLE[place % len(CYCLE)], "linestyle": DASHES[place // len(CYCLE) % len(DASHES)]}


def note(ensemble: Ensemble) -> str:
    """How many runs a figure rests on, and what it does not claim."""
    return label(
        "figure.note",
        runs=ngettext("{number} run", "{number} runs", ensemble.runs),
        seed=ensemble.seed,
        months=ngettext("{number} month", "{number} months", ensemble.months),
    )


def add_foot(figure: Figure, words: str, handles: Sequence[Artist] = (), columns: int = 3) -> None:
    """Words below the figure and, below these, a legend."""
    figure.legend(
        handles=handles,
        title=words,
        title_fontsize=11,
        alignment="left",
        loc="outside lower left",
        ncols=columns,
    )
