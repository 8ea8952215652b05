"""Phase 7: lines look at what has priority, take it and work it off, or say no; the rest waits.

Open duties are few, so these rules look at their places alone.
"""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import Array, Flags, Floats, Places
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.formulas import (
    ROUNDING,
    judgement,
    logistic,
    mean_trust,
    project_facilitation,
    will,
)
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import rule
from tverretatlig_sim.kernel.state import (
    ADOPTED,
    DECLINED,
    DONE,
    DROPPED,
    FINISHED,
    FORGOTTEN,
    GIVEN_UP,
    HANDED_OVER,
    IDLE,
    IMPLEMENTED,
    LINE_DECLINED,
    MUNICIPALITIES,
    NEVER,
    NO_MOVE,
    REFUSED,
    RELEASED,
    TAKEN_UP,
    WAITING,
    WORKING,
    Changes,
    State,
)
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.tables import LAST_DUTY, NO_DUTY, OWN_DUTY
from tverretatlig_sim.world.world import World


@rule(reads="duty_status work_left line_move", writes="duty_status work_left line_move kept")
def lines_work(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Lines share their capacity evenly over the duties they work on (ODD 7.7.1; DEL19 5.2)."""
    working = Places.where(state.duty_status == WORKING)
    if not len(working):
        return {"line_move": np.zeros_like(state.line_move), "kept": working.sum(len(world.agencies.names))}
    agency = working.to(world.duties.agency)
    alongside = agency.sum(len(world.agencies.names)).take(agency.flat)
    left = working.of(state.work_left) - agency.of(world.agencies.line_capacity) / alongside
    done = left <= ROUNDING
    finished = working.only(done)
    return {
        "work_left": working.put(state.work_left, np.where(done, 0.0, left)),
        "duty_status": finished.put(state.duty_status, DONE),
        "line_move": finished.put(np.zeros_like(state.line_move), FINISHED),
        "kept": finished.to(world.duties.agency).sum(len(world.agencies.names)),
    }


@rule(
    reads="duty_status handed_at line_move attention damping letter_at ownership trust load confidence"
    " facilitation anchoring understanding boldness content project_clarity votes step",
    writes="duty_status line_move broken",
)
def lines_answer(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """A line looks at what has priority, and takes it or says no; the rest waits or is forgotten (ODD 7.7.2).

    One number says all: below the chance to look, how the line judges; above, whether it forgets.
    """
    duties, nobody = Places.where(state.duty_status == WAITING), np.zeros_like(state.load)
    if not len(duties):
        return {"broken": nobody}
    number = draws.at("adopt", month.index, world.duties.keys, duties)
    # Only a number below the largest chance of either needs a closer look, and only if handed over earlier.
    here = p.in_runs(duties.run)
    near = np.flatnonzero(number < here.look_pace + here.line_drop)
    duties, number = duties.only(near), number.take(near)
    earlier = np.flatnonzero(duties.to(world.duties.recommendation).of(state.handed_at) < month.index)
    duties, number = duties.only(earlier), number.take(earlier)
    if not len(duties):
        return {"broken": nobody}
    here = p.in_runs(duties.run)
    looks = here.look_pace * logistic(_priority(state, world, here, month, duties))
    seen = np.flatnonzero(number < looks)
    looked_at = duties.only(seen)
    fits = logistic(_fit(state, world, p.in_runs(looked_at.run), month, looked_at))
    takes = number.take(seen) < looks.take(seen) * fits
    taken, refused = looked_at.only(takes), looked_at.only(~takes)
    forgets = (number >= looks) & (number < looks + (1.0 - looks) * here.line_drop)
    forgotten = duties.only(forgets)
    status = refused.put(taken.put(state.duty_status, WORKING), REFUSED)
    move = refused.put(taken.put(state.line_move, TAKEN_UP), DECLINED)
    return {
        "duty_status": forgotten.put(status, FORGOTTEN),
        "line_move": forgotten.put(move, DECLINED),
        "broken": forgotten.to(world.duties.agency).sum(len(world.agencies.names)),
    }


def _priority(state: State, world: World, p: Parameters, month: Month, duties: Places) -> Floats:
    """Reasons to find room for a duty (ODD 7.7.2)."""
    agency, stake = duties.to(world.duties.agency), duties.to(world.duties.stake)
    project = stake.to(world.stakes.project)
    letter = np.maximum(stake.of(month.heard), stake.of(month.named))
    letter = np.maximum(letter, p.commissioned_signal * (duties.of(state.letter_at) != NEVER))
    attention = agency.to(world.agencies.ministry).of(state.attention)
    signal = attention * agency.to(world.agencies.ministry).of(state.damping) * letter
    commitment = (agency.of(state.ownership) + agency.of(mean_trust(state, world))) / 2.0
    follow_up = project.to(world.projects.arrangement).of(world.arrangements.follow_up)
    internal = agency.of(world.agencies.internal_organisation)
    support = internal + follow_up * project_facilitation(state, world, project)
    overlap, load = stake.of(world.stakes.overlap), agency.of(state.load)
    reasons = will(p, overlap, signal, commitment, load, agency.of(state.confidence))
    return reasons + p.priority_support * support


def _fit(state: State, world: World, p: Parameters, month: Month, duties: Places) -> Floats:
    """The judgement of a line that did not sit at the table (ODD 7.7.2; DEL19 4.3, 4.5.3)."""
    if not len(duties):
        return np.zeros(0)
    unanchored = 1.0 - duties.of(state.anchoring)
    return judgement(state, world, p, month, duties) - p.fit_anchoring * unanchored


@rule(
    reads="line_move stage dropped_at loss duty_status bears",
    writes="stage dropped_at loss duty_status line_move",
)
def recommendations_fall(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """A recommendation falls with any of its duties, and nobody goes on with it (ODD 7.7.3)."""
    declined = Places.where(state.line_move == DECLINED)
    if not len(declined):
        return {}
    of, cases = world.recommendations, declined.to(world.duties.recommendation)
    reason = np.where(declined.of(state.bears) == LAST_DUTY, MUNICIPALITIES, LINE_DECLINED)
    _position, duties = cases.spread(of.first_duty, of.duties)
    status = duties.of(state.duty_status)
    released = duties.only((status == WAITING) | (status == WORKING))
    return {
        "stage": cases.put(state.stage, DROPPED),
        "dropped_at": cases.put(state.dropped_at, month.index),
        "loss": cases.put(state.loss, reason),
        "duty_status": released.put(state.duty_status, RELEASED),
        "line_move": released.put(state.line_move, GIVEN_UP),
    }


@rule(reads="line_move work_left", writes="work_left")
def line_work_is_planned(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """What is taken up takes work, what is given up no more (ODD 7.7.2, 7.7.3)."""
    duties = Places.where(state.line_move >= TAKEN_UP)
    if not len(duties):
        return {}
    line_work = duties.to(world.duties.stake).to(world.stakes.project).of(world.projects.line_work)
    taken_up = duties.of(state.line_move) == TAKEN_UP
    return {"work_left": duties.put(state.work_left, np.where(taken_up, line_work, 0.0))}


@rule(
    reads="line_move stage duty_status adopted_at carried_out_at implemented_at bears",
    writes="stage duty_status adopted_at carried_out_at implemented_at",
)
def recommendations_come_about(
    state: State, world: World, p: Parameters, draws: Draws, month: Month
) -> Changes:
    """Adopted, carried out by the agencies, implemented with the municipal chain (ODD 7.7.3)."""
    of = world.recommendations
    # What was left open may be done when others no longer bear it (7.9).
    moved = Places.where((state.line_move > NO_MOVE) | (month.index == world.begins))
    if not len(moved):
        return {}
    cases = moved.to(world.duties.recommendation).once(len(state.stage))
    stage = cases.of(state.stage)
    cases = cases.only((stage == HANDED_OVER) | (stage == ADOPTED))
    position, duties = cases.spread(of.first_duty, of.duties)
    status, bears = duties.of(state.duty_status), duties.of(state.bears)
    done, own = status == DONE, bears == OWN_DUTY

    def number(flags: Flags) -> Array:
        return np.bincount(position, flags, minlength=len(cases))

    all_own = cases.of(of.own_duties)
    adopted = number((done | (status == WORKING)) & own) == all_own
    carried_out = adopted & (number(done & own) == all_own)
    implemented = adopted & (number(done) == number(bears != NO_DUTY))
    newly = cases.only(carried_out & (cases.of(state.carried_out_at) == NEVER))
    _position, chain = newly.spread(of.first_duty, of.duties)
    chain = chain.only((chain.of(state.bears) == LAST_DUTY) & (chain.of(state.duty_status) == IDLE))
    changed = cases.only(implemented).put(cases.only(adopted).put(state.stage, ADOPTED), IMPLEMENTED)
    return {
        "stage": changed,
        "adopted_at": _first(state.adopted_at, cases.only(adopted), month),
        "carried_out_at": _first(state.carried_out_at, newly, month),
        "implemented_at": _first(state.implemented_at, cases.only(implemented), month),
        "duty_status": chain.put(state.duty_status, WAITING),
    }


def _first(months: Array, cases: Places, month: Month) -> Array:
    """Months of a transition, with this month where it happens for the first time."""
    return cases.only(cases.of(months) == NEVER).put(months, month.index)
