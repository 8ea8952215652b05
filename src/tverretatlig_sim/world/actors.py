"""Tables of ministries and agencies."""

from __future__ import annotations

from math import nan

import numpy as np

from tverretatlig_sim.scenario.schema import Agency
from tverretatlig_sim.world.keys import name_keys
from tverretatlig_sim.world.roster import Roster
from tverretatlig_sim.world.sparse import Floats, floats, means
from tverretatlig_sim.world.world import Agencies, Flags, Ministries, Seats, Stakes


def ministry_table(roster: Roster, participant: Flags) -> Ministries:
    """Ministries, and which participants each steers."""
    default = roster.arrangement.attention
    level = [ministry.attention or default for ministry in roster.ministries]
    names = tuple(roster.ministry)
    return Ministries(
        names=names,
        keys=name_keys(names),
        level=floats([nan if attention is None else float(attention) for attention in level]),
        participant_mean=means(roster.ministry_of, len(names), np.flatnonzero(participant)),
        heard=np.unique(roster.ministry_of[participant]),
    )


def agency_table(roster: Roster, stakes: Stakes, seats: Seats) -> Agencies:
    """Agencies with their fixed attributes and start values."""
    agencies, start = roster.agencies, roster.arrangement.start
    mean_over_stakes = means(stakes.agency, len(agencies))
    frames = [_frame(roster, agency) for agency in agencies]
    views = [
        frame if agency.understanding is None else roster.vector(agency.understanding)
        for agency, frame in zip(agencies, frames, strict=True)
    ]
    participant = np.zeros(len(agencies), dtype=bool)
    participant[stakes.agency[stakes.works > 0]] = True
    participant[seats.agency] = True
    return Agencies(
        names=tuple(roster.agency),
        keys=roster.agency_keys,
        ministry=roster.ministry_of,
        capacity=floats([float(agency.capacity) for agency in agencies]),
        line_capacity=floats([float(agency.line_capacity) for agency in agencies]),
        internal_organisation=floats([float(agency.internal_organisation) for agency in agencies]),
        overlap=mean_over_stakes @ stakes.overlap,
        gain=mean_over_stakes @ stakes.gain,
        cost=mean_over_stakes @ stakes.cost,
        frame=_by_theme(roster, frames),
        understanding=_by_theme(roster, views),
        ownership=floats([float(start.ownership if a.ownership is None else a.ownership) for a in agencies]),
        stubbornness=floats([float(agency.stubbornness) for agency in agencies]),
        dependence=floats([float(agency.dependence) for agency in agencies]),
        ambition=floats([float(agency.ambition) for agency in agencies]),
        interwoven=mean_over_stakes @ stakes.partners,
        led=_led(roster, participant),
        core=np.array([agency.name in roster.scenario.core for agency in agencies], dtype=bool),
        participant=participant,
    )


def _led(roster: Roster, participant: Flags) -> Flags:
    coordinator = roster.arrangement.coordinator
    others = np.array([agency.name != coordinator for agency in roster.agencies], dtype=bool)
    return participant & others if coordinator is not None else np.zeros_like(participant)


def _frame(roster: Roster, agency: Agency) -> Floats:
    if agency.frame is not None:
        return roster.vector(agency.frame)
    core = roster.vector(agency.core_tasks)
    total = float(sum(core))
    return core / total if total > 0 else core


def _by_theme(roster: Roster, vectors: list[Floats]) -> Floats:
    return np.array(vectors).reshape(len(roster.agencies), len(roster.themes)).T.copy()
