"""The bands and the comparison of all histories so far, as a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tverretatlig_sim.app.bands import OUTCOMES, QUANTILES, Block, outcomes, quantiles
from tverretatlig_sim.app.choice import BANDED, SIDES, Choice, Side
from tverretatlig_sim.app.frameworks import Given, panel
from tverretatlig_sim.app.view import UNITS, Document, rounded, shown
from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.statistics import mean_interval, paired_difference
from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.numbers import mean_with_interval, unit_of
from tverretatlig_sim.show.simulations import finding

MIDDLE = QUANTILES.index(0.5)


def spread(choice: Choice, blocks: Mapping[Side, Sequence[Block]], givens: Mapping[Side, Given]) -> Document:
    """Bands of every series, outcomes with their paired differences, and the sources' frameworks.

    The frameworks are told after the first block and at the end; in between, None stands for them.

    Args:
        choice: what is chosen.
        blocks: the same runs of both arrangements, so far.
        givens: what both give in terms of the frameworks.
    """
    done = sum(block.runs for block in blocks["a"])
    bands = {side: quantiles(blocks[side]) for side in SIDES}
    found = {side: outcomes(blocks[side]) for side in SIDES}
    told = done == choice.runs or len(blocks["a"]) == 1
    return {
        "done": done,
        "runs": choice.runs,
        "bands": {
            name: {side: rounded(bands[side][row]) for side in SIDES} for row, name in enumerate(BANDED)
        },
        "middle": {
            name: [shown(float(bands[side][row, MIDDLE, -1]), UNITS[name]) for side in SIDES]
            for row, name in enumerate(BANDED)
        },
        "outcomes": [_row(name, found["a"][name], found["b"][name]) for name in OUTCOMES],
        "frameworks": panel({s: (givens[s], found[s]) for s in SIDES}) if told else None,
        "finding": _finding(found["a"][HEADLINE], found["b"][HEADLINE]),
    }


def _row(name: str, a: Floats, b: Floats) -> list[str]:
    """Label, A, B and the difference."""
    means = [mean_interval(values) for values in (a, b)]
    difference = paired_difference(a, b)
    ends = difference["mean"], difference["low"], difference["high"]
    kind = unit_of(name)
    return [
        f"{label(name)} (%)" if kind == "share" else label(name),
        *(mean_with_interval(mean.mean, mean.low, mean.high, kind) for mean in means),
        mean_with_interval(*ends, kind, sign=True),
    ]


def _finding(a: Floats, b: Floats) -> str:
    row: dict[str, Any] = {"a": "A", "b": "B", **paired_difference(a, b)}
    return finding(row, len(np.atleast_1d(a)), "finding.undefined_here")
