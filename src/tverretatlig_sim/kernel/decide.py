"""Phase 6: cases come before bodies, seats vote, disagreement costs boldness, law and budget need ministries.

Few recommendations are before a body in a month, so these rules look at their places alone.
"""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import NONE, Array, Flags, Floats, Integers, Places, by_run, in_run
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.formulas import (
    anchoring_step,
    case_clarity,
    has_mandate,
    judgement,
    logistic,
    move_up,
    preparing,
)
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import rule
from tverretatlig_sim.kernel.state import (
    ACCEPTED,
    DECIDED,
    DISAGREEMENT,
    DRAFTED,
    DROPPED,
    HANDED_OVER,
    MINISTRIES,
    NEVER,
    ON_AGENDA,
    PASSED_DOWN,
    REJECTED,
    WAITING,
    Changes,
    State,
)
from tverretatlig_sim.kernel.votes import Cases
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.keys import Keys, pair_keys
from tverretatlig_sim.world.tables import INSTRUMENTS, LINE, NO_DUTY, OWN_DUTY
from tverretatlig_sim.world.world import World

YEAR = 12
"""Months after which ministries are asked again, and between budgets."""


@rule(
    reads="stage drafted_at step verdict rounds rework vetting mandated_at begun_at delivered_at",
    writes="verdict vetting",
)
def agendas_are_set(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Bodies that meet take up their oldest cases; a line takes everything (ODD 7.6.1; DEL19 4.2, 4.4).

    Mandates need no place on an agenda. What was sent back is no case until it has been revised.
    """
    of, projects = world.recommendations, world.projects
    cases = Places.where((state.stage == DRAFTED) & (state.drafted_at < month.index))
    sent_back = (cases.of(state.rounds) > 0) & (cases.to(of.project).of(state.rework) > 0)
    cases = cases.only(~sent_back & ~exhausted(state, world, p, cases))
    ready = (state.begun_at >= 0) & (state.delivered_at < 0) & (state.rework == 0)
    mandates = Places.where(ready & ~preparing(state, world, month) & ~has_mandate(state, world))
    if not (len(cases) or len(mandates)):
        return {"verdict": np.zeros_like(state.verdict), "vetting": np.zeros_like(state.vetting)}
    meets = np.zeros(len(world.bodies.rank), dtype=bool)
    meets[month.meeting.forums] = True
    meets[LINE] = True
    vetted = mandates.only(meets.take(mandates.of(projects.mandate_body)))
    cases = cases.only(meets.take(_body(state, world, cases)))
    since, case, keys = cases.of(state.drafted_at), cases.of(of.case), cases.of(of.case_keys)
    taken = cases.only(on_agenda(world, draws, _body(state, world, cases), cases.run, since, case, keys))
    return {
        "verdict": taken.put(np.zeros_like(state.verdict), ON_AGENDA),
        "vetting": vetted.put(np.zeros_like(state.vetting), ON_AGENDA),
    }


def _body(state: State, world: World, cases: Places) -> Integers:
    """Body before which each case is: a forum, or LINE."""
    table = world.recommendations.bodies
    row: Integers = cases.of(world.recommendations.route)
    body: Integers = table.take(row * table.shape[1] + cases.of(state.step))
    return body


def on_agenda(
    world: World, draws: Draws, body: Integers, run: Integers, since: Integers, case: Integers, keys: Keys
) -> Flags:
    """Which of what waits fits on its body's agenda: the oldest cases, those of one month by lot.

    Args:
        world: the indexed scenario.
        draws: random numbers of this batch.
        body: where each waits, shape (place,).
        run: in which run.
        since: month from which it waits.
        case: what stands on an agenda together.
        keys: its key.
    """
    number, places = len(world.bodies.agenda), in_run(world.bodies.agenda, body, run)
    table = run * number + body % number
    fits: Flags = np.bincount(table).take(table) <= places
    crowded = np.flatnonzero(~fits)
    if len(crowded):
        # What is one case takes one place: number the different cases at each table by age, then lot.
        code = table[crowded] * (since.max() + 1) + since[crowded]
        code = code * (case.max() + 1) + case[crowded]
        _code, first, itself = np.unique(code, return_index=True, return_inverse=True)
        one = crowded[first]
        order = np.lexsort((draws.some("agenda", 0, keys[one], run[one]), since[one], table[one]))
        waits = table[one[order]]
        place = np.empty_like(order)
        place[order] = np.arange(len(order)) - np.searchsorted(waits, waits)
        fits[crowded] = place[itself] < places[crowded]
    return fits


def unsettled(state: State, world: World, cases: Places, body: Integers) -> Floats:
    """Share of cases that a body's seats cannot settle: rank too low, or ill prepared. Shape (place,).

    Args:
        state: the state, with the forums' service.
        world: the indexed scenario.
        cases: of their places, only the runs matter.
        body: body before which each is.
    """
    always = np.ones((2, state.runs))  # the last rows, which LINE and NONE find
    prepared = Places(body, cases.run, cases.runs).of(np.concatenate([state.service, always]))
    share: Floats = 1.0 - in_run(world.bodies.rank, body, cases.run) * prepared
    return share


@rule(reads="verdict step trips service", writes="verdict trips")
def low_ranks_pass_cases_down(
    state: State, world: World, p: Parameters, draws: Draws, month: Month
) -> Changes:
    """Seats of too low a rank, or ill prepared, pass cases down (ODD 7.6.1; RAD17 advice 5; DFO25 4.4)."""
    cases = Places.where(state.verdict == ON_AGENDA)
    if not len(cases):
        return {}
    chance = p.in_runs(cases.run).round_trip * unsettled(state, world, cases, _body(state, world, cases))
    if (chance == 0.0).all():
        return {}
    back = cases.only(draws.at("trip", month.index, world.recommendations.keys, cases) < chance)
    return {
        "verdict": back.put(state.verdict, PASSED_DOWN),
        "trips": back.put(state.trips, back.of(state.trips) + 1),
    }


@rule(
    reads="verdict step attended spoke boldness content anchoring trust understanding project_clarity"
    " rounds votes consent bears ownership",
    writes="verdict consent rounds votes ownership",
)
def bodies_vote(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Seats, or the one voice that settles, vote on what is on the agenda (ODD 7.6.2, 7.6.3; DEL19 5.1)."""
    nobody = np.zeros_like(state.consent)
    cases = Places.where(state.verdict == ON_AGENDA)
    if not len(cases):
        return {"consent": nobody}
    of = world.recommendations
    lead = world.projects.lead.take(cases.of(of.project))
    cast = Cases.before(state, world, _body(state, world, cases), cases.run, cases.of(of.keys), lead)
    recommendation, run = cases.entity.take(cast.case), cases.run.take(cast.case)
    duty = _duty_of(world, recommendation, cast.agency)
    holds = np.flatnonzero(duty != NONE)
    duties = Places(duty.take(holds), run.take(holds), state.runs)
    borne = duties.of(state.bears) != NO_DUTY
    holds, duties = holds[borne], duties.only(borne)
    chance = np.array(np.broadcast_to(p.in_runs(run).bystander_consent, len(run)))
    chance[holds] = logistic(judgement(state, world, p.in_runs(duties.run), month, duties))
    yes = cast.ballots(world, p, draws, month, "vote") < chance
    verdict, cut = cast.verdicts(world, draws, month, yes)
    settled = cases.only(verdict != ON_AGENDA)
    agreed = (yes & ~cast.silent & (cast.counts | cut.take(cast.case))).take(holds)
    return {
        "verdict": cases.put(state.verdict, verdict),
        "consent": duties.only(agreed).put(nobody, True),
        "rounds": settled.put(state.rounds, settled.of(state.rounds) + 1),
        "votes": settled.put(state.votes, settled.of(state.votes) + 1),
        "ownership": cast.ownership(state, world, p, cut, yes),
    }


def _duty_of(world: World, recommendation: Integers, agency: Integers) -> Integers:
    """Row of each (recommendation, agency) among the duties, or NONE."""
    duties, width = world.duties, len(world.agencies.names)
    known, wanted = duties.recommendation * width + duties.agency, recommendation * width + agency
    position = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known.take(position) == wanted, position, NONE)


@rule(reads="verdict consent anchoring inclusion project_clarity facilitation votes step", writes="anchoring")
def consent_anchors(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Duty-holders that voted for what passed are more anchored afterwards (ODD 7.6.4; DEL19 4.3)."""
    duties = Places.where(state.consent)
    if not len(duties):
        return {}
    duties = duties.only(duties.to(world.duties.recommendation).of(state.verdict) == ACCEPTED)
    here, case = p.in_runs(duties.run), duties.to(world.duties.recommendation)
    clarity = case_clarity(state, world, here, case, case.of(state.votes) - 1)
    step = anchoring_step(state, world, here, duties.to(world.duties.stake), clarity)
    return {"anchoring": duties.put(state.anchoring, move_up(duties.of(state.anchoring), step))}


@rule(reads="verdict boldness", writes="boldness")
def rejection_dilutes(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """What was rejected comes back less bold (ODD 7.6.5; DEL19 4.4)."""
    cases = Places.where(state.verdict == REJECTED)
    if not len(cases):
        return {}
    diluted = cases.of(state.boldness) * (1.0 - p.in_runs(cases.run).dilution)
    return {"boldness": cases.put(state.boldness, diluted)}


@rule(reads="verdict rounds step stage dropped_at loss", writes="stage dropped_at loss")
def disputes_go_up(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """After its last round a case waits for the ministries, or is lost (ODD 7.6.5; RAD17 advice 5)."""
    cases = Places.where(state.verdict == REJECTED)
    if not len(cases):
        return {}
    arrangement = cases.to(world.recommendations.project).to(world.projects.arrangement)
    lost = cases.only(exhausted(state, world, p, cases) & ~arrangement.of(month.settling))
    return _drop(state, month, lost, DISAGREEMENT)


def exhausted(state: State, world: World, p: Parameters, cases: Places) -> Flags:
    """Whether cases have had all rounds at their body: its own, else ``max_rounds`` (ODD 7.6.5)."""
    own = in_run(world.bodies.rounds, _body(state, world, cases), cases.run)
    most = np.where(np.isnan(own), p.in_runs(cases.run).max_rounds, own)
    return np.asarray(cases.of(state.rounds) >= most)


@rule(reads="verdict rounds step rework", writes="rework")
def rejected_cases_are_revised(
    state: State, world: World, p: Parameters, draws: Draws, month: Month
) -> Changes:
    """What was rejected and may come again is revised before (ODD 7.6.5; DEL19 4.4.1)."""
    cases = Places.where(state.verdict == REJECTED)
    if not len(cases):
        return {}
    cases = cases.only(~exhausted(state, world, p, cases))
    project = cases.to(world.recommendations.project)
    revision = p.in_runs(cases.run).mandate_step / project.of(world.projects.planned)
    return {"rework": state.rework + project.sum(len(state.rework), revision)}


def _drop(state: State, month: Month, cases: Places, reason: int) -> Changes:
    return {
        "stage": cases.put(state.stage, DROPPED),
        "dropped_at": cases.put(state.dropped_at, month.index),
        "loss": cases.put(state.loss, reason),
    }


@rule(reads="verdict step rounds stage decided_at", writes="step rounds stage decided_at")
def accepted_cases_move_on(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """What is accepted comes before the next body, or is decided (ODD 7.6.4)."""
    cases = Places.where(state.verdict == ACCEPTED)
    if not len(cases):
        return {}
    step: Array = cases.of(state.step) + 1
    decided = cases.only(step >= cases.of(world.recommendations.steps))
    return {
        "step": cases.put(state.step, step),
        "rounds": cases.put(state.rounds, 0),
        "stage": decided.put(state.stage, DECIDED),
        "decided_at": decided.put(state.decided_at, month.index),
    }


@rule(
    reads="stage decided_at rounds attention known_at passed_at dropped_at loss bears",
    writes="passed_at rounds stage dropped_at loss",
)
def ministries_agree(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Law and budget need every ministry concerned, asked once a year (ODD 7.6.6; DEL19 3.2.1, 5.1.3)."""
    of = world.recommendations
    open_cases = (state.stage == DECIDED) & (state.passed_at < 0) & by_run(of.gated)
    cases = Places.where(open_cases)
    cases = cases.only(cases.of(state.decided_at) + YEAR * cases.of(state.rounds) < month.index)
    if not len(cases):
        return {}
    position, duties = cases.spread(of.first_duty, of.duties)
    borne = duties.of(state.bears) == OWN_DUTY
    steers = duties.only(borne).to(world.duties.agency).of(world.agencies.ministry)
    concerned = np.zeros((len(cases), len(world.ministries.names)), dtype=bool)
    concerned[position[borne], steers] = True
    position, steers = concerned.nonzero()
    ministry = Places(steers, cases.run.take(position), state.runs)
    own = cases.to(of.project).to(world.projects.lead).of(world.agencies.ministry)
    unaware = steers != own[position]
    if len(world.hearings.ministry):
        row = cases.entity[position] * len(world.ministries.names) + steers
        unaware &= Places(row, ministry.run, state.runs).of(state.known_at) == NEVER
    ready = np.bincount(position[unaware], minlength=len(cases)) == 0
    if not ready.any():
        return {}
    asked = ready.take(position)
    position, ministry = position[asked], ministry.only(asked)
    keys = pair_keys(of.keys[cases.entity[position]], world.ministries.keys[ministry.entity])
    refused = draws.some("budget", month.index, keys, ministry.run) >= ministry.of(state.attention)
    agreed = ready & (np.bincount(position[refused], minlength=len(cases)) == 0)
    again = cases.only(ready & ~agreed)
    passed = cases.only(agreed)
    rounds: Array = again.of(state.rounds) + 1
    lost = again.only(rounds >= p.in_runs(again.run).max_rounds)
    return {
        "passed_at": passed.put(state.passed_at, _passed_at(world, month, passed)),
        "rounds": again.put(state.rounds, rounds),
        **_drop(state, month, lost, MINISTRIES),
    }


def _passed_at(world: World, month: Month, cases: Places) -> Integers:
    """Month in which what ministries agree to now is handed over (ODD 7.6.6; DIFI14 2.4, 2.5)."""
    of, arrangements = world.recommendations, world.arrangements
    arrangement = cases.to(of.project).to(world.projects.arrangement)
    budget, lead = arrangement.of(arrangements.budget_month), arrangement.of(arrangements.budget_lead)
    wait = (budget - month.of_year - lead) % YEAR + (YEAR + 1 - budget)
    legal = cases.of(of.instrument) == INSTRUMENTS.index("legal")
    passed: Integers = month.index + np.where(legal, arrangement.of(arrangements.law_months), lead + wait)
    return passed


@rule(reads="stage passed_at handed_at duty_status bears", writes="stage handed_at duty_status")
def decisions_are_handed_over(
    state: State, world: World, p: Parameters, draws: Draws, month: Month
) -> Changes:
    """Decisions go to the duty-holders, those on law and budget once ministries agree (ODD 7.6.6, 7.7.3)."""
    of = world.recommendations
    cases = Places.where(state.stage == DECIDED)
    if not len(cases):
        return {}
    cases = cases.only(~cases.of(of.gated) | (cases.of(state.passed_at) == month.index))
    _position, duties = cases.spread(of.first_duty, of.duties)
    return {
        "stage": cases.put(state.stage, HANDED_OVER),
        "handed_at": cases.put(state.handed_at, month.index),
        "duty_status": duties.only(duties.of(state.bears) == OWN_DUTY).put(state.duty_status, WAITING),
    }
