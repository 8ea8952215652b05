"""What the numbers of a report support, in sentences: which of two is higher, why, and what would change it.

``names`` are what arrangements ``a`` and ``b`` are called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Literal

import numpy as np
import pandas as pd

from tverretatlig_sim.ensemble.statistics import mean_interval, paired_difference
from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import parameter_specs
from tverretatlig_sim.show.numbers import enough_decimals, number, percent, plain
from tverretatlig_sim.show.rows import Row, rows_of
from tverretatlig_sim.show.simulations import finding
from tverretatlig_sim.study import Explanation
from tverretatlig_sim.study.robust import Split

Names = Mapping[str, str]
Side = Literal["a", "b", "unclear", "unknown"]
"""Which of two is higher, if either."""

LOST = {
    "not_drafted": "not_drafted",
    "disagreement": "lost_disagreement",
    "ministries": "lost_ministries",
    "line": "lost_line",
    "municipalities": "lost_municipalities",
}
"""Outcome that counts the recommendations lost for each reason."""


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence."""
    if len(words) < 2:
        return "".join(words)
    return label("said.and", first=", ".join(words[:-1]), last=words[-1])


def headline(row: Row, runs: int, names: Names) -> str:
    """The finding on the paired difference, with titles for names."""
    return finding({**row, **names}, runs)


def side(row: Row) -> Side:
    """Which is higher in paired runs: its interval excludes 0."""
    if not (isfinite(row["low"]) and isfinite(row["high"])):
        return "unknown"
    return "a" if row["low"] > 0 else "b" if row["high"] < 0 else "unclear"


def robust_side(row: Row) -> Side:
    """Which is higher, by more than the smallest difference, in more than half of the sets, with interval."""
    if row["sets"] == 0:
        return "unknown"
    return "a" if row["better_low"] > 0.5 else "b" if row["worse_low"] > 0.5 else "unclear"


def robust_sentence(row: Row, names: Names) -> str:
    """In what share of the parameter sets which of the two is higher."""
    higher = robust_side(row)
    if higher == "unknown":
        return label("said.robust.undefined")
    key = "worse" if higher == "b" else "better"
    share, low, top = (percent(row[f"{key}{end}"]) for end in ("", "_low", "_high"))
    shares = {"share": share, "low": low, "top": top, "sets": row["sets"]}
    rest = {name: percent(row[name]) for name in ("no_matter", "undecided")}
    other = percent(row["better" if higher == "b" else "worse"])
    smallest = number(100 * row["smallest"], enough_decimals(100 * row["smallest"], least=0))
    kind = "undecided" if higher == "unclear" else "above"
    return label(
        f"said.robust.{kind}", **names, **shares, **rest, other=other, smallest=smallest,
        high=names.get(higher, ""), low_one=names.get("a" if higher == "b" else "b", ""),
    )  # fmt: skip


def verdict(here: Side, there: Side, names: Names) -> str:
    """How the answer with the values used and the answer over parameter sets go together; may be empty.

    Args:
        here: which is higher with the parameter values used.
        there: which is higher over the parameter sets.
        names: of ``a`` and ``b``.
    """
    if "unknown" in (here, there):
        return ""
    if here == "unclear":
        kind = "neither" if there == "unclear" else "only_sets"
    elif there == "unclear":
        kind = "only_here"
    else:
        kind = "agree" if here == there else "opposite"
    return label(f"said.verdict.{kind}", here=names.get(here, ""), there=names.get(there, ""))


def split_sentence(split: Split | None, names: Names) -> str:
    """Where over the parameter sets the ordering shifts."""
    if split is None or not split.separates:
        return label("said.no_split")
    spec = parameter_specs().get(split.parameter)
    return label(
        "said.split",
        meaning=spec.meaning if spec else split.parameter,
        parameter=split.parameter,
        threshold=number(split.threshold, enough_decimals(split.threshold, least=2)),
        a=names["a"],
        below=percent(split.below),
        above=percent(split.above),
    )


def losses(outcomes: pd.DataFrame, title: str) -> str:
    """How many recommendations get through, why most of the others do not, and how many are on the way."""
    means = outcomes.mean()
    if not means["planned"] > 0:
        return label("said.nothing_planned", title=title)
    implemented, pending = (number(means[key], 1) for key in ("implemented", "pending"))
    planned = plain(round(means["planned"], 1))
    return " ".join(
        [
            label("said.reached", title=title, implemented=implemented, pending=pending, planned=planned),
            _most_lost(outcomes),
            *([label("said.waiting", count=pending)] if means["pending"] > 0 else []),
        ]
    )


def _most_lost(outcomes: pd.DataFrame) -> str:
    """The most frequent reason; two, where the difference between them is not clear."""
    lost = outcomes[list(LOST.values())].set_axis(list(LOST), axis="columns")
    means = lost.mean().sort_values(ascending=False, kind="stable")
    first, second = means.index[:2]
    if means[first] == 0:
        return label("said.loss.none")
    if len(outcomes) < 2:
        return label("said.loss.single")
    clear = paired_difference(lost[first].to_numpy(float), lost[second].to_numpy(float))["low"] > 0
    return label(
        "said.loss.one" if clear else "said.loss.two",
        reason=label(f"loss.{first}"),
        count=number(means[first], 1),
        other=label(f"loss.{second}"),
        count2=number(means[second], 1),
    )


def parts(explanation: Explanation, names: Names) -> list[str]:
    """Which parts clearly favour which arrangement, and which weighs most if that is clear."""
    differing = [row for row in rows_of(explanation.table()) if row["differs"]]
    if not differing:
        return [label("said.parts.identical")]
    total = explanation.total()
    if not isfinite(total.low):
        return [label("said.parts.undefined", n=total.n, runs=explanation.runs)]
    if len(differing) == 1:
        return [label("said.parts.only", part=_part(differing[0]))]
    clear = {key: [_sized(row) for row in differing if side(row) == key] for key in names}
    said = [
        label("said.parts.for", title=names[key], parts=listed(clear[key])) for key in names if clear[key]
    ]
    if not said:
        return [label("said.parts.none")]
    opposed = [label("said.parts.opposed")] if len(said) == 2 else []
    # The largest contribution is named only if it is clearly larger than the next.
    one, other = (
        np.sign(row["mean"]) * explanation.contributions[row["part"]].to_numpy(dtype=float)
        for row in differing[:2]
    )
    kind = "largest" if mean_interval(one - other).low > 0 else "close"
    return [*said, *opposed, label(f"said.parts.{kind}", part=_part(differing[0]))]


def _part(row: Row) -> str:
    return label(f"part.{row['part']}")


def _sized(row: Row) -> str:
    size = 100 * abs(row["mean"])
    return f"{_part(row)} {number(size, enough_decimals(size))}"


def levers(effects: pd.DataFrame, title: str, lever_titles: Names) -> str:
    """How many levers clearly raise or lower the implemented rate, and which raises it most.

    Args:
        effects: rows of one scenario of ``LeverEffects.table``.
        title: of the scenario.
        lever_titles: by lever name.
    """
    known = [row for row in rows_of(effects) if side(row) != "unknown"]
    if not known:
        none = (effects["reason"] != "").all()
        return label(f"said.levers.{'none' if none else 'undefined'}", title=title)
    up = sorted((row for row in known if side(row) == "a"), key=lambda row: -row["mean"])
    down = sum(side(row) == "b" for row in known)
    counts = {"n": len(known), "up": len(up), "down": down, "rest": len(known) - len(up) - down}
    said = label("said.levers.count", title=title, **counts)
    if not up:
        return said
    # The lever with the largest clear rise, and another it is not clearly ahead of.
    first, rise = up[0], 100 * up[0]["mean"]
    near = [row for row in known if row is not first and row["high"] >= first["low"]]
    other = max(near, key=lambda row: float(row["mean"]), default=first)
    told = label(
        f"said.levers.{'unsure' if near else 'first'}",
        lever=lever_titles[first["lever"]],
        points=number(rise, enough_decimals(rise), sign=True),
        other=lever_titles[other["lever"]],
    )
    return f"{said} {told}"
