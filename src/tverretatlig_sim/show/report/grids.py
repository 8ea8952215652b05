"""Tables of the report, as text in cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Literal

from tverretatlig_sim.ensemble import SHOWN
from tverretatlig_sim.i18n import label, use_language
from tverretatlig_sim.show.catalogue import evidence_shares as shares
from tverretatlig_sim.show.catalogue import evidence_tables
from tverretatlig_sim.show.numbers import mean_with_interval, number, unit_of
from tverretatlig_sim.show.render import texts
from tverretatlig_sim.show.report.facts import facts
from tverretatlig_sim.show.rows import Row, measure, rows_of
from tverretatlig_sim.show.simulations import frameworks_table

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble.compare import Comparison
    from tverretatlig_sim.ensemble.ensemble import Ensemble
    from tverretatlig_sim.scenario.evidence import Number
    from tverretatlig_sim.study.dossier import Dossier


@dataclass(frozen=True)
class Grid:
    """A table: its caption, headings, and rows whose first cell is a heading too.

    Attributes:
        caption: what it shows.
        head: one heading a column.
        rows: as many cells as headings each.
        kind: ``numeric`` if cells after the first are numbers, ``facts`` for a few columns that shrink with
            the page, ``text`` else.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    kind: Literal["numeric", "facts", "text"] = "numeric"


def side_by_side(dossier: Dossier, titles: Sequence[str]) -> Grid:
    """Facts of both arrangements; rows that differ are marked."""
    rows = [
        (f"{name} ≠" if cells[0] != cells[1] else name, *cells) for name, cells in facts(dossier.scenarios)
    ]
    return Grid(label("report.arrangements"), ("", *titles), rows, kind="facts")


def outcomes(comparison: Comparison, titles: Sequence[str]) -> Grid:
    """The main outcomes of both and their paired difference, as ``compare`` prints them."""
    differences = {row["outcome"]: row for row in rows_of(comparison.table())}
    tables = [
        {row["outcome"]: row for row in rows_of(ensemble.summary().reset_index())}
        for ensemble in comparison.ensembles.values()
    ]
    rows = []
    for outcome in SHOWN:
        means = [_mean(table[outcome]) for table in tables]
        apart = _mean(differences[outcome], sign=True)
        rows.append((str(measure(outcome)), *means, apart))
    head = (label("outcome"), *titles, label("difference"))
    return Grid(label("caption.numbers"), head, rows)


def _mean(row: Row, *, sign: bool = False) -> str:
    kind = unit_of(row["outcome"])
    return mean_with_interval(row["mean"], row["low"], row["high"], kind, sign=sign)


def funnel(ensembles: Sequence[Ensemble], titles: Sequence[str]) -> Grid:
    """How many get to each stage, and how many are lost before the next."""
    tables = [rows_of(ensemble.funnel().reset_index()) for ensemble in ensembles]
    rows: list[Sequence[str]] = []
    for stages in zip(*tables, strict=True):
        reached = [mean_with_interval(row["reached"], row["low"], row["high"], "count") for row in stages]
        rows.append((label(f"stage.{stages[0]['stage']}"), *reached))
        if stages[0]["reason"]:
            named = label("report.lost", reason=label(f"loss.{stages[0]['reason']}"))
            rows.append((named, *(number(row["lost"], 1) for row in stages)))
    waiting = [mean_of(ensemble, "pending") for ensemble in ensembles]
    rows.append((f"– {label('reason.waiting')}", *waiting))
    return Grid(label("report.funnel"), (label("stage"), *titles), rows)


def mean_of(ensemble: Ensemble, outcome: str) -> str:
    """Mean of a count over runs."""
    return number(float(ensemble.outcomes[outcome].mean()), 1)


def framework_grids(ensembles: Sequence[Ensemble], titles: Sequence[str]) -> dict[str, Grid]:
    """Both arrangements in each of the sources' frameworks."""
    table = frameworks_table({str(place): one.frameworks() for place, one in enumerate(ensembles)})
    return {
        group.key: Grid(group.heading, ("", *titles), rows)
        for group, rows in zip(table.groups, texts(table), strict=True)
    }


def contributions(dossier: Dossier) -> Grid:
    """What each part contributes to the difference, in percentage points."""
    explanation = dossier.explanation
    shown = [row for row in rows_of(explanation.table()) if row["differs"]]
    rows = [(label(f"part.{row['part']}"), _points(row)) for row in shown]
    rows.append((label("explain.total"), _points(explanation.total()._asdict())))
    head = (label("report.part"), label("figure.points"))
    return Grid(label("caption.parts"), head, rows)


def _points(row: Row) -> str:
    return mean_with_interval(row["mean"], row["low"], row["high"], "share", sign=True)


def lever_grid(dossier: Dossier, titles: Sequence[str]) -> Grid:
    """Each lever's effect on each arrangement, the largest mean first."""
    by_lever: dict[str, list[Row]] = {}
    for row in rows_of(dossier.effects.table):
        by_lever.setdefault(row["lever"], []).append(row)
    levers = {lever.name: lever for lever in dossier.levers}
    order = sorted(by_lever, key=lambda name: -_largest(by_lever[name]))
    rows = [
        (
            str(levers[name].title),
            *(_effect(row) for row in by_lever[name]),
            label(f"lever.{levers[name].evidence}"),
        )
        for name in order
        if any(not row["reason"] for row in by_lever[name])
    ]
    head = (label("lever"), *titles, label("pattern.evidence"))
    return Grid(label("caption.levers"), head, rows)


def _largest(rows: Sequence[Row]) -> float:
    return max((row["mean"] for row in rows if isfinite(row["mean"])), default=float("-inf"))


def _effect(row: Row) -> str:
    return label("report.not_pulled") if row["reason"] else _points(row)


def refused(dossier: Dossier, titles: Mapping[str, str]) -> Grid | None:
    """Which levers cannot be pulled where, and why; None if all can."""
    levers = {lever.name: lever for lever in dossier.levers}
    rows = [
        (str(levers[row["lever"]].title), titles[row["scenario"]], reason(row["reason"]))
        for row in rows_of(dossier.effects.table)
        if row["reason"]
    ]
    head = (label("lever"), label("arrangement.one"), label("report.reason"))
    return Grid(label("report.refused"), head, rows, kind="text") if rows else None


REASONS = {
    "is pulled already": "already",
    "changes nothing here": "idle",
    "changes nothing that counts here": "moot",
    "forum[steer]": "steer",
    "forum[secretariat]": "secretariat",
    "that a secretariat could serve": "secretariat",
    "core agencies": "core",
    "agency[municipal]": "municipal",
    "seats these agencies already": "seated",
    "there is no": "missing",
}
"""What the reasons of refusals hold, and the words for them; the first that fits counts."""


def reason(refusal: str) -> str:
    """Why a lever cannot be pulled, in the language of the report where there are words for it."""
    with use_language("en"):
        english = str(refusal)
    kind = next((kind for part, kind in REASONS.items() if part in english), "other")
    return label(f"report.reason.{kind}", reason=str(refusal))


def evidence_shares(numbers: Sequence[Number], title: str) -> Grid:
    """Share of each grade by part, in per cent."""
    table = shares(numbers)
    return Grid(title, list(table.columns.values()), texts(table)[0])


def evidence_rows(numbers: Sequence[Number], title: str) -> Grid:
    """All numbers, those of a field with the same grade and source in one row."""
    keys = ("field", "report.part", "numbers", "value", "range", "grade", "source")
    tables = evidence_tables(numbers).values()
    rows = [(row[0], table.title, *row[1:]) for table in tables for row in texts(table)[0]]
    caption = label("report.evidence.all", title=title)
    return Grid(caption, [label(key) for key in keys], rows, kind="text")
