"""Tables of ties and stakes."""

from __future__ import annotations

from itertools import permutations
from math import log, sqrt

import numpy as np

from tverretatlig_sim.scenario.schema import Agency, Project
from tverretatlig_sim.world.roster import Roster
from tverretatlig_sim.world.sparse import Floats, Sums, floats, integers, means, sums
from tverretatlig_sim.world.world import NONE, Stakes, Ties

LARGEST_STAFF_RATIO = 1000.0
"""Ratio of staff at which power distance is full."""


def cosine(a: Floats, b: Floats) -> float:
    """Cosine of two weight vectors; 0 if one has no weight."""
    lengths = sqrt(sum(x * x for x in a)) * sqrt(sum(x * x for x in b))
    return float(sum(x * y for x, y in zip(a, b, strict=True)) / lengths) if lengths > 0 else 0.0


def distance(a: Agency, b: Agency) -> float:
    """Mean of geographic, structural and power distance, each in [0, 1]."""
    power = min(1.0, abs(log(float(a.staff) / float(b.staff))) / log(LARGEST_STAFF_RATIO))
    return ((a.place != b.place) + (a.ministry != b.ministry) + power) / 3.0


def tie_table(roster: Roster) -> Ties:
    """Ties in order of source, then target."""
    source, target = (integers([pair[end] for pair in roster.ties]) for end in (0, 1))
    size = len(roster.agencies)
    return Ties(
        source=source,
        target=target,
        distance=floats([distance(roster.agencies[i], roster.agencies[j]) for i, j in roster.ties]),
        trust=floats(list(roster.ties.values())),
        by_source=sums(source, size),
        mean_by_source=means(source, size),
        lonely=np.setdiff1d(np.arange(size), source),
        group_contact=_group_contact(roster),
    )


def _group_contact(roster: Roster) -> Sums:
    projects = enumerate(roster.projects) if roster.arrangement.project_groups else ()
    rows = sorted(
        (roster.tie[roster.agency[a], roster.agency[b]], p, len(project.members))
        for p, project in projects
        for a, b in permutations(project.members, 2)
    )
    tie, project_of, size = (integers([row[k] for row in rows]) for k in range(3))
    return sums(tie, len(roster.ties), 1.0 / (size * (size - 1.0)), project_of, len(roster.projects))


def stake_table(roster: Roster) -> Stakes:
    """Stakes in order of project, then agency."""
    rows = roster.stakes
    overlaps = [_overlap(roster, project, name) for project, name in rows]
    agency = integers([roster.agency[name] for _, name in rows])
    lead = np.array([name == project.lead for project, name in rows], dtype=bool)
    to_lead = [(roster.agency[name], roster.agency[project.lead]) for project, name in rows]
    tie = integers([roster.tie.get(pair, NONE) for pair in to_lead])
    return Stakes(
        project=integers([roster.project[project.name] for project, _ in rows]),
        agency=agency,
        overlap=floats(overlaps),
        gain=floats([_gain(p, name, overlap) for (p, name), overlap in zip(rows, overlaps, strict=True)]),
        is_lead=lead,
        commissioned=np.array([project.origin == "commissioned" for project, _ in rows], dtype=bool),
        tie=tie,
        tied=np.flatnonzero(tie != NONE),
        lead_trust=np.where(lead, 1.0, 0.5),
        apart=np.flatnonzero(~lead),
        works=floats([float(name in project.members) for project, name in rows]),
        partners=floats([1.0 - 1.0 / len(project.members) for project, _ in rows]),
        by_agency=sums(agency, len(roster.agencies)),
    )


def _overlap(roster: Roster, project: Project, name: str) -> float:
    agency = roster.agencies[roster.agency[name]]
    return cosine(roster.vector(agency.core_tasks), roster.vector(project.themes))


def _gain(project: Project, name: str, overlap: float) -> float:
    if name in project.gains:
        return float(project.gains[name])
    return float(project.benefit) * overlap - float(project.cost)
