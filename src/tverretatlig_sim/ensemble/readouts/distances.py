"""The four organisational distances, and the process that must make up for them (DEL19 2.2.1; DFO25 3.3)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.observe import ratio
from tverretatlig_sim.ensemble.readouts.setting import Columns, Numbers, Setting, column, mean
from tverretatlig_sim.world.organisations import far_apart, of_different_forms, size_distance


def given(setting: Setting) -> Numbers:
    """Distances between those who have to do with each other, and what they cost in contact.

    Geographic, structural and power distance are means over ties. Cognitive distance is the root mean square
    over pairs of participants, at the start. The extra contact is what trust takes to grow as much as it
    would without distance, less one.
    """
    ties = setting.world.ties
    agencies = sorted(setting.scenario.everyone, key=lambda agency: agency.name)
    pairs = [(agencies[i], agencies[j]) for i, j in zip(ties.source, ties.target, strict=True)]
    drag = setting.parameters["distance_drag"] * ties.distance
    return {
        "distance.geographic": mean(np.array([far_apart(a, b) for a, b in pairs])),
        "distance.structural": mean(np.array([of_different_forms(a, b) for a, b in pairs])),
        "distance.power": mean(np.array([size_distance(a, b) for a, b in pairs])),
        "distance.cognitive_start": float(_pairwise(np.array(_start_gap(setting)), setting)),
        "distance.extra_contact": float(ratio(np.ones(1), np.array([mean(1.0 - drag)]))[0]) - 1.0,
    }


def reached(outcomes: pd.DataFrame, setting: Setting) -> Columns:
    """Cognitive distance at the end, how much of it was closed, and the process that did it."""
    end = _pairwise(column(outcomes, "understanding_gap"), setting)
    return {
        "distance.cognitive_end": end,
        "distance.cognitive_closed": closed(outcomes, setting),
        "distance.substance": 1.0 - column(outcomes, "structure_share"),
        "distance.trust_won": column(outcomes, "trust_mean") - mean(setting.world.ties.trust),
    }


def closed(outcomes: pd.DataFrame, setting: Setting) -> Floats:
    """Share of the gap in understanding at the start that is closed at the end; below 0 if it grew."""
    start = _start_gap(setting)
    gap = column(outcomes, "understanding_gap")
    return 1.0 - ratio(gap, np.full(len(gap), start if start > 0 else 0.0))


def _start_gap(setting: Setting) -> float:
    """Root mean square distance of participants' understanding from their mean, before the first month."""
    views = setting.world.agencies.understanding[:, setting.world.agencies.participant]
    if not views.shape[1]:
        return np.nan
    return float(np.sqrt(((views - views.mean(axis=1, keepdims=True)) ** 2).sum(axis=0).mean()))


def _pairwise(gap: Floats, setting: Setting) -> Floats:
    """Root mean square cognitive distance over pairs, from that to the mean; NaN with nobody to be far from.

    For n points, the mean squared distance of two different ones is 2n / (n − 1) times that to their mean,
    and cognitive distance is the distance divided by √2.
    """
    count = int(setting.world.agencies.participant.sum())
    return gap * np.sqrt(count / (count - 1)) if count > 1 else np.full_like(gap, np.nan)
