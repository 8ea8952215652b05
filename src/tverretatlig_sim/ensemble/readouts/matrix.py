"""Weak and strong matrix: what the programme rather than the line holds (DEL19 2.3, 4.3)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tverretatlig_sim.ensemble.readouts.setting import Columns, Numbers, Setting, mean


def given(setting: Setting) -> Numbers:
    """Share of resources and of authority with the programme; NaN where there is no forum, so no programme.

    Resources: of the members' capacity for joint work, letters' resources included, and the secretariats'
    staff, the part the programme disposes of, as a mean over months. Authority: the mean, over those there
    are, of the forums' authority (its steering), the coordinator's over the line (its strategy) and
    follow-up after hand-over (its benefits). Position: the mean of both.
    """
    if not setting.scenario.arrangement.forum:
        return dict.fromkeys(
            ("matrix.resources", "matrix.authority", "matrix.position", "matrix.decided_in_forums"), np.nan
        )
    resources, authority = _resources(setting), _authority(setting)
    return {
        "matrix.resources": resources,
        "matrix.authority": authority,
        "matrix.position": (resources + authority) / 2.0,
        "matrix.decided_in_forums": _decided_in_forums(setting),
    }


def reached(outcomes: pd.DataFrame, setting: Setting) -> Columns:
    """Nothing: who holds what does not change in a run."""
    return {}


def _resources(setting: Setting) -> float:
    world = setting.world
    months = [world.calendar[month] for month in range(world.months)]
    staff = mean(np.array([float(world.secretariats.staff[m.standing.secretariats].sum()) for m in months]))
    extra = mean(np.array([float(m.resources[world.agencies.participant].sum()) for m in months]))
    members = float(world.agencies.capacity[world.agencies.participant].sum()) + extra
    return (staff + float(world.arrangements.programme_resources[0]) * members) / (staff + members)


def _authority(setting: Setting) -> float:
    arrangement = setting.scenario.arrangement
    parts = [mean(setting.world.forums.authority)]
    if arrangement.coordinator is not None:
        parts.append(float(arrangement.lead_authority))
    if arrangement.facilitator is not None:
        parts.append(float(arrangement.follow_up))
    return sum(parts) / len(parts)


def _decided_in_forums(setting: Setting) -> float:
    """Of the steps on the routes of planned recommendations, the share that are forums."""
    recommendations = setting.world.recommendations
    bodies = recommendations.bodies[recommendations.route]
    return mean((bodies >= 0).sum(axis=1) / np.maximum(recommendations.steps, 1))
