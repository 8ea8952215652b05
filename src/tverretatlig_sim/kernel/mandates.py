"""Phase 6, mandates: whoever commissions a project finds its mandate good enough, or sends it back."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import Floats, Places, by_run
from tverretatlig_sim.kernel.decide import unsettled
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.formulas import move_down, move_up
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import rule
from tverretatlig_sim.kernel.state import ACCEPTED, ON_AGENDA, REJECTED, Changes, State
from tverretatlig_sim.kernel.votes import Cases
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.tables import CONSENSUS
from tverretatlig_sim.world.world import World


@rule(
    reads="vetting attended spoke service running project_clarity mandate_rounds mandated_at rework"
    " ownership begun_at turn",
    writes="vetting project_clarity mandate_rounds mandated_at rework ownership",
)
def mandates_are_vetted(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """A vague or overlapping mandate comes back and is revised (ODD 7.6.7; DEL19 4.2, 4.4.1).

    What overlaps is sorted out by the first revision. Letters that contradict blur a mandate as a compromise
    does (RAD17 refl. 1).
    """
    mandates = Places.where(state.vetting == ON_AGENDA)
    if not len(mandates):
        return {}
    projects, bodies = world.projects, world.bodies
    too_low = unsettled(state, world, mandates, mandates.of(projects.mandate_body))
    trip = draws.at("trip", month.index, projects.keys, mandates)
    mandates = mandates.only(trip >= p.in_runs(mandates.run).round_trip * too_low)
    here, body = p.in_runs(mandates.run), mandates.of(projects.mandate_body)
    clarity, rounds = mandates.of(state.project_clarity), mandates.of(state.mandate_rounds)
    apart = 1.0 - _overlap(state, world, mandates) * (rounds == 0)
    seen = move_down(clarity, here.dilution * mandates.of(month.torn))
    lead = mandates.of(projects.lead)
    cast = Cases.before(state, world, body, mandates.run, mandates.of(projects.keys), lead)
    yes = cast.ballots(world, p, draws, month, "mandate") < (seen * apart).take(cast.case)
    verdict, cut = cast.verdicts(world, draws, month, yes)
    back, passed = verdict == REJECTED, verdict == ACCEPTED
    compromise = (rounds > 0) & (bodies.rule.take(body) == CONSENSUS) & ~cut
    clearer = np.where(back, move_up(clarity, here.mandate_step), clarity)
    clearer = np.where(passed & compromise, move_down(clarity, here.dilution), clearer)
    return {
        "vetting": mandates.put(state.vetting, verdict),
        "project_clarity": mandates.put(state.project_clarity, clearer),
        "mandate_rounds": mandates.put(state.mandate_rounds, rounds + back),
        "mandated_at": mandates.only(passed).put(state.mandated_at, month.index),
        "rework": mandates.only(back).put(state.rework, (clearer - clarity)[back]),
        "ownership": cast.ownership(state, world, p, cut, yes),
    }


def _overlap(state: State, world: World, mandates: Places) -> Floats:
    """Likeness to the most alike project under way that came before and shares a member. Shape (place,)."""
    order = state.begun_at * len(state.turn) + state.turn
    largest = np.zeros(state.running.shape)
    for project in np.unique(mandates.entity):
        likeness = world.projects.likeness[project]
        alike = np.flatnonzero(likeness)
        before = state.running[alike] & (order[alike] < order[project])
        largest[project] = np.max(by_run(likeness, alike) * before, axis=0, initial=0.0)
    return np.asarray(mandates.of(largest))
