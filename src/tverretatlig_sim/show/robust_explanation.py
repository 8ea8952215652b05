"""What a difference is made of over evidence-consistent sets: a table, a sentence and a document."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.documents import Document, records
from tverretatlig_sim.show.explanation import same_and_rules
from tverretatlig_sim.show.frames import Row, rows_of
from tverretatlig_sim.show.labels import unit
from tverretatlig_sim.show.numbers import DECIMALS, mean_with_interval, number, scaled
from tverretatlig_sim.show.robust import share_with_interval
from tverretatlig_sim.show.tables import outcome_label, table

if TYPE_CHECKING:
    from rich.table import Table

    from tverretatlig_sim.study.robust import RobustExplanation, Stored


def robust_explanation_document(found: RobustExplanation, stored: Stored) -> Document:
    """Contributions of all parts over sets, their sum, and how they were found."""
    total = {key: value if isfinite(value) else None for key, value in found.total().items()}
    keys = ("a", "b", "outcome", "seed", "runs", "months", "hybrids")
    return {
        **{key: getattr(found, key) for key in keys},
        "sets": len(found.sets),
        "retained": {**stored.manifest, "stale": list(stored.stale)},
        "total": total,
        "parts": records(found.table()),
        "finding": robust_sentence(found),
        "rules": {rule: list(names) for rule, names in found.notes.items()},
    }


def robust_explanation_table(found: RobustExplanation) -> Table:
    """Parts that differ, the largest contribution first, and their sum."""
    columns = {
        label("part"): "left",
        f"> 0\n({label('robust.share')})": "right",
        label("explain.contribution"): "right",
        label("robust.spread"): "right",
        label("pattern.sets"): "right",
    }
    made = table(outcome_label(found.outcome), columns)
    for row in rows_of(found.table()):
        if row["differs"]:
            made.add_row(label(f"part.{row['part']}"), *_cells(row, found.outcome))
    made.add_section()
    made.add_row(label("explain.total"), *_cells(found.total(), found.outcome))
    return made


def _cells(row: Row, outcome: str) -> list[str]:
    kind = unit(outcome)
    ends = [number(scaled(row[end], kind), DECIMALS[kind], sign=True) for end in ("q05", "q95")]
    return [
        _share(row),
        mean_with_interval(row["mean"], row["low"], row["high"], kind, sign=True),
        " … ".join(ends),
        str(row["sets"]),
    ]


def _share(row: Row) -> str:
    return share_with_interval({**row, "share_a_above_b": row["share_above"]})


def robust_sentence(found: RobustExplanation) -> str:
    """Which part contributes most over the sets, and in how many of them its sign holds."""
    names = {"a": found.a, "b": found.b, "outcome": label(found.outcome)}
    if not found.differing:
        return label("explain.identical", **names)
    first, total = rows_of(found.table())[0], found.total()
    if not total["sets"]:
        return label("explain.robust_undefined", **names)
    return label(
        f"explain.robust_{'clear' if _settled(first) else 'unclear'}",
        **names,
        part=label(f"part.{first['part']}"),
        share=number(100 * first["share_above"], 0),
        other=number(100 * first["share_below"], 0),
        total=number(100 * total["share_above"], 0),
        sets=total["sets"],
    )


def _settled(row: Row) -> bool:
    """Whether most sets agree on a sign, with interval."""
    from tverretatlig_sim.study.patterns.evaluation import wilson  # scipy is slow to import

    return bool(max(row["share_low"], wilson(round(row["share_below"] * row["sets"]), row["sets"])[0]) > 0.5)


def robust_notes(found: RobustExplanation, stored: Stored) -> list[str]:
    """How it was found, what is the same in both scenarios, and which rules of hybrids were used."""
    method = label(
        "explain.robust_method",
        hybrids=found.hybrids,
        sets=len(found.sets),
        runs=found.runs,
        seed=found.seed,
        months=found.months,
    )
    stale = [label("note.stale", names=", ".join(stored.stale))] if stored.stale else []
    return [method, *stale, *same_and_rules(found)]
