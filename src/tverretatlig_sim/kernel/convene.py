"""Phase 4: forums meet; time goes to structure or substance; views, trust, ownership and clarity move."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.state import Changes, State
from tverretatlig_sim.kernel.terms import clarity_pace, logistic, lowered, raised
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.groups import Groups
from tverretatlig_sim.world.sparse import Floats
from tverretatlig_sim.world.world import Flags, Ties, World


def convene(state: State, world: World, parameters: Parameters, draws: Draws, month: Month) -> Changes:
    """Hold the month's meetings (DFO25 4.3–4.6, 5.5; DEL19 2.2, 3.3; DIFI17 2.2; RAD17 advice 1, 2)."""
    p, meeting = parameters, month.meeting
    quality = forum_quality(state, world, month)
    structure = _structure(state, world, p, month, quality)
    substance = 1.0 - structure
    present = _present(state, world, p, draws, month)
    contact, absence = _contact(month, substance, present)
    groups = world.groups.of(state.running) if world.projects.in_groups else None
    if groups is not None:
        _add_group_contact(state, p, groups, contact)
    taken = present.astype(world.dtype)
    share_present = meeting.by_forum @ taken
    attended = np.zeros_like(state.attended)
    attended[meeting.seats] = taken
    return {
        "attended": attended,
        "contact": contact,
        "structure": _at(meeting.forums, structure, state.structure),
        "understanding": _understanding(state, world, p, contact),
        "trust": _trust(state, world, p, contact, absence),
        "ownership": _ownership(state, world, p, month, taken, structure, groups),
        "clarity": _clarity(state, world, p, month, structure, share_present),
        "facilitation": _facilitation(state, month, quality[meeting.forums] * substance * share_present),
        "inclusion": _inclusion(state, world, p, month, quality),
    }


def forum_quality(state: State, world: World, month: Month) -> Floats:
    """Service quality of every forum: that of its living secretariat, else 0. Shape (forum, run)."""
    alive = np.zeros((len(world.secretariats.names) + 1, state.runs), world.dtype)
    living = month.standing.secretariats
    alive[living] = state.service_quality[living]
    return alive[world.forums.secretariat]


def _at(rows: np.ndarray, values: Floats, like: Floats) -> Floats:
    out = np.zeros_like(like)
    out[rows] = values
    return out


def _structure(state: State, world: World, p: Parameters, month: Month, quality: Floats) -> Floats:
    forums = month.meeting.forums
    size = world.forums.size[forums][:, None]
    relief = (1.0 - p.structure_relief * quality[forums]) * (
        1.0 - p.structure_relief * world.forums.authority[forums][:, None]
    )
    return (1.0 - state.clarity[forums]) * (size / (size + p.structure_half)) * relief


def _present(state: State, world: World, p: Parameters, draws: Draws, month: Month) -> Flags:
    seats = month.meeting.seats
    commitment = (state.ownership + state.inclusion + state.mean_signal + state.mean_trust) / 4.0
    chance = state.affordable * logistic(p.attendance_intercept + p.attendance_commitment * commitment)
    drawn = draws.every("attend", month.index, world.seats.keys[seats])
    present: Flags = drawn < chance[world.seats.agency[seats]]
    return present


def _contact(month: Month, substance: Floats, present: Flags) -> tuple[Floats, Floats]:
    """Contact and absence on every tie: both in their seats, or the one alone in a forum of both."""
    meeting, pairs = month.meeting, len(month.meeting.pair_row)
    alone = present.take(meeting.pairs, axis=0)
    together = alone[:pairs] & alone[pairs:]
    alone[:pairs] &= ~together
    alone[pairs:] &= ~together
    heard = substance.take(meeting.pair_row, axis=0)
    heard *= together
    return meeting.together @ heard, meeting.apart @ alone


def _add_group_contact(state: State, p: Parameters, groups: Groups, contact: Floats) -> None:
    work = groups.by_project @ state.work.take(groups.members, axis=0)
    groups.contact.add(p.group_contact * work, contact)


def _understanding(state: State, world: World, p: Parameters, contact: Floats) -> Floats:
    ties, agencies = world.ties, world.agencies
    weight = p.learning * contact
    weight *= state.trust
    pull = np.minimum(1.0, p.frame_stubbornness * agencies.stubbornness[:, None])
    # One run alone would be added up in another order, and a last bit could differ.
    told = _told_by_all if ties.dense and state.runs > 1 else _told_by_ties
    understanding = told(state.understanding, ties, weight)
    understanding += state.understanding
    understanding *= (1.0 - pull) / (1.0 + ties.by_source @ weight)
    understanding += pull * agencies.frame[:, :, None]
    return understanding


def _told_by_ties(understanding: Floats, ties: Ties, weight: Floats) -> Floats:
    """What partners tell, times the weight of the tie, summed by listener. Shape (theme, agency, run)."""
    heard, told = np.zeros_like(understanding), np.empty_like(weight)
    for theme, total in zip(understanding, heard, strict=True):
        theme.take(ties.target, axis=0, out=told, mode="clip")
        told *= weight
        ties.by_source.add(told, total)
    return heard


def _told_by_all(understanding: Floats, ties: Ties, weight: Floats) -> Floats:
    """The same where most agencies are tied to most: a full table goes through memory once, not thrice."""
    _, agencies, runs = understanding.shape
    table = np.zeros((agencies, agencies, runs), weight.dtype)
    table[ties.source, ties.target] = weight
    heard: Floats = np.einsum("ijr,tjr->tir", table, understanding)
    return heard


def _trust(state: State, world: World, p: Parameters, contact: Floats, absence: Floats) -> Floats:
    growth = p.trust_growth * (1.0 - p.distance_drag * world.ties.distance[:, None])
    absence *= p.trust_promise
    return lowered(raised(state.trust, contact * growth), absence)


def _ownership(
    state: State,
    world: World,
    p: Parameters,
    month: Month,
    taken: Floats,
    structure: Floats,
    groups: Groups | None,
) -> Floats:
    meeting = month.meeting
    on_structure = taken * structure[meeting.seat_row]
    substance = meeting.by_agency @ (taken - on_structure)
    if groups is not None:
        substance += p.group_contact * (groups.by_agency @ state.work[groups.members])
    fed = raised(state.ownership, p.ownership_process * substance)
    kept = lowered(fed, p.ownership_process * (meeting.by_agency @ on_structure))
    return lowered(kept, p.dominance * world.lead_authority * world.agencies.led[:, None])


def _clarity(
    state: State, world: World, p: Parameters, month: Month, structure: Floats, share_present: Floats
) -> Floats:
    forums = month.meeting.forums
    ceiling = (1.0 + world.forums.mandate_clarity[forums][:, None]) / 2.0
    clarity = state.clarity.copy()
    room = np.maximum(0.0, ceiling - clarity[forums])
    clarity[forums] += clarity_pace(world, p) * structure * share_present * room
    return clarity


def _facilitation(state: State, month: Month, now: Floats) -> Floats:
    facilitation = state.facilitation * month.standing.alive[:, None]
    facilitation[month.meeting.forums] = now
    return facilitation


def _inclusion(state: State, world: World, p: Parameters, month: Month, quality: Floats) -> Floats:
    core = world.agencies.core
    circles = month.standing.outside + (~core if core.any() else 0.0)
    served = month.standing.served @ quality
    left_out = 1.0 - (1.0 - p.exclusion) ** circles[:, None]
    target: Floats = 1.0 - left_out * (1.0 - p.exclusion_softening * served)
    return state.inclusion + p.adjustment * (target - state.inclusion)
