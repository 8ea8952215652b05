"""Phase 6: cases come before bodies, seats vote, disagreement costs boldness, law and budget need ministries.

Votes are few, so this phase works on lists of events (recommendation, run) instead of whole arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.events import Events
from tverretatlig_sim.kernel.parameters import Parameters, pick
from tverretatlig_sim.kernel.revision import Revision
from tverretatlig_sim.kernel.state import (
    DECIDED,
    DISAGREEMENT,
    DRAFTED,
    DROPPED,
    HANDED_OVER,
    MINISTRIES,
    WAITING,
    Array,
    Changes,
    State,
)
from tverretatlig_sim.kernel.terms import (
    anchoring_step,
    lead_relation,
    logistic,
    raised,
    stake_gain,
)
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.keys import pair_keys
from tverretatlig_sim.world.sparse import Floats, Integers, expand
from tverretatlig_sim.world.world import AUTHORITY, CONSENSUS, LINE, MAJORITY, NONE, World

RUNGS_APART = 3.0
"""Steps from the lowest rung of the coordination ladder to the highest."""


class Cases(Events):
    """Recommendations before a body this month: events (recommendation, run), and the body of each."""

    __slots__ = ("body",)

    def __init__(self, entity: Integers, run: Integers, runs: int, body: Integers) -> None:
        """Pairs and bodies."""
        super().__init__(entity, run, runs)
        self.body = body

    def only(self, chosen: Array) -> Cases:
        """Some of the cases, by flags or by positions."""
        kept = chosen.nonzero()[0] if chosen.dtype == np.bool_ else chosen
        return Cases(self.entity.take(kept), self.run.take(kept), self.runs, self.body.take(kept))


@dataclass(frozen=True)
class Ballot:
    """Votes cast, one entry a vote; ``case`` is the position of its case, ``duty`` NONE for bystanders."""

    case: Integers
    duty: Integers
    yes: Array


def decide(state: State, world: World, parameters: Parameters, draws: Draws, month: Month) -> Changes:
    """Vote on waiting cases; law and budget go to the ministries (DEL19 4.2, 4.4, 5.1; RAD17 advice 5, 6)."""
    cases = _agenda(state, world, month)
    if not (len(cases) or month.is_budget):
        return {}
    new = Revision(state)
    _budget_round(state, world, parameters, draws, month, new)
    cases = _settled_here(world, parameters, draws, month, cases, new)
    if len(cases) == 0:
        return new
    ballot = _ballot(state, world, parameters, draws, month, cases)
    settled, passed = _outcome(world, cases, ballot)
    _anchor(state, world, parameters, cases, ballot, passed, new)
    _count_round(cases.only(settled), new)
    lost = cases.only(settled & ~passed)
    _advance(world, month, cases.only(passed), new)
    if len(lost):
        _advance(world, month, _reject(state, world, parameters, draws, month, lost, new), new)
    return new


def _agenda(state: State, world: World, month: Month) -> Cases:
    recommendations = world.recommendations
    waiting = Events.of(state.stage == DRAFTED)
    waiting = waiting.only(state.drafted_at.take(waiting.at()) < month.index)
    body = recommendations.bodies[recommendations.route.take(waiting.entity), state.step.take(waiting.at())]
    meets = np.zeros(len(world.bodies.rank), dtype=bool)
    meets[month.meeting.forums] = True
    meets[LINE] = True
    cases = Cases(waiting.entity, waiting.run, waiting.runs, body).only(meets.take(body))
    return cases.only(_on_agenda(state, world, cases))


def _on_agenda(state: State, world: World, cases: Cases) -> Array:
    """Which events fit the agenda: a forum takes its oldest cases first."""
    bodies = len(world.bodies.agenda)
    table = cases.run * bodies + cases.body % bodies
    places = world.bodies.agenda.take(cases.body)
    fits = np.bincount(table).take(table) <= places
    crowded = (~fits).nonzero()[0]
    if len(crowded) == 0:
        return fits
    at = cases.only(crowded)
    rank = _rank(table[crowded], state.drafted_at.take(at.at()), world.recommendations.case.take(at.entity))
    fits[crowded] = rank < places[crowded]
    return fits


def _rank(table: Integers, drafted: Array, case: Integers) -> Integers:
    """Place of each case among those at the same table, by age; what is one case shares one place."""
    order = np.lexsort((case, drafted, table))
    new_table = _changes(table[order])
    number = np.cumsum(new_table | _changes(case[order]) | _changes(drafted[order]))
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = number - np.maximum.accumulate(np.where(new_table, number, 0))
    return rank


def _changes(values: Array) -> Array:
    """Whether each value differs from the one before; the first does."""
    return np.concatenate([np.ones(min(1, len(values)), dtype=bool), values[1:] != values[:-1]])


def _settled_here(
    world: World, p: Parameters, draws: Draws, month: Month, cases: Cases, new: Revision
) -> Cases:
    """Cases settled here; seats of too low a rank pass others down (RAD17 advice 5; DEL19 4.2)."""
    chance = pick(p.round_trip, cases.run) * (1.0 - world.bodies.rank.take(cases.body))
    keys = world.recommendations.keys
    unresolved = draws.of("trip", month.index, keys, cases.entity, cases.run) < chance
    travelling = cases.only(unresolved).at()
    new.put("trips", travelling, new.take("trips", travelling) + 1)
    return cases.only(~unresolved)


def _ballot(state: State, world: World, p: Parameters, draws: Draws, month: Month, cases: Cases) -> Ballot:
    case, agency = _voters(state, world, cases)
    recommendation, run = cases.entity.take(case), cases.run.take(case)
    duty = _duty_of(world, recommendation, agency)
    chance = np.array(np.broadcast_to(pick(p.bystander_consent, run), len(run)))
    held = np.flatnonzero(duty != NONE)
    duties = Events(duty.take(held), run.take(held), cases.runs)
    chance[held] = _acceptance(state, world, p, month, duties)
    keys = pair_keys(world.recommendations.keys.take(recommendation), world.agencies.keys.take(agency))
    return Ballot(case, duty, draws.some("vote", month.index, keys, run) < chance)


def _voters(state: State, world: World, cases: Cases) -> tuple[Integers, Integers]:
    """Cases and agencies that vote: seats attended, or the one voice that settles."""
    rule = world.bodies.rule.take(cases.body)
    collegial = (rule == CONSENSUS) | (rule == MAJORITY)
    together, alone = np.flatnonzero(collegial), np.flatnonzero(~collegial)
    forum = cases.body.take(together)
    position, seat = expand(world.forums.first_seat.take(forum), world.forums.seats.take(forum))
    case = together.take(position)
    present = np.flatnonzero(state.attended.take(seat * cases.runs + cases.run.take(case)))
    agency = world.seats.agency.take(seat.take(present))
    return (
        np.concatenate([case.take(present), alone]),
        np.concatenate([agency, _sole_voter(world, cases.only(alone))]),
    )


def _sole_voter(world: World, cases: Cases) -> Integers:
    lead = world.projects.lead[world.recommendations.project[cases.entity]]
    chaired = world.bodies.rule.take(cases.body) == AUTHORITY
    return np.where(chaired, world.bodies.chair.take(cases.body), lead)


def _duty_of(world: World, recommendation: Integers, agency: Integers) -> Integers:
    """Duty of each (recommendation, agency), or NONE."""
    duties, width = world.duties, len(world.agencies.names)
    known = duties.recommendation * width + duties.agency
    wanted = recommendation * width + agency
    position = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known.take(position) == wanted, position, NONE)


def _acceptance(state: State, world: World, p: Parameters, month: Month, duties: Events) -> Floats:
    """Chance that a duty-holder accepts (DEL19 5.1; RAD17 advice 1–3)."""
    run = duties.run
    stakes = Events(world.duties.stake.take(duties.entity), run, duties.runs)
    recommendation = world.duties.recommendation.take(duties.entity)
    project = world.recommendations.project.take(recommendation)
    case = Events(recommendation, run, duties.runs)
    boldness = state.boldness.take(case.at())
    gain = stake_gain(world, month).take(stakes.entity) * boldness + state.content.take(case.at())
    ask = world.recommendations.given_up.take(recommendation) * boldness
    ambition = world.agencies.ambition[world.duties.agency[duties.entity]]
    beyond = np.maximum(0.0, world.projects.rung.take(project) - ambition) / RUNGS_APART
    process = (
        lead_relation(state, world, stakes)
        + state.anchoring.take(duties.at())
        + state.project_clarity.take(case.at(world.recommendations.project))
        - 1.0
    )
    return logistic(
        pick(p.acceptance_intercept, run)
        + pick(p.gain_weight, run) * gain
        - pick(p.ask_weight, run) * ask
        - pick(p.ambition_weight, run) * beyond
        + pick(p.process_weight, run) * process
    )


def _outcome(world: World, cases: Cases, ballot: Ballot) -> tuple[Array, Array]:
    """Whether each case was settled at all, and whether it passed."""
    voted = np.bincount(ballot.case, minlength=len(cases))
    yes = np.bincount(ballot.case[ballot.yes], minlength=len(cases))
    passed = np.where(world.bodies.rule.take(cases.body) == MAJORITY, 2 * yes > voted, yes == voted)
    return voted > 0, passed & (voted > 0)


def _anchor(
    state: State, world: World, p: Parameters, cases: Cases, ballot: Ballot, passed: Array, new: Revision
) -> None:
    """Duty-holders that voted for what passed are more anchored afterwards (DEL19 4.3)."""
    consenting = np.flatnonzero(ballot.yes & (ballot.duty != NONE) & passed.take(ballot.case))
    run = cases.run.take(ballot.case.take(consenting))
    duties = Events(ballot.duty.take(consenting), run, cases.runs)
    stakes = Events(world.duties.stake.take(duties.entity), run, cases.runs)
    held = state.anchoring.take(duties.at())
    new.put(
        "anchoring", duties.at(), raised(held, anchoring_step(state, world, p, stakes, state.project_clarity))
    )


def _count_round(cases: Cases, new: Revision) -> None:
    at = cases.at()
    for name in ("rounds", "votes"):
        new.put(name, at, new.take(name, at) + 1)


def _reject(
    state: State, world: World, p: Parameters, draws: Draws, month: Month, cases: Cases, new: Revision
) -> Cases:
    """Dilute what was rejected; after the last round escalate or drop it. Returns what ministries settled."""
    at = cases.at()
    new.put("boldness", at, new.take("boldness", at) * (1.0 - pick(p.dilution, cases.run)))
    last = cases.only(new.take("rounds", at) >= pick(p.max_rounds, cases.run))
    lead = world.projects.lead[world.recommendations.project[last.entity]]
    attention = state.attention[world.agencies.ministry[lead], last.run]
    by_ministries = pick(p.escalation, last.run) * attention * world.core_group_authority
    by_lead = pick(p.lead_push, last.run) * world.lead_authority
    chance = 1.0 - (1.0 - by_ministries) * (1.0 - by_lead)
    keys = world.recommendations.keys
    settled = draws.of("escalate", month.index, keys, last.entity, last.run) < chance
    _drop(month, last.only(~settled), DISAGREEMENT, new)
    return last.only(settled)


def _drop(month: Month, cases: Events, reason: int, new: Revision) -> None:
    at = cases.at()
    new.put("stage", at, DROPPED)
    new.put("dropped_at", at, month.index)
    new.put("loss", at, reason)


def _advance(world: World, month: Month, cases: Cases, new: Revision) -> None:
    """Move accepted recommendations to the next body, or decide and hand over."""
    if len(cases) == 0:
        return
    step = new.take("step", cases.at()) + 1
    new.put("step", cases.at(), step)
    new.put("rounds", cases.at(), 0)
    decided = cases.only(step >= world.recommendations.steps.take(cases.entity))
    new.put("stage", decided.at(), DECIDED)
    new.put("decided_at", decided.at(), month.index)
    _hand_over(world, month, decided.only(~world.recommendations.gated.take(decided.entity)), new)


def _hand_over(world: World, month: Month, cases: Events, new: Revision) -> None:
    if len(cases) == 0:
        return
    new.put("stage", cases.at(), HANDED_OVER)
    new.put("handed_at", cases.at(), month.index)
    recommendations = world.recommendations
    case, duty = expand(
        recommendations.first_duty.take(cases.entity), recommendations.duties.take(cases.entity)
    )
    duties = Events(duty, cases.run.take(case), cases.runs)
    new.put("duty_status", duties.only(~world.duties.last.take(duty)).at(), WAITING)


def _budget_round(
    state: State, world: World, p: Parameters, draws: Draws, month: Month, new: Revision
) -> None:
    """Law and budget wait for the budget month and every ministry concerned (DEL19 3.2.1, 5.1.3)."""
    if not month.is_budget:
        return
    cases = Events.of(state.stage == DECIDED)
    cases = cases.only(state.decided_at.take(cases.at()) < month.index)
    if len(cases) == 0:
        return
    agreed = _ministries_agree(state, world, p, draws, month, cases)
    _hand_over(world, month, cases.only(agreed), new)
    refused = cases.only(~agreed)
    rounds = new.take("rounds", refused.at()) + 1
    new.put("rounds", refused.at(), rounds)
    _drop(month, refused.only(rounds >= pick(p.max_rounds, refused.run)), MINISTRIES, new)


def _ministries_agree(
    state: State, world: World, p: Parameters, draws: Draws, month: Month, cases: Events
) -> Array:
    concerned = world.recommendations.concerned
    case, row = expand(concerned.first.take(cases.entity), concerned.count.take(cases.entity))
    ministry, run = concerned.ministry.take(row), cases.run.take(case)
    keys = pair_keys(
        world.recommendations.keys.take(cases.entity.take(case)), world.ministries.keys.take(ministry)
    )
    chance = pick(p.ministry_consent, run) * state.attention[ministry, run] * state.coherence[run]
    refusals = draws.some("budget", month.index, keys, run) >= chance
    agreed: Array = np.bincount(case[refusals], minlength=len(cases)) == 0
    return agreed
