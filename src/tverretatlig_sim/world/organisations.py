"""Tables of the arrangement, of ministries and agencies, and of the ties between organisations."""

from __future__ import annotations

from itertools import chain
from math import log, nan

import numpy as np

from tverretatlig_sim.arrays import NONE, SegmentSum, flags, floats, integers, pairs_within, quotient, total
from tverretatlig_sim.scenario.schema import Agency
from tverretatlig_sim.world.index import EntityIndex, numbers
from tverretatlig_sim.world.keys import name_keys
from tverretatlig_sim.world.tables import UNLIMITED, Agencies, Arrangements, Ministries, Seats, Stakes, Ties

LARGEST_STAFF_RATIO = 1000.0
"""Ratio of staff at which the difference in size is full."""


def arrangement_table(index: EntityIndex) -> Arrangements:
    """The one arrangement of a scenario."""
    arrangement = index.arrangement
    rows = [arrangement]
    facilitator, at_once = arrangement.facilitator, index.scenario.portfolio.at_once
    letters = index.scenario.letters
    return Arrangements(
        names=(arrangement.name,),
        lead_authority=numbers(rows, "lead_authority") * (arrangement.coordinator is not None),
        start_trust=numbers([arrangement.start], "trust"),
        programme_resources=numbers(rows, "programme_resources"),
        turnover=numbers(rows, "turnover"),
        follow_up=numbers(rows, "follow_up"),
        facilitator=integers([NONE if facilitator is None else index.forum[facilitator]]),
        increments=flags([arrangement.delivery == "increments"]),
        project_groups=flags([arrangement.project_groups]),
        at_once=integers([UNLIMITED if at_once is None else int(at_once)]),
        budget_month=integers([int(letters.budget_month)]),
        budget_lead=integers([int(letters.budget_lead)]),
        law_months=integers([int(letters.law_months)]),
    )


def ministry_table(index: EntityIndex, agencies: Agencies) -> Ministries:
    """Ministries, and which participants each steers."""
    names, participants = tuple(index.ministry), np.flatnonzero(agencies.participant)
    steers = index.ministry_of[participants]
    heard = np.unique(steers)
    one = np.zeros(len(names), dtype=np.intp)
    default = index.arrangement.attention
    level = [default if ministry.attention is None else ministry.attention for ministry in index.ministries]
    return Ministries(
        names=names,
        keys=name_keys(names),
        arrangement=one,
        level=floats([nan if attention is None else float(attention) for attention in level]),
        frame=index.weights(index.views),
        steers=np.isin(np.arange(len(names)), heard).astype(np.float64),
        organisation=integers([index.agency[name] if index.is_seated(name) else NONE for name in names]),
        mean_by_arrangement=SegmentSum.mean(one[heard], 1, heard, len(names)),
    )


def agency_table(index: EntityIndex, stakes: Stakes, seats: Seats) -> Agencies:
    """Agencies with their fixed attributes and start values."""
    agencies, names = index.agencies, tuple(index.agency)
    mean_over_stakes = SegmentSum.mean(stakes.agency, len(agencies))
    tasks = index.weights([agency.core_tasks for agency in agencies])
    frame = index.weights([a.core_tasks if a.frame is None else a.frame for a in agencies])
    weight = np.array([sum(column) for column in frame.T.tolist()])
    scaled = (weight > 0) & flags([agency.frame is None for agency in agencies])
    frame = frame / np.where(scaled, weight, 1.0)
    understanding = index.weights([{} if a.understanding is None else a.understanding for a in agencies])
    given = flags([agency.understanding is not None for agency in agencies])
    participant = np.zeros(len(agencies), dtype=bool)
    participant[stakes.agency[stakes.works]] = True
    participant[seats.agency[index.meets_ever[seats.forum]]] = True
    is_ministry = np.arange(len(agencies)) >= index.seated
    participant &= ~is_ministry
    coordinator = index.arrangement.coordinator
    core = flags([name in index.scenario.core for name in names])
    others = flags([coordinator is not None and name != coordinator for name in names])
    return Agencies(
        names=names,
        keys=name_keys(names),
        arrangement=np.zeros(len(names), dtype=np.intp),
        ministry=index.ministry_of,
        capacity=numbers(agencies, "capacity"),
        line_capacity=numbers(agencies, "line_capacity"),
        internal_organisation=numbers(agencies, "internal_organisation"),
        overlap=mean_over_stakes @ stakes.overlap,
        gain=mean_over_stakes @ stakes.gain,
        cost=mean_over_stakes @ stakes.cost,
        frame=frame,
        understanding=np.where(given, understanding, frame),
        ownership=numbers(agencies, "ownership", index.arrangement.start.ownership),
        stubbornness=numbers(agencies, "stubbornness"),
        dependence=numbers(agencies, "dependence"),
        ambition=numbers(agencies, "ambition"),
        interests=quotient(tasks, np.sqrt(total(tasks * tasks)) + np.zeros_like(tasks), 0.0),
        interwoven=mean_over_stakes @ stakes.partners,
        beyond_core=(~core & ~is_ministry & core.any() & index.arrangement.circle).astype(np.float64),
        led=(participant & others).astype(np.float64),
        core=core,
        participant=participant,
        is_ministry=is_ministry,
    )


def far_apart(a: Agency, b: Agency) -> float:
    """Geographic distance: 0 in the same place, 1 not."""
    return float(a.place != b.place)


def structural_distance(a: Agency, b: Agency) -> float:
    """Mean difference in steering line, decision processes, size and what else both files give (ODD 2)."""
    size = abs(log(float(a.staff) / float(b.staff))) / log(LARGEST_STAFF_RATIO)
    organised = abs(float(a.internal_organisation) - float(b.internal_organisation))
    kinds = ((a.form, b.form), (a.function, b.function), (a.works, b.works))
    unlike = [float(one != other) for one, other in kinds if one and other]
    parts = [float(a.ministry != b.ministry), organised, min(1.0, size), *unlike]
    return sum(parts) / len(parts)


def authority_over(index: EntityIndex) -> dict[tuple[int, int], float]:
    """Formal authority of a chair over those in its forum, and of the coordinator over everybody."""
    arrangement, over = index.arrangement, dict[tuple[int, int], float]()
    coordinator = arrangement.coordinator
    chair = {forum.name: coordinator for forum in arrangement.forum}  # a forum of ministries has none else
    forums = zip(index.forums, index.authority, index.meets_ever, strict=True)
    rules = [(it.chair or chair.get(it.name), it.seats, authority) for it, authority, ever in forums if ever]
    rules.append((coordinator, list(index.agency)[: index.seated], float(arrangement.lead_authority)))
    for head, others, authority in rules:
        for other in others if head else ():
            pair = index.agency[head or other], index.agency[other]
            over[pair] = max(authority, over.get(pair, 0.0))
    return over


def tie_table(index: EntityIndex) -> Ties:
    """Ties in order of source, then target, with their start trust."""
    ties, agencies, size = index.ties, index.agencies, len(index.agencies)
    trust = np.full(len(ties), float(index.arrangement.start.trust))
    trust[ties.rows(*index.given_ties)] = numbers(index.arrangement.tie, "trust")
    number, number_into = (np.bincount(side, minlength=size) for side in (ties.first, ties.second))
    ends = list(zip(ties.first.tolist(), ties.second.tolist(), strict=True))
    pairs, over = [(agencies[i], agencies[j]) for i, j in ends], authority_over(index)
    return Ties(
        source=ties.first,
        target=ties.second,
        distance=floats([(far_apart(*pair) + structural_distance(*pair)) / 2.0 for pair in pairs]),
        authority=floats([over.get((i, j), 0.0) - over.get((j, i), 0.0) for i, j in ends]),
        trust=trust,
        by_source=SegmentSum(ties.first, size),
        mean_by_source=SegmentSum.mean(ties.first, size),
        partners=SegmentSum(ties.first, size, rows=ties.second, width=size),
        first=np.cumsum(number) - number,
        number=number,
        into=np.argsort(ties.second, kind="stable"),
        first_into=np.cumsum(number_into) - number_into,
        number_into=number_into,
        lonely=np.setdiff1d(np.arange(size), ties.first),
    )


def group_contact(index: EntityIndex) -> SegmentSum:
    """Sums project rows over each tie, weighted with 1 / (members × (members − 1)) of joint work."""
    agency = integers(list(chain.from_iterable(index.teams)))
    size = integers([len(team) for team in index.teams])
    first, second, project = pairs_within(size)
    shares = 1.0 / (size[project] * (size[project] - 1.0))
    tie = index.ties.rows(agency[first], agency[second])
    return SegmentSum(tie, len(index.ties), shares, project, len(index.projects))
