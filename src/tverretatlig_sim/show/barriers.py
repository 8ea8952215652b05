"""What held an arrangement back, and what taking it away changes."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.rows import (
    Cells,
    Document,
    Group,
    Part,
    Row,
    Sheet,
    Value,
    Word,
    fields_of,
    keyed,
    rows_of,
    unit_of,
)
from tverretatlig_sim.show.simulations import legend

if TYPE_CHECKING:
    from tverretatlig_sim.study.barriers import Barriers


def barriers_sheet(found: Barriers) -> Sheet:
    """Each barrier with its source, and what changes without it, by the common dose and wholly."""
    rows, how = rows_of(found.table), fields_of(found, "sets", "runs", "seed", "months", "smallest")
    head = {"scenario": found.scenario.name, **how, "reason": found.reason}
    document = {**head, "barriers": [_document(row) for row in rows]}
    who = legend([found.scenario])
    if not rows:
        return Sheet([who, str(found.reason)], document)
    groups = [
        Group([_cells(row) for row in own], f"{claim} {source} ({grade})")
        for (claim, source, grade), own in groupby(rows, itemgetter("claim", "source", "grade"))
    ]
    parts: list[Part] = [who, keyed(*groups, of="barriers"), label("note.barriers", **how)]
    return Sheet(parts, document, {"barriers.csv": found.table}, {}, "barriers.json")


def _document(row: Row) -> Document:
    shares = {"mean": "share", "low": "share_low", "high": "share_high", "undecided": "undecided"}
    return {
        **{key: row[key] for key in ("id", "claim", "source", "grade", "dose", "outcome")},
        "effect": {key: row[key] for key in ("mean", "low", "high")},
        "share_of_sets": {key: row[column] for key, column in shares.items()},
    }


def _cells(row: Row) -> Cells:
    return {
        "dose": Word(row["dose"], "barriers"),
        "outcome": label(row["outcome"]),
        "change": row["reason"] or Value.of(row, unit_of(row["outcome"]), sign=True),
        "share": Value(row["share"], "share", row["share_low"], row["share_high"], decimals=0, ends=True),
    }
