"""What held an arrangement back, and what became of every mandate and recommendation in one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    from tverretatlig_sim.ensemble.ensemble import Ensemble
    from tverretatlig_sim.study.barriers import Barriers


def barriers_sheet(found: Barriers) -> Sheet:
    """Each barrier with its source, and what changes without it, by the common dose and wholly."""
    rows, how = rows_of(found.table), fields_of(found, "sets", "runs", "seed", "months", "smallest")
    head = {"scenario": found.scenario.name, **how, "reason": found.reason}
    document = {**head, "barriers": [_barrier_document(row) for row in rows]}
    who = legend([found.scenario])
    if not rows:
        return Sheet([who, str(found.reason)], document)
    groups = [
        Group([_barrier(row) for row in own], f"{claim} {source} ({grade})")
        for (claim, source, grade), own in groupby(rows, itemgetter("claim", "source", "grade"))
    ]
    parts: list[Part] = [who, keyed(*groups, of="barriers"), label("note.barriers", **how)]
    return Sheet(parts, document, {"barriers.csv": found.table}, {}, "barriers.json")


def _barrier_document(row: Row) -> Document:
    shares = {"mean": "share", "low": "share_low", "high": "share_high", "undecided": "undecided"}
    return {
        **{key: row[key] for key in ("id", "claim", "source", "grade", "dose", "outcome")},
        "effect": {key: row[key] for key in ("mean", "low", "high")},
        "share_of_sets": {key: row[column] for key, column in shares.items()},
    }


def _barrier(row: Row) -> Cells:
    return {
        "dose": Word(row["dose"], "barriers"),
        "outcome": label(row["outcome"]),
        "change": row["reason"] or Value.of(row, unit_of(row["outcome"]), sign=True),
        "share": Value(row["share"], "share", row["share_low"], row["share_high"], decimals=0, ends=True),
    }


def steps_sheet(ensemble: Ensemble, run: int) -> Sheet:
    """The steps of one run, case by case.

    Raises:
        ValueError: if there is no such run.
    """
    scenario, found = ensemble.scenario, ensemble.steps(run)
    titled = (*scenario.arrangement.forum, *scenario.ministries, *scenario.portfolio.project)
    titles = {it.name: str(it.title) for it in titled}
    groups = [
        Group(
            [_step([*same], titles) for _, same in groupby(rows, itemgetter("month", "step"))],
            _with_title(case, titles.get(case.rpartition("/")[0] or case)),
        )
        for case, rows in groupby(rows_of(found), itemgetter("case"))
    ]
    head = {"scenario": scenario.name, "run": run, "seed": ensemble.seed, "months": ensemble.months}
    table = keyed(*groups, of="steps")
    return Sheet([legend([scenario]), label("note.steps", **head), table], {**head, "steps": found})


def _with_title(case: str, title: str | None) -> str:
    return f"{case} ({title})" if title and title != case else case


def _step(same: Sequence[Row], titles: Mapping[str, str]) -> Cells:
    """One step, with all whom it concerns in a month."""
    first, everyone = same[0], [row["who"] for row in same]
    detail = label(f"reason.{first['detail']}") if first["step"] == "dropped" else first["detail"]
    return {
        "date": first["date"],
        "step": label(f"steps.{first['step']}", detail=detail),
        "who": ", ".join(everyone) if everyone[1:] else titles.get(everyone[0], everyone[0]),
    }
