"""How much of what differs between points is luck."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tverretatlig_sim.study.analysis.response import response


def noise(table: pd.DataFrame, factors: Sequence[str], outcome: str) -> pd.DataFrame:
    """Share out the variance between points to factors and to luck (replication noise).

    Args:
        table: of one arrangement, of points or of runs; see ``response.response``.
        factors: names of the columns that vary.
        outcome: to look at.

    Returns:
        One row: ``points``; ``variance`` (of the means between points); ``by_factors``, ``by_luck`` (its
        parts); ``noise_share`` (luck's share; a little below 0 if it is too small to be told from 0);
        ``single_run`` (luck's share of the variance of single runs over all points); ``luck`` (see
        ``response.Luck``). NaN where luck cannot be told apart.

    Raises:
        ValueError: see ``response.response``.
    """
    found = response(table, factors, outcome).defined()
    size, every = len(found.means), np.arange(len(found.means))
    found = found.centred(every)
    total = float(np.var(found.means, ddof=1))
    factor_part = float(found.product(every, every).mean()) * size / (size - 1)
    luck_part = total - factor_part if found.luck != "unknown" else np.nan
    return pd.DataFrame(
        [
            {
                "points": size,
                "variance": total,
                "by_factors": total - luck_part,
                "by_luck": luck_part,
                "noise_share": luck_part / total if total > 0 else np.nan,
                "single_run": _single(factor_part, found.errors, _runs(table, outcome)),
                "luck": found.luck,
            }
        ]
    )


def _runs(table: pd.DataFrame, outcome: str) -> float:
    """Mean number of runs of a point in which the outcome is defined."""
    if "run" in table:
        return float(table[outcome].notna().sum() / max(table["point"].nunique(), 1))
    return float(table[f"{outcome}_runs"].mean()) if f"{outcome}_runs" in table else np.nan


def _single(factor_part: float, errors: np.ndarray, runs: float) -> float:
    within = float(np.mean(errors)) * runs
    return within / (within + factor_part) if within + factor_part > 0 else np.nan
