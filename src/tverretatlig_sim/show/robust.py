"""What sets of parameters and numbers of scenarios say about differences, and what an order hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from tverretatlig_sim.ensemble import FOLLOW_UP, HEADLINE, SHOWN
from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.inference import (
    difference_words,
    entries_document,
    entries_note,
    over_sets,
    retained,
    set_heads,
    share_value,
    stale_note,
)
from tverretatlig_sim.show.rows import (
    Cells,
    Frame,
    Part,
    Row,
    Sheet,
    Table,
    Value,
    Word,
    enough_decimals,
    fields_of,
    keyed,
    many,
    measure,
    number,
    percent,
    rows_of,
    unit_of,
)
from tverretatlig_sim.show.simulations import legend, letters_of
from tverretatlig_sim.show.studies import unit_words

if TYPE_CHECKING:
    import pandas as pd

    from tverretatlig_sim.study.history_matching import Stored
    from tverretatlig_sim.study.robust import RobustComparison, Split


def robust_comparison_sheet(comparison: RobustComparison, stored: Stored) -> Sheet:
    """Each pair's outcomes over evidence-consistent sets, what they support, and where the ordering flips."""
    table, flips = comparison.table(), comparison.flips(HEADLINE)
    letters = letters_of([scenario.name for scenario in comparison.scenarios])
    how = {**fields_of(comparison, "runs", "seed", "months"), "sets": len(comparison.sets)}
    noted = [
        label("note.robust", **how),
        entries_note(comparison.sets),
        _smallest_note(table),
        *many(len(table)),
    ]
    parts: list[Part] = ["\n".join([legend(comparison.scenarios), *noted]), *stale_note(stored)]
    findings = []
    for (a, b), splits in flips.items():
        pair = {row["outcome"]: row for row in rows_of(table[(table["a"] == a) & (table["b"] == b)])}
        rows: list[Cells] = [{"outcome": measure(key), **over_sets(pair[key], unit_of(key))} for key in SHOWN]
        one, other = letters[a], letters[b]
        heads = set_heads(f"{one} > {other}", f"{one} < {other}", f"{one} − {other}")
        headline = pair[HEADLINE]
        flip = [flip_sentence(a, b, splits)] if headline["sets"] else []
        said = [robust_finding(headline), *flip]
        findings.append(" ".join(said))
        parts += [keyed(rows, of="robust", heads=heads), *said]
        parts += [_splits(splits, one, other)] if splits else []
    document = {
        "scenarios": [scenario.name for scenario in comparison.scenarios],
        **how,
        "retained": retained(stored),
        "entries": entries_document(comparison.sets),
        "numbers_fixed": comparison.numbers_fixed,
        "differences": table,
        "flips": [
            {
                "a": a,
                "b": b,
                "outcome": HEADLINE,
                "splits": [{**vars(it), **fields_of(it, "separates", "turns")} for it in splits],
            }
            for (a, b), splits in flips.items()
        ],
        "findings": findings,
    }
    frames: dict[str, Frame] = {"robust.csv": table, "robust-sets.csv": lambda: sets_table(comparison)}
    return Sheet(parts, document, frames, {}, "robust.json")


def _smallest_note(table: pd.DataFrame) -> str:
    """Which differences do not matter, by unit."""
    units = {unit_of(row["outcome"]): row["smallest"] for row in rows_of(table) if row["outcome"] in SHOWN}
    sizes = ", ".join(difference_words(size, unit) for unit, size in units.items() if unit_words(unit))
    return label("note.smallest", sizes=sizes)


def robust_finding(row: Row) -> str:
    """What the shares of sets support about the headline."""
    better, worse = (share_value(row, key, f"{key}_low", f"{key}_high") for key in ("better", "worse"))
    said = {"better": better, "worse": worse, "no_matter": percent(row["no_matter"])}
    names = {"a": row["a"], "b": row["b"], "sets": row["sets"], "open": percent(row["undecided"])}
    if row["sets"] == 0:
        return label("robust.undefined", **names, months=FOLLOW_UP)
    words = difference_words(row["smallest"], unit_of(row["outcome"]))
    return label(
        f"robust.mostly_{robust_answer(row)}", **names, **{k: str(v) for k, v in said.items()}, smallest=words
    )


def robust_answer(row: Row) -> str:
    """What more than half of the sets say, with interval, or ``unclear``."""
    clear = (key for key in ("better", "worse", "no_matter") if row[f"{key}_low"] > 0.5)
    return next(clear, "unclear")


def flip_sentence(a: str, b: str, splits: Sequence[Split]) -> str:
    """What the ordering hangs on, in a sentence."""
    if not splits:
        return label("robust.no_split", a=a, b=b)
    turning = [split.parameter for split in splits if split.turns and split.separates]
    key = "robust.turns" if turning else "robust.moves"
    return label(key, a=a, b=b, n=len(splits), names=", ".join(turning or [splits[0].parameter]))


def _splits(splits: Sequence[Split], one: str, other: str) -> Table:
    """Numbers that the ordering hangs on, and in what share of the sets each side of a threshold has it."""
    rows: list[Cells] = [
        {
            "number": split.parameter,
            "grade": Word(split.grade, "grade"),
            "threshold": threshold_words(split),
            "below": Value(split.below, "share", *split.below_interval, decimals=0, ends=True),
            "above": Value(split.above, "share", *split.above_interval, decimals=0, ends=True),
            "turns": label("yes" if split.turns and split.separates else "no"),
        }
        for split in splits
    ]
    heads = {key: label(f"flips.{key}", a=one, b=other) for key in rows[0]}
    return keyed(rows, heads=heads, title=label("flips.title"))


def threshold_words(split: Split) -> str:
    """A threshold; of an evidence entry, how far up its range."""
    if split.entry:
        return label("flips.of_range", share=percent(split.threshold))
    return number(split.threshold, enough_decimals(split.threshold, least=2))


def sets_table(comparison: RobustComparison) -> pd.DataFrame:
    """Each set's parameters and its difference in the headline for every pair: as run, and as expected."""
    import pandas as pd

    frame = pd.DataFrame(comparison.sets.values, columns=list(comparison.sets.names)).rename_axis("set")
    for a, b in combinations(comparison.outcomes, 2):
        found = comparison.expected(a, b, HEADLINE)
        frame[f"{a} - {b}"] = comparison.difference(a, b, HEADLINE)
        frame[f"{a} - {b}: expected"], frame[f"{a} - {b}: sd"] = found.mean, found.sd
    return frame.reset_index()
