"""Tables of ties and stakes."""

from __future__ import annotations

from math import log, sqrt

import numpy as np

from tverretatlig_sim.scenario.schema import Agency, Project
from tverretatlig_sim.world.pairs import flat, pairs_within
from tverretatlig_sim.world.roster import Roster
from tverretatlig_sim.world.sparse import Floats, Integers, Sums, floats, integers, means, quotient, sums
from tverretatlig_sim.world.world import Stakes, Ties

LARGEST_STAFF_RATIO = 1000.0
"""Ratio of staff at which power distance is full."""


def cosine(a: Floats, b: Floats) -> float:
    """Cosine of two weight vectors; 0 if one has no weight."""
    lengths = sqrt(sum(x * x for x in a)) * sqrt(sum(x * x for x in b))
    return float(sum(x * y for x, y in zip(a, b, strict=True)) / lengths) if lengths > 0 else 0.0


def far_apart(a: Agency, b: Agency) -> float:
    """Geographic distance: 0 in the same place, 1 not."""
    return float(a.place != b.place)


def of_different_forms(a: Agency, b: Agency) -> float:
    """Structural distance: 0 of the same form, 1 not; an agency's form is its ministry unless given."""
    return float((a.form or a.ministry) != (b.form or b.ministry))


def size_distance(a: Agency, b: Agency) -> float:
    """Power distance: by the ratio of staff, in [0, 1]."""
    return min(1.0, abs(log(float(a.staff) / float(b.staff))) / log(LARGEST_STAFF_RATIO))


def distance(a: Agency, b: Agency) -> float:
    """Mean of geographic, structural and power distance, each in [0, 1]."""
    return (far_apart(a, b) + of_different_forms(a, b) + size_distance(a, b)) / 3.0


def tie_table(roster: Roster) -> Ties:
    """Ties in order of source, then target."""
    source, target, agencies = roster.ties.first, roster.ties.second, roster.agencies
    ends = zip(source.tolist(), target.tolist(), strict=True)
    size = len(roster.agencies)
    return Ties(
        source=source,
        target=target,
        distance=floats([distance(agencies[i], agencies[j]) for i, j in ends]),
        trust=roster.trust,
        by_source=sums(source, size),
        mean_by_source=means(source, size),
        partners=sums(source, size, columns=target, width=size),
        lonely=np.setdiff1d(np.arange(size), source),
        dense=2 * len(source) > size * (size - 1),
        group_contact=_group_contact(roster),
    )


def _group_contact(roster: Roster) -> Sums:
    agency, size = flat(roster.teams)
    first, second, project = pairs_within(size)
    tie = roster.ties.rows(agency[first], agency[second])
    shares = 1.0 / (size[project] * (size[project] - 1.0))
    return sums(tie, len(roster.ties), shares, project, len(roster.projects))


def stake_table(roster: Roster) -> Stakes:
    """Stakes in order of project, then agency."""
    rows = roster.stakes
    agency = roster.stake.second
    project_of = roster.stake.first
    overlaps = _overlaps(roster, agency, project_of)
    lead = np.array([name == project.lead for project, name in rows], dtype=bool)
    lead_of = integers([roster.agency[project.lead] for project, _ in rows])
    tie = roster.ties.rows(agency, lead_of)
    return Stakes(
        project=project_of,
        agency=agency,
        overlap=overlaps,
        gain=floats(
            [_gain(p, name, overlap) for (p, name), overlap in zip(rows, overlaps.tolist(), strict=True)]
        ),
        cost=floats([float(project.cost) for project, _ in rows]),
        is_lead=lead,
        commissioned=np.array([project.origin == "commissioned" for project, _ in rows], dtype=bool),
        lead=lead_of,
        tie=tie,
        lead_trust=np.where(lead, 1.0, 0.5),
        works=floats([float(name in project.members) for project, name in rows]),
        partners=floats([1.0 - 1.0 / len(project.members) for project, _ in rows]),
        by_agency=sums(agency, len(roster.agencies)),
        projects=sums(agency, len(roster.agencies), columns=project_of, width=len(roster.projects)),
    )


def _overlaps(roster: Roster, agency: Integers, project: Integers) -> Floats:
    """Cosine of each stake-holder's core tasks and its project's themes, added up theme by theme."""
    tasks = roster.matrix([member.core_tasks for member in roster.agencies])
    wanted = roster.matrix([task.themes for task in roster.projects])
    product, own, other = (np.zeros(len(agency)) for _ in range(3))
    for core, theme in zip(tasks, wanted, strict=True):
        product += core[agency] * theme[project]
        own += core[agency] * core[agency]
        other += theme[project] * theme[project]
    return quotient(product, np.sqrt(own) * np.sqrt(other), 0.0)


def _gain(project: Project, name: str, overlap: float) -> float:
    if name in project.gains:
        return float(project.gains[name])
    return float(project.benefit) * overlap - float(project.cost)
