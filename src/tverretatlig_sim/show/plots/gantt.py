"""One run as a calendar: when projects work, and where their recommendations are in each month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario.schema import Project, months_between
from tverretatlig_sim.show.plots.style import (
    BLUE,
    GREEN,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILION,
    finish,
    mark,
    mark_years,
    only_panel,
    patch,
    styled,
    text,
)
from tverretatlig_sim.show.rows import Row, rows_of

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
    histories = _histories(rows_of(ensemble.trace(run)))
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
    panel.set_ylim(whole, -0.05)
    panel.set_xlim(0, ensemble.months)
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


def _histories(rows: Sequence[Row]) -> Mapping[str, Histories]:
    """By project, the transitions of each recommendation that was drafted, in the order of drafting."""
    by_name: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_name.setdefault((row["project"], row["recommendation"]), []).append(row)
    found: dict[str, list[list[Row]]] = {}
    for (project, _), history in sorted(by_name.items(), key=lambda item: [row["month"] for row in item[1]]):
        if history[0]["to_stage"] == "drafted":
            found.setdefault(project, []).append(history)
    return found


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
