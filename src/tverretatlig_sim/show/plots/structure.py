"""The structure of a scenario: who steers whom, who sits where, who is tied to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario.graph import scenario_graph
from tverretatlig_sim.show.numbers import plain
from tverretatlig_sim.show.plots.style import (
    BLUE,
    GREY,
    ORANGE,
    PALE,
    WIDTH,
    add_foot,
    blank,
    styled,
    text,
)

if TYPE_CHECKING:
    from tverretatlig_sim.scenario import Scenario
    from tverretatlig_sim.scenario.schema import Forum

Pair = tuple[str, str]

AGENCY: Mapping[str, Any] = {"marker": "o", "markersize": 13, "markeredgewidth": 2}
"""Mark of an agency."""

MARGIN = 4.0
"""Room for names of forums at the left, in inches."""
LETTER = 0.105
"""Width of a letter, in inches."""
LONGEST = 18
"""Letters of a name above or below its mark."""
STEER, ROW, ARCS = 0.9, 0.46, 1.5
"""Heights in inches: lines from ministries, a forum, the arcs of ties."""


@dataclass(frozen=True)
class _Map:
    """Where things stand: columns from 0, heights in inches from the top."""

    panel: Axes
    columns: Mapping[str, int]
    left: float
    ministries: float
    agencies: float
    forums: float
    ties: float
    upright: bool

    @property
    def turned(self) -> dict[str, Any]:
        """How names at marks stand."""
        return {"rotation": 90 if self.upright else 0, "ha": "center"}


@styled
def plot_structure(scenario: Scenario) -> Figure:
    """Ministries above the agencies they steer, the agencies' seats in forums below, their ties at the foot.

    Args:
        scenario: whose structure it is.
    """
    ties = _ties(scenario)
    figure, made = _laid_out(scenario, ARCS if ties else 0.5)
    _draw_steering(made, scenario)
    _draw_forums(made, scenario.arrangement.forum)
    _draw_ties(made, ties)
    name = text(str(scenario.title), 90)
    figure.suptitle(f"{name}\n{label('structure')}", x=0.01, ha="left")
    add_foot(figure, label("structure.note"), _legend(scenario), columns=4)
    return figure


def _laid_out(scenario: Scenario, arcs: float) -> tuple[Figure, _Map]:
    """An empty figure and where everything goes in it."""
    columns = _columns(scenario)
    step = (WIDTH - MARGIN - 0.3) / max(len(columns), 1)
    above, below = (_widest(names) for names in ([m.name for m in scenario.ministries], [*columns]))
    upright = max(above, below) > step
    ministries = 0.45 + (above if upright else 0.1)
    agencies = ministries + STEER
    forums = agencies + 0.45 + (below if upright else 0.2)
    ties = forums + ROW * max(len(scenario.arrangement.forum), 1)
    figure = blank(ties + arcs + 1.5)
    panel = figure.subplots()
    panel.set_xlim(-MARGIN / step, len(columns) - 0.5)
    panel.set_ylim(ties + arcs, 0)
    panel.axis("off")
    return figure, _Map(panel, columns, -MARGIN / step, ministries, agencies, forums, ties, upright)


def _widest(names: Iterable[str]) -> float:
    return LETTER * max((len(text(name, LONGEST)) for name in names), default=1)


def _columns(scenario: Scenario) -> dict[str, int]:
    """The column of each agency: those of a ministry side by side, core agencies first."""
    order = {ministry.name: place for place, ministry in enumerate(scenario.ministries)}
    agencies = sorted(
        scenario.agencies, key=lambda a: (order[a.ministry], a.name not in scenario.core, a.name)
    )
    return {agency.name: column for column, agency in enumerate(agencies)}


def _draw_steering(made: _Map, scenario: Scenario) -> None:
    panel = made.panel
    for key in ("ministries", "agencies"):
        panel.text(made.left, getattr(made, key), label(f"structure.{key}"), va="center", weight="bold")
    for ministry in scenario.ministries:
        steered = [
            made.columns[agency.name] for agency in scenario.agencies if agency.ministry == ministry.name
        ]
        middle = float(np.mean(steered))
        for column in steered:
            panel.plot(
                [middle, column], [made.ministries, made.agencies], color=GREY, linewidth=1.2, zorder=1
            )
        panel.plot(middle, made.ministries, marker="s", markersize=11, color="black", zorder=3)
        panel.text(middle, made.ministries - 0.16, text(ministry.name, LONGEST), va="bottom", **made.turned)
    for name, column in made.columns.items():
        filled = BLUE if name in scenario.core else "white"
        edge = ORANGE if name == scenario.arrangement.coordinator else BLUE
        panel.plot(column, made.agencies, markerfacecolor=filled, markeredgecolor=edge, zorder=3, **AGENCY)
        panel.text(column, made.agencies + 0.16, text(name, LONGEST), va="top", **made.turned)


def _draw_forums(made: _Map, forums: Sequence[Forum]) -> None:
    panel = made.panel
    if not forums:
        panel.text(made.left, made.forums + ROW / 2, label("structure.no_forum"), va="center", color=GREY)
    for row, forum in enumerate(forums):
        place = made.forums + ROW * (row + 0.5)
        seats = sorted(made.columns[name] for name in forum.seats)
        if row % 2 == 0:
            panel.axhspan(place - ROW / 2, place + ROW / 2, color=PALE, alpha=0.35, linewidth=0)
        panel.plot([seats[0], seats[-1]], [place, place], color=GREY, linewidth=1.2)
        panel.plot(seats, [place] * len(seats), color=BLUE, marker="o", markersize=9, linestyle="")
        title = str(forum.title) if forum.title else forum.name
        panel.text(made.left, place - 0.02, text(title, 34), va="bottom", fontsize=12)
        panel.text(made.left, place + 0.01, _practice(forum), va="top", fontsize=10, color="#555555")


def _practice(forum: Forum) -> str:
    """What a forum is for, how often it meets, and its staff."""
    cadence = forum.cadence.value
    whole = float(cadence).is_integer()
    kind = "monthly" if cadence == 1 else "often" if cadence < 1 else "forum" if whole else "fraction"
    said = label(
        f"structure.{kind}",
        function=label(f"structure.{forum.function}"),
        cadence=plain(cadence),
        times=plain(round(1 / cadence, 1)),
    )
    staff = forum.secretariat_fte.value
    return label("structure.staff", said=said, fte=plain(staff)) if staff else said


def _ties(scenario: Scenario) -> dict[Pair, float]:
    """Mean trust at the start of each pair that is tied."""
    trust: dict[Pair, list[float]] = {}
    for source, target, facts in scenario_graph(scenario).edges(data=True):
        if facts["kind"] == "tie":
            one, other = sorted((source[1], target[1]))
            trust.setdefault((one, other), []).append(float(facts["trust"]))
    return {pair: float(np.mean(values)) for pair, values in trust.items()}


def _draw_ties(made: _Map, ties: Mapping[Pair, float]) -> None:
    panel, top = made.panel, made.ties + 0.1
    said = label("structure.ties" if ties else "structure.no_ties")
    panel.text(made.left, top + 0.2, said, va="center", weight="bold" if ties else "normal")
    spans = {pair: abs(made.columns[pair[0]] - made.columns[pair[1]]) for pair in ties}
    # The most trusting lie on top: they are the few where trust is rare.
    for pair in sorted(ties, key=lambda pair: ties[pair]):
        deep = top + (ARCS - 0.25) * 4 / 3 * (spans[pair] / max(spans.values())) ** 0.5
        a, b = (made.columns[name] for name in pair)
        arc = Path([(a, top), (a, deep), (b, deep), (b, top)], [Path.MOVETO, *[Path.CURVE4] * 3])
        colour = colormaps["cividis"](ties[pair])
        panel.add_patch(PathPatch(arc, facecolor="none", edgecolor=colour, linewidth=1.3, alpha=0.8))
    if ties:
        _draw_scale(made)


def _draw_scale(made: _Map) -> None:
    """What the colours of ties mean."""
    place = (made.left, made.ties + 0.65, 0.6 * abs(made.left), 0.16)
    axes = made.panel.inset_axes(place, transform=made.panel.transData)
    axes.grid(visible=False)
    made.panel.figure.colorbar(
        ScalarMappable(Normalize(0, 1), colormaps["cividis"]), cax=axes, orientation="horizontal"
    )
    axes.set_xticks([0, 0.5, 1], ["0", label("structure.half"), "1"])
    axes.set_xlabel(label("structure.trust"), fontsize=10)


def _legend(scenario: Scenario) -> Sequence[Line2D]:
    def mark(key: str, fill: str, edge: str) -> Line2D:
        words = label(f"structure.{key}")
        return Line2D([], [], linestyle="", label=words, markerfacecolor=fill, markeredgecolor=edge, **AGENCY)

    keys = [mark("core", BLUE, BLUE)] if scenario.core else []
    if len(scenario.core) < len(scenario.agencies):
        keys.append(mark("other", "white", BLUE))
    if scenario.arrangement.coordinator:
        keys.append(mark("coordinator", "white", ORANGE))
    seat = Line2D([], [], linestyle="", color=BLUE, marker="o", markersize=9, label=label("structure.seat"))
    return [*keys, seat]
