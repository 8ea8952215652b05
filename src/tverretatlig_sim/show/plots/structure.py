"""The structure of a scenario: who steers whom, who sits where, who is tied to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Curve

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.graph import scenario_graph
from tverretatlig_sim.scenario.schema import Forum
from tverretatlig_sim.show.plots.style import (
    BLUE,
    GREY,
    ORANGE,
    PALE,
    WIDTH,
    blank,
    finish,
    mark,
    styled,
    text,
)
from tverretatlig_sim.show.rows import plain

AGENCY: Mapping[str, Any] = {"marker": "o", "markersize": 13, "markeredgewidth": 2}
"""Mark of an agency."""
SEAT: Mapping[str, Any] = {"marker": "o", "markersize": 9}
"""Mark of a seat in a forum."""

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

    def name(self, column: float, height: float, name: str, va: str) -> None:
        """The name of an agency or ministry at its mark."""
        rotation = 90 if self.upright else 0
        self.panel.text(column, height, text(name, LONGEST), va=va, ha="center", rotation=rotation)

    def say(self, height: float, words: str, **look: Any) -> None:  # noqa: ANN401
        """Words in the margin."""
        self.panel.text(self.left, height, words, **{"va": "center", **look})


@styled
def plot_structure(scenario: Scenario | str | Path) -> Figure:
    """Ministries above the agencies they steer, the agencies' seats in forums below, their ties at the foot.

    Args:
        scenario: whose structure it is; a name or file is loaded.
    """
    found = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    ties = _ties(found)
    figure, made = _laid_out(found, ARCS if ties else 0.5)
    _draw_steering(made, found)
    _draw_forums(made, found.arrangement.forum)
    _draw_ties(made, ties)
    title = f"{text(found.title, 90)}\n{label('structure')}"
    return finish(figure, title, label("structure.note"), _legend(found), columns=4)


def _laid_out(scenario: Scenario, arcs: float) -> tuple[Figure, _Map]:
    """An empty figure and where everything goes in it."""
    order = {ministry.name: place for place, ministry in enumerate(scenario.ministries)}
    # Those of a ministry side by side, core agencies first.
    agencies = sorted(
        scenario.agencies, key=lambda a: (order[a.ministry], a.name not in scenario.core, a.name)
    )
    columns = {agency.name: column for column, agency in enumerate(agencies)}
    step = (WIDTH - MARGIN - 0.3) / max(len(columns), 1)
    above, below = _widest(order), _widest(columns)
    upright = max(above, below) > step
    top = 0.45 + (above if upright else 0.1)
    forums = top + STEER + 0.45 + (below if upright else 0.2)
    ties = forums + ROW * max(len(scenario.arrangement.forum), 1)
    figure = blank(ties + arcs + 1.5)
    panel = figure.subplots()
    panel.set(xlim=(-MARGIN / step, len(columns) - 0.5), ylim=(ties + arcs, 0))
    panel.axis("off")
    return figure, _Map(panel, columns, -MARGIN / step, top, top + STEER, forums, ties, upright)


def _widest(names: Iterable[str]) -> float:
    return LETTER * max((len(text(name, LONGEST)) for name in names), default=1)


def _draw_steering(made: _Map, scenario: Scenario) -> None:
    made.say(made.ministries, label("structure.ministries"), weight="bold")
    made.say(made.agencies, label("structure.agencies"), weight="bold")
    for ministry in scenario.ministries:
        steered = [made.columns[a.name] for a in scenario.agencies if a.ministry == ministry.name]
        middle = float(np.mean(steered))
        for column in steered:
            ends = [middle, column], [made.ministries, made.agencies]
            made.panel.plot(*ends, color=GREY, linewidth=1.2, zorder=1)
        made.panel.plot(middle, made.ministries, marker="s", markersize=11, color="black", zorder=3)
        made.name(middle, made.ministries - 0.16, ministry.name, "bottom")
    for name, column in made.columns.items():
        filled = BLUE if name in scenario.core else "white"
        edge = ORANGE if name == scenario.arrangement.coordinator else BLUE
        look = {"markerfacecolor": filled, "markeredgecolor": edge, **AGENCY}
        made.panel.plot(column, made.agencies, zorder=3, **look)
        made.name(column, made.agencies + 0.16, name, "top")


def _draw_forums(made: _Map, forums: Sequence[Forum]) -> None:
    if not forums:
        made.say(made.forums + ROW / 2, label("structure.no_forum"), color=GREY)
    for row, forum in enumerate(forums):
        place = made.forums + ROW * (row + 0.5)
        seats = sorted(made.columns[name] for name in forum.seats)
        if row % 2 == 0:
            made.panel.axhspan(place - ROW / 2, place + ROW / 2, color=PALE, alpha=0.35, linewidth=0)
        made.panel.plot([seats[0], seats[-1]], [place, place], color=GREY, linewidth=1.2)
        made.panel.plot(seats, [place] * len(seats), color=BLUE, linestyle="", **SEAT)
        made.say(place - 0.02, text(forum.title or forum.name, 34), va="bottom", fontsize=12)
        made.say(place + 0.01, _practice(forum), va="top", fontsize=10, color="#555555")


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


def _ties(scenario: Scenario) -> dict[tuple[str, str], float]:
    """Mean trust at the start of each pair that is tied."""
    trust: dict[tuple[str, str], list[float]] = {}
    for source, target, facts in scenario_graph(scenario).edges(data=True):
        if facts["kind"] == "tie":
            one, other = sorted((source[1], target[1]))
            trust.setdefault((one, other), []).append(float(facts["trust"]))
    return {pair: float(np.mean(values)) for pair, values in trust.items()}


def _draw_ties(made: _Map, ties: Mapping[tuple[str, str], float]) -> None:
    top = made.ties + 0.1
    if not ties:
        made.say(top + 0.2, label("structure.no_ties"))
        return
    made.say(top + 0.2, label("structure.ties"), weight="bold")
    spans = {pair: abs(made.columns[pair[0]] - made.columns[pair[1]]) for pair in ties}
    # The most trusting lie on top: they are the few where trust is rare.
    for pair in sorted(ties, key=lambda pair: ties[pair]):
        deep = top + (ARCS - 0.25) * 4 / 3 * (spans[pair] / max(spans.values())) ** 0.5
        a, b = (made.columns[name] for name in pair)
        arc = Curve([(a, top), (a, deep), (b, deep), (b, top)], [Curve.MOVETO, *[Curve.CURVE4] * 3])
        colour = colormaps["cividis"](ties[pair])
        made.panel.add_patch(PathPatch(arc, facecolor="none", edgecolor=colour, linewidth=1.3, alpha=0.8))
    place = (made.left, made.ties + 0.65, 0.6 * abs(made.left), 0.16)
    scale = made.panel.inset_axes(place, transform=made.panel.transData)
    scale.grid(visible=False)
    shades = ScalarMappable(Normalize(0, 1), colormaps["cividis"])
    made.panel.figure.colorbar(shades, cax=scale, orientation="horizontal")
    scale.set_xticks([0, 0.5, 1], ["0", label("structure.half"), "1"])
    scale.set_xlabel(label("structure.trust"), fontsize=10)


def _legend(scenario: Scenario) -> list[Line2D]:
    """Marks of the agencies that there are, and of seats."""
    looks = {
        "core": (BLUE, BLUE, bool(scenario.core)),
        "other": ("white", BLUE, len(scenario.core) < len(scenario.agencies)),
        "coordinator": ("white", ORANGE, bool(scenario.arrangement.coordinator)),
    }
    return [
        *(
            mark(label(f"structure.{key}"), markerfacecolor=fill, markeredgecolor=edge, **AGENCY)
            for key, (fill, edge, there) in looks.items()
            if there
        ),
        mark(label("structure.seat"), BLUE, **SEAT),
    ]
