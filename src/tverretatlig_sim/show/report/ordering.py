"""Sentences on which arrangement is higher: what the numbers support, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import parameter_specs
from tverretatlig_sim.show.numbers import enough_decimals, number
from tverretatlig_sim.show.simulations import finding

if TYPE_CHECKING:
    from tverretatlig_sim.study.robust.flips import Split

Row = Mapping[str, Any]
Side = Literal["a", "b", "unclear", "unknown"]
"""Which of two is higher, if either."""


def headline(row: Row, runs: int, names: Mapping[str, str]) -> str:
    """The finding on the paired difference, with titles for names."""
    return finding({**row, "a": names["a"], "b": names["b"]}, runs)


def side(row: Row) -> Side:
    """Which is higher in paired runs: its interval excludes 0."""
    low, high = float(row["low"]), float(row["high"])
    if not (isfinite(low) and isfinite(high)):
        return "unknown"
    return "a" if low > 0 else "b" if high < 0 else "unclear"


def robust_side(row: Row) -> Side:
    """Which is higher in more than half of the parameter sets: the interval of the share lies above it."""
    if row["sets"] == 0:
        return "unknown"
    if row["share_low"] > 0.5:
        return "a"
    return "b" if _mirrored(row)["share_low"] > 0.5 else "unclear"


def _mirrored(row: Row) -> Row:
    """The row of b against a: sets in which b is above, with their interval."""
    from tverretatlig_sim.study.patterns.evaluation import wilson

    share = 1 - row["share_a_above_b"] - row["share_equal"]
    low, high = wilson(round(share * row["sets"]), row["sets"])
    return {**row, "share_a_above_b": share, "share_low": low, "share_high": high}


def robust_sentence(row: Row, names: Mapping[str, str]) -> str:
    """In what share of the parameter sets which of the two is higher."""
    higher = robust_side(row)
    if higher == "unknown":
        return label("said.robust.undefined")
    told = _mirrored(row) if higher == "b" else row
    shares = {
        key: number(100 * told[column], 0)
        for key, column in (("share", "share_a_above_b"), ("low", "share_low"), ("top", "share_high"))
    }
    kind = "undecided" if higher == "unclear" else "above"
    named = {**names, "high": names.get(higher, "")}
    return label(f"said.robust.{kind}", **named, **shares, sets=row["sets"])


def verdict(here: Side, there: Side, names: Mapping[str, str]) -> str:
    """How the answer with the values used and the answer over parameter sets go together; may be empty.

    Args:
        here: which is higher with the parameter values used.
        there: which is higher over the parameter sets.
        names: of ``a`` and ``b``.
    """
    if "unknown" in (here, there):
        return ""
    kind = (
        ("neither" if there == "unclear" else "only_sets")
        if here == "unclear"
        else ("only_here" if there == "unclear" else "agree" if here == there else "opposite")
    )
    named = {"here": names.get(here, ""), "there": names.get(there, "")}
    return label(f"said.verdict.{kind}", **named)


def split_sentence(split: Split | None, names: Mapping[str, str]) -> str:
    """Where over the parameter sets the ordering shifts."""
    if split is None or not split.separates:
        return label("said.no_split")
    specs = parameter_specs()
    known = split.parameter in specs
    return label(
        "said.split",
        meaning=str(specs[split.parameter].meaning) if known else split.parameter,
        parameter=split.parameter,
        threshold=number(split.threshold, enough_decimals(split.threshold, least=2)),
        a=names["a"],
        below=number(100 * split.below, 0),
        above=number(100 * split.above, 0),
    )
