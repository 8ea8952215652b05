"""Who votes on a case, how votes hang together, and what a body makes of them (ODD 7.6.2, 7.6.3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from tverretatlig_sim.arrays import Flags, Floats, Integers, Places, in_run, total
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.state import ACCEPTED, ON_AGENDA, REJECTED, State
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.keys import Keys, name_keys, pair_keys
from tverretatlig_sim.world.tables import AUTHORITY, CONSENSUS, MAJORITY
from tverretatlig_sim.world.world import World

SMALLEST = 2.0**-54
"""Stands for a draw of 0, of which the normal quantile is not finite."""


@dataclass(frozen=True)
class Cases:
    """Cases before bodies in one month.

    Attributes:
        body, run, keys: body, run and key of each case.
        lead: agency that leads the project of each.
        case, agency: case of each vote, as a position in ``body``, and who casts it.
        counts: whether a vote counts; a chair with authority votes once more, to cut through.
        silent: whether it is of a seat that does not speak up, which counts as consent.
    """

    body: Integers
    run: Integers
    keys: Keys
    lead: Integers
    case: Integers
    agency: Integers
    counts: Flags
    silent: Flags

    @classmethod
    def before(
        cls, state: State, world: World, body: Integers, run: Integers, keys: Keys, lead: Integers
    ) -> Cases:
        """The votes of seats attended, or of the one that settles."""
        bodies = world.bodies
        rule_of = bodies.rule.take(body)
        in_seats = (rule_of == CONSENSUS) | (rule_of == MAJORITY)
        together, alone = np.flatnonzero(in_seats), np.flatnonzero(~in_seats)
        led = np.flatnonzero(in_run(bodies.authority, body, run) > 0)
        forums = Places(body.take(together), run.take(together), state.runs)
        position, seats = forums.spread(world.forums.first_seat, world.forums.seats)
        there = np.flatnonzero(seats.of(state.attended))
        chair = bodies.chair.take(body)
        sole = np.where(rule_of == AUTHORITY, chair, lead).take(alone)
        voting = world.seats.agency.take(seats.entity.take(there)), sole, chair.take(led)
        case = np.concatenate([together.take(position.take(there)), alone, led])
        counts = np.arange(len(case)) < len(case) - len(led)
        silent = np.zeros(len(case), dtype=bool)
        silent[: len(there)] = ~seats.of(state.spoke).take(there)
        return cls(body, run, keys, lead, case, np.concatenate(voting), counts, silent)

    def ballots(self, world: World, p: Parameters, draws: Draws, month: Month, process: str) -> Floats:
        """Draws of the votes in [0, 1): in part one for all with the same interests; silent ones −1.

        Shape (vote,).
        """
        keys = pair_keys(self.keys.take(self.case), world.agencies.keys.take(self.agency))
        own = draws.some(process, month.index, keys, self.run.take(self.case))
        if not p.shared_vote.any():
            return np.where(self.silent, -1.0, own)
        interests = world.agencies.interests
        themes = pair_keys(self.keys, name_keys(world.themes)[:, None])
        drawn = ndtri(np.maximum(draws.some("interest", month.index, themes, self.run), SMALLEST))
        shared = total(drawn.take(self.case, axis=1) * interests.take(self.agency, axis=1))
        interested = interests.any(axis=0).take(self.agency)
        share = np.where(interested, p.in_runs(self.run.take(self.case)).shared_vote, 0.0)
        both = np.sqrt(share) * shared + np.sqrt(1.0 - share) * ndtri(np.maximum(own, SMALLEST))
        number: Floats = np.where(self.silent, -1.0, ndtr(both))
        return number

    def verdicts(self, world: World, draws: Draws, month: Month, yes: Flags) -> tuple[Integers, Flags]:
        """What bodies make of their cases, and where the chair cut through (ODD 7.6.3; DIFI17 3).

        Args:
            world: the indexed scenario.
            draws: random numbers of this batch.
            month: this month.
            yes: whether each vote is in favour.
        """
        bodies, number = world.bodies, len(self.body)
        votes = np.bincount(self.case[self.counts], minlength=number)
        in_favour = np.bincount(self.case[self.counts & yes], minlength=number)
        by_majority = bodies.rule.take(self.body) == MAJORITY
        passed = np.where(by_majority, 2 * in_favour > votes, in_favour == votes)
        settled = (votes > 0) & (votes >= in_run(bodies.quorum, self.body, self.run))
        chair_agrees = np.bincount(self.case[~self.counts & yes], minlength=number) > 0
        through = draws.some("cut", month.index, self.keys, self.run) < in_run(
            bodies.authority, self.body, self.run
        )
        cut = settled & ~passed & chair_agrees & through
        return np.where(settled, np.where(passed | cut, ACCEPTED, REJECTED), ON_AGENDA), cut

    def ownership(self, state: State, world: World, p: Parameters, cut: Flags, yes: Flags) -> Floats:
        """Ownership after the chair went over the heads of those who refused (ODD 7.6.3; DEL19 4.5.1)."""
        overruled = np.flatnonzero(self.counts & ~yes & cut.take(self.case))
        if not len(overruled):
            return state.ownership
        case, ownership = self.case.take(overruled), state.ownership.copy()
        run = self.run.take(case)
        authority = in_run(world.bodies.authority, self.body.take(case), run)
        lost = np.minimum(1.0, p.in_runs(run).dominance * authority)
        np.multiply.at(ownership, (self.agency.take(overruled), run), 1.0 - lost)
        return ownership
