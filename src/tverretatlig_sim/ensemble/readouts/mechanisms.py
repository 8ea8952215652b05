"""Hierarchy and voluntary adaptation as two strengths (DIFI17 2.1, 3; DIFI14 2.6; DFO25 3.4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.observe import ratio
from tverretatlig_sim.ensemble.readouts.distances import given as distances
from tverretatlig_sim.ensemble.readouts.distances import reached as distances_at_the_end
from tverretatlig_sim.ensemble.readouts.setting import Columns, Numbers, Setting, column, mean
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.steer import stake_strength


def given(setting: Setting) -> Numbers:
    """Strength of hierarchy, and of voluntary adaptation at the start, each from 0 to 1.

    Hierarchy is the steering signal that work on projects hears when attention stands at its level and
    ministries do not diverge: the mean over stakes and the months from a project's start on. Voluntary
    adaptation is the mean of trust, common understanding and ownership, times its reach: the share of
    pairs of participants that have a tie. Without ties nobody can adapt to anybody.
    """
    reach = _reach(setting)
    world = setting.world
    common = 1.0 - distances(setting)["distance.cognitive_start"]
    ownership = mean(world.agencies.ownership[world.agencies.participant])
    trust = mean(world.ties.trust)
    return {
        "hierarchy.strength": _hierarchy(setting),
        "voluntary.reach": reach,
        "voluntary.start": float(_within(reach, np.array((trust + common + ownership) / 3.0))),
    }


def reached(outcomes: pd.DataFrame, setting: Setting) -> Columns:
    """What became of both: the ministries' coherence, and voluntary adaptation at the end."""
    reach = _reach(setting)
    common = 1.0 - distances_at_the_end(outcomes, setting)["distance.cognitive_end"]
    strength = (column(outcomes, "trust_mean") + common + column(outcomes, "ownership_end")) / 3.0
    return {
        "hierarchy.coherence": column(outcomes, "ministry_coherence"),
        "voluntary.end": _within(reach, strength),
    }


def _within(reach: float, strength: Floats) -> Floats:
    """Strength among those it reaches; 0 where it reaches nobody, whatever trust that would take."""
    return np.zeros_like(strength) if reach == 0 else reach * strength


def _reach(setting: Setting) -> float:
    """Share of pairs of participants that have a tie; NaN with fewer than two participants."""
    takes_part, ties = setting.world.agencies.participant, setting.world.ties
    count = int(takes_part.sum())
    tied = np.count_nonzero(takes_part[ties.source] & takes_part[ties.target])
    return tied / (count * (count - 1)) if count > 1 else np.nan


def _hierarchy(setting: Setting) -> float:
    """Mean signal over stakes and months from the start of each project; NaN without any."""
    world, stakes = setting.world, setting.world.stakes
    level = world.ministries.level
    attention = np.where(np.isnan(level), setting.parameters["attention_level"], level)
    kept = 1.0 - setting.parameters["signal_loss"] * (1.0 - world.arrangements.department_link[0])
    heard = kept * attention[world.agencies.ministry[stakes.agency]]
    total, months = np.zeros(len(heard)), np.zeros(len(heard))
    parameters = Parameters.of(dict(setting.parameters))
    for month in range(world.months):
        begun = (world.projects.start[stakes.project] <= month).astype(np.float64)
        strength = stake_strength(world, parameters, world.calendar[month])[:, 0]
        total, months = total + begun * strength, months + begun
    return _mean_known(heard * ratio(total, months))


def _mean_known(values: Floats) -> float:
    return mean(values[~np.isnan(values)])
