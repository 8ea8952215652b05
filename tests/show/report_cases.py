"""Constructed results for tests of what is said of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tverretatlig_sim.study import PARTS, Explanation


def explanation(runs: int = 200, missing: int = 0, **means: float) -> Explanation:
    """Contributions with given means and a little noise, the same in size for every part."""
    noise = np.resize([0.01, -0.01], runs - missing)
    found = pd.DataFrame({part: means[part] + noise if part in means else 0 * noise for part in PARTS})
    differing = tuple(part for part in PARTS if part in means)
    size = ("x", "y", "implemented_rate", 1, runs, 60, differing, 2 ** len(means))
    return Explanation(*size, found, found.sum(axis=1), {})
