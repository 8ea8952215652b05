"""Phase 7: lines take up what has priority and fits, and work it off; the rest waits or is dropped.

Open duties are few, so this phase works on lists of events (duty, run).
"""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.events import Events
from tverretatlig_sim.kernel.parameters import Parameters, pick
from tverretatlig_sim.kernel.revision import Revision
from tverretatlig_sim.kernel.state import (
    ADOPTED,
    DONE,
    DROPPED,
    HANDED_OVER,
    IDLE,
    IMPLEMENTED,
    LINE_DECLINED,
    MUNICIPALITIES,
    NEVER,
    RELEASED,
    WAITING,
    WORKING,
    Array,
    Changes,
    State,
)
from tverretatlig_sim.kernel.terms import (
    lead_relation,
    logistic,
    mean_trust,
    project_facilitation,
    stake_gain,
    tolerance,
    will,
    will_weights,
)
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.sparse import Floats, expand
from tverretatlig_sim.world.world import World


def implement(state: State, world: World, parameters: Parameters, draws: Draws, month: Month) -> Changes:
    """Work in the line, adopt, drop, implement (DEL19 4.3, 5.2, 6; DFO25 5.4)."""
    new = Revision(state)
    status = state.duty_status
    duties = Events.of((status == WAITING) | (status == WORKING))
    waiting = status.take(duties.at()) == WAITING
    done = _line_work(state, world, duties.only(~waiting), new)
    adopted, declined = _take_up(state, world, parameters, draws, month, duties.only(waiting), new)
    _drop(world, month, declined, new)
    _recommendations(world, month, (done, adopted), new)
    _release(world, declined, new)
    return {**new, "kept": _by_agency(world, done), "broken": _by_agency(world, declined)}


def _by_agency(world: World, duties: Events) -> Floats:
    """Number of these duties of each agency. Shape (agency, run)."""
    agencies = len(world.agencies.names)
    if len(duties) == 0:
        return np.zeros((agencies, duties.runs), world.dtype)
    count = np.bincount(duties.at(world.duties.agency), minlength=agencies * duties.runs)
    return count.reshape(agencies, duties.runs).astype(world.dtype)


def _line_work(state: State, world: World, working: Events, new: Revision) -> Events:
    """Share out line capacity over the duties being worked on. Returns those that are done."""
    if len(working) == 0:
        return working
    agency, at = working.at(world.duties.agency), working.at()
    share = world.agencies.line_capacity.take(world.duties.agency.take(working.entity))
    left = state.work_left.take(at) - share / np.bincount(agency).take(agency)
    done = left <= tolerance(state.work_left)
    new.put("work_left", at, np.where(done, 0.0, left))
    finished = working.only(done)
    new.put("duty_status", finished.at(), DONE)
    return finished


def _take_up(
    state: State, world: World, p: Parameters, draws: Draws, month: Month, waiting: Events, new: Revision
) -> tuple[Events, Events]:
    """Lines adopt or decline duties handed over earlier. Returns the adopted and the declined."""
    if len(waiting) == 0:
        return waiting, waiting
    handed = state.handed_at.take(waiting.at(world.duties.recommendation))
    waiting = waiting.only(handed < month.index)
    luck = draws.of("adopt", month.index, world.duties.keys, waiting.entity, waiting.run)
    within_reach = luck < pick(p.adoption_pace + p.line_drop, waiting.run)
    duties, luck = waiting.only(within_reach), luck[within_reach]
    if len(duties) == 0:
        return duties, duties
    chance = _adoption(state, world, p, month, duties)
    adopted = duties.only(luck < chance)
    new.put("duty_status", adopted.at(), WORKING)
    project = world.stakes.project.take(world.duties.stake.take(adopted.entity))
    new.put("work_left", adopted.at(), world.projects.line_work.take(project))
    dropped = np.minimum(pick(p.line_drop, duties.run), 1.0 - chance)
    return adopted, duties.only((luck >= chance) & (luck < chance + dropped))


def _adoption(state: State, world: World, p: Parameters, month: Month, duties: Events) -> Floats:
    """Monthly chance of adoption: priority and fit must both hold."""
    priority = logistic(_priority(state, world, p, month, duties))
    return pick(p.adoption_pace, duties.run) * priority * logistic(_fit(state, world, p, month, duties))


def _priority(state: State, world: World, p: Parameters, month: Month, duties: Events) -> Floats:
    agency, stake = world.duties.agency.take(duties.entity), world.duties.stake.take(duties.entity)
    run, by_agency = duties.run, duties.at(world.duties.agency)
    named = pick(p.commissioned_signal, run) * state.in_letter.take(duties.at())
    ministry = world.agencies.ministry.take(world.duties.agency)
    heard = state.attention.take(duties.at(ministry)) * state.damping.take(run)
    signal = heard * np.maximum(np.maximum(month.general[agency], month.named[stake]), named)
    trust = mean_trust(state, world).take(by_agency)
    commitment = (state.ownership.take(by_agency) + trust) / 2.0
    facilitation = world.projects.follow_up * project_facilitation(state, world).take(run)
    support = world.agencies.internal_organisation[agency] + facilitation
    load, confidence = state.load.take(by_agency), state.confidence.take(by_agency)
    reasons = will(will_weights(p, run), world.stakes.overlap[stake], signal, commitment, load, confidence)
    return pick(p.priority_intercept, run) + reasons + pick(p.priority_support, run) * support


def _fit(state: State, world: World, p: Parameters, month: Month, duties: Events) -> Floats:
    run = duties.run
    stakes = Events(world.duties.stake.take(duties.entity), run, duties.runs)
    recommendation = duties.at(world.duties.recommendation)
    gain = stake_gain(world, month).take(stakes.entity)
    gain = gain * state.boldness.take(recommendation) + state.content.take(recommendation)
    return (
        pick(p.fit_intercept, run)
        + pick(p.fit_anchoring, run) * state.anchoring.take(duties.at())
        + pick(p.process_weight, run) * lead_relation(state, world, stakes)
        + pick(p.gain_weight, run) * gain
    )


def _drop(world: World, month: Month, declined: Events, new: Revision) -> None:
    """A recommendation falls with any of its duties."""
    if len(declined) == 0:
        return
    at = declined.at(world.duties.recommendation)
    new.put("stage", at, DROPPED)
    new.put("dropped_at", at, month.index)
    chain = world.duties.last.take(declined.entity)
    new.put("loss", at, np.where(chain, MUNICIPALITIES, LINE_DECLINED))


def _recommendations(world: World, month: Month, moved: tuple[Events, Events], new: Revision) -> None:
    """Stages that follow from the duties that have moved: adopted, carried out, implemented with all."""
    if not any(map(len, moved)):
        return
    recommendations = world.recommendations
    moving = _recommendations_of(world, moved)
    at_stage = new.take("stage", moving.at())
    moving = moving.only((at_stage == HANDED_OVER) | (at_stage == ADOPTED))
    case, duty = expand(
        recommendations.first_duty.take(moving.entity), recommendations.duties.take(moving.entity)
    )
    status = new.take("duty_status", duty * moving.runs + moving.run.take(case))
    done, own = status == DONE, ~world.duties.last.take(duty)

    def number(flags: Array) -> Array:
        return np.bincount(case[flags], minlength=len(moving))

    own_duties = recommendations.own_duties.take(moving.entity)
    begun = number((done | (status == WORKING)) & own) == own_duties
    carried_out, finished = (
        number(done & own) == own_duties,
        number(done) == recommendations.duties.take(moving.entity),
    )
    taken = moving.only(begun)
    new.put("stage", taken.at(), np.where(finished[begun], IMPLEMENTED, ADOPTED))
    _first("adopted_at", taken, month, new)
    _first("implemented_at", taken.only(finished[begun]), month, new)
    _open_last(world, _first("carried_out_at", taken.only(carried_out[begun]), month, new), new)


def _recommendations_of(world: World, moved: tuple[Events, Events]) -> Events:
    """The recommendations that some duties belong to, each once in each run."""
    flags = np.zeros((len(world.recommendations.names), moved[0].runs), dtype=bool)
    for duties in moved:
        flags.put(duties.at(world.duties.recommendation), True)
    return Events.of(flags)


def _first(name: str, now: Events, month: Month, new: Revision) -> Events:
    """Note the month of a transition where it happens for the first time. Returns these."""
    first = now.only(new.take(name, now.at()) == NEVER)
    new.put(name, first.at(), month.index)
    return first


def _open_last(world: World, carried_out: Events, new: Revision) -> None:
    """The municipal chain's duties wait for it from when the agencies are done."""
    if len(carried_out) == 0:
        return
    recommendations = world.recommendations
    position, duty = expand(
        recommendations.first_duty.take(carried_out.entity), recommendations.duties.take(carried_out.entity)
    )
    duties = Events(duty, carried_out.run.take(position), carried_out.runs)
    idle = world.duties.last.take(duty) & (new.take("duty_status", duties.at()) == IDLE)
    new.put("duty_status", duties.only(idle).at(), WAITING)


def _release(world: World, declined: Events, new: Revision) -> None:
    """Nobody goes on with what was dropped; only what is being worked on has work left."""
    if len(declined) == 0:
        return
    recommendations = world.recommendations
    dropped = world.duties.recommendation.take(declined.entity)
    position, duty = expand(recommendations.first_duty.take(dropped), recommendations.duties.take(dropped))
    duties = Events(duty, declined.run.take(position), declined.runs)
    status = new.take("duty_status", duties.at())
    released = duties.only((status == WAITING) | (status == WORKING)).at()
    new.put("duty_status", released, RELEASED)
    new.put("work_left", released, 0.0)
