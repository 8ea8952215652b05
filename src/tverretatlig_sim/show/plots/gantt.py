"""One run as a calendar: when projects work, and where their recommendations are in each month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario.schema import months_between, shifted
from tverretatlig_sim.show.plots.style import (
    BLUE,
    GREEN,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILION,
    add_foot,
    blank,
    styled,
    text,
)
from tverretatlig_sim.show.rows import Row, rows_of

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble.ensemble import Ensemble
    from tverretatlig_sim.scenario.schema import Project

STAGES = {"drafted": SKY, "decided": ORANGE, "handed_over": PURPLE, "adopted": BLUE}
"""Colour of the months a recommendation spends in a stage."""
ENDS = {"implemented": (GREEN, "o"), "dropped": (VERMILION, "X")}
"""Colour and mark of the last month."""
LINE, GAP = 0.085, 0.17
"""Height of a recommendation's line and least height of a project, in inches."""


@dataclass(frozen=True)
class _Project:
    """A project with the transitions of its recommendations."""

    project: Project
    histories: Sequence[Sequence[Row]]

    @property
    def height(self) -> float:
        """Inches it takes in the figure."""
        return GAP + LINE * (1 + len(self.histories))


@styled
def plot_gantt(ensemble: Ensemble, run: int = 0) -> Figure:
    """Every project as a bar from its start to its last draft; below it, a line a recommendation.

    A line has the colour of the stage the recommendation is in, and ends in a mark when it is implemented or
    dropped. Recommendations that are never drafted have no line.

    Args:
        ensemble: of which a run is simulated again.
        run: its number, from 0.

    Raises:
        ValueError: if there is no such run.
    """
    rows = rows_of(ensemble.trace(run))
    projects = [_Project(p, list(_histories(p.name, rows))) for p in _in_order(ensemble)]
    height = max(sum(project.height for project in projects), 1.0)
    figure = blank(height + 2.2)
    panel = figure.subplots()
    top = 0.0
    for project in projects:
        _draw(panel, project, top, ensemble)
        top += project.height
    _finish(panel, projects, height, ensemble)
    name = text(str(ensemble.scenario.title), 90)
    figure.suptitle(f"{name}\n{label('gantt.title')}", x=0.01, ha="left")
    said = label("gantt.note", run=run + 1, runs=ensemble.runs, seed=ensemble.seed)
    add_foot(figure, said, list(_legend()), columns=4)
    return figure


def _in_order(ensemble: Ensemble) -> list[Project]:
    return sorted(ensemble.scenario.portfolio.project, key=lambda project: (project.start, project.name))


def _histories(project: str, rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Transitions of each recommendation of a project that was drafted, in the order of drafting."""
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        if row["project"] == project:
            by_name.setdefault(row["recommendation"], []).append(row)
    drafted = [history for history in by_name.values() if history[0]["to_stage"] == "drafted"]
    yield from sorted(drafted, key=lambda history: [row["month"] for row in history])


def _draw(panel: Axes, project: _Project, top: float, ensemble: Ensemble) -> None:
    start = max(0, months_between(ensemble.scenario.start, project.project.start))
    drafted = [history[0]["month"] + 1 for history in project.histories]
    planned = len(project.project.recommendation) or int(project.project.recommendations or 1)
    end = max(drafted, default=ensemble.months) if len(drafted) >= planned else ensemble.months
    panel.barh(top + GAP / 2, max(end - start, 0), left=start, height=0.7 * GAP, color=PALE)
    for place, history in enumerate(project.histories, start=1):
        _draw_history(panel, history, top + GAP / 2 + LINE * (place + 0.3), ensemble.months)


def _draw_history(panel: Axes, history: Sequence[Row], height: float, months: int) -> None:
    for row, following in zip(history, [*history[1:], None], strict=True):
        stage, month = row["to_stage"], row["month"]
        if stage in ENDS:
            colour, mark = ENDS[stage]
            panel.plot(month, height, marker=mark, color=colour, markersize=5.5, linestyle="", zorder=3)
        else:
            until = months if following is None else following["month"]
            panel.plot([month, until], [height] * 2, color=STAGES[stage], linewidth=3, solid_capstyle="butt")


def _finish(panel: Axes, projects: Sequence[_Project], height: float, ensemble: Ensemble) -> None:
    names = [_title(project.project) for project in projects]
    tops = [sum(project.height for project in projects[:place]) for place in range(len(projects))]
    panel.set_yticks([top + GAP / 2 for top in tops], names, fontsize=11)
    panel.hlines(tops[1:], 0, ensemble.months, color="#E6E6E6", linewidth=0.8, zorder=0)
    panel.tick_params(axis="y", length=0)
    panel.set_ylim(height, -0.05)
    panel.set_xlim(0, ensemble.months)
    dates = [shifted(ensemble.scenario.start, month) for month in range(ensemble.months)]
    januaries = [month for month, date in enumerate(dates) if date.endswith("-01")] or [0]
    shown = januaries[:: max(1, len(januaries) // 10)]
    panel.set_xticks(shown, [dates[month][: 4 if dates[month].endswith("-01") else 7] for month in shown])
    panel.grid(visible=False, axis="y")


def _title(project: Project) -> str:
    return text(str(project.title) if project.title else project.name, 44)


def _legend() -> Iterator[Patch | Line2D]:
    yield Patch(color=PALE, label=label("gantt.work"))
    for stage, colour in STAGES.items():
        yield Line2D([], [], color=colour, linewidth=3, label=label(f"stage.{stage}").lower())
    for stage, (colour, mark) in ENDS.items():
        words = label(f"stage.{stage}").lower()
        yield Line2D([], [], color=colour, marker=mark, linestyle="", label=words)
