"""Phase 6, between the bodies and the hand-over: ministries hear of cases, settle them, tell departments.

A *hearing* is a pair of a recommendation and a ministry; where no ministry has a seat, there are none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tverretatlig_sim.arrays import NONE, Array, Flags, Floats, Integers, Places, in_run
from tverretatlig_sim.kernel.decide import exhausted, on_agenda
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.formulas import (
    RUNGS_APART,
    case_clarity,
    cognitive_distance,
    judged,
    logistic,
)
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import rule
from tverretatlig_sim.kernel.state import (
    ACCEPTED,
    DECIDED,
    DISAGREEMENT,
    DRAFTED,
    DROPPED,
    IMPLEMENTED,
    MINISTRIES,
    NEVER,
    Changes,
    State,
)
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.tables import AUTHORITY, LEAD, MAJORITY, NO_DUTY, Table
from tverretatlig_sim.world.world import World


@rule(reads="attended service reported_at settled_at stage heard_at", writes="heard_at")
def dialogue_is_heard(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Ministries hear in dialogue what agencies there know (ODD 7.6.8; DFO25 4.1, 4.7; RAD17 advice 6)."""
    tables = [table for table in month.tables if len(table.agency_seat)]
    if not tables:
        return {}
    cases = _open(state, month)
    if not len(cases):
        return {}
    project, heard = cases.to(world.recommendations.project), state.heard_at.copy()
    for table in tables:
        there = state.attended[table.agency_seat].astype(np.float64)
        known = project.of(table.member @ there > 0)
        status = np.flatnonzero(~known & project.of(table.reports @ there > 0))
        followed = cases.only(status)
        reported = draws.at("status", month.index, world.recommendations.keys, followed)
        known[status] = reported < state.service[table.forum].take(followed.run)
        _hear(heard, state, world, table, month, cases.only(known))
    return {"heard_at": heard}


def _open(state: State, month: Month) -> Places:
    """Cases reported before this month that ministries have not settled and nobody is done with."""
    reported = (state.reported_at != NEVER) & (state.reported_at < month.index)
    return Places.where(reported & (state.settled_at == NEVER) & (state.stage < IMPLEMENTED))


def _hear(heard_at: Array, state: State, world: World, table: Table, month: Month, cases: Places) -> None:
    """Ministries that attend hear of some cases, in place of ``heard_at``."""
    hearings, there = _seats(state, world, table, cases)
    heard_at.put(hearings.only(there.reshape(-1) & (hearings.of(heard_at) == NEVER)).flat, month.index)


@dataclass
class _Cases:
    """What ministries have before them in a month, as one forum after the other changes it."""

    heard_at: Array
    known_at: Array
    tabled_at: Array
    settled_at: Array
    joint_rounds: Array
    verdict: Array
    stage: Array
    dropped_at: Array
    loss: Array


COPIED = "heard_at known_at tabled_at settled_at joint_rounds verdict stage dropped_at loss"


@rule(
    reads="attended reported_at passed_at bears votes step boldness content trust understanding"
    " project_clarity " + COPIED,
    writes=COPIED,
)
def joint_bodies_meet(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """What a ministry there has heard is on the table, is heard, and settled (ODD 7.6.9; DFO25 2.3, 4.7)."""
    tables = [table for table in month.tables if len(table.seat) > 1 or table.settles]
    waiting = _open(state, month) if tables else None
    if waiting is None or not len(waiting):
        return {}
    now = _Cases(**{name: getattr(state, name) for name in COPIED.split()})
    untouched = True
    waiting = _undecided(now, p, waiting)
    for table in tables:
        hearings, there = _seats(state, world, table, waiting)
        heard = hearings.of(state.heard_at).reshape(there.shape)
        tabled = (there & (heard != NEVER) & (heard < month.index)).any(axis=0)
        if not table.settles:
            tabled &= (hearings.of(now.heard_at) == NEVER).reshape(there.shape).any(axis=0)
        cases = waiting.only(tabled)
        if not len(cases):
            continue
        body, of = np.full(len(cases), table.forum), world.recommendations
        case, keys = cases.of(of.case), cases.of(of.case_keys)
        cases = cases.only(on_agenda(world, draws, body, cases.run, cases.of(state.reported_at), case, keys))
        if not len(cases):
            continue
        if untouched:
            now, untouched = _Cases(**{name: values.copy() for name, values in vars(now).items()}), False
        first = cases.only(cases.of(now.tabled_at) == NEVER)
        now.tabled_at.put(first.flat, month.index)
        _hear(now.heard_at, state, world, table, month, cases)
        if table.settles:
            _settle(now, state, world, p, draws, month, table, cases)
            waiting = _undecided(now, p, waiting)
    return {} if untouched else vars(now)


def _undecided(now: _Cases, p: Parameters, cases: Places) -> Places:
    """Cases that ministries have neither settled nor lost, and that have rounds left."""
    lasts = cases.of(now.joint_rounds) < p.in_runs(cases.run).max_rounds
    return cases.only(lasts & (cases.of(now.settled_at) == NEVER) & (cases.of(now.stage) != DROPPED))


def _seats(state: State, world: World, table: Table, cases: Places) -> tuple[Places, Flags]:
    """Hearings of some cases, one ministry of a forum after the other; who is there, shape (seat, case)."""
    row = cases.entity * len(world.ministries.names) + table.ministry[:, None]
    run = cases.run[None].repeat(len(row), axis=0)
    return Places(row.reshape(-1), run.reshape(-1), cases.runs), state.attended[table.seat].take(
        cases.run, axis=1
    )


def _settle(
    now: _Cases,
    state: State,
    world: World,
    p: Parameters,
    draws: Draws,
    month: Month,
    table: Table,
    cases: Places,
) -> None:
    """Ministries settle cases by the forum's rule; their departments learn it with chance λ."""
    keys, body = world.recommendations.keys, table.forum
    down = p.in_runs(cases.run).round_trip * (
        1.0 - in_run(world.bodies.rank, np.full(len(cases), body), cases.run)
    )
    cases = cases.only(draws.at("trip", month.index, keys, cases) >= down)
    rule_of, project = world.bodies.rule[body], cases.to(world.recommendations.project)
    lead = world.agencies.ministry[world.projects.lead[project.entity]]
    chosen = table.ministry[:, None] == (lead if rule_of == LEAD else np.full(len(cases), table.chair))
    yes, there = _votes(state, world, p, draws, month, table, cases, chosen)
    agrees, sits = (yes & chosen).any(axis=0), there.any(axis=0)
    if rule_of in (LEAD, AUTHORITY):
        passed, sits = agrees, chosen.any(axis=0)
    else:
        most = 2 * (yes & there).sum(axis=0) > there.sum(axis=0)
        passed = most if rule_of == MAJORITY else (yes | ~there).all(axis=0)
        if table.chair != NONE:
            authority = Places(np.full(len(cases), body), cases.run, cases.runs).of(world.forums.authority)
            cuts = draws.at("cut", month.index, keys, cases) < authority
            passed = np.where(passed | ~cuts, passed, agrees)
    accepted, rejected = cases.only(sits & passed), cases.only(sits & ~passed)
    now.settled_at.put(accepted.flat, month.index)
    stuck = accepted.of(state.stage) == DRAFTED
    now.verdict.put(accepted.only(stuck).flat, ACCEPTED)
    told, _there = _seats(state, world, table, accepted)
    link = Places(np.full(len(told), body), told.run, told.runs).of(world.forums.link)
    learns = draws.at("link", month.index, world.hearings.keys, told) < link
    now.known_at.put(told.only(learns & (told.of(now.known_at) == NEVER)).flat, month.index)
    now.joint_rounds.put(rejected.flat, rejected.of(now.joint_rounds) + 1)
    lost = rejected.only(rejected.of(now.joint_rounds) >= p.in_runs(rejected.run).max_rounds)
    lost = lost.only((lost.of(state.stage) <= DECIDED) & (lost.of(state.passed_at) < 0))
    now.loss.put(lost.flat, np.where(lost.of(state.stage) == DRAFTED, DISAGREEMENT, MINISTRIES))
    now.stage.put(lost.flat, DROPPED)
    now.dropped_at.put(lost.flat, month.index)


def _votes(
    state: State,
    world: World,
    p: Parameters,
    draws: Draws,
    month: Month,
    table: Table,
    cases: Places,
    chosen: Flags,
) -> tuple[Flags, Flags]:
    """How ministries vote that are there, or chosen to decide alone; who is there. Shape (seat, case)."""
    hearing, there = _seats(state, world, table, cases)
    voting = there | chosen
    hearing = hearing.only(voting.reshape(-1))
    concerned, reasons = _judgement(state, world, p, month, hearing)
    chance = np.array(np.broadcast_to(p.in_runs(hearing.run).bystander_consent, len(hearing)))
    chance[concerned] = logistic(reasons)
    yes = np.zeros_like(there)
    yes[voting] = draws.at("vote", month.index, world.hearings.keys, hearing) < chance
    return yes, there


def _judgement(
    state: State, world: World, p: Parameters, month: Month, hearing: Places
) -> tuple[Integers, Floats]:
    """Where a ministry's agencies have duties, and how it judges their mean there (ODD 7.6.2, 7.6.9)."""
    of, ministry = world.duties, hearing.to(world.hearings.ministry)
    case = hearing.to(world.hearings.recommendation)
    position, duties = case.spread(world.recommendations.first_duty, world.recommendations.duties)
    own = duties.to(of.agency).of(world.agencies.ministry) == ministry.entity[position]
    own &= duties.of(state.bears) != NO_DUTY
    position, duties = position[own], duties.only(own)
    number = np.bincount(position, minlength=len(hearing))
    concerned = np.flatnonzero(number)
    fresh = duties.to(of.stake).of(world.stakes.cost) * duties.to(of.agency).of(month.fresh)
    gain, ask = (
        np.bincount(position, values, len(hearing))[concerned] / number[concerned]
        for values in (duties.of(of.gain) + fresh, duties.of(of.given_up))
    )
    hearing, ministry, case = (it.only(concerned) for it in (hearing, ministry, case))
    p = p.in_runs(hearing.run)
    project, itself = case.to(world.recommendations.project), ministry.to(world.ministries.organisation)
    tie = hearing.to(world.hearings.tie)
    tied = tie.entity != NONE
    trust = project.to(world.projects.arrangement).of(world.arrangements.start_trust)
    trust[tied] = tie.only(tied).of(state.trust)
    flat = state.understanding.reshape(len(world.themes), -1)
    gap = cognitive_distance(flat, itself.flat, project.to(world.projects.lead).flat)
    bold = case.of(state.boldness)
    beyond = project.of(world.projects.rung) - itself.of(world.agencies.ambition)
    clarity = case_clarity(state, world, p, case, case.of(state.votes))
    return concerned, judged(
        p,
        gain=gain * bold + case.of(state.content),
        ask=ask * bold,
        beyond=np.maximum(0.0, beyond) / RUNGS_APART,
        process=trust - gap + clarity - 1.0,
    )


@rule(
    reads="stage decided_at rounds step reported_at heard_at known_at", writes="reported_at heard_at known_at"
)
def lines_report(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """What is decided or stuck goes up the lead's line (ODD 7.6.10; DFO25 5.4; RAD17 advice 6)."""
    if not month.ministries_met.any():
        return {}
    waits = Places.where((state.stage == DRAFTED) & (state.rounds > 0))
    stuck = waits.only(exhausted(state, world, p, waits)).put(np.zeros(state.stage.shape, dtype=bool), True)
    decided = (state.decided_at != NEVER) & (state.stage < IMPLEMENTED)
    cases = Places.where((stuck | decided) & (state.reported_at == NEVER))
    arrangement = cases.to(world.recommendations.project).to(world.projects.arrangement)
    cases = cases.only(arrangement.of(month.ministries_met))
    if not len(cases):
        return {}
    own = cases.to(world.hearings.own)
    return {
        "reported_at": cases.put(state.reported_at, month.index),
        "heard_at": own.put(state.heard_at, month.index),
        "known_at": own.put(state.known_at, month.index),
    }
