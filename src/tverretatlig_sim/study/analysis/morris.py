"""Morris screening: how much the outcome moves when one factor takes a step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.i18n import _
from tverretatlig_sim.study.analysis.response import Response, response

RESAMPLES = 1000


def morris(
    table: pd.DataFrame,
    factors: Sequence[str],
    outcome: str,
    *,
    levels: int = 4,
    level: float = 0.95,
    seed: int = 1,
) -> pd.DataFrame:
    """Elementary effects of each factor, by SALib, and how large luck alone would make them.

    Args:
        table: of one arrangement, of points or of runs, a whole Morris design; see ``response.response``.
        factors: names of the columns that vary.
        outcome: to look at.
        levels: of the design.
        level: of the interval.
        seed: of the bootstrap.

    Returns:
        One row a factor: ``factor``, ``index`` (mean absolute effect μ*, in the outcome's unit for the whole
        range of the factor) with ``low`` and ``high``; ``mu`` (mean effect); ``sigma`` (standard deviation
        over trajectories, with luck); ``sigma_factors`` (luck removed: non-linearity and interactions);
        ``luck`` (the μ* that luck alone would give; NaN if it cannot be told apart).

    Raises:
        ValueError: see ``response.response``; also if the points are no Morris design, or the outcome is
            undefined at some.
    """
    from SALib.analyze.morris import analyze

    found = response(table, factors, outcome)
    moved = _moved(found)
    bounds = np.stack([found.points.min(axis=0), found.points.max(axis=0)], axis=1)
    problem = {"num_vars": len(found.names), "names": list(found.names), "bounds": bounds.tolist()}
    effects = analyze(
        problem, found.points, found.means, num_levels=levels, num_resamples=RESAMPLES, conf_level=level,
        seed=np.random.default_rng(seed),
    )  # fmt: skip
    index, half = np.asarray(effects["mu_star"]), np.asarray(effects["mu_star_conf"])
    sigma, luck = np.asarray(effects["sigma"], dtype=float), _luck(found, moved, levels)
    return pd.DataFrame(
        {
            "factor": list(found.names),
            "index": index,
            "low": index - half,
            "high": index + half,
            "mu": np.asarray(effects["mu"]),
            "sigma": sigma,
            "sigma_factors": np.sqrt(np.maximum(sigma**2 - luck, 0.0)),
            # The mean of the absolute value of a normal variable.
            "luck": np.sqrt(np.maximum(luck, 0.0) * 2.0 / np.pi),
        }
    )


def _moved(found: Response) -> np.ndarray:
    """Which factor each step of each trajectory moves. Shape (trajectory, step).

    Raises:
        ValueError: the points are no Morris design, or the outcome is undefined at some.
    """
    count, factors = len(found.points), len(found.names)
    trajectories = found.points.reshape(-1, factors + 1, factors) if count % (factors + 1) == 0 else None
    steps = np.zeros((0, factors, factors)) if trajectories is None else np.diff(trajectories, axis=1) != 0
    if not len(steps) or (steps.sum(axis=2) != 1).any() or (steps.sum(axis=1) != 1).any():
        raise ValueError(
            _(
                "these {count} points are no whole Morris design of {factors} factors; "
                'a study with [design] kind = "morris" makes one',
                count=count,
                factors=factors,
            )
        )
    undefined = int(np.isnan(found.means).sum())
    if undefined:
        raise ValueError(
            _(
                "the outcome is undefined at {undefined} of {count} points, and Morris needs them all; take "
                "more runs or months, or an outcome that is always defined",
                undefined=undefined,
                count=count,
            )
        )
    return np.asarray(steps.argmax(axis=2))


def _luck(found: Response, moved: np.ndarray, levels: int) -> Floats:
    """Variance of the effects of each factor by luck. Shape (factor,)."""
    if found.luck == "unknown":
        return np.full(len(found.names), np.nan)
    places = np.arange(len(found.points)).reshape(moved.shape[0], -1)
    before, after = places[:, :-1].ravel(), places[:, 1:].ravel()
    square = found.product(after, after) + found.product(before, before) - 2 * found.product(after, before)
    raw = (found.means[after] - found.means[before]) ** 2
    step = levels / (2.0 * (levels - 1.0))
    totals = np.bincount(moved.ravel(), weights=raw - square, minlength=len(found.names))
    return np.asarray(totals / len(moved) / step**2)
