"""Phase 6: cases come before bodies, seats vote, disagreement costs boldness, law and budget need ministries.

Votes are few, so this phase works on lists of events (recommendation, run) instead of whole arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters, pick
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
    logistic,
    project_facilitation,
    raised,
)
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.keys import pair_keys
from tverretatlig_sim.world.sparse import Floats, Integers, expand
from tverretatlig_sim.world.world import LINE, NONE, RULES, World

NO_FORUM = [NONE, NONE]
"""Padding, so that vectors over forums can be indexed with LINE and NONE."""

RUNGS_APART = 3.0
"""Steps from the lowest rung of the coordination ladder to the highest."""

CONSENSUS, MAJORITY, LEAD, AUTHORITY = range(len(RULES))
DECISION_VARIABLES = (
    "stage",
    "step",
    "rounds",
    "votes",
    "trips",
    "boldness",
    "decided_at",
    "handed_at",
    "dropped_at",
    "loss",
    "duty_status",
    "anchoring",
)


@dataclass(frozen=True)
class Cases:
    """Recommendations before a body this month, one entry an event."""

    recommendation: Integers
    run: Integers
    body: Integers

    def only(self, chosen: Array) -> Cases:
        """Some of the events."""
        return Cases(self.recommendation[chosen], self.run[chosen], self.body[chosen])


@dataclass(frozen=True)
class Ballot:
    """Votes cast, one entry a vote; ``case`` is the position of its event."""

    case: Integers
    agency: Integers
    duty: Integers
    yes: Array


def decide(state: State, world: World, parameters: Parameters, draws: Draws, month: Month) -> Changes:
    """Vote on waiting cases; law and budget go to the ministries (DEL19 4.2, 4.4, 5.1; RAD17 advice 5, 6)."""
    new: Changes = {name: getattr(state, name).copy() for name in DECISION_VARIABLES}
    _budget_round(state, world, parameters, draws, month, new)
    cases = _settled_here(world, parameters, draws, month, _agenda(state, world, month), new)
    if len(cases.run):
        ballot = _ballot(state, world, parameters, draws, month, cases)
        settled, passed = _outcome(world, cases, ballot)
        _anchor(state, world, parameters, cases, ballot, passed, new)
        _count_round(cases.only(settled), new)
        rejected = _reject(state, world, parameters, draws, month, cases.only(settled & ~passed), new)
        _advance(world, month, cases.only(settled & passed), new)
        _advance(world, month, rejected, new)
    return new


def _agenda(state: State, world: World, month: Month) -> Cases:
    recommendations = world.recommendations
    waiting = (state.stage == DRAFTED) & (state.drafted_at < month.index)
    flat = np.flatnonzero(waiting)
    recommendation, run = np.divmod(flat, state.runs)
    body = recommendations.bodies[recommendations.route[recommendation], state.step.reshape(-1)[flat]]
    meets = np.zeros(len(world.forums.names) + 2, dtype=bool)
    meets[month.meeting.forums] = True
    meets[LINE] = True
    cases = Cases(recommendation, run, body).only(meets[body])
    return cases.only(_on_agenda(state, world, cases))


def _settled_here(
    world: World, p: Parameters, draws: Draws, month: Month, cases: Cases, new: Changes
) -> Cases:
    """Cases settled here; seats of too low a rank pass others down (RAD17 advice 5; DEL19 4.2)."""
    rank = np.append(world.forums.rank, [1.0, 1.0])[cases.body]
    keys = world.recommendations.keys[cases.recommendation]
    chance = pick(p.round_trip, cases.run) * (1.0 - rank)
    unresolved = draws.some("trip", month.index, keys, cases.run) < chance
    travelling = cases.only(unresolved)
    new["trips"][travelling.recommendation, travelling.run] += 1
    return cases.only(~unresolved)


def _on_agenda(state: State, world: World, cases: Cases) -> Array:
    """Which events fit the agenda: a forum takes its oldest cases first."""
    case = world.recommendations.case[cases.recommendation]
    drafted = state.drafted_at[cases.recommendation, cases.run]
    order = np.lexsort((case, drafted, cases.body, cases.run))
    sorted_group = cases.run[order] * (len(world.forums.names) + 2) + cases.body[order]
    new_group = _changes(sorted_group)
    new_case = new_group | _changes(case[order]) | _changes(drafted[order])
    rank = np.cumsum(new_case)
    first_of_group = np.maximum.accumulate(np.where(new_group, rank, 0))
    allowed = np.append(world.forums.agenda, [np.iinfo(np.intp).max] * 2)[cases.body[order]]
    fits = np.empty(len(order), dtype=bool)
    fits[order] = rank - first_of_group < allowed
    return fits


def _changes(values: Array) -> Array:
    """Whether each value differs from the one before; the first does."""
    return np.concatenate([np.ones(min(1, len(values)), dtype=bool), values[1:] != values[:-1]])


def _ballot(state: State, world: World, p: Parameters, draws: Draws, month: Month, cases: Cases) -> Ballot:
    case, agency = _voters(state, world, cases)
    recommendation, run = cases.recommendation[case], cases.run[case]
    duty = _duty_of(world, recommendation, agency)
    chance = np.array(np.broadcast_to(pick(p.bystander_consent, run), len(run)))
    held = np.flatnonzero(duty != NONE)
    chance[held] = _acceptance(state, world, p, duty[held], run[held])
    keys = pair_keys(world.recommendations.keys[recommendation], world.agencies.keys[agency])
    return Ballot(case, agency, duty, draws.some("vote", month.index, keys, run) < chance)


def _voters(state: State, world: World, cases: Cases) -> tuple[Integers, Integers]:
    """Events and agencies that vote: seats attended, or the one voice that settles."""
    rule = _rule(world, cases)
    collegial = np.flatnonzero((rule == CONSENSUS) | (rule == MAJORITY))
    forum = cases.body[collegial]
    position, seat = expand(world.forums.first_seat[forum], world.forums.size[forum].astype(np.intp))
    case = collegial[position]
    present = state.attended[seat, cases.run[case]] > 0
    alone = np.setdiff1d(np.arange(len(cases.run)), collegial)
    case_all = np.concatenate([case[present], alone])
    agency_all = np.concatenate([world.seats.agency[seat[present]], _sole_voter(world, cases.only(alone))])
    order = np.argsort(case_all, kind="stable")
    return case_all[order], agency_all[order]


def _sole_voter(world: World, cases: Cases) -> Integers:
    lead = world.projects.lead[world.recommendations.project[cases.recommendation]]
    chair = np.append(world.forums.chair, NO_FORUM)[cases.body]
    return np.where(_rule(world, cases) == AUTHORITY, chair, lead)


def _rule(world: World, cases: Cases) -> Integers:
    """Decision rule of the body of each event; a line decides as its lead does."""
    return np.append(world.forums.rule, [LEAD, LEAD])[cases.body]


def _duty_of(world: World, recommendation: Integers, agency: Integers) -> Integers:
    """Duty of each (recommendation, agency), or NONE."""
    duties, width = world.duties, len(world.agencies.names)
    known = duties.recommendation * width + duties.agency
    wanted = recommendation * width + agency
    position = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[position] == wanted, position, NONE)


def _acceptance(state: State, world: World, p: Parameters, duty: Integers, run: Integers) -> Floats:
    """Chance that a duty-holder accepts (DEL19 5.1; RAD17 advice 1–3)."""
    recommendation, stake = world.duties.recommendation[duty], world.duties.stake[duty]
    boldness = state.boldness[recommendation, run]
    gain = world.stakes.gain[stake] * boldness + state.content[recommendation, run]
    ask = world.recommendations.given_up[recommendation] * boldness
    rung = world.projects.rung[world.recommendations.project[recommendation]]
    beyond = np.maximum(0.0, rung - world.agencies.ambition[world.duties.agency[duty]]) / RUNGS_APART
    process = (
        state.lead_trust[stake, run]
        - state.lead_gap[stake, run]
        + state.anchoring[duty, run]
        + state.project_clarity[world.recommendations.project[recommendation], run]
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
    """Whether each event was settled at all, and whether it passed."""
    voted = np.bincount(ballot.case, minlength=len(cases.run))
    yes = np.bincount(ballot.case[ballot.yes], minlength=len(cases.run))
    rule = _rule(world, cases)
    passed = np.where(rule == MAJORITY, 2 * yes > voted, yes == voted)
    return voted > 0, passed & (voted > 0)


def _anchor(
    state: State, world: World, p: Parameters, cases: Cases, ballot: Ballot, passed: Array, new: Changes
) -> None:
    """Duty-holders that voted for what passed are more anchored afterwards (DEL19 4.3)."""
    consenting = np.flatnonzero(ballot.yes & (ballot.duty != NONE) & passed[ballot.case])
    duty, run = ballot.duty[consenting], cases.run[ballot.case[consenting]]
    step = anchoring_step(
        state, world, p, np.arange(len(world.stakes.agency)), project_facilitation(state, world)
    )
    new["anchoring"][duty, run] = raised(state.anchoring[duty, run], step[world.duties.stake[duty], run])


def _count_round(cases: Cases, new: Changes) -> None:
    for name in ("rounds", "votes"):
        new[name][cases.recommendation, cases.run] += 1


def _reject(
    state: State, world: World, p: Parameters, draws: Draws, month: Month, cases: Cases, new: Changes
) -> Cases:
    """Dilute what was rejected; after the last round escalate or drop it. Returns what ministries settled."""
    at = cases.recommendation, cases.run
    new["boldness"][at] *= 1.0 - pick(p.dilution, cases.run)
    last = cases.only(new["rounds"][at] >= pick(p.max_rounds, cases.run))
    lead = world.projects.lead[world.recommendations.project[last.recommendation]]
    attention = state.attention[world.agencies.ministry[lead], last.run]
    by_ministries = pick(p.escalation, last.run) * attention * world.core_group_authority
    by_lead = pick(p.lead_push, last.run) * world.lead_authority
    chance = 1.0 - (1.0 - by_ministries) * (1.0 - by_lead)
    keys = world.recommendations.keys[last.recommendation]
    settled = draws.some("escalate", month.index, keys, last.run) < chance
    _drop(month, last.only(~settled), DISAGREEMENT, new)
    return last.only(settled)


def _drop(month: Month, cases: Cases, reason: int, new: Changes) -> None:
    at = cases.recommendation, cases.run
    new["stage"][at] = DROPPED
    new["dropped_at"][at] = month.index
    new["loss"][at] = reason


def _advance(world: World, month: Month, cases: Cases, new: Changes) -> None:
    """Move accepted recommendations to the next body, or decide and hand over."""
    at = cases.recommendation, cases.run
    new["step"][at] += 1
    new["rounds"][at] = 0
    decided = cases.only(new["step"][at] >= world.recommendations.steps[cases.recommendation])
    at = decided.recommendation, decided.run
    new["stage"][at] = DECIDED
    new["decided_at"][at] = month.index
    _hand_over(world, month, decided.only(~world.recommendations.gated[decided.recommendation]), new)


def _hand_over(world: World, month: Month, cases: Cases, new: Changes) -> None:
    at = cases.recommendation, cases.run
    new["stage"][at] = HANDED_OVER
    new["handed_at"][at] = month.index
    recommendations = world.recommendations
    case, duty = expand(
        recommendations.first_duty[cases.recommendation], recommendations.duties[cases.recommendation]
    )
    own = ~world.duties.last[duty]
    new["duty_status"][duty[own], cases.run[case[own]]] = WAITING


def _budget_round(
    state: State, world: World, p: Parameters, draws: Draws, month: Month, new: Changes
) -> None:
    """Law and budget wait for the budget month and every ministry concerned (DEL19 3.2.1, 5.1.3)."""
    if not month.is_budget:
        return
    waiting = (state.stage == DECIDED) & (state.decided_at < month.index)
    recommendation, run = np.nonzero(waiting)
    cases = Cases(recommendation, run, np.full(len(run), LINE))
    agreed = _ministries_agree(state, world, p, draws, month, cases)
    _hand_over(world, month, cases.only(agreed), new)
    refused = cases.only(~agreed)
    at = refused.recommendation, refused.run
    new["rounds"][at] += 1
    given_up = new["rounds"][at] >= pick(p.max_rounds, refused.run)
    _drop(month, refused.only(given_up), MINISTRIES, new)


def _ministries_agree(
    state: State, world: World, p: Parameters, draws: Draws, month: Month, cases: Cases
) -> Array:
    concerned = world.recommendations.concerned
    case, row = expand(concerned.first[cases.recommendation], concerned.count[cases.recommendation])
    ministry, run = concerned.ministry[row], cases.run[case]
    keys = pair_keys(world.recommendations.keys[cases.recommendation[case]], world.ministries.keys[ministry])
    chance = pick(p.ministry_consent, run) * state.attention[ministry, run] * state.coherence[run]
    refusals = draws.some("budget", month.index, keys, run) >= chance
    agreed: Array = np.bincount(case[refusals], minlength=len(cases.run)) == 0
    return agreed
