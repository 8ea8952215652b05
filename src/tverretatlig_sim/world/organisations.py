"""Tables of the arrangement, of ministries and agencies, and of the ties between organisations."""

from __future__ import annotations

from itertools import chain
from math import log, nan
from typing import Any

import numpy as np

from tverretatlig_sim.arrays import (
    NONE,
    Floats,
    SegmentSum,
    by_run,
    flags,
    floats,
    integers,
    pairs_within,
    quotient,
    row_by_row,
    total,
)
from tverretatlig_sim.scenario.quantity import amount
from tverretatlig_sim.scenario.schema import Agency
from tverretatlig_sim.scenario.whole import names_of
from tverretatlig_sim.world.index import EntityIndex, numbers
from tverretatlig_sim.world.keys import name_keys
from tverretatlig_sim.world.tables import UNLIMITED, Agencies, Arrangements, Ministries, Seats, Stakes, Ties

LARGEST_STAFF_RATIO = 1000.0
"""Ratio of staff at which the difference in size is full."""


def arrangement_table(index: EntityIndex) -> Arrangements:
    """The arrangement of a scenario, and those beside it."""
    rows, letters = [it.arrangement for it in index.parts], [it.letters for it in index.parts]
    facilitators, led = [row.facilitator for row in rows], [row.coordinator is not None for row in rows]
    at_once = [part.portfolio.at_once for part in index.parts]
    return Arrangements(
        names=tuple(row.name for row in rows),
        lead_authority=row_by_row(numbers(rows, "lead_authority"), flags(led)),
        start_trust=numbers([row.start for row in rows], "trust"),
        programme_resources=numbers(rows, "programme_resources"),
        turnover=numbers(rows, "turnover"),
        follow_up=numbers(rows, "follow_up"),
        facilitator=integers([NONE if name is None else index.forum[name] for name in facilitators]),
        project_groups=flags([row.project_groups for row in rows]),
        at_once=floats([UNLIMITED if most is None else amount(most) for most in at_once]).astype(np.intp),
        budget_month=numbers(letters, "budget_month").astype(np.intp),
        budget_lead=numbers(letters, "budget_lead").astype(np.intp),
        law_months=numbers(letters, "law_months").astype(np.intp),
    )


def ministry_table(index: EntityIndex, agencies: Agencies) -> Ministries:
    """Ministries, and which participants each steers."""
    names, participants = tuple(index.ministry), np.flatnonzero(agencies.participant)
    steers = index.ministry_of[participants]
    heard = np.unique(steers)
    home = np.zeros(len(names), dtype=np.intp)
    home[index.ministry_of[::-1]] = index.homes(index.agencies)[::-1]
    default = index.arrangement.attention
    level = [default if ministry.attention is None else ministry.attention for ministry in index.ministries]
    return Ministries(
        names=names,
        keys=name_keys(names),
        arrangement=home,
        level=floats([nan if attention is None else amount(attention) for attention in level]),
        frame=index.weights(index.views),
        steers=np.isin(np.arange(len(names)), heard).astype(np.float64),
        organisation=integers([index.agency[name] if index.is_seated(name) else NONE for name in names]),
        mean_by_arrangement=SegmentSum.mean(home[heard], len(index.parts), heard, len(names)),
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
    home = index.homes(agencies)
    leads = [index.parts[k].arrangement.coordinator for k in home]
    others = flags([lead not in (None, name) for lead, name in zip(leads, names, strict=True)])
    core = flags([any(name in part.core for part in index.parts) for name in names])
    outside = np.zeros(len(names))
    for part in (part for part in index.parts if part.core and part.arrangement.circle):
        outside[index.rows(it.name for it in part.everyone if it.name not in part.core)] += 1.0
    return Agencies(
        names=names,
        keys=name_keys(names),
        arrangement=home,
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
        beyond_core=outside,
        led=(participant & others).astype(np.float64),
        core=core,
        participant=participant,
        is_ministry=is_ministry,
    )


def far_apart(a: Agency, b: Agency) -> float:
    """Geographic distance: 0 in the same place, 1 not."""
    return float(a.place != b.place)


def structural_distance(a: Agency, b: Agency) -> Any:  # noqa: ANN401
    """Mean difference in steering line, decision processes, size and what else both files give (ODD 2)."""
    size = abs(np.log(amount(a.staff) / amount(b.staff))) / log(LARGEST_STAFF_RATIO)
    organised = abs(amount(a.internal_organisation) - amount(b.internal_organisation))
    kinds = ((a.form, b.form), (a.function, b.function), (a.works, b.works))
    unlike = [float(one != other) for one, other in kinds if one and other]
    parts = [float(a.ministry != b.ministry), organised, np.minimum(1.0, size), *unlike]
    return sum(parts) / len(parts)


def authority_over(index: EntityIndex) -> dict[tuple[int, int], Any]:
    """Formal authority of a chair over those in its forum, and of the coordinator over everybody."""
    over, rules = dict[tuple[int, int], Any](), list[tuple[str | None, list[str], Any]]()
    meeting = zip(index.forums, index.authority, index.meets_ever, strict=True)
    for forum, authority in ((it, authority) for it, authority, ever in meeting if ever):
        own = index.part(forum).arrangement
        # A forum of ministries has no chair but its own.
        chair = forum.chair or (own.coordinator if forum in own.forum else None)
        rules.append((chair, [*forum.seats], authority))
    for part in index.parts:
        own = part.arrangement
        rules.append((own.coordinator, names_of(part.everyone), amount(own.lead_authority)))
    for head, others, authority in rules:
        for other in others if head else ():
            pair = index.agency[head or other], index.agency[other]
            over[pair] = np.maximum(authority, over.get(pair, 0.0))
    return over


def tie_table(index: EntityIndex) -> Ties:
    """Ties in order of source, then target, with their start trust."""
    ties, agencies, size = index.ties, index.agencies, len(index.agencies)
    trust: list[Any] = [0.0] * len(ties)
    for part in reversed(index.parts):  # what only two arrangements together tie has the start of the last
        inside = np.isin(np.arange(size), index.rows(names_of(part.everyone)))
        both = inside[ties.first] & inside[ties.second]
        for row in np.flatnonzero(both | (part is index.parts[-1])):
            trust[row] = amount(part.arrangement.start.trust)
    for row, tie in zip(ties.rows(*index.given_ties), index.arrangement.tie, strict=True):
        trust[row] = amount(tie.trust)
    number, number_into = (np.bincount(side, minlength=size) for side in (ties.first, ties.second))
    ends = list(zip(ties.first.tolist(), ties.second.tolist(), strict=True))
    pairs, over = [(agencies[i], agencies[j]) for i, j in ends], authority_over(index)
    return Ties(
        source=ties.first,
        target=ties.second,
        distance=floats([(far_apart(*pair) + structural_distance(*pair)) / 2.0 for pair in pairs]),
        authority=floats([over.get((i, j), 0.0) - over.get((j, i), 0.0) for i, j in ends]),
        trust=floats(trust),
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


def power_over(ties: Ties, money: Floats) -> Floats:
    """Power distance of each tie: above 0 where its source is the stronger, else below.

    Mean of the differences in resources and in formal authority (ODD 2; DEL19 2.2.1). Shape (tie, 1|run).

    Args:
        ties: the ties.
        money: capacity of each agency, letters' money included. Shape (agency, 1|run).
    """
    mine, theirs = money.take(ties.source, axis=0), money.take(ties.target, axis=0)
    authority = by_run(ties.authority)
    resources = quotient(mine - theirs, (mine + theirs) * (np.minimum(mine, theirs) > 0), 0.0)
    distance = (np.abs(resources) + np.abs(authority)) / 2.0
    return distance * np.sign(resources + authority)


def group_contact(index: EntityIndex) -> SegmentSum:
    """Sums project rows over each tie, weighted with 1 / (members × (members − 1)) of joint work."""
    agency = integers(list(chain.from_iterable(index.teams)))
    size = integers([len(team) for team in index.teams])
    first, second, project = pairs_within(size)
    shares = 1.0 / (size[project] * (size[project] - 1.0))
    tie = index.ties.rows(agency[first], agency[second])
    return SegmentSum(tie, len(index.ties), shares, project, len(index.projects))
