"""Ensembles side by side: the funnel, monthly series, meeting time, and the sources' frameworks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tverretatlig_sim.ensemble import Ensemble
from tverretatlig_sim.ensemble.readouts import LINKS
from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.numbers import number
from tverretatlig_sim.show.plots.style import (
    BLUE,
    GREEN,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILION,
    Results,
    check_known,
    draw_band,
    draw_interval,
    ensembles_of,
    finish,
    folded,
    look,
    mark,
    mark_years,
    moments,
    name_rows,
    note,
    patch,
    several_panels,
    slots,
    styled,
    text,
)
from tverretatlig_sim.show.rows import Row, rows_of

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
RUNGS = (1, 2, 3, 4)
QUARTERS = (0, 25, 50, 75, 100)
ABOVE = 108
"""Where the rung aimed at is marked, above bars of up to 100 per cent."""

Means = Sequence[Mapping[str, float]]


@styled
def plot_funnel(results: Results) -> Figure:
    """How far recommendations get, in per cent of those planned, and for which reason the others do not.

    A bar is as long as the share that reached the stage before; its first part reached this stage too, with
    the 95 % interval of the mean as whiskers. The figures beside it are mean numbers of recommendations.

    Args:
        results: each ensemble gets a panel.
    """
    ensembles = ensembles_of(results)
    figure, panels = several_panels(len(ensembles), 3, 4.6, sharex=True, sharey=True)
    for panel, (name, ensemble) in zip(panels, ensembles.items(), strict=True):
        _draw_funnel(panel, rows_of(ensemble.funnel().reset_index()))
        panel.set_title(text(name, 110 // min(len(ensembles), 3)))
    names = {reason: label("figure.lost_to", reason=label(f"reason.{reason}")) for reason in REASONS}
    names |= {key: label(f"figure.{key}") for key in ("not_drafted", "waiting")}
    keys = [patch(names[reason], colour) for reason, colour in REASONS.items()]
    said = f"{label('figure.whiskers')} {note(ensembles)}"
    return finish(figure, label("funnel"), said, [patch(label("figure.reached"), BLUE), *keys])


def _draw_funnel(panel: Axes, stages: Sequence[Row]) -> None:
    planned = stages[0]["reached"]
    percent = 100 / planned if planned > 0 else 0.0
    for place, stage in enumerate(stages):
        left = stage["reached"] * percent
        panel.barh(place, left, color=BLUE)
        draw_interval(panel, place, percent * stage["low"], percent * stage["high"])
        panel.text(
            1.02, place, number(stage["reached"], 1), transform=panel.get_yaxis_transform(), va="center"
        )
        before = stages[place - 1] if place else None
        lost = [(before["reason"], before["lost"]), ("waiting", before["waiting"])] if before else []
        for reason, count in lost:  # the part that got to the stage before, but not to this one
            if count > 0 and reason in REASONS:
                panel.barh(place, count * percent, left=left, color=REASONS[reason])
                left += count * percent
    name_rows(panel, [label(f"stage.{stage['stage']}") for stage in stages])
    panel.set_xlim(0, 100)
    panel.set_xlabel(label("figure.share_of_planned"))


@styled
def plot_series(ensemble: Ensemble, variables: str | Sequence[str] = VARIABLES) -> Figure:
    """Month by month, the mean over runs and a band of one standard deviation on either side.

    Args:
        ensemble: simulated with ``series="moments"`` or ``"runs"``.
        variables: names in ``ensemble.series``; each gets a panel, with a line for each entity it is about.

    Raises:
        ValueError: if there is no such series.
    """
    names = [variables] if isinstance(variables, str) else list(variables) or [""]
    check_known("series", names, ensemble.series.data_vars)
    figure, panels = several_panels(len(names), 2, 3.4, more=1.2, sharex=True)
    for panel, name in zip(panels, names, strict=True):
        _draw_series(panel, ensemble.series[name])
        panel.set_title(label(name))
        mark_years(panel, str(ensemble.series["date"].values[0]), ensemble.months, 6)
        panel.tick_params(labelbottom=True)
    title = f"{text(ensemble.scenario.name)}: {label('figure.series')}"
    return finish(figure, title, note({"": ensemble}))


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
def plot_meetings(results: Results) -> Figure:
    """Share of meeting time on structure and process and on substance, over the whole run and month by month.

    Months without meetings are bridged. Without monthly series there is only the whole run.

    Args:
        results: each ensemble gets a bar and a line.
    """
    ensembles = ensembles_of(results)
    monthly = all(SHARE in ensemble.series for ensemble in ensembles.values())
    height = max(4.2 if monthly else 2.6, 2.2 + 0.6 * len(ensembles))
    figure, panels = several_panels(1 + monthly, 2, height, more=0)
    for place, ensemble in enumerate(ensembles.values()):
        mean, low, high = 100 * ensemble.summary().loc[SHARE, ["mean", "low", "high"]].to_numpy(dtype=float)
        _draw_meetings(panels[0], place, mean, low, high)
    name_rows(panels[0], [folded(name, 30) for name in ensembles])
    panels[0].set_xlim(0, 100)
    panels[0].set_xlabel(label("meetings.share"))
    if monthly:
        _draw_months(panels[1], ensembles)
    keys = [patch(label("meetings.structure"), ORANGE), patch(label("meetings.substance"), GREEN)]
    return finish(figure, label("meetings.title"), f"{label('meetings.note')} {note(ensembles)}", keys)


def _draw_meetings(panel: Axes, place: int, mean: float, low: float, high: float) -> None:
    """Both shares; the first stands after the end of its part and whisker, where that part is too short."""
    if not isfinite(mean):
        panel.text(1, place, label("meetings.none"), va="center")
        return
    panel.barh(place, mean, color=ORANGE)
    panel.barh(place, 100 - mean, left=mean, color=GREEN)
    draw_interval(panel, place, low, high)
    after = max(mean, high) if isfinite(high) else mean
    start, ink = (1.0, "black") if mean > LEAST else (after + 1.0, "white")
    panel.text(start, place, f"{number(mean, 0)} %", va="center", color=ink)
    panel.text(99, place, f"{number(100 - mean, 0)} %", va="center", ha="right", color="white")


def _draw_months(panel: Axes, ensembles: Mapping[str, Ensemble]) -> None:
    for place, (name, ensemble) in enumerate(ensembles.items()):
        mean, sd = moments(100 * ensemble.series[SHARE])
        draw_band(panel, place, mean, sd, strength=0.15, words=text(name, 46))
    panel.set_ylim(0, 100)
    panel.set_title(label("meetings.over_time"))
    panel.set_ylabel(label("meetings.share"))
    panel.set_xlabel(label("meetings.months"))
    if len(ensembles) > 1:
        panel.legend(loc="upper right", fontsize=10)


@styled
def plot_frameworks(results: Results) -> Figure:
    """Left, the share of runs that reach each rung, with the rung aimed at; right, the links of the chain.

    A dash in place of a bar says that a measure does not apply.

    Args:
        results: each ensemble gets a colour.
    """
    ensembles = ensembles_of(results)
    means = [ensemble.frameworks()["mean"].to_dict() for ensemble in ensembles.values()]
    figure, (ladder, chain) = several_panels(2, 2, 1.36 * max(len(means), 2), more=2.6)
    _draw_ladder(ladder, means)
    _draw_chain(chain, means)
    ladder.set_title(label("framework.ladder"))
    chain.set_title(label("framework.chain"))
    keys = [patch(text(name), look(place)["color"]) for place, name in enumerate(ensembles)]
    aimed = mark(label("frameworks.aimed"), marker="D")
    return finish(figure, label("frameworks.title"), note(ensembles), [*keys, aimed], columns=2)


def _draw_ladder(panel: Axes, means: Means) -> None:
    """Upright bars, one group a rung: the share of runs that reach it."""
    for place, (found, shift) in enumerate(zip(means, slots(len(means)), strict=True)):
        colour = look(place)["color"]
        heights = [100 * found[f"ladder.rung_{rung}"] for rung in RUNGS]
        panel.bar([rung + shift for rung in RUNGS], heights, width=0.74 / len(means), color=colour)
        # Diamonds of arrangements that aim at the same rung stand side by side above it.
        panel.plot(
            found["ladder.aimed"] + shift, ABOVE, "D", color=colour, markersize=9, markeredgecolor="black",
            clip_on=False,
        )  # fmt: skip
    panel.set_xticks(RUNGS, [label(f"frameworks.rung_{rung}") for rung in RUNGS])
    panel.set_yticks(QUARTERS)
    panel.set_ylim(0, ABOVE + 7)
    panel.grid(visible=False, axis="x")
    panel.set_ylabel(label("frameworks.runs"))


def _draw_chain(panel: Axes, means: Means) -> None:
    """Lying bars, one group a link: of what came so far, the share that gets one further."""
    for place, (found, shift) in enumerate(zip(means, slots(len(means)), strict=True)):
        for row, link in enumerate(LINKS):
            share = 100 * found[link]
            shown = share if isfinite(share) else 0.0
            panel.barh(row + shift, shown, height=0.74 / len(means), color=look(place)["color"])
            panel.text(shown + 1.5, row + shift, number(share, 0), va="center", fontsize=11)
    name_rows(panel, [label(f"frameworks.{link}") for link in LINKS])
    panel.set_xlim(0, 112)
    panel.set_xticks(QUARTERS)
    panel.set_xlabel(label("frameworks.gets_further"))
