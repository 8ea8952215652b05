"""Comparisons over evidence-consistent parameter sets, and how those were found: tables, documents, files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tverretatlig_sim.ensemble import SHOWN
from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario.spreadsheets import write_csv
from tverretatlig_sim.show.documents import Document, as_json, records
from tverretatlig_sim.show.files import Writer
from tverretatlig_sim.show.frames import Row, rows_of
from tverretatlig_sim.show.labels import HEADLINE, unit
from tverretatlig_sim.show.numbers import mean_with_interval, number
from tverretatlig_sim.show.tables import letters_of, outcome_label, table

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from tverretatlig_sim.study.robust import History, RobustComparison, Stored
    from tverretatlig_sim.study.robust.flips import Split

MOST_REGIONS = 10
"""Rows of the table of parameter regions on the screen."""


def comparison_tables(comparison: RobustComparison, stored: Stored) -> list[Table | str]:
    """Who is compared, over what; each pair's outcomes, what they support, and where the ordering flips."""
    letters = letters_of([scenario.name for scenario in comparison.scenarios])
    named = [f"{letters[s.name]} = {s.name}: {s.title!s}" for s in comparison.scenarios]
    said = label(
        "note.robust",
        sets=len(comparison.sets),
        runs=comparison.runs,
        seed=comparison.seed,
        months=comparison.months,
    )
    parts: list[Table | str] = ["\n".join([*named, said]), *_stale(stored)]
    rows = rows_of(comparison.table(SHOWN))
    for (a, b), split in comparison.flips(HEADLINE).items():
        parts.append(_pair([row for row in rows if (row["a"], row["b"]) == (a, b)], letters[a], letters[b]))
        headline = next(row for row in rows if (row["a"], row["b"], row["outcome"]) == (a, b, HEADLINE))
        parts += _said(headline, split)
    return parts


def _said(row: Row, split: Split | None) -> list[str]:
    """Which is higher and where that flips, of which there is nothing to say if nothing is known."""
    flip = [flip_sentence(row["a"], row["b"], split)] if row["sets"] else []
    return [robust_finding(row), *flip]


def _stale(stored: Stored) -> list[str]:
    return [label("note.stale", names=", ".join(stored.stale))] if stored.stale else []


def _pair(rows: list[Row], a: str, b: str) -> Table:
    difference = f"{a} − {b}"
    columns = {
        label("outcome"): "fold",
        f"{a} > {b}\n({label('robust.share')})": "right",
        difference: "right",
        label("robust.spread"): "right",
        label("pattern.sets"): "right",
    }
    made = table("", columns)
    for row in rows:
        made.add_row(*_cells(row))
    return made


def _cells(row: Row) -> list[str]:
    kind = unit(row["outcome"])
    scale, decimals = (100, 1) if kind == "share" else (1, 2)
    ends = [number(scale * row[end], decimals, sign=True) for end in ("q05", "q95")]
    return [
        outcome_label(row["outcome"]),
        share_with_interval(row),
        mean_with_interval(row["mean"], row["low"], row["high"], kind, sign=True),
        " … ".join(ends),
        str(row["sets"]),
    ]


def share_with_interval(row: Row) -> str:
    """A share of sets in per cent, with its interval."""
    share, low, high = (number(100 * row[key], 0) for key in ("share_a_above_b", "share_low", "share_high"))
    return f"{share} ({low} … {high})"


def robust_finding(row: Row) -> str:
    """What the share of sets supports about the headline."""
    names = {"a": row["a"], "b": row["b"], "shares": share_with_interval(row), "sets": row["sets"]}
    if row["sets"] == 0:
        from tverretatlig_sim.ensemble.outcomes import FOLLOW_UP

        return label("robust.undefined", **names, months=FOLLOW_UP)
    kind = "above" if row["share_low"] > 0.5 else "below" if row["share_high"] < 0.5 else "undecided"
    if row["share_equal"] >= 0.5:
        kind, names["equal"] = "equal", number(100 * row["share_equal"], 0)
    return label(f"robust.{kind}", **names)


def flip_sentence(a: str, b: str, split: Split | None) -> str:
    """Where the ordering flips, in a sentence."""
    if split is None or not split.separates:
        return label("robust.no_split", a=a, b=b)
    return label(
        "robust.split",
        a=a,
        b=b,
        parameter=split.parameter,
        threshold=number(split.threshold, 3),
        below=number(100 * split.below, 0),
        above=number(100 * split.above, 0),
    )


def comparison_document(comparison: RobustComparison, stored: Stored) -> Document:
    """How the scenarios were compared, every outcome over sets, and where the headline flips."""
    rows = records(comparison.table())
    flips = comparison.flips(HEADLINE)
    findings = [
        " ".join(_said(row, flips[row["a"], row["b"]])) for row in rows_of(comparison.table([HEADLINE]))
    ]
    return {
        "scenarios": [scenario.name for scenario in comparison.scenarios],
        "sets": len(comparison.sets),
        "runs": comparison.runs,
        "seed": comparison.seed,
        "months": comparison.months,
        "retained": {**stored.manifest, "stale": list(stored.stale)},
        "differences": rows,
        "flips": [
            {"a": a, "b": b, "outcome": HEADLINE, "split": split and _split_document(split)}
            for (a, b), split in flips.items()
        ],
        "findings": findings,
    }


def _split_document(split: Split) -> Document:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in vars(split).items()} | {
        "separates": split.separates
    }


def comparison_files(comparison: RobustComparison, document: Document) -> dict[str, Writer]:
    """Differences over sets, each set's difference in the headline with its parameters, and all as JSON."""
    return {
        "robust.csv": partial(write_csv, comparison.table()),
        "robust-sets.csv": partial(write_csv, sets_table(comparison)),
        "robust.json": lambda path: path.write_text(as_json(document) + "\n", encoding="utf-8"),
    }


def sets_table(comparison: RobustComparison) -> pd.DataFrame:
    """Each set's parameters and its difference in the headline for every pair."""
    import pandas as pd

    frame = pd.DataFrame(comparison.sets.values, columns=list(comparison.sets.names)).rename_axis("set")
    for a, b in comparison.flips(HEADLINE):
        frame[f"{a} - {b}"] = comparison.difference(a, b, HEADLINE)
    return frame.reset_index()


def history_tables(history: History, want: int) -> list[Table | str]:
    """How many sets were kept, what ruled the others out, and in which regions."""
    kept, drawn = len(history.kept), len(history.sets)
    said = label(
        "note.retained",
        kept=kept,
        drawn=drawn,
        share=number(100 * kept / drawn, 1),
        stages=len(history.stages),
    )
    short = [label("note.too_few", kept=kept, want=want)] if kept < want else []
    return [said, *short, _criteria(history), _regions(history)]


def _criteria(history: History) -> Table:
    headings = {
        "pattern": "left",
        "pattern.evidence": "left",
        "robust.passed": "right",
        "robust.others": "right",
        "robust.left_out": "right",
    }
    made = table(label("robust.criteria"), {label(key): to for key, to in headings.items()})
    for row in rows_of(history.leave_one_out()):
        share, low, high = (number(100 * row[key], 0) for key in ("share", "low", "high"))
        made.add_row(
            row["id"],
            label(f"evidence.{row['evidence']}"),
            number(100 * row["passed"], 0),
            str(row["others"]),
            f"{share} ({low} … {high})",
        )
    return made


def _regions(history: History) -> Table:
    headings = {
        "parameter": "left",
        "range": "right",
        "robust.third_low": "right",
        "robust.third_middle": "right",
        "robust.third_high": "right",
        "robust.kept_range": "right",
    }
    made = table(label("robust.regions"), {label(key): to for key, to in headings.items()})
    for row in rows_of(history.regions())[:MOST_REGIONS]:
        thirds = [number(100 * row[key], 1) for key in ("kept_low", "kept_middle", "kept_high")]
        kept = f"{number(row['kept_from'], 3)} … {number(row['kept_to'], 3)}"
        made.add_row(row["parameter"], f"{row['low']:g} … {row['high']:g}", *thirds, kept)
    return made


def history_document(history: History, command: str) -> Document:
    """How the sets were found, what each criterion ruled out, and where."""
    from tverretatlig_sim.study.robust.store import manifest_of

    return {
        **manifest_of(history, command),
        "criteria": records(history.leave_one_out()),
        "regions": records(history.regions()),
    }
