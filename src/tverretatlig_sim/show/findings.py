"""One plain sentence that the numbers of a comparison support, and no more than that."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.labels import HEADLINE
from tverretatlig_sim.show.numbers import enough_decimals, number

if TYPE_CHECKING:
    from tverretatlig_sim.ensemble.compare import Comparison


def findings(comparison: Comparison) -> list[str]:
    """One sentence a pair of scenarios about the implemented rate, in the order of ``comparison.table()``."""
    rows = comparison.table(HEADLINE).to_dict("records")
    return [finding({str(key): value for key, value in row.items()}, comparison.runs) for row in rows]


def finding(row: Mapping[str, Any], runs: int, undefined: str = "finding.undefined") -> str:
    """What one paired difference in the implemented rate supports.

    Args:
        row: ``a``, ``b``, ``n``, ``mean``, ``low`` and ``high`` of the difference a − b, on the scale 0 to 1.
        runs: runs simulated.
        undefined: label of the sentence if no run has the rate in both.

    Returns:
        Which of the two has the higher rate, by how much, with interval and number of pairs; that there is no
        clear difference, if the interval holds 0; or that the pairs do not suffice to say so.
    """
    names = {"a": row["a"], "b": row["b"]}
    if row["n"] == 0:
        from tverretatlig_sim.ensemble.outcomes import FOLLOW_UP  # numpy is slow to import

        return label(undefined, **names, months=FOLLOW_UP)
    low, mean, high = (100 * row[key] for key in ("low", "mean", "high"))
    if not (isfinite(low) and isfinite(high)):
        return label("finding.single", **names)
    count = label("finding.runs" if row["n"] == runs else "finding.some_runs")
    said = count.format(n=row["n"], runs=runs)
    if low <= 0 <= high:
        return label("finding.unclear", **names, **_points(low, mean, high), runs=said)
    if high < 0:
        names, (low, mean, high) = {"a": row["b"], "b": row["a"]}, (-high, -mean, -low)
    points = _points(low, mean, high)
    return label("finding.higher", high=names["a"], low=names["b"], **points, runs=said)


def _points(low: float, mean: float, high: float) -> dict[str, str]:
    decimals = enough_decimals(low, mean, high)
    return {
        "from_": number(low, decimals),
        "mean": number(mean, decimals),
        "to": number(high, decimals),
    }
