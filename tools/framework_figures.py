"""The figures of ``docs/frameworks``: what the read-outs say of the shipped arrangements, what a dial does.

Run ``python tools/framework_figures.py`` to see which files there are, with ``--write`` to draw them anew
(under a minute). Nothing depends on their bytes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import tverretatlig_sim as ts
from tverretatlig_sim.ensemble.frameworks import LINKS, weakest_link
from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.plots.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILION,
    blank,
    finish,
    look,
    save_figure,
    styled,
)

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "frameworks"
RUNS, SEED = 100, 1
NOTE = f"{RUNS} runs, seed {SEED}, default parameters and lengths of run. Levels are illustrative."
SOME = ("0-24-2018", "etatssamarbeidet-2022", "labour-crime-2015", "ny-giv-2010")
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)


def keys(axes: Axes) -> list[Artist]:
    """What lines and marks of a panel mean."""
    return list(axes.get_legend_handles_labels()[0])


@cache
def ensemble(name: str, *levers: str) -> ts.Ensemble:
    """Runs of a scenario with dials set."""
    scenario = ts.with_levers(ts.load_scenario(name), *levers)
    return ts.simulate(scenario, runs=RUNS, seed=SEED, series="none")


@cache
def readouts(name: str, *levers: str) -> pd.DataFrame:
    """Read-outs of these runs."""
    return ensemble(name, *levers).frameworks()


def means(name: str, *levers: str) -> Mapping[str, float]:
    """Mean of each measure."""
    return {str(measure): float(mean) for measure, mean in readouts(name, *levers)["mean"].items()}


def rows(axes: Axes, names: Sequence[str]) -> None:
    """One row a scenario, from top to bottom."""
    axes.set_yticks(range(len(names)), list(names))
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")


@styled
def ladder() -> Figure:
    """Share of runs that reach each rung, and the rung aimed at."""
    figure, names = blank(6.6), ts.list_scenarios()
    axes = figure.subplots()
    rows(axes, names)
    for rung, colour in zip((1, 2, 3, 4), (PALE, SKY, BLUE, GREEN), strict=True):
        widths = [means(name)[f"ladder.rung_{rung}"] for name in names]
        lefts = [rung - 1.0] * len(names)
        axes.barh(range(len(names)), widths, left=lefts, color=colour, height=0.62)
    aimed = [means(name)["ladder.aimed"] for name in names]
    axes.plot(aimed, range(len(names)), "D", color=VERMILION, markersize=9, label="rung aimed at (mean)")
    axes.set_xticks(
        [0.5, 1.5, 2.5, 3.5],
        ["1 share\ninformation", "2 common\nunderstanding", "3 adjust\nplans", "4 joint\nmeasures"],
    )
    axes.set_xlim(0, 4.15)
    return finish(
        figure,
        "Coordination ladder: aimed at and reached",
        f"A full box: all runs reach the rung. {NOTE}",
        keys(axes),
    )


@styled
def distances() -> Figure:
    """The four distances, the cognitive one from start to end."""
    figure, names = blank(6.6), ts.list_scenarios()
    axes = figure.subplots()
    rows(axes, names)
    for measure, mark, colour in (
        ("distance.geographic", "s", BLUE),
        ("distance.structural", "^", ORANGE),
        ("distance.power", "o", GREEN),
    ):
        values = [means(name)[measure] for name in names]
        axes.plot(values, range(len(names)), mark, color=colour, markersize=9, label=label(measure).lower())
    for place, name in enumerate(names):
        start, end = means(name)["distance.cognitive_start"], means(name)["distance.cognitive_end"]
        arrow = {"arrowstyle": "-|>", "color": PURPLE, "linewidth": 2.2, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (end, place), (start, place), arrowprops=arrow)
    axes.plot([], [], color=PURPLE, linewidth=2.2, label="cognitive, from start to end")
    axes.set_xlabel("distance, 0 to 1")
    axes.set_xlim(-0.03, 1.03)
    return finish(
        figure,
        "Organisational distances: three are given, the cognitive one moves",
        NOTE,
        keys(axes),
        columns=4,
    )


def sweep(axes: Axes, dial: str, value: Callable[[ts.Ensemble], float], title: str) -> None:
    """A number over the settings of a dial, one line an arrangement."""
    for place, name in enumerate(SOME):
        heights = [value(ensemble(name, f"{dial}={step:g}")) for step in STEPS]
        axes.plot(STEPS, heights, marker="o", linewidth=2, label=name, **look(place))
    axes.set_title(title)
    axes.set_xlabel(f"dial {dial}")


def of_outcome(name: str) -> Callable[[ts.Ensemble], float]:
    """Mean of an outcome."""
    return lambda runs: float(runs.outcomes[name].mean())


def of_measure(name: str) -> Callable[[ts.Ensemble], float]:
    """Mean of a measure."""
    return lambda runs: float(runs.frameworks()["mean"][name])


@styled
def matrix() -> Figure:
    """What a stronger matrix does."""
    figure = blank(5.4)
    left, middle, right = figure.subplots(1, 3)
    sweep(left, "matrix", of_outcome("months_to_implement"), "Months to implementation")
    sweep(middle, "matrix", of_measure("chain.lasting"), "Of carried out: lasting")
    sweep(right, "matrix", of_outcome("ownership_end"), "Ownership at the end")
    return finish(figure, "From weak to strong matrix", NOTE, keys(left), columns=4)


@styled
def mechanisms() -> Figure:
    """Both strengths of each arrangement, and what both dials do."""
    figure = blank(6.4)
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    for place, name in enumerate(ts.list_scenarios()):
        found = means(name)
        x, start, end = found["hierarchy.strength"], found["voluntary.start"], found["voluntary.end"]
        style = look(place)
        left.plot([x, x], [start, end], linewidth=1.5, **style)
        left.plot([x], [end], marker="o", markersize=8, label=name, color=style["color"], linestyle="")
    left.set_xlabel("strength of hierarchy")
    left.set_ylabel("voluntary adaptation, start to end (dot)")
    left.set_title("The arrangements")
    left.legend(fontsize=9, ncols=2, loc="upper right")
    left.set_ylim(-0.03, 1.25)
    for place, voluntary in enumerate((0.2, 0.5, 0.8)):
        heights = [
            of_outcome("implemented_rate_horizon")(
                ensemble("etatssamarbeidet-2022", f"hierarchy={step:g}", f"voluntary={voluntary:g}")
            )
            for step in STEPS
        ]
        right.plot(STEPS, heights, marker="o", linewidth=2, label=f"voluntary={voluntary:g}", **look(place))
    right.set_xlabel("dial hierarchy, etatssamarbeidet-2022")
    right.set_title("Implemented by the end, of drafted")
    right.legend()
    return finish(figure, "Hierarchy and voluntary adaptation are two strengths", NOTE)


@styled
def roles() -> Figure:
    """How far coordinators are equipped for each role on each rung."""
    figure = blank(5.2)
    panels = figure.subplots(1, 3, sharey=True)
    names = ("0-24-2018", "etatssamarbeidet-2022", "dfo-simplified", "ny-giv-2010")
    for axes, role in zip(panels, ("driver", "interest_balancer", "system_steward"), strict=True):
        for place, name in enumerate(names):
            heights = [means(name)[f"role.{role}_{rung}"] for rung in (1, 2, 3, 4)]
            at = [rung + 0.06 * (place - 1.5) for rung in (1, 2, 3, 4)]
            axes.plot(at, heights, marker="o", linewidth=2, label=name, **look(place))
        axes.set_title(label(f"role.{role}"))
        axes.set_xticks((1, 2, 3, 4))
        axes.set_xlabel("rung of the ladder")
    panels[0].set_ylabel("equipped, 0 to 1")
    return finish(
        figure,
        "Coordination roles: what an arrangement lets its coordinator do",
        "Read off the scenarios; no runs.",
        keys(panels[0]),
        columns=4,
    )


@styled
def instruments() -> Figure:
    """Planned by kind, and implemented of the drafted."""
    figure = blank(5.4)
    left, right = figure.subplots(1, 2)
    kinds = ("legal", "economic", "organisational", "pedagogical")
    for place, name in enumerate(SOME):
        at = [row + 0.19 * (place - 1.5) for row in range(len(kinds))]
        colour = look(place)["color"]
        left.barh(
            at, [means(name)[f"instrument.{kind}"] for kind in kinds], height=0.17, color=colour, label=name
        )
        done = [means(name)[f"instrument.{kind}_implemented"] for kind in kinds]
        right.barh(at, done, height=0.17, color=colour)
    for axes in (left, right):
        axes.set_yticks(range(len(kinds)), kinds if axes is left else [""] * len(kinds))
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
    left.set_title("Share of the planned")
    right.set_title("Implemented, of the drafted")
    return finish(figure, "Law and budget need the ministries", NOTE, keys(left), columns=4)


@styled
def chain() -> Figure:
    """How much is left after each link, and which link is the weakest."""
    figure = blank(6.0)
    axes, onward = figure.subplots(1, 2, width_ratios=(3, 1), sharey=True)
    cross = {"marker": "x", "color": GREY, "markersize": 16, "markeredgewidth": 2.5}
    for place, name in enumerate((*SOME, "dfo-simplified", "grorud-valley-2007")):
        left, heights = 1.0, [1.0]
        for link in LINKS[:4]:
            left *= means(name)[link]
            heights.append(left)
        axes.plot(range(5), heights, marker="o", linewidth=2, label=name, **look(place))
        onward.bar([place], [means(name)["chain.municipal"]], color=look(place)["color"])
        weakest = LINKS.index(str(weakest_link(readouts(name))))
        if weakest < 4:
            axes.plot([weakest + 1], [heights[weakest + 1]], **cross)
        else:
            onward.plot([place], [means(name)["chain.municipal"]], **cross)
    axes.set_xticks(range(5), ["planned", "drafted", "handed over", "carried out", "lasting in\nthe lines"])
    axes.set_title("Left, of the planned")
    onward.set_title("Of carried out: on in\nmunicipalities", fontsize=13)
    onward.set_xticks([])
    return finish(
        figure,
        "Theory of change: what is left after each link, and where it breaks (×)",
        NOTE,
        keys(axes),
    )


FIGURES: Mapping[str, Callable[[], Figure]] = {
    "ladder": ladder,
    "distances": distances,
    "matrix": matrix,
    "mechanisms": mechanisms,
    "roles": roles,
    "instruments": instruments,
    "chain": chain,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="draw them and write them into docs/frameworks")
    asked = parser.parse_args()
    for name, draw in FIGURES.items():
        path = FOLDER / f"{name}.png"
        if asked.write:
            FOLDER.mkdir(exist_ok=True)
            save_figure(draw(), path)
        print(path.relative_to(FOLDER.parents[1]))
