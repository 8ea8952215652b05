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
from tverretatlig_sim.show.frames import Row, rows_of
from tverretatlig_sim.show.labels import HEADLINE, Language, label, unit
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


def legend(ensembles: Mapping[str, Ensemble], lang: Language) -> str:
    """Which letter stands for which scenario."""
    lines = [
        f"{letter} = {name}: {getattr(ensembles[name].scenario.title, lang)}"
        for name, letter in letters_of(list(ensembles)).items()
    ]
    return "\n".join(lines)


def outcome_label(outcome: str, lang: Language) -> str:
    """Label with unit, where per cent must be said."""
    return f"{label(outcome, lang)} (%)" if unit(outcome) == "share" else label(outcome, lang)


def summary_table(ensembles: Mapping[str, Ensemble], lang: Language) -> Table:
    """The main outcomes, one column a scenario."""
    letters = letters_of(list(ensembles))
    made = table("", {label("outcome", lang): "fold", **dict.fromkeys(letters.values(), "right")})
    columns = [_summary_cells(ensemble, lang) for ensemble in ensembles.values()]
    for outcome in SHOWN:
        made.add_row(outcome_label(outcome, lang), *(cells[outcome] for cells in columns))
    return made


def _summary_cells(ensemble: Ensemble, lang: Language) -> dict[str, str]:
    """Mean and interval of each outcome."""
    rows = rows_of(ensemble.summary().reset_index())
    return {
        row["outcome"]: mean_with_interval(row["mean"], row["low"], row["high"], unit(row["outcome"]), lang)
        for row in rows
    }


def comparison_table(comparison: Comparison, lang: Language) -> Table:
    """The main outcomes of two scenarios, and their paired difference."""
    a, b = letters_of(list(comparison.ensembles)).values()
    difference = _difference_columns(f"{a} − {b}", f"{a} > {b}\n(%)", lang)
    made = table("", {label("outcome", lang): "fold", a: "right", b: "right", **difference})
    columns = [_summary_cells(ensemble, lang) for ensemble in comparison.ensembles.values()]
    differences = {row["outcome"]: row for row in rows_of(comparison.table())}
    for outcome in SHOWN:
        cells = [cells[outcome] for cells in columns]
        made.add_row(outcome_label(outcome, lang), *cells, *_difference_cells(differences[outcome], lang))
    return made


def pairs_table(comparison: Comparison, lang: Language) -> Table:
    """The implemented rate of every pair of scenarios."""
    letters = letters_of(list(comparison.ensembles))
    columns = _difference_columns(label("difference", lang), "> (%)", lang)
    made = table(outcome_label(HEADLINE, lang), {"": "left", **columns})
    for row in rows_of(comparison.table(HEADLINE)):
        made.add_row(f"{letters[row['a']]} − {letters[row['b']]}", *_difference_cells(row, lang))
    return made


def _difference_columns(difference: str, above: str, lang: Language) -> dict[str, str]:
    return {difference: "right", above: "right", label("pairing", lang): "right"}


def _difference_cells(row: Row, lang: Language) -> list[str]:
    kind = unit(row["outcome"])
    difference = mean_with_interval(row["mean"], row["low"], row["high"], kind, lang, sign=True)
    share = number(100 * row["share_a_above_b"], 0, lang)
    return [difference, share, number(row["variance_reduction"], 1, lang)]


def funnel_table(ensemble: Ensemble, lang: Language) -> Table:
    """Stage by stage: how many get there, of those planned, and what becomes of the rest."""
    title = f"{label('funnel', lang)}: {ensemble.scenario.name}"
    headings = {"reached": "right", "of_drafted": "right", "rest": "fold"}
    columns = {label(key, lang): stands for key, stands in headings.items()}
    made = table(title, {label("stage", lang): "left", "": "left", **columns})
    stages = rows_of(ensemble.funnel().reset_index())
    for row in stages:
        bar = Text(_bar(row["reached"], stages[0]["reached"]), "cyan")
        reached = mean_with_interval(row["reached"], row["low"], row["high"], "count", lang)
        made.add_row(
            label(f"stage.{row['stage']}", lang), bar, reached, _of_drafted(row, lang), _lost(row, lang)
        )
    return made


def _bar(part: float, whole: float) -> str:
    return "█" * round(BAR * part / whole) if whole > 0 else ""


def _of_drafted(row: Row, lang: Language) -> str:
    share = row["share_of_drafted"]
    return f"{number(100 * share, 0, lang)} %" if isfinite(share) else ""


def _lost(row: Row, lang: Language) -> str:
    said = [
        f"{number(count, 1, lang)} {label(f'reason.{reason}', lang)}"
        for reason, count in ((row["reason"], row["lost"]), ("waiting", row["waiting"]))
        if count >= 0.05
    ]
    return ", ".join(said)
