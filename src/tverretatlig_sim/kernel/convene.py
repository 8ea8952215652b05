"""Phase 4: forums meet; time goes to structure or substance; views, trust and ownership move."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import Floats, by_run
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.formulas import logistic, move_down, move_up
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import rule
from tverretatlig_sim.kernel.state import Changes, State
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.tables import Ties
from tverretatlig_sim.world.world import World

MANY_RUNS = 64
"""Runs from which agencies are taken one after the other, so that what each hears stays in the cache."""


@rule(reads="service_quality", writes="service")
def forums_are_served(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """A forum gets the quality of its secretariat's service while that is alive, else none (ODD 7.3)."""
    quality = np.zeros((len(world.secretariats.names) + 1, state.runs))
    living = month.standing.secretariats
    quality[living] = state.service_quality[living]
    return {"service": quality[world.forums.secretariat]}


@rule(reads="service structure", writes="structure")
def structure_takes_time(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Vague mandates and many seats turn time to structure and process (ODD 7.4.1; DFO25 4.3–4.6, 5.3)."""
    forums = month.meeting.forums
    size, authority = by_run(world.forums.size, forums), by_run(world.forums.authority, forums)
    served = 1.0 - p.structure_relief * state.service[forums]
    relief = served * (1.0 - p.structure_relief * authority)
    structure = np.zeros_like(state.structure)
    vague = 1.0 - by_run(world.forums.mandate_clarity, forums)
    structure[forums] = vague * (size / (size + p.structure_half)) * relief
    return {"structure": structure}


@rule(
    reads="ownership inclusion mean_signal mean_trust affordable attended spoke",
    writes="attended spoke",
)
def seats_are_taken(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Seats attend as their agency can and will, and speak as it belongs (ODD 7.4.2; DFO25 4.5–4.6, 5.5)."""
    meeting = month.meeting
    commitment = (state.ownership + state.inclusion + state.mean_signal + state.mean_trust) / 4.0
    chance = state.affordable * logistic(p.attendance_intercept + p.attendance_commitment * commitment)
    number = draws.every("attend", month.index, world.seats.keys[meeting.seats])
    courage = draws.every("speak", month.index, world.seats.keys[meeting.seats])
    attended, spoke = np.zeros_like(state.attended), np.zeros_like(state.spoke)
    attended[meeting.seats] = there = number < chance[meeting.seat_agency]
    spoke[meeting.seats] = there & (courage < state.inclusion[meeting.seat_agency])
    return {"attended": attended, "spoke": spoke}


@rule(reads="attended spoke structure running work service", writes="contact unprepared absence")
def agencies_meet(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Contact is with those who speak, on substance, in forums and in groups (ODD 7.4.3; DEL19 2.2)."""
    meeting, groups = month.meeting, world.groups.of(state.running)
    there = state.attended[meeting.seats]
    listens, stays_away = there.take(meeting.listener, axis=0), ~there.take(meeting.speaker, axis=0)
    said = (1.0 - state.structure)[meeting.seat_forum] * state.spoke[meeting.seats]
    contact, prepared = (
        meeting.by_tie @ (it.take(meeting.speaker, axis=0) * listens)
        for it in (said, said * state.service[meeting.seat_forum])
    )
    if world.arrangements.project_groups.any():
        joint_work = groups.by_project @ state.work.take(groups.members, axis=0)
        contact += groups.contact @ (p.group_contact * joint_work)
    nothing = contact <= 0.0  # which lacks nothing
    prepared /= contact + nothing
    prepared += nothing
    return {
        "contact": contact,
        "unprepared": np.subtract(1.0, prepared, out=prepared),
        "absence": meeting.by_tie @ (listens & stays_away),
    }


def _near(state: State, p: Parameters, distance: Floats) -> Floats:
    """What distance, which preparation makes up for, leaves of a contact (ODD 7.4.4). Shape (tie, run)."""
    lost: Floats = p.distance_drag * by_run(distance) * state.unprepared
    return np.subtract(1.0, lost, out=lost)


@rule(reads="understanding contact unprepared trust", writes="understanding")
def understanding_spreads(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Agencies listen to those they meet and trust, the strong less; frames pull back (ODD 7.4.4)."""
    ties, agencies = world.ties, world.agencies
    weight = state.contact * state.trust
    near = _near(state, p, ties.distance)
    near *= p.learning
    weight *= near
    weight *= _near(state, p, np.maximum(0.0, month.power))
    pull = np.minimum(1.0, p.frame_stubbornness * by_run(agencies.stubbornness))
    understanding = _heard(state.understanding, world.ties, weight)
    understanding += state.understanding
    understanding *= (1.0 - pull) / (1.0 + ties.by_source @ weight)
    understanding += pull * agencies.frame[:, :, None]
    return {"understanding": understanding}


def _heard(understanding: Floats, ties: Ties, weight: Floats) -> Floats:
    """What partners say, times the weight of the tie, summed by listener. Shape (theme, agency, run)."""
    if weight.shape[1] < MANY_RUNS:
        told = understanding.transpose(1, 0, 2)[ties.target] * weight[:, None]
        themes, agencies, runs = understanding.shape
        added = ties.by_source @ told.reshape(len(told), themes * runs)
        return added.reshape(agencies, themes, runs).transpose(1, 0, 2).copy()
    heard = np.zeros_like(understanding)
    for agency in np.flatnonzero(ties.number):
        own = slice(ties.first[agency], ties.first[agency] + ties.number[agency])
        partners, weights = ties.target[own], weight[own]
        first, last = int(partners[0]), int(partners[-1])
        if last - first < 2 * len(partners):  # strangers in between weigh 0, which costs less than a copy
            weights = np.zeros((last - first + 1, weight.shape[1]))
            weights[partners - first] = weight[own]
            said = understanding[:, first : last + 1]
        else:
            said = understanding.take(partners, axis=1)
        np.einsum("jr,tjr->tr", weights, said, out=heard[:, agency])
    return heard


@rule(reads="trust contact unprepared", writes="trust")
def contact_builds_trust(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Trust grows from meeting on tasks, less over distance (ODD 7.4.5; RAD17 advice 1; DEL19 3.3)."""
    growth = _near(state, p, world.ties.distance)
    growth *= p.trust_growth
    growth *= state.contact
    return {"trust": move_up(state.trust, growth)}


@rule(reads="trust absence", writes="trust")
def absence_costs_trust(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Trust in those who stay away falls (ODD 7.4.5)."""
    return {"trust": move_down(state.trust, p.trust_promise * state.absence)}


@rule(reads="ownership inclusion attended structure running work", writes="ownership")
def substance_feeds_ownership(
    state: State, world: World, p: Parameters, draws: Draws, month: Month
) -> Changes:
    """Meetings on substance, as one belongs there, and groups feed ownership (ODD 7.4.6; DIFI17 2.2)."""
    meeting, groups = month.meeting, world.groups.of(state.running)
    substance = state.attended[meeting.seats] * (1.0 - state.structure[meeting.seat_forum])
    in_groups = groups.joint @ state.work[groups.members]
    met = state.inclusion * (meeting.by_agency @ substance) + p.group_contact * in_groups
    return {"ownership": move_up(state.ownership, p.ownership_process * met)}


@rule(reads="ownership attended structure", writes="ownership")
def structure_wears_ownership(
    state: State, world: World, p: Parameters, draws: Draws, month: Month
) -> Changes:
    """Meetings on structure and process wear ownership down (ODD 7.4.6; DFO25 4.3)."""
    meeting = month.meeting
    talk = meeting.by_agency @ (state.attended[meeting.seats] * state.structure[meeting.seat_forum])
    return {"ownership": move_down(state.ownership, p.ownership_process * talk)}


@rule(reads="ownership", writes="ownership")
def dominance_costs_ownership(
    state: State, world: World, p: Parameters, draws: Draws, month: Month
) -> Changes:
    """A lead over the others' heads costs them ownership (ODD 7.4.6; RAD17 advice 4)."""
    authority = by_run(world.arrangements.lead_authority, world.agencies.arrangement)
    return {"ownership": move_down(state.ownership, p.dominance * authority * by_run(world.agencies.led))}


@rule(reads="facilitation service structure attended", writes="facilitation")
def meetings_facilitate(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """A served meeting helps projects whose members are there, until the next (ODD 7.4.7, 7.4.8)."""
    meeting = month.meeting
    facilitation = state.facilitation * by_run(month.standing.facilitated)
    if len(meeting.helped):
        there = meeting.concerned @ state.attended[meeting.seats]
        helped = by_run(world.projects.members, meeting.helped)
        share = np.where(there > 1.0, there / helped, 0.0)
        share *= (state.service * (1.0 - state.structure))[meeting.helper]
        facilitation[meeting.helped] = 0.0
        for pairs in meeting.pairs:
            project = meeting.helped[pairs]
            facilitation[project] = np.maximum(facilitation[project], share[pairs])
    return {"facilitation": facilitation}


@rule(reads="inclusion service", writes="inclusion")
def circles_exclude(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Changes:
    """Circles one stands outside exclude, which documentation softens (ODD 7.4.9; DFO25 4.6, 5.5)."""
    circles = by_run(month.standing.outside + world.agencies.beyond_core)
    served = month.standing.served @ state.service
    left_out = 1.0 - (1.0 - p.exclusion) ** circles
    target = 1.0 - left_out * (1.0 - p.exclusion_softening * served)
    return {"inclusion": state.inclusion + p.adjustment * (target - state.inclusion)}
