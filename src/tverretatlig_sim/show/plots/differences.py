"""Differences between scenarios over runs and parameter sets, factors by size, and what a search found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, cycle
from textwrap import wrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from tverretatlig_sim.ensemble import HEADLINE, Unit
from tverretatlig_sim.ensemble.compare import Comparison
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import parameter_specs
from tverretatlig_sim.scenario.errors import check_named
from tverretatlig_sim.show.plots.style import (
    BARS,
    BLUE,
    CYCLE,
    GREY,
    ORANGE,
    SKY,
    VERMILION,
    Floats,
    Panels,
    blank,
    draw_intervals,
    finish,
    folded,
    mark,
    name_rows,
    note,
    only_panel,
    patch,
    several_panels,
    slots,
    styled,
    text,
)
from tverretatlig_sim.show.rows import measure, percent, scaled, unit_of
from tverretatlig_sim.study.robust import RobustComparison
from tverretatlig_sim.study.robust_shares import ANSWERS, smallest_of
from tverretatlig_sim.study.search import Search

Pairs = Sequence[tuple[str, str]]

MOST_PAIRS = 3
"""Pairs whose other outcomes still fit into the figure."""
AXES: Mapping[Unit, str] = {"share": "figure.points", "months": "figure.months", "level": "figure.levels"}
"""What a difference is measured in; outcomes in these units have a panel each."""
SIDES = ((1, BLUE, "^"), (-1, VERMILION, "v"), (0, GREY, "o"))
"""Sign of a difference, its colour and its mark."""


@styled
def plot_differences(comparison: Comparison, *, ax: Axes | None = None) -> Figure:
    """Differences a − b of runs on the same draws.

    Above: the implemented rate of every pair, as the distribution over runs with the mean and its 95 %
    interval. Below, for up to three pairs: means and intervals of all shares, months and levels.

    Args:
        comparison: two or more scenarios on the same draws.
        ax: draw what stands above there, and nothing else; default: a new figure.
    """
    pairs = list(combinations(comparison.ensembles, 2))
    kept = [OUTCOMES[name] for name in next(iter(comparison.ensembles.values())).values if name in OUTCOMES]
    below = {kind: [it.name for it in kept if it.unit == kind] for kind in AXES}
    table = comparison.table().set_index(["outcome", "a", "b"])[["mean", "low", "high"]].sort_index()
    whole = len(pairs) <= MOST_PAIRS and ax is None
    heights = [1.6 + 0.8 * len(pairs)]
    if whole:  # as high as the levels need beside the shares and months
        levels = 2.0 + max(len(below["level"]), 5) * (0.3 + 0.12 * len(pairs))
        rows = np.array([len(below["share"]) + 1, len(below["months"]) + 1])
        heights += list(levels * rows / rows.sum())
    figure = blank(sum(heights) + 0.9)
    # Panels by the first letter: the rate above shares, months and levels.
    panels = figure.subplot_mosaic("rr;sl;ml" if whole else "r", height_ratios=heights)
    if ax is not None:
        figure, panels["r"] = only_panel(ax, 0)
    _draw_headline(panels["r"], comparison, pairs)
    keys = [patch(label("figure.spread"), SKY), _key("black", label("figure.interval"))]
    for kind in AXES if whole else ():
        for shift, colour, (a, b) in zip(slots(len(pairs), 0.6), CYCLE, pairs, strict=False):
            found = scaled(1, kind) * table.loc[[(name, a, b) for name in below[kind]]]
            draw_intervals(panels[kind[0]], np.arange(len(found)) + shift, found, colour, means=True)
        _finish(panels[kind[0]], [label(outcome) for outcome in below[kind]], kind)
    if whole and len(pairs) > 1:
        keys += [_key(colour, f"{text(a)} − {text(b)}") for colour, (a, b) in zip(CYCLE, pairs, strict=False)]
    said = note(*comparison.ensembles.values())
    return finish(figure, label("figure.differences"), said, keys, columns=2, ax=ax)


def _draw_headline(panel: Axes, comparison: Comparison, pairs: Pairs) -> None:
    rates = {name: 100 * one.outcomes[HEADLINE] for name, one in comparison.ensembles.items()}
    for place, (a, b) in enumerate(pairs):
        known = (rates[a] - rates[b]).dropna()
        if known.empty:
            panel.text(0, place, f" {label('figure.nothing')}", va="center")
        elif len(known) > 2 and np.ptp(known) > 1e-9:
            shape = panel.violinplot(known, [place], orientation="horizontal", widths=0.85, showextrema=False)
            for body in shape["bodies"]:  # type: ignore[attr-defined]
                body.set(facecolor=SKY, alpha=0.8)
    found = 100 * comparison.table(HEADLINE)[["mean", "low", "high"]]
    draw_intervals(panel, np.arange(len(pairs)), found, means=True)
    _finish(panel, [f"{text(a, 26)}\n− {text(b, 26)}" for a, b in pairs], "share")
    panel.set_title(label(HEADLINE))


def _finish(panel: Axes, names: Sequence[str], kind: Unit) -> None:
    panel.axvline(0, color="black", linewidth=1)
    name_rows(panel, names)
    panel.set_xlabel(label(AXES[kind]))


def _key(colour: str, words: str) -> Line2D:
    return mark(words, colour, "o", linestyle="-", linewidth=2.5)


@styled
def plot_robustness(
    comparison: RobustComparison,
    *,
    outcome: str = HEADLINE,
    pair: tuple[str, str] | None = None,
    ax: Panels = None,
) -> Figure:
    """The expected difference a − b in every parameter set: sorted, and over two parameters it hangs on.

    Expected differences are told with the noise of few runs taken out, so they lie a little closer together
    than they are; shares in the key are right (see ``robust_shares``).

    Those are the ones with the highest rank correlation with the difference, the parameter of the best split
    first, if there is a split; a line shows its threshold. A map of points is no proof of a cause.

    Args:
        comparison: of two or more scenarios in the same sets.
        outcome: which difference.
        pair: names of the scenarios; default: the first two.
        ax: two panels to draw in; default: a new figure.

    Raises:
        ValueError: if there is no such outcome or pair.
    """
    a, b = pair or tuple(comparison.outcomes)[:2]
    check_named("scenario", a, comparison.outcomes)
    check_named("scenario", b, comparison.outcomes)
    check_named("outcome", outcome, comparison.outcomes[a])
    scale, smallest = scaled(1, unit_of(outcome)), smallest_of(outcome, comparison.smallest)
    difference = scale * comparison.expected(a, b, outcome).mean
    first = next((it for it in comparison.flips(outcome).get((a, b), ()) if it.separates), None)
    figure, (left, right) = several_panels(2, 2, 6.6, more=0, ax=ax)
    known = difference[~np.isnan(difference)]
    _draw_sorted(left, np.sort(known)[::-1], scale * smallest, outcome)
    names = _foremost(comparison, difference, first.parameter if first else "")
    _draw_plane(right, comparison, difference, scale * smallest, names)
    right.set_title(label("robustness.plane"))
    row = comparison.table([outcome]).set_index(["a", "b"])
    first_named = (a, b) in row.index
    shares = row.loc[(a, b) if first_named else (b, a), [*ANSWERS]].to_numpy(dtype=float)
    keys = _sides(a, b, shares if first_named else shares[::-1])
    if first:
        right.axvline(first.threshold, color="black", linestyle="--", linewidth=1.5)
        keys.append(mark(label("robustness.split"), linestyle="--"))
    how = {"runs": comparison.runs, "seed": comparison.seed, "months": comparison.months}
    said = label("robustness.note", sets=len(comparison.sets), **how)
    return finish(figure, label("robustness.title", outcome=label(outcome)), said, keys, columns=2, ax=ax)


def _side(difference: Floats, smallest: float) -> Floats:
    """1 above the smallest difference, −1 below, 0 within."""
    return np.sign(difference) * (np.abs(difference) > smallest)


def _draw_sorted(panel: Axes, known: Floats, smallest: float, outcome: str) -> None:
    width = 100 / max(len(known), 1)
    places = width * (np.arange(len(known)) + 0.5)
    for sign, colour, _ in SIDES:
        chosen = _side(known, smallest) == sign
        panel.bar(places[chosen], known[chosen], width=width, color=colour, edgecolor=colour)
    panel.axhline(0, color="black", linewidth=1)
    panel.set(
        xlim=(0, 100),
        xlabel=label("robustness.sets"),
        ylabel=label(AXES.get(unit_of(outcome), outcome)),
        title=label("robustness.sorted"),
    )
    if not len(known):
        panel.text(50, 0, label("figure.nothing"), ha="center", va="bottom")


def _draw_plane(
    panel: Axes, comparison: RobustComparison, difference: Floats, smallest: float, names: Sequence[str]
) -> None:
    """The sets over two parameters; a mark is the larger, the larger the difference."""
    panel.set_visible(len(names) == 2)
    if len(names) < 2:
        return
    x, y = (comparison.sets.values[:, comparison.sets.names.index(name)] for name in names)
    area = 12 + 90 * np.abs(difference) / max(float(np.nanmax(np.abs(difference))), 1e-12)
    for sign, colour, marker in SIDES:
        chosen = _side(difference, smallest) == sign  # never where the difference is undefined
        panel.scatter(x[chosen], y[chosen], s=area[chosen], c=colour, marker=marker, alpha=0.6, linewidths=0)
    panel.set(xlabel=_meaning(names[0]), ylabel=_meaning(names[1]))


def _meaning(parameter: str) -> str:
    """What a parameter means, in lines that fit beside the panel; or the name of an entry."""
    if parameter not in parameter_specs():
        return "\n".join(wrap(text(label("flips.entry", name=parameter), 100), 40))
    return "\n".join(wrap(text(parameter_specs()[parameter].meaning, 100), 40))


def _foremost(comparison: RobustComparison, difference: Floats, first: str) -> list[str]:
    """The two parameters whose ranks go most with those of the difference; a given one comes first."""
    known = ~np.isnan(difference)
    values = comparison.sets.values[known]
    if len(values) < 3 or np.ptp(difference[known]) == 0:
        return []
    ranks = pd.Series(difference[known]).rank()
    sizes = {
        name: abs(np.corrcoef(pd.Series(column).rank(), ranks)[0, 1])
        for name, column in zip(comparison.sets.names, values.T, strict=True)
        if np.ptp(column) > 0
    }
    return sorted(sizes, key=lambda name: (name != first, -sizes[name]))[:2]


def _sides(a: str, b: str, shares: Floats) -> list[Line2D]:
    """In what share of the sets which of the two is better; of no matter only if there is any."""
    said = (
        label("robustness.above", name=text(a)),
        label("robustness.equal"),
        label("robustness.above", name=text(b)),
    )
    sides = zip((SIDES[0], SIDES[2], SIDES[1]), said, np.nan_to_num(shares), strict=True)
    return [
        mark(f"{words} ({percent(share)} %)", colour, marker, markersize=9)
        for (sign, colour, marker), words, share in sides
        if share >= 0.005 or sign
    ]


MOST = 40
"""Factors that still fit into a figure."""
COLUMNS = ("factor", "index", "low", "high")


@styled
def plot_tornado(
    table: pd.DataFrame, *, title: str = "", axis: str = "", foot: str = "", ax: Axes | None = None
) -> Figure:
    """Bars from zero, the largest first, with their intervals as whiskers.

    Args:
        table: columns ``factor``, ``index`` (size of the effect), ``low`` and ``high`` (its interval; NaN if
            unknown). With a column ``of``, each factor has a bar for each of its values, in another colour.
        title: above the figure.
        axis: what the bars measure.
        foot: words below.
        ax: where to draw; default: a new figure.

    Raises:
        ValueError: if a column is missing.
    """
    return _bars(table, COLUMNS, title, axis or label("bars.effect"), foot, ax)


PAGE = 6.3
"""Width of a figure on a page, in inches: 16 cm."""


@styled
def plot_effects(table: pd.DataFrame, *, axis: str, ax: Axes | None = None) -> Figure:
    """Bars from zero in the order of the table, with their intervals; the last one set apart. 16 cm wide.

    Args:
        table: columns ``factor``, ``index``, ``low`` and ``high``.
        axis: what the bars measure.
        ax: draw there; default: a new figure.
    """
    made = Figure(figsize=(PAGE, 0.6 + 0.24 * len(table)), layout="constrained")
    figure, panel = only_panel(ax or made.subplots(), 0)
    places = np.arange(len(table), dtype=float)
    places[-1] += 0.3
    colours = np.where(table["index"] >= 0, BLUE, VERMILION)
    panel.barh(places, table["index"], height=0.62, color=colours)
    draw_intervals(panel, places, table)
    panel.axvline(0, color="black", linewidth=1)
    panel.set_yticks(places, [folded(str(name), 54) for name in table["factor"]])
    panel.set_ylim(places[-1] + 0.5, -0.5)
    panel.grid(visible=False, axis="y")
    panel.tick_params(labelsize=8.5)
    panel.locator_params(axis="x", nbins=5)
    panel.set_xlabel(axis, fontsize=8.5)
    return figure


@styled
def plot_sobol(table: pd.DataFrame, *, title: str = "", foot: str = "", ax: Axes | None = None) -> Figure:
    """Sobol indices as pairs of bars: each factor alone, and with all its interactions.

    Args:
        table: columns ``factor``, ``order`` (``first`` or ``total``), ``index``, ``low`` and ``high``.
        title: above the figure.
        foot: words below.
        ax: where to draw; default: a new figure.

    Raises:
        ValueError: if a column is missing.
    """
    names = {order: label(f"bars.{order}") for order in ("first", "total")}
    named = table.assign(of=table["order"].map(names)) if "order" in table else table
    return _bars(named, (*COLUMNS, "order"), title, label("bars.sobol"), foot, ax)


def _bars(
    table: pd.DataFrame, columns: Sequence[str], title: str, axis: str, foot: str, ax: Axes | None
) -> Figure:
    missing = [column for column in columns if column not in table]
    if missing:
        raise ValueError(f"the table lacks {', '.join(missing)}; needed: {', '.join(columns)}")
    known = table.assign(of=table.get("of", ""))[np.isfinite(table["index"].astype(float))]
    sizes = known["index"].abs().groupby(known["factor"], sort=False).max()
    order = list(sizes.sort_values(ascending=False, kind="stable").index)
    places = {factor: place for place, factor in enumerate(order[:MOST])}
    groups = known[known["factor"].isin(places)].groupby("of", sort=False)
    figure, panel = only_panel(ax, 1.8 + max(1.0, len(places) * (0.26 + 0.13 * max(len(groups), 1))))
    for colour, shift, (group, rows) in zip(cycle(CYCLE), slots(len(groups)), groups, strict=False):
        at = rows["factor"].map(places) + shift
        size = 0.92 * BARS / len(groups)
        panel.barh(at, rows["index"], height=size, color=colour, label=text(group) or None)
        draw_intervals(panel, at.to_numpy(), rows)
    panel.axvline(0, color="black", linewidth=1)
    name_rows(panel, [text(name, 48) for name in places])
    panel.set_xlabel(axis)
    if not places:
        panel.text(0, 0, f" {label('bars.nothing')}", va="center")
    more = label("bars.more", n=len(order) - MOST) if len(order) > MOST else ""
    said = " ".join(filter(None, [foot, label("bars.whiskers"), more]))
    return finish(figure, title, said, panel.get_legend_handles_labels()[0], columns=2, ax=ax)


@styled
def plot_pareto(search: Search, *, ax: Axes | None = None) -> Figure:
    """Everything tried, the front as the search saw it, and the front on fresh draws with intervals.

    Points of the front that another point may beat, for all that the fresh runs say, are hollow.

    Args:
        search: what was found.
        ax: where to draw; default: a new figure.
    """
    job, front, tried = search.job, search.front, search.table()
    scales = {side: scaled(1, unit_of(getattr(job, side))) for side in ("cost", "gain")}
    figure, panel = only_panel(ax, 7.2)

    def sides(table: pd.DataFrame, before: str = "", after: str = "") -> list[pd.Series[float]]:
        return [scale * table[f"{before}{side}{after}"] for side, scale in scales.items()]

    panel.plot(*sides(tried), "o", color=GREY, alpha=0.5, markersize=4, label=label("search.tried"))
    seen = sides(front.sort_values("cost"))
    panel.plot(*seen, "x--", color=ORANGE, markersize=7, linewidth=1, label=label("search.chosen"))
    clear = (front["clear"] & front["holds"]).astype(bool)
    for key, points, face in (("fresh", front[clear], BLUE), ("doubtful", front[~clear], "white")):
        (cost, gain), low, high = (sides(points, "fresh_", end) for end in ("", "_low", "_high"))
        panel.hlines(gain, low[0], high[0], color=BLUE, linewidth=1.5)
        panel.vlines(cost, low[1], high[1], color=BLUE, linewidth=1.5)
        panel.plot(
            cost, gain, "o", markersize=8, color=BLUE, markerfacecolor=face, label=label(f"search.{key}")
        )
    panel.plot([], [], color=BLUE, linewidth=1.5, label=label("search.interval"))
    now = (scale * one.mean for scale, one in zip(scales.values(), reversed(search.as_it_is), strict=True))
    panel.plot(*now, "*", color=VERMILION, markersize=16, label=label("search.plain"))
    panel.set(xlabel=str(measure(job.cost)), ylabel=str(measure(job.gain)))
    sizes = {"tried": len(tried), "front": len(front), "fresh_runs": search.fresh_runs}
    said = label("search.method", runs=job.runs, seed=job.seed, months=job.months, **sizes)
    title = label("search.title", scenario=text(job.scenario.name, 40), gain=label(job.gain))
    keys = panel.get_legend_handles_labels()[0]
    return finish(figure, title, "\n".join(wrap(said, 110)), keys, ax=ax)
