"""Ensembles: funnel, monthly series, meeting time, frameworks, trust, and one run as a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from math import isfinite

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from tverretatlig_sim.dates import months_between
from tverretatlig_sim.ensemble.ensemble import FUNNEL, Ensemble
from tverretatlig_sim.ensemble.frameworks import LINKS
from tverretatlig_sim.i18n import label
from tverretatlig_sim.inputs import given_names
from tverretatlig_sim.scenario.errors import check_named
from tverretatlig_sim.scenario.schema import Project
from tverretatlig_sim.show.plots.style import (
    BARS,
    BLUE,
    CYCLE,
    GREEN,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILION,
    WIDTH,
    Floats,
    Panels,
    Results,
    blank,
    draw_band,
    draw_intervals,
    ensembles_of,
    finish,
    folded,
    mark,
    mark_years,
    moments,
    name_rows,
    note,
    only_panel,
    patch,
    several_panels,
    slots,
    styled,
    text,
)
from tverretatlig_sim.show.rows import Row, number, rows_of

REASONS = {
    "not_drafted": PURPLE,
    "disagreement": ORANGE,
    "ministries": VERMILION,
    "line": SKY,
    "municipalities": GREEN,
    "waiting": PALE,
}
"""Colour of each reason for which a recommendation does not get further."""
VARIABLES = (
    "recommendations", "implemented_share", "attention", "ownership_mean", "structure_share", "trust_mean",
)  # fmt: skip
"""Series that are shown unless asked otherwise."""
MOST_BANDS = 7
"""Lines in one panel whose bands can still be told apart."""
MOST_INSIDE = 8
"""Names that fit into a panel; more stand beside it."""
SHARE = "structure_share"
LEAST = 11
"""Per cent of a bar in which a number fits."""
RUNGS = np.arange(1, 5)
QUARTERS = (0, 25, 50, 75, 100)
ABOVE = 108
"""Where the rung aimed at is marked, above bars of up to 100 per cent."""


@styled
def plot_funnel(results: Results, *, ax: Panels = None) -> Figure:
    """How far recommendations get, in per cent of those planned, and for which reason the others do not.

    A bar is as long as the share that reached the stage before; its first part reached this stage too, with
    the 95 % interval of the mean as whiskers. The figures beside it are mean numbers of recommendations.

    Args:
        results: each ensemble gets a panel.
        ax: draw there; default: a new figure.
    """
    ensembles = ensembles_of(results)
    figure, panels = several_panels(len(ensembles), 3, 4.6, sharex=True, sharey=True, ax=ax)
    for panel, (name, ensemble) in zip(panels, ensembles.items(), strict=True):
        _draw_funnel(panel, ensemble.funnel().reset_index())
        panel.set_title(text(name, 110 // min(len(ensembles), 3)))
    names = {reason: label("figure.lost_to", reason=label(f"reason.{reason}")) for reason in REASONS}
    names |= {key: label(f"figure.{key}") for key in ("not_drafted", "waiting")}
    keys = [patch(names[reason], colour) for reason, colour in REASONS.items()]
    said = f"{label('figure.whiskers')} {note(*ensembles.values())}"
    return finish(figure, label("funnel"), said, [patch(label("figure.reached"), BLUE), *keys], ax=ax)


def _draw_funnel(panel: Axes, stages: pd.DataFrame) -> None:
    places, before = np.arange(len(stages)), stages.shift()
    percent = 100 / max(stages["reached"][0], 1e-9)
    left = percent * stages["reached"]
    panel.barh(places, left, color=BLUE)
    draw_intervals(panel, places, percent * stages[["low", "high"]])
    for reason, colour in REASONS.items():  # the part that got to the stage before, but not to this one
        lost = before["waiting"] if reason == "waiting" else before["lost"].where(before["reason"] == reason)
        panel.barh(places, percent * lost.fillna(0), left=left, color=colour)
        left = left + percent * lost.fillna(0)
    for place, reached in enumerate(stages["reached"]):
        panel.text(1.02, place, number(reached, 1), transform=panel.get_yaxis_transform(), va="center")
    name_rows(panel, [label(f"stage.{stage}") for stage in stages["stage"]])
    panel.set(xlim=(0, 100), xlabel=label("figure.share_of_planned"))


@styled
def plot_incidence(results: Results, *, ax: Panels = None) -> Figure:
    """What has become of a recommendation so many months after the start of its work, in per cent.

    Areas lie on each other; the uppermost line is the share that has ended, the white above it is under way.

    Args:
        results: each ensemble gets a panel.
        ax: draw there; default: a new figure.
    """
    ensembles = ensembles_of(results)
    figure, panels = several_panels(len(ensembles), 3, 4.2, sharex=True, sharey=True, ax=ax)
    colours, seen = {"implemented": BLUE, **REASONS}, []
    for panel, (name, ensemble) in zip(panels, ensembles.items(), strict=True):
        shares = 100 * ensemble.incidence()["share"].unstack("end").fillna(0.0)
        ends = [end for end in colours if end in shares]
        panel.stackplot(shares.index, *(shares[end] for end in ends), colors=[colours[end] for end in ends])
        panel.set(title=text(name, 110 // min(len(ensembles), 3)), xlabel=label("figure.months_of_work"))
        panel.set(ylim=(0, 100), xlim=(0, ensemble.months - 1), ylabel=label("figure.share_of_planned"))
        seen += ends
    keys = [patch(label("stage.implemented"), BLUE)]
    outcomes = dict(filter(None, FUNNEL.values()))
    keys += [patch(label(outcomes[end]), colour) for end, colour in REASONS.items() if end in seen]
    return finish(figure, label("figure.incidence"), note(*ensembles.values()), keys, ax=ax)


@styled
def plot_series(
    ensemble: Ensemble, variables: str | Sequence[str] = VARIABLES, *, ax: Panels = None
) -> Figure:
    """Month by month, the mean over runs and a band of one standard deviation on either side.

    Args:
        ensemble: simulated with ``series="moments"`` or ``"runs"``.
        variables: names in ``ensemble.series``; each gets a panel, with a line for each entity it is about.
        ax: draw there; default: a new figure.

    Raises:
        ValueError: if there is no such series.
    """
    given = (variables,) if isinstance(variables, str) else variables
    names = given_names("variables", given, VARIABLES[0]) or ("",)
    for name in names:
        check_named("series", name, map(str, ensemble.series.data_vars))
    figure, panels = several_panels(len(names), 2, 3.4, more=1.2, sharex=True, ax=ax)
    for panel, name in zip(panels, names, strict=True):
        _draw_series(panel, ensemble.series[name])
        panel.set_title(label(name))
        mark_years(panel, str(ensemble.series["date"].values[0]), ensemble.months, 6)
        panel.tick_params(labelbottom=True)
    title = f"{text(ensemble.scenario.name)}: {label('figure.series')}"
    return finish(figure, title, note(ensemble), ax=ax)


def _draw_series(panel: Axes, series: xr.DataArray) -> None:
    of = [str(dim) for dim in series.dims if dim not in ("month", "run", "statistic")]
    mean, sd = (
        part.stack(entity=of).transpose("entity", "month") if of else part.expand_dims("entity")
        for part in moments(series)
    )
    strength = 0.0 if len(mean) > MOST_BANDS else 0.1 if len(mean) > 1 else 0.2
    for place, (middle, deviation) in enumerate(zip(mean, sd, strict=True)):
        words = _entity(middle.entity.item()) if of else ""
        draw_band(panel, place, middle, deviation, strength=strength, words=words)
    # No series can be negative, so no band should seem to be.
    panel.set_ylim(bottom=max(0.0, panel.get_ylim()[0]))
    if of and len(mean) > MOST_INSIDE:
        panel.legend(ncols=1 + len(mean) // 8, fontsize=10, loc="center left", bbox_to_anchor=(1, 0.5))
    elif of and len(mean):
        panel.legend(ncols=2, fontsize=10, loc="best", frameon=True, framealpha=0.8, edgecolor="none")


def _entity(names: Sequence[str]) -> str:
    """What a line is about; stages have labels, everything else is called by its name."""
    return text(" / ".join(label(f"stage.{name}").removeprefix("stage.") for name in names), 24)


@styled
def plot_meetings(results: Results, *, ax: Panels = None) -> Figure:
    """Share of meeting time on structure and process and on substance, over the whole run and month by month.

    Months without meetings are bridged. Without monthly series there is only the whole run.

    Args:
        results: each ensemble gets a bar and a line.
        ax: draw there: a panel for the bars, or two; default: a new figure.
    """
    ensembles = ensembles_of(results)
    monthly = all(SHARE in ensemble.series for ensemble in ensembles.values()) and not isinstance(ax, Axes)
    height = max(4.2 if monthly else 2.6, 2.2 + 0.6 * len(ensembles))
    figure, panels = several_panels(1 + monthly, 2, height, more=0, ax=ax)
    for place, (name, ensemble) in enumerate(ensembles.items()):
        _draw_meetings(panels[0], place, 100 * ensemble.summary()[["mean", "low", "high"]].loc[[SHARE]])
        if monthly:
            months = moments(100 * ensemble.series[SHARE])
            draw_band(panels[1], place, *months, strength=0.15, words=text(name, 46))
    name_rows(panels[0], [folded(name, 30) for name in ensembles])
    panels[0].set(xlim=(0, 100), xlabel=label("meetings.share"))
    if monthly:
        panels[1].set(
            ylim=(0, 100),
            title=label("meetings.over_time"),
            ylabel=label("meetings.share"),
            xlabel=label("meetings.months"),
        )
        if len(ensembles) > 1:
            panels[1].legend(loc="upper right", fontsize=10)
    keys = [patch(label("meetings.structure"), ORANGE), patch(label("meetings.substance"), GREEN)]
    said = f"{label('meetings.note')} {note(*ensembles.values())}"
    return finish(figure, label("meetings.title"), said, keys, ax=ax)


def _draw_meetings(panel: Axes, place: int, found: pd.DataFrame) -> None:
    """Both shares; the first stands after the end of its part and whisker, where that part is too short."""
    mean, high = found[["mean", "high"]].to_numpy(dtype=float)[0]
    if not isfinite(mean):
        panel.text(1, place, label("meetings.none"), va="center")
        return
    panel.barh(place, mean, color=ORANGE)
    panel.barh(place, 100 - mean, left=mean, color=GREEN)
    draw_intervals(panel, place, found)
    start, ink = (1.0, "black") if mean > LEAST else (np.nanmax([mean, high]) + 1.0, "white")
    panel.text(start, place, f"{number(mean, 0)} %", va="center", color=ink)
    panel.text(99, place, f"{number(100 - mean, 0)} %", va="center", ha="right", color="white")


@styled
def plot_frameworks(results: Results, *, ax: Panels = None) -> Figure:
    """Left, the share of runs that reach each rung, with the rung aimed at; right, the links of the chain.

    A dash in place of a bar says that a measure does not apply.

    Args:
        results: each ensemble gets a colour.
        ax: two panels to draw in; default: a new figure.
    """
    ensembles = ensembles_of(results)
    figure, (ladder, chain) = several_panels(2, 2, 1.36 * max(len(ensembles), 2), more=2.6, ax=ax)
    rows, size = np.arange(len(LINKS)), 0.92 * BARS / len(ensembles)
    for (name, ensemble), shift, colour in zip(
        ensembles.items(), slots(len(ensembles)), cycle(CYCLE), strict=False
    ):
        means = ensemble.frameworks()["mean"]
        reached = 100 * means[[f"ladder.rung_{rung}" for rung in RUNGS]]
        ladder.bar(RUNGS + shift, reached, width=size, color=colour, label=text(name))
        # Diamonds of arrangements that aim at the same rung stand side by side above it.
        aimed = means["ladder.aimed"] + shift
        ladder.plot(aimed, ABOVE, "D", color=colour, markersize=9, markeredgecolor="black", clip_on=False)
        shares = 100 * means[list(LINKS)].to_numpy()
        chain.barh(rows + shift, np.nan_to_num(shares), height=size, color=colour)
        for row, share in zip(rows + shift, shares, strict=True):
            chain.text(np.nan_to_num(share) + 1.5, row, number(share, 0), va="center", fontsize=11)
    ladder.set(title=label("framework.ladder"), ylabel=label("frameworks.runs"), ylim=(0, ABOVE + 7))
    ladder.set_xticks(RUNGS, [label(f"frameworks.rung_{rung}") for rung in RUNGS])
    ladder.set_yticks(QUARTERS)
    ladder.grid(visible=False, axis="x")
    chain.set(title=label("framework.chain"), xlabel=label("frameworks.gets_further"), xlim=(0, 112))
    chain.set_xticks(QUARTERS)
    name_rows(chain, [label(f"frameworks.{link}") for link in LINKS])
    keys = [*ladder.get_legend_handles_labels()[0], mark(label("frameworks.aimed"), marker="D")]
    return finish(figure, label("frameworks.title"), note(*ensembles.values()), keys, columns=2, ax=ax)


ARROW = " → "
"""Between the two names of a tie."""
NUMBERED = 16
"""Agencies in whose matrix numbers can still be read."""
NAMES, BLOCKS = 2.4, 3.6
"""Inches beside the matrix for names, and least width of the panel with the blocks."""
LONGEST = 18
"""Letters of an agency's name."""


@styled
def plot_trust(ensemble: Ensemble, *, ax: Panels = None) -> Figure:
    """Mean trust of each agency (row) in each other (column) in the last month, and the means of the blocks.

    Core agencies come first and are framed. Beside the matrix: mean trust from core and others to core and
    others, in the first month and in the last.

    Args:
        ensemble: simulated with ``series="moments"`` or ``"runs"``.
        ax: two panels to draw in; default: a new figure.

    Raises:
        ValueError: if the ensemble kept no series.
    """
    if "trust" not in ensemble.series:
        raise ValueError("the ensemble kept no series of trust; simulate with series='moments'")
    scenario = ensemble.scenario
    names = sorted(
        (agency.name for agency in scenario.agencies), key=lambda name: (name not in scenario.core, name)
    )
    first, last = _matrices(ensemble, names)
    side = max(4.0, min(0.42 * len(names), 10.0))
    beside = max(WIDTH - side - NAMES, BLOCKS)
    made = None if ax is not None else blank(2.6 + side).subplots(1, 2, width_ratios=[WIDTH - beside, beside])
    figure, (left, right) = several_panels(2, 2, 0, ax=made if ax is None else ax)
    _draw_matrix(left, last, [text(name, LONGEST) for name in names], len(scenario.core))
    _draw_blocks(right, first, last, len(scenario.core))
    left.set_title(label("trust.title"))
    right.set_title(label("trust.blocks"))
    return finish(figure, text(scenario.title, 100), f"{label('trust.note')} {note(ensemble)}", ax=ax)


def _matrices(ensemble: Ensemble, names: Sequence[str]) -> Floats:
    """Mean trust in per cent, row in column, in the first month and in the last; NaN without a tie."""
    mean, _ = moments(ensemble.series["trust"])
    found = np.full((2, len(names), len(names)), np.nan)
    for tie in map(str, mean["tie"].values):
        a, b = map(names.index, tie.split(ARROW))
        found[:, a, b] = 100 * mean.sel(tie=tie).isel(month=[0, -1]).values
    return found


def _draw_matrix(panel: Axes, values: Floats, names: Sequence[str], core: int) -> None:
    written = np.vectorize(lambda value: f"{value:.0f}")(values) if len(names) <= NUMBERED else None
    _shade(panel, values, written, 9, names)
    panel.tick_params(axis="x", rotation=90)
    if 0 < core < len(names):
        frame = Rectangle((-0.5, -0.5), core, core, fill=False, edgecolor=VERMILION, linewidth=2.5)
        panel.add_patch(frame).set_clip_on(False)


def _draw_blocks(panel: Axes, first: Floats, last: Floats, core: int) -> None:
    """Means of the four blocks, from start to end."""
    parts = {"core": slice(0, core), "others": slice(core, None)}
    groups = {name: part for name, part in parts.items() if first[part].size}
    start, end = (
        np.array([[_mean(values[rows, columns]) for columns in groups.values()] for rows in groups.values()])
        for values in (first, last)
    )
    written = np.vectorize(lambda old, new: f"{number(old, 0)} → {number(new, 0)}")(start, end)
    _shade(panel, end, written, 14, [label(f"trust.{group}") for group in groups])
    panel.tick_params(axis="y", rotation=90)


def _mean(values: Floats) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else np.nan


def _shade(
    panel: Axes, values: Floats, written: NDArray[np.str_] | None, size: int, names: Sequence[str]
) -> None:
    """Cells in the colour of their value, with something written in those that are known."""
    panel.imshow(values, cmap="cividis", vmin=0, vmax=100, aspect="equal")
    panel.set_anchor("NW")
    panel.grid(visible=False)
    panel.tick_params(length=0)
    panel.spines[:].set_visible(False)
    panel.set_xticks(range(len(names)), names)
    panel.set_yticks(range(len(names)), names)
    panel.set(xlabel=label("trust.target"), ylabel=label("trust.source"))
    for (row, column), value in np.ndenumerate(values):
        if written is not None and np.isfinite(value):
            said = str(written[row, column])
            panel.text(column, row, said, ha="center", va="center", color=_ink(value), fontsize=size)


def _ink(value: float) -> str:
    """A colour that can be read on a cell."""
    red, green, blue, _ = colormaps["cividis"](value / 100)
    return "black" if 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 else "white"


STAGES = {"drafted": SKY, "decided": ORANGE, "handed_over": PURPLE, "adopted": BLUE}
"""Colour of the months a recommendation spends in a stage."""
ENDS = {"implemented": (GREEN, "o"), "dropped": (VERMILION, "X")}
"""Colour and mark of the last month."""
LINE, GAP = 0.085, 0.17
"""Height of a recommendation's line and least height of a project, in inches."""

Histories = Sequence[Sequence[Row]]
"""Transitions of each recommendation of a project."""


@styled
def plot_gantt(ensemble: Ensemble, run: int = 0, *, ax: Axes | None = None) -> Figure:
    """Every project as a bar from its start to its last draft; below it, a line a recommendation.

    A line has the colour of the stage the recommendation is in, and ends in a mark when it is implemented or
    dropped. Recommendations that are never drafted have no line.

    Args:
        ensemble: of which a run is simulated again.
        run: its number, from 0.
        ax: where to draw; default: a new figure.

    Raises:
        ValueError: if there is no such run.
    """
    scenario = ensemble.scenario
    histories = _histories(ensemble.trace(run))
    projects = sorted(scenario.portfolio.project, key=lambda project: (project.start, project.name))
    heights = [GAP + LINE * (1 + len(histories.get(project.name, ()))) for project in projects]
    tops = [sum(heights[:place]) for place in range(len(projects))]
    whole = max(sum(heights), 1.0)
    figure, panel = only_panel(ax, whole + 2.2)
    for project, top in zip(projects, tops, strict=True):
        _draw(panel, project, histories.get(project.name, ()), top + GAP / 2, ensemble)
    panel.set_yticks(
        [top + GAP / 2 for top in tops], [text(p.title or p.name, 44) for p in projects], fontsize=11
    )
    panel.hlines(tops[1:], 0, ensemble.months, color="#E6E6E6", linewidth=0.8, zorder=0)
    panel.tick_params(axis="y", length=0)
    panel.set(ylim=(whole, -0.05), xlim=(0, ensemble.months))
    mark_years(panel, scenario.start, ensemble.months, 10)
    panel.grid(visible=False, axis="y")
    named = {stage: label(f"stage.{stage}").lower() for stage in (*STAGES, *ENDS)}
    keys = [
        patch(label("gantt.work"), PALE),
        *(mark(named[stage], colour, linewidth=3) for stage, colour in STAGES.items()),
        *(mark(named[stage], *look) for stage, look in ENDS.items()),
    ]
    said = label("gantt.note", run=run + 1, runs=ensemble.runs, seed=ensemble.seed)
    title = f"{text(scenario.title, 90)}\n{label('gantt.title')}"
    return finish(figure, title, said, keys, columns=4, ax=ax)


def _histories(trace: pd.DataFrame) -> dict[str, Histories]:
    """By project, the transitions of each recommendation that was drafted, in the order of drafting."""
    found: dict[str, list[list[Row]]] = {}
    for (project, _), moves in trace.groupby(["project", "recommendation"], sort=False):
        history = rows_of(moves)
        if history[0]["to_stage"] == "drafted":
            found.setdefault(str(project), []).append(history)
    return {key: sorted(some, key=lambda rows: [row["month"] for row in rows]) for key, some in found.items()}


def _draw(panel: Axes, project: Project, histories: Histories, top: float, ensemble: Ensemble) -> None:
    start = max(0, months_between(ensemble.scenario.start, project.start))
    planned = len(project.recommendation) or int(project.recommendations or 1)
    # A project works until it has drafted all that it planned.
    whole = len(histories) >= planned
    end = histories[-1][0]["month"] + 1 if whole else ensemble.months
    panel.barh(top, max(end - start, 0), left=start, height=0.7 * GAP, color=PALE)
    for place, history in enumerate(histories, start=1):
        height = top + LINE * (place + 0.3)
        until = [*(row["month"] for row in history[1:]), ensemble.months]
        for row, following in zip(history, until, strict=True):
            if row["to_stage"] in ENDS:
                colour, marker = ENDS[row["to_stage"]]
                panel.plot(
                    row["month"], height, marker=marker, color=colour, markersize=5.5, linestyle="", zorder=3
                )
            else:
                colour = STAGES[row["to_stage"]]
                panel.hlines(height, row["month"], following, color=colour, linewidth=3)
