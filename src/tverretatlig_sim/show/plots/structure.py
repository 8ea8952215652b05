"""The structure of a scenario: who steers whom, who sits where, who is tied to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Curve

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.build import scenario_graph
from tverretatlig_sim.scenario.load import ScenarioLike
from tverretatlig_sim.scenario.schema import Forum
from tverretatlig_sim.show.plots.style import (
    BLUE,
    GREY,
    ORANGE,
    PALE,
    WIDTH,
    finish,
    mark,
    only_panel,
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
LETTER, LONGEST = 0.105, 18
"""Width of a letter in inches, and letters of a name above or below its mark."""
STEER, ROW, ARCS = 0.9, 0.46, 1.5
"""Heights in inches: lines from ministries, a forum, the arcs of ties."""


@styled
def plot_structure(scenario: ScenarioLike, *, ax: Axes | None = None) -> Figure:
    """Ministries above the agencies they steer, the agencies' seats in forums below, their ties at the foot.

    Args:
        scenario: whose structure it is; a name or file is loaded.
        ax: draw there; default: a new figure.
    """
    found = load_scenario(scenario)
    made = _Drawing(found, ax)
    made.steering()
    made.forums()
    made.ties()
    core, every = len(found.core), len(found.agencies)
    looks = {
        "core": (BLUE, BLUE, core > 0),
        "other": ("white", BLUE, core < every),
        "coordinator": ("white", ORANGE, bool(found.arrangement.coordinator)),
    }
    keys = [
        mark(label(f"structure.{key}"), markerfacecolor=fill, markeredgecolor=edge, **AGENCY)
        for key, (fill, edge, there) in looks.items()
        if there
    ]
    keys.append(mark(label("structure.seat"), BLUE, **SEAT))
    title = f"{text(found.title, 90)}\n{label('structure')}"
    return finish(made.figure, title, label("structure.note"), keys, columns=4, ax=ax)


class _Drawing:
    """An empty figure and where everything goes in it: columns from 0, heights in inches from the top."""

    def __init__(self, scenario: Scenario, ax: Axes | None) -> None:
        self.scenario, self.trust = scenario, _trust(scenario)
        order = {ministry.name: place for place, ministry in enumerate(scenario.ministries)}
        # Those of a ministry side by side, core agencies first.
        agencies = sorted(
            scenario.agencies, key=lambda a: (order[a.ministry], a.name not in scenario.core, a.name)
        )
        self.columns = {agency.name: column for column, agency in enumerate(agencies)}
        step = (WIDTH - MARGIN - 0.3) / max(len(agencies), 1)
        above, below = (
            LETTER * max((len(text(name, LONGEST)) for name in names), default=1)
            for names in (order, self.columns)
        )
        upright = max(above, below) > step
        self.rotation, self.left = 90 if upright else 0, -MARGIN / step
        self.top = 0.45 + (above if upright else 0.1)
        self.middle = self.top + STEER
        self.tables = self.middle + 0.45 + (below if upright else 0.2)
        self.foot = self.tables + ROW * max(len(scenario.arrangement.forum), 1)
        height = self.foot + (ARCS if self.trust else 0.5)
        self.figure, self.panel = only_panel(ax, height + 1.5)
        self.panel.set(xlim=(self.left, len(agencies) - 0.5), ylim=(height, 0))
        self.panel.axis("off")

    def name(self, column: float, height: float, name: str, va: str) -> None:
        """The name of an agency or ministry at its mark."""
        self.panel.text(column, height, text(name, LONGEST), va=va, ha="center", rotation=self.rotation)

    def say(self, height: float, words: str, **look: Any) -> None:  # noqa: ANN401
        """Words in the margin."""
        self.panel.text(self.left, height, words, **{"va": "center", **look})

    def steering(self) -> None:
        """Ministries, the agencies they steer, and lines between them."""
        scenario, panel, top, middle = self.scenario, self.panel, self.top, self.middle
        self.say(top, label("structure.ministries"), weight="bold")
        self.say(middle, label("structure.agencies"), weight="bold")
        for ministry in scenario.ministries:
            steered = [self.columns[a.name] for a in scenario.agencies if a.ministry == ministry.name]
            place = float(np.mean(steered))
            for column in steered:
                panel.plot([place, column], [top, middle], color=GREY, linewidth=1.2, zorder=1)
            panel.plot(place, top, marker="s", markersize=11, color="black", zorder=3)
            self.name(place, top - 0.16, ministry.name, "bottom")
        for name, column in self.columns.items():
            fill = BLUE if name in scenario.core else "white"
            edge = ORANGE if name == scenario.arrangement.coordinator else BLUE
            panel.plot(column, middle, zorder=3, markerfacecolor=fill, markeredgecolor=edge, **AGENCY)
            self.name(column, middle + 0.16, name, "top")

    def forums(self) -> None:
        """A row a forum: who has a seat in it, what it is for, how often it meets."""
        forums = self.scenario.arrangement.forum
        if not forums:
            self.say(self.tables + ROW / 2, label("structure.no_forum"), color=GREY)
        for row, forum in enumerate(forums):
            place = self.tables + ROW * (row + 0.5)
            seats = sorted(self.columns[name] for name in forum.seats if name in self.columns)
            if row % 2 == 0:
                self.panel.axhspan(place - ROW / 2, place + ROW / 2, color=PALE, alpha=0.35, linewidth=0)
            self.panel.plot([seats[0], seats[-1]], [place, place], color=GREY, linewidth=1.2)
            self.panel.plot(seats, [place] * len(seats), color=BLUE, linestyle="", **SEAT)
            self.say(place - 0.02, text(forum.title or forum.name, 34), va="bottom", fontsize=12)
            self.say(place + 0.01, _practice(forum), va="top", fontsize=10, color="#555555")

    def ties(self) -> None:
        """Arcs between agencies that are tied, in the colour of their trust."""
        top, panel = self.foot + 0.1, self.panel
        if not self.trust:
            self.say(top + 0.2, label("structure.no_ties"))
            return
        self.say(top + 0.2, label("structure.ties"), weight="bold")
        shown = [pair for pair in self.trust if {*pair} <= {*self.columns}]
        ends = {pair: [self.columns[name] for name in pair] for pair in shown}
        widest = max(abs(a - b) for a, b in ends.values())
        # The most trusting lie on top: they are the few where trust is rare.
        for pair in sorted(ends, key=lambda pair: self.trust[pair]):
            a, b = ends[pair]
            deep = top + (ARCS - 0.25) * 4 / 3 * (abs(a - b) / widest) ** 0.5
            arc = Curve([(a, top), (a, deep), (b, deep), (b, top)], [Curve.MOVETO, *[Curve.CURVE4] * 3])
            look = {"edgecolor": colormaps["cividis"](self.trust[pair]), "linewidth": 1.3, "alpha": 0.8}
            panel.add_patch(PathPatch(arc, facecolor="none", **look))
        place = (self.left, self.foot + 0.65, 0.6 * abs(self.left), 0.16)
        scale = panel.inset_axes(place, transform=panel.transData)
        scale.grid(visible=False)
        shades = ScalarMappable(Normalize(0, 1), colormaps["cividis"])
        self.figure.colorbar(shades, cax=scale, orientation="horizontal")
        scale.set_xticks([0, 0.5, 1], ["0", label("structure.half"), "1"])
        scale.set_xlabel(label("structure.trust"), fontsize=10)


def _practice(forum: Forum) -> str:
    """What a forum is for, how often it meets, and its staff."""
    cadence = forum.cadence.value
    whole = float(cadence).is_integer()
    kind = "monthly" if cadence == 1 else "often" if cadence < 1 else "forum" if whole else "fraction"
    function, times = label(f"structure.{forum.function}"), plain(round(1 / cadence, 1))
    said = label(f"structure.{kind}", function=function, cadence=plain(cadence), times=times)
    staff = forum.secretariat_fte.value
    return label("structure.staff", said=said, fte=plain(staff)) if staff else said


def _trust(scenario: Scenario) -> dict[tuple[str, ...], float]:
    """Mean trust at the start of each pair that is tied."""
    trust: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for source, target, facts in scenario_graph(scenario).edges(data=True):
        if facts["kind"] == "tie":
            trust[tuple(sorted((source[1], target[1])))].append(float(facts["trust"]))
    return {pair: float(np.mean(values)) for pair, values in trust.items()}
