"""Constructed results for tests of the report's sentences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tverretatlig_sim.study import PARTS, Explanation

NAMES = {"a": "Left", "b": "Right"}


def paired(mean: float, half: float, n: int = 100) -> dict[str, Any]:
    """A row of a paired comparison."""
    return {"a": "x", "b": "y", "n": n, "mean": mean, "low": mean - half, "high": mean + half}


def over_sets(
    share: float, low: float, high: float, *, sets: int = 400, equal: float = 0.0
) -> dict[str, Any]:
    """A row of a comparison over parameter sets."""
    return {
        "sets": sets,
        "share_a_above_b": share,
        "share_low": low,
        "share_high": high,
        "share_equal": equal,
    }


def explanation(runs: int = 200, missing: int = 0, **means: float) -> Explanation:
    """Contributions with given means and a little noise, the same in size for every part."""
    known = runs - missing
    noise = np.resize([0.01, -0.01], known) if known else np.empty(0)
    columns = {part: means[part] + noise if part in means else np.zeros(known) for part in PARTS}
    contributions = pd.DataFrame(columns)
    return Explanation(
        "x", "y", "implemented_rate", 1, runs, 60, tuple(p for p in PARTS if p in means), 2 ** len(means),
        contributions, contributions.sum(axis=1), {},
    )  # fmt: skip


def outcomes(runs: int = 50, **lost: float) -> pd.DataFrame:
    """Runs in which 20 recommendations are planned and some are lost, with noise in each reason apart."""
    random = np.random.default_rng(1)
    names = ("not_drafted", "lost_disagreement", "lost_ministries", "lost_line", "lost_municipalities")
    table = pd.DataFrame({"planned": np.full(runs, 20.0)})
    for name in names:
        mean = lost.get(name, 0.0)
        table[name] = mean + (random.normal(0, 1, runs) if mean else 0.0)
    return table.assign(implemented=8.0, pending=lost.get("pending", 0.0))


def effects(**rows: tuple[float, float] | str) -> pd.DataFrame:
    """Effects of levers: mean and half interval, or the reason why they cannot be pulled."""
    return pd.DataFrame(
        [
            {
                "scenario": "x",
                "lever": name,
                "n": 0,
                "mean": np.nan,
                "low": np.nan,
                "high": np.nan,
                "reason": row,
            }
            if isinstance(row, str)
            else {"scenario": "x", "lever": name, "reason": "", **paired(*row)}
            for name, row in rows.items()
        ]
    )
