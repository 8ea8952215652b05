"""Results as tables for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from string import ascii_uppercase
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from tverretatlig_sim.ensemble import SHOWN
from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.frames import Row, rows_of
from tverretatlig_sim.show.labels import HEADLINE, unit
from tverretatlig_sim.show.numbers import mean_with_interval, number

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble.compare import Comparison
    from tverretatlig_sim.ensemble.ensemble import Ensemble

BAR = 14
"""Length of the longest bar of a funnel, in characters."""


def table(title: str, columns: Mapping[str, str], *, lines: bool = False) -> Table:
    """An empty table.

    Args:
        title: heading above it.
        columns: heading of each column and how it stands: ``left``, ``right`` or ``fold`` (left, may wrap).
        lines: whether lines separate the rows.
    """
    made = Table(
        title=title or None, title_justify="left", title_style="bold", box=SIMPLE_HEAD, show_lines=lines
    )
    for heading, stands in columns.items():
        made.add_column(
            heading,
            justify="right" if stands == "right" else "left",
            no_wrap=stands != "fold",
            overflow="fold",
        )
    return made


def letters_of(names: list[str]) -> dict[str, str]:
    """A letter (or, beyond Z, a number) for each scenario, so that columns stay narrow."""
    return {
        name: ascii_uppercase[place] if place < len(ascii_uppercase) else str(place + 1)
        for place, name in enumerate(names)
    }


def legend(ensembles: Mapping[str, Ensemble]) -> str:
    """Which letter stands for which scenario."""
    lines = [
        f"{letter} = {name}: {ensembles[name].scenario.title!s}"
        for name, letter in letters_of(list(ensembles)).items()
    ]
    return "\n".join(lines)


def outcome_label(outcome: str) -> str:
    """Label with unit, where per cent must be said."""
    return f"{label(outcome)} (%)" if unit(outcome) == "share" else label(outcome)


def summary_table(ensembles: Mapping[str, Ensemble]) -> Table:
    """The main outcomes, one column a scenario."""
    letters = letters_of(list(ensembles))
    made = table("", {label("outcome"): "fold", **dict.fromkeys(letters.values(), "right")})
    columns = [_summary_cells(ensemble) for ensemble in ensembles.values()]
    for outcome in SHOWN:
        made.add_row(outcome_label(outcome), *(cells[outcome] for cells in columns))
    return made


def _summary_cells(ensemble: Ensemble) -> dict[str, str]:
    """Mean and interval of each outcome."""
    rows = rows_of(ensemble.summary().reset_index())
    return {
        row["outcome"]: mean_with_interval(row["mean"], row["low"], row["high"], unit(row["outcome"]))
        for row in rows
    }


def comparison_table(comparison: Comparison) -> Table:
    """The main outcomes of two scenarios, and their paired difference."""
    a, b = letters_of(list(comparison.ensembles)).values()
    difference = _difference_columns(f"{a} − {b}", f"{a} > {b}\n(%)")
    made = table("", {label("outcome"): "fold", a: "right", b: "right", **difference})
    columns = [_summary_cells(ensemble) for ensemble in comparison.ensembles.values()]
    differences = {row["outcome"]: row for row in rows_of(comparison.table())}
    for outcome in SHOWN:
        cells = [cells[outcome] for cells in columns]
        made.add_row(outcome_label(outcome), *cells, *_difference_cells(differences[outcome]))
    return made


def pairs_table(comparison: Comparison) -> Table:
    """The implemented rate of every pair of scenarios."""
    letters = letters_of(list(comparison.ensembles))
    columns = _difference_columns(label("difference"), "> (%)")
    made = table(outcome_label(HEADLINE), {"": "left", **columns})
    for row in rows_of(comparison.table(HEADLINE)):
        made.add_row(f"{letters[row['a']]} − {letters[row['b']]}", *_difference_cells(row))
    return made


def _difference_columns(difference: str, above: str) -> dict[str, str]:
    return {difference: "right", above: "right", label("pairing"): "right"}


def _difference_cells(row: Row) -> list[str]:
    kind = unit(row["outcome"])
    difference = mean_with_interval(row["mean"], row["low"], row["high"], kind, sign=True)
    share = number(100 * row["share_a_above_b"], 0)
    return [difference, share, number(row["variance_reduction"], 1)]


def funnel_table(ensemble: Ensemble) -> Table:
    """Stage by stage: how many get there, of those planned, and what becomes of the rest."""
    title = f"{label('funnel')}: {ensemble.scenario.name}"
    headings = {"reached": "right", "of_drafted": "right", "rest": "fold"}
    columns = {label(key): stands for key, stands in headings.items()}
    made = table(title, {label("stage"): "left", "": "left", **columns})
    stages = rows_of(ensemble.funnel().reset_index())
    for row in stages:
        bar = Text(_bar(row["reached"], stages[0]["reached"]), "cyan")
        reached = mean_with_interval(row["reached"], row["low"], row["high"], "count")
        made.add_row(label(f"stage.{row['stage']}"), bar, reached, _of_drafted(row), _lost(row))
    return made


def _bar(part: float, whole: float) -> str:
    return "█" * round(BAR * part / whole) if whole > 0 else ""


def _of_drafted(row: Row) -> str:
    share = row["share_of_drafted"]
    return f"{number(100 * share, 0)} %" if isfinite(share) else ""


def _lost(row: Row) -> str:
    said = [
        f"{number(count, 1)} {label(f'reason.{reason}')}"
        for reason, count in ((row["reason"], row["lost"]), ("waiting", row["waiting"]))
        if count >= 0.05
    ]
    return ", ".join(said)
