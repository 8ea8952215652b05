"""Sentences on where recommendations are lost, what explains a difference, and which levers matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.numbers import enough_decimals, number, plain
from tverretatlig_sim.show.report.names import listed
from tverretatlig_sim.show.rows import Row, rows_of

if TYPE_CHECKING:
    import pandas as pd

    from tverretatlig_sim.study import Explanation

LOST = {
    "not_drafted": "not_drafted",
    "disagreement": "lost_disagreement",
    "ministries": "lost_ministries",
    "line": "lost_line",
    "municipalities": "lost_municipalities",
}
"""Outcome that counts the recommendations lost for each reason."""


def losses(outcomes: pd.DataFrame, title: str) -> str:
    """How many recommendations get through, why most of the others do not, and how many are on the way."""
    means = {str(name): float(column.mean()) for name, column in outcomes.items()}
    if not means["planned"] > 0:
        return label("said.nothing_planned", title=title)
    counts = {key: number(means[key], 1) for key in ("implemented", "pending")}
    counts["planned"] = plain(round(means["planned"], 1))
    parts = [
        label("said.reached", title=title, **counts),
        _most_lost(outcomes, means),
        label("said.waiting", count=counts["pending"]) if means["pending"] > 0 else "",
    ]
    return " ".join(filter(None, parts))


def _most_lost(outcomes: pd.DataFrame, means: Mapping[str, float]) -> str:
    """The most frequent reason; two, where the difference between them is not clear."""
    from tverretatlig_sim.ensemble.statistics import paired_difference

    first, second = sorted(LOST, key=lambda reason: -means[LOST[reason]])[:2]
    if means[LOST[first]] == 0:
        return label("said.loss.none")
    if len(outcomes) < 2:
        return label("said.loss.single")
    one, other = (outcomes[LOST[reason]].to_numpy(dtype=float) for reason in (first, second))
    clear = paired_difference(one, other)["low"] > 0
    return label(
        "said.loss.one" if clear else "said.loss.two",
        reason=label(f"loss.{first}"),
        count=number(means[LOST[first]], 1),
        other=label(f"loss.{second}"),
        count2=number(means[LOST[second]], 1),
    )


def parts(explanation: Explanation, names: Mapping[str, str]) -> list[str]:
    """Which parts clearly favour which arrangement, and which weighs most if that is clear."""
    differing = [row for row in rows_of(explanation.table()) if row["differs"]]
    if not differing:
        return [label("said.parts.identical")]
    total = explanation.total()
    if not isfinite(total.low):
        return [label("said.parts.undefined", n=total.n, runs=explanation.runs)]
    if len(differing) == 1:
        return [label("said.parts.only", part=_name(differing[0]))]
    clear = {
        "a": [row for row in differing if row["low"] > 0],
        "b": [row for row in differing if row["high"] < 0],
    }
    said = [
        label("said.parts.for", title=names[key], parts=listed([_part(row) for row in rows]))
        for key, rows in clear.items()
        if rows
    ]
    if not said:
        return [label("said.parts.none")]
    opposed = [label("said.parts.opposed")] if len(said) == 2 else []
    return [*said, *opposed, _largest(explanation, differing)]


def _part(row: Row) -> str:
    size = 100 * abs(row["mean"])
    return f"{_name(row)} {number(size, enough_decimals(size))}"


def _name(row: Row) -> str:
    return label(f"part.{row['part']}")


def points(mean: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    return number(100 * mean, enough_decimals(100 * mean), sign=True)


def _largest(explanation: Explanation, differing: Sequence[Row]) -> str:
    """The largest contribution, if it is clearly larger than the next."""
    from tverretatlig_sim.ensemble.statistics import mean_interval

    first, second = differing[:2]
    sizes = [
        np.sign(row["mean"]) * explanation.contributions[row["part"]].to_numpy(dtype=float)
        for row in (first, second)
    ]
    if mean_interval(sizes[0] - sizes[1]).low > 0:
        return label("said.parts.largest", part=_name(first))
    return label("said.parts.close")


def levers(effects: pd.DataFrame, title: str, lever_titles: Mapping[str, str]) -> str:
    """How many levers clearly raise or lower the implemented rate, and which raises it most.

    Args:
        effects: rows of one scenario of ``LeverEffects.table``.
        title: of the scenario.
        lever_titles: by lever name.
    """
    known = [row for row in rows_of(effects) if isfinite(row["low"])]
    if not known:
        none = (effects["reason"] != "").all()
        return label(f"said.levers.{'none' if none else 'undefined'}", title=title)
    up = sorted((row for row in known if row["low"] > 0), key=lambda row: -row["mean"])
    down = sum(row["high"] < 0 for row in known)
    counts = {"n": len(known), "up": len(up), "down": down, "rest": len(known) - len(up) - down}
    said = [label("said.levers.count", title=title, **counts)]
    if up:
        said.append(_first(up[0], known, lever_titles))
    return " ".join(said)


def _first(first: Row, known: Sequence[Row], lever_titles: Mapping[str, str]) -> str:
    """The lever with the largest clear rise, and another it is not clearly ahead of."""
    rise = {"lever": lever_titles[first["lever"]], "points": points(first["mean"])}
    near = [row for row in known if row is not first and row["high"] >= first["low"]]
    if not near:
        return label("said.levers.first", **rise)
    other = max(near, key=lambda row: float(row["mean"]))
    return label("said.levers.unsure", **rise, other=lever_titles[other["lever"]])
