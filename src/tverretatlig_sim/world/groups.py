"""Projects that are under way together, and the relations that come alive with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tverretatlig_sim.world.numbers import cast
from tverretatlig_sim.world.sparse import Floats, Integers, Sums, counts, sums
from tverretatlig_sim.world.world import Agencies, Flags, Projects, Recommendations, Stakes, Ties

REMEMBERED = 1000
"""Sets of projects whose relations are kept; more would only cost memory."""


@dataclass(frozen=True)
class Groups:
    """Some projects, in order of name, and what belongs to them; a *row* is a position in ``projects``.

    Attributes:
        stakes, stake_row: their stakes, the municipal chain's too.
        first_stake, number: position of each project's first in ``stakes``, and how many it has.
        members, member_row, agency: the stakes of those who work on them.
        by_agency: sums member rows per agency. by_project: sums them per project.
        partners: of the stakes of members other than the lead one for each pair of a member and a lead, since
            trust and distance belong to the pair. others: averages partner rows per project.
        alone: whether the lead is the only member.
        contact: (tie, project) weights of joint project work.
        first_recommendation, planned: each project's first recommendation, and how many it plans.
    """

    projects: Integers
    stakes: Integers
    stake_row: Integers
    first_stake: Integers
    number: Integers
    members: Integers
    member_row: Integers
    agency: Integers
    by_agency: Sums
    by_project: Sums
    partners: Integers
    others: Sums
    alone: Integers
    contact: Sums
    first_recommendation: Integers
    planned: Integers


class GroupTable:
    """Groups of a world, made when first asked for; equal ones share one object."""

    def __init__(
        self,
        agencies: Agencies,
        projects: Projects,
        stakes: Stakes,
        recommendations: Recommendations,
        ties: Ties,
        dtype: np.dtype[Any],
    ) -> None:
        """Keep the tables that groups are made from."""
        self._tables = agencies, projects, stakes, recommendations, ties
        self._dtype = dtype
        self._groups: dict[bytes, Groups] = {}

    def of(self, running: Floats, due: Flags | None = None) -> Groups:
        """Groups of the projects that are under way in any run, and of those that are due.

        Args:
            running: whether each project is under way, as 0 or 1. Shape (project, run).
            due: whether it is due. Shape (project,).
        """
        chosen = np.maximum.reduce(running, axis=1) > 0
        if due is not None:
            chosen |= due
        key = chosen.tobytes()
        if key not in self._groups:
            if len(self._groups) >= REMEMBERED:
                self._groups.clear()
            self._groups[key] = cast(self._make(chosen), self._dtype)
        return self._groups[key]

    def _make(self, under_way: Flags) -> Groups:
        agencies, projects, stakes, recommendations, ties = self._tables
        rows, chosen = np.flatnonzero(under_way), np.flatnonzero(under_way[stakes.project])
        members = chosen[stakes.works[chosen] > 0]
        member_row = np.searchsorted(rows, stakes.project[members])
        other = np.flatnonzero(~stakes.is_lead[members])
        pair = stakes.agency[members[other]] * len(agencies.names) + stakes.lead[members[other]]
        _, first, column = np.unique(pair, return_index=True, return_inverse=True)
        share = 1.0 / counts(member_row[other], len(rows))[member_row[other]]
        stake_row = np.searchsorted(rows, stakes.project[chosen])
        return Groups(
            projects=rows,
            stakes=chosen,
            stake_row=stake_row,
            first_stake=np.searchsorted(stake_row, np.arange(len(rows))),
            number=np.bincount(stake_row, minlength=len(rows)),
            members=members,
            member_row=member_row,
            agency=stakes.agency[members],
            by_agency=sums(stakes.agency[members], len(agencies.names)),
            by_project=sums(member_row, len(rows)),
            partners=members[other[first]],
            others=sums(member_row[other], len(rows), share, column, len(first)),
            alone=np.flatnonzero(projects.alone[rows]),
            contact=ties.group_contact.only(rows),
            first_recommendation=np.searchsorted(recommendations.project, rows),
            planned=projects.planned[rows],
        )
