"""Statistics of the shipped patterns: from a context to one number a parameter set, NaN where undefined.

Claims, sources and what takes each pattern away stand in ``scenarios/patterns``, beside the name of their
statistic here. Unless a function says otherwise it returns shape (set,).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tverretatlig_sim.arrays import Array, Flags, Floats, Integers
from tverretatlig_sim.ensemble.series import ratio
from tverretatlig_sim.kernel.state import NEVER
from tverretatlig_sim.scenario import load_scenario
from tverretatlig_sim.study.samples import Context, Sample, pooled
from tverretatlig_sim.study.sampling import mean_known

COOPERATION, WITH_THE_FEW = "etatssamarbeidet-2022", "etatssamarbeidet-2023"
SPREAD, TARGETED = "0-24-2015", "0-24-2018"
HOUSING, GRORUD = "housing-for-welfare-2014", "grorud-valley-2007"

ASSIGNMENTS = (
    "prevention-guidance", "leadership-development", "school-absence", "best-interests", "sentences-18-24",
    "adopted-persons", "substance-prevention", "unaccompanied-minors", "reactions-15-18",
)  # fmt: skip
"""What project groups of the 13-agency cooperation have worked on (DFO25 2.3): the eight assignments listed,
and the one on sanctions, whose report is finished. Not among them are yearly tasks, the groups for KS and for
communication, and the two themes, which had groups of another kind."""


def outcome_difference(context: Context, outcome: str, first: Sequence[str], second: Sequence[str]) -> Floats:
    """Mean difference of an outcome between two scenarios, each with variations, run by run."""
    a, b = (context.sample(*names).outcomes[outcome] for names in (first, second))
    return mean_known(a - b)


def share_difference(
    context: Context, first: Mapping[str, Any], second: Mapping[str, Any] | None = None, less: float = 0.0
) -> Floats:
    """Difference between two shares of all runs together, or between one and a number.

    Args:
        context: parameter sets, and ensembles over them.
        first: ``scenario`` with variations, ``part`` (an outcome) and ``whole`` (outcomes that add up to it).
        second: likewise.
        less: the number, if there is no second share.
    """
    return _share(context, **first) - (_share(context, **second) if second else less)


def _share(context: Context, scenario: Sequence[str], part: str, whole: Sequence[str]) -> Floats:
    out = context.sample(*scenario).outcomes
    return pooled(out[part], np.sum([out[name] for name in whole], axis=0))


# --- project groups and the structure above them (DFO25)

AGE = 18
"""Months after its start at which a project's progress is read."""


def progress_by_origin(context: Context) -> Floats:
    """Mean progress of the assignments 18 months after their start: commissioned less self-initiated.

    Assignments are those the source lists; assignments too late in the run to get that old are left out.
    """
    sample = context.sample(COOPERATION)
    own, read = _self_initiated(sample), _old_enough(sample)
    return _progress(sample, read[~own[read]]) - _progress(sample, read[own[read]])


def progress_gained(context: Context) -> Floats:
    """Progress of self-initiated assignments at 18 months: had they been commissioned, less as they are."""
    sample, ordered = context.sample(COOPERATION), context.sample(COOPERATION, "all-commissioned")
    read = _old_enough(sample)
    initiated = read[_self_initiated(sample)[read]]
    return _progress(ordered, initiated) - _progress(sample, initiated)


def _self_initiated(sample: Sample) -> Flags:
    stakes = sample.world.stakes
    flags = np.zeros(len(sample.world.projects.names), dtype=bool)
    flags[stakes.project] = ~stakes.commissioned
    return flags


def _old_enough(sample: Sample) -> Integers:
    """Assignments that get 18 months old in the run."""
    projects = sample.world.projects
    return np.flatnonzero(np.isin(projects.names, ASSIGNMENTS) & (projects.start + AGE < sample.months))


def _progress(sample: Sample, projects: Integers) -> Floats:
    """Mean progress of projects at 18 months; NaN without projects."""
    if not len(projects):
        return np.full(sample.by_month["progress"].shape[2], np.nan)
    months = sample.world.projects.start[projects] + AGE
    return mean_known(sample.by_month["progress"][months, projects].mean(axis=0))


def substance_in_groups(context: Context) -> Floats:
    """Of time on substance, the share in project groups less the share in standing forums."""
    by = context.sample(COOPERATION).by_agency
    hours = by["meeting_time"] * np.nan_to_num(ratio(by["taken"] - by["structure"], by["invited"]))
    return pooled(by["work"], by["work"] + hours) - pooled(hours, by["work"] + hours)


# --- core and periphery, and what a secretariat does for them (DFO25)


def attendance_gap(context: Context) -> Floats:
    """Attendance of core agencies less that of the others, while there is a group of the few."""
    return _gap(context.sample(WITH_THE_FEW), *_few(context))


def attendance_gap_grows(context: Context) -> Floats:
    """Attendance gap with a group of the few less without, over its life."""
    begins, ends = _few(context)
    with_few, without = (_gap(context.sample(name), begins, ends) for name in (WITH_THE_FEW, COOPERATION))
    return with_few - without


def _few(context: Context) -> tuple[int, int]:
    """First month and month after the last of the exclusive forums' life."""
    sample = context.sample(WITH_THE_FEW)
    outside = [
        month for month in range(sample.months) if sample.world.calendar[month].standing.outside.max() > 1
    ]
    return (outside[0], outside[-1] + 1) if outside else (0, sample.months)


def _gap(sample: Sample, begins: int, ends: int) -> Floats:
    core, others = (
        np.nanmean(sample.by_month[name][begins:ends], axis=(0, 2))
        for name in ("attendance_core", "attendance_periphery")
    )
    return np.asarray(core - others, dtype=np.float64)


def meeting_share_gap(context: Context) -> Floats:
    """Share of effort that meetings take: agencies outside the core less the core."""
    sample = context.sample(COOPERATION)
    agencies, by = sample.world.agencies, sample.by_agency
    others, core = (
        pooled(by["meeting_time"][who], (by["meeting_time"] + by["work"])[who])
        for who in (agencies.participant & ~agencies.core, agencies.participant & agencies.core)
    )
    return others - core


# --- fresh money (DIFI14), in the Grorud Valley


def attendance_gained(context: Context) -> Floats:
    """Share of meetings attended with fresh money less without: mean over agencies."""
    return np.asarray(_gained(context).mean(axis=0))


def attendance_by_slack(context: Context) -> Floats:
    """The same on the third with least capacity less on the third with most."""
    agencies = context.sample(GRORUD).world.agencies
    gained, capacity = _gained(context), agencies.capacity[agencies.participant]
    order, third = np.argsort(capacity, kind="stable"), max(1, len(capacity) // 3)
    return np.asarray(gained[order[:third]].mean(axis=0) - gained[order[-third:]].mean(axis=0))


def adoption_gained(context: Context) -> Floats:
    """Duties carried out with fresh money less without, of all settled."""
    rich, poor = _rich_and_poor(context)
    return _carried_out(rich) - _carried_out(poor)


def _gained(context: Context) -> Floats:
    """Effect of fresh money on the share of meetings attended, by participant. Shape (agency, set)."""
    more, less = (_attended(sample) for sample in _rich_and_poor(context))
    return more - less


def _attended(sample: Sample) -> Floats:
    by = sample.by_agency
    attended = np.nan_to_num(ratio(by["taken"], by["invited"])).mean(axis=-1)
    return np.asarray(attended[sample.world.agencies.participant], dtype=np.float64)


def _rich_and_poor(context: Context) -> tuple[Sample, Sample]:
    return context.sample(GRORUD), context.sample(GRORUD, "no-money")


def _carried_out(sample: Sample, agencies: Integers | slice = slice(None)) -> Floats:
    """Share of settled duties that the line carried out."""
    kept, broken = (sample.by_agency[name][agencies] for name in ("kept", "broken"))
    return pooled(kept, kept + broken)


# --- the five directorates of 0–24 and their portfolios (DEL19)

NEAR, PERIPHERAL = ("Udir", "Hdir"), ("IMDi", "AVdir")
END_OF_UNREST = "2017-12"


def effort_near_less_peripheral(context: Context) -> Floats:
    """Share of capacity given to joint work: agencies near the core task less peripheral ones."""
    sample = context.sample(TARGETED)
    effort, capacity = sample.by_agency["effort"], sample.world.agencies.capacity[:, None, None]
    near, peripheral = (
        (effort[who] / capacity[who]).mean(axis=0)
        for who in (sample.agency(*NEAR), sample.agency(*PERIPHERAL))
    )
    return mean_known(near - peripheral) / sample.months


def adoption_near_less_peripheral(context: Context) -> Floats:
    """Share of settled duties that the line carried out: near agencies less peripheral ones."""
    sample = context.sample(TARGETED)
    near, peripheral = (_carried_out(sample, sample.agency(*names)) for names in (NEAR, PERIPHERAL))
    return near - peripheral


def targeted_less_spread(context: Context, outcome: str) -> Floats:
    """An outcome of the portfolio of 2018 less that of 2015, in the arrangement of 2018.

    As far as the agencies' lines: no source names the measures of 2015, so it is not known which of them
    worked through municipalities.
    """
    months = max(load_scenario(name).default_months for name in (SPREAD, TARGETED))
    targeted, spread = (
        context.sample(TARGETED, name, "no-municipal-chain", months=months)
        for name in ("general-letters", "portfolio-of-2015")
    )
    return mean_known(targeted.outcomes[outcome] - spread.outcomes[outcome])


def trust_by_stability(context: Context) -> Floats:
    """Mean trust at the end of 2017: had people stayed, less as it was."""
    stable, unstable = context.sample(SPREAD, "stable-people"), context.sample(SPREAD)
    month = stable.month(END_OF_UNREST)
    return mean_known(stable.by_month["trust_mean"][month] - unstable.by_month["trust_mean"][month])


def acceptance_by_ask(context: Context) -> Floats:
    """Yes-votes a ballot: the third of the recommendations that asks least less the third that asks most."""
    sample = context.sample(SPREAD)
    asked = sample.world.recommendations.given_up
    low, high = np.quantile(asked, [1 / 3, 2 / 3])
    accepted = (sample.at_end["decided_at"] != NEVER).astype(np.float64)
    votes = sample.at_end["votes"].astype(np.float64)
    little, much = (
        pooled(accepted[chosen], votes[chosen]) for chosen in (asked <= low, asked >= max(high, low + 1e-9))
    )
    return little - much


# --- cooperation in general, tried in several programmes (DIFI14, DIFI17, DEL19 2)

COMMON = 0.6
"""The gap that counts as common understanding, as a share of the start gap of the scenario as it is."""


def ownership_falls(context: Context) -> Floats:
    """Ownership in the first month less in the last, without results and renewal."""
    ownership = context.sample(SPREAD, "no-renewal").by_month["ownership_mean"]
    return mean_known(ownership[0] - ownership[-1])


def both_less_either(context: Context) -> Floats:
    """Implemented rate with both mechanisms less that of the better one alone."""
    both, hierarchy, voluntary = (
        context.sample(TARGETED, *variations).outcome("implemented_rate")
        for variations in ((), ("hierarchy-alone",), ("voluntary-alone",))
    )
    return both - np.maximum(hierarchy, voluntary)


LATER = 12
"""Months after its start at which a project's progress is read, where early and late ones are compared."""


def later_progress(context: Context, scenario: str) -> Floats:
    """Progress of projects 12 months after their start: the half that begins later less the other."""
    sample = context.sample(scenario)
    start = sample.world.projects.start
    order = np.argsort(start, kind="stable")[: np.count_nonzero(start + LATER < sample.months)]
    earlier, later = (
        mean_known(sample.by_month["progress"][start[part] + LATER, part].mean(axis=0))
        for part in (order[: len(order) // 2], order[len(order) // 2 :])
    )
    return later - earlier


def delay_by_distance(context: Context) -> Floats:
    """Months to a common understanding: as it was less had the agencies started nearer to each other."""
    far, near = context.sample(HOUSING), context.sample(HOUSING, "nearer-start")
    bar = COMMON * far.by_month["understanding_gap"][0].mean(axis=-1)
    return _months_to(far, bar) - _months_to(near, bar)


def _months_to(sample: Sample, bar: Floats) -> Floats:
    """Months until the gap is down to the bar, the length of the run if it never is."""
    reached = sample.by_month["understanding_gap"] <= bar[:, None]
    first = np.where(reached.any(axis=0), reached.argmax(axis=0), sample.months)
    return np.asarray(first.mean(axis=-1), dtype=np.float64)


# --- what was counted

MEETINGS = {"directors-group": 12.0, "managers-group": 14.0, "secretariat": 34.0}
"""Meetings from January 2022 to 1 July 2025 (DFO25 4.4); about 60 in all is their sum."""
MID_2025 = "2025-06"
NAMED, PROPOSALS = 2.0, 2.0
"""Reports named as finished, and joint budget proposals, by mid-2025 (DFO25 2.3, 4.2, 5.1)."""
NONE_SEEN = 3.0
"""An expected number that still leaves a chance of 5 % of seeing none."""
MEASURES = ("prioritised", "other")
"""The 25 measures of 2015, beside which the yearly assignment to the county governors stands."""
END_2017, END_2018, MID_2019 = "2017-12", "2018-12", "2019-06"
STATUS = np.array([6.0, 15.0, 2.0]) / 23.0
"""Closed, on plan, delayed of the 23 rows that had begun (DEL19 annex 1)."""
ON_PLAN = 0.75
"""Share of the planned progress from which a project counts as on plan."""


def meetings_distance(context: Context) -> Floats:
    """Largest relative deviation of the meetings held by a kind of forum from those counted."""
    sample = context.sample(WITH_THE_FEW)
    held = np.zeros(len(sample.world.forums.names))
    for month in range(sample.month(MID_2025) + 1):
        held[sample.world.calendar[month].meeting.forums] += 1
    by_name = dict(zip(sample.world.forums.names, held, strict=True))
    worst = max(abs(by_name[name] / counted - 1.0) for name, counted in MEETINGS.items())
    return np.full(len(context.sets), worst)


def deliveries_distance(context: Context) -> Floats:
    """Largest of: reports off the counted range, budget proposals off, implemented recommendations over 3.

    The source speaks of several finished reports and names two. More than half it would have called most, so
    right are at least two and at most half of the assignments begun.
    """
    sample = context.sample(WITH_THE_FEW)
    month, projects = sample.month(MID_2025), sample.world.projects
    delivered, names = _happened(sample, "delivered_at", month), np.array(projects.names)
    assignments = np.isin(names, ASSIGNMENTS)
    half = np.count_nonzero(assignments & (projects.start <= month)) / 2.0
    reports = _count(delivered, assignments)
    off = np.maximum(0.0, NAMED - reports) + np.maximum(0.0, reports - half)
    proposals = _count(delivered, np.char.startswith(names, "budget"))
    recommended = assignments[sample.world.recommendations.project]
    implemented = _count(_happened(sample, "implemented_at", month), recommended)
    worst: Floats = np.maximum(off, abs(proposals - PROPOSALS))
    return np.maximum(worst, implemented / NONE_SEEN)


def reports_distance(context: Context) -> Floats:
    """How far the share of measures that delivered in the course of 2018 is below one half."""
    sample = context.sample(SPREAD)
    measures = np.array([name.startswith(MEASURES) for name in sample.world.projects.names])
    by_end, before = (
        _happened(sample, "delivered_at", sample.month(date))[measures].mean(axis=(0, -1))
        for date in (END_2018, END_2017)
    )
    return np.asarray(np.maximum(0.0, 0.5 - (by_end - before)), dtype=np.float64)


def status_distance(context: Context) -> Floats:
    """Share of the rows begun that would have to change status to look as in mid-2019."""
    sample = context.sample(TARGETED)
    month, projects = sample.month(MID_2019), sample.world.projects
    begun = projects.start <= month
    closed = _happened(sample, "delivered_at", month)[begun]
    allowed = (np.minimum(projects.deadline, sample.months) - projects.start + 1)[begun]
    elapsed = np.clip((month + 1 - projects.start[begun]) / allowed, 0.0, 1.0)
    progress = sample.by_month["progress"][month][begun]
    on_plan = ~closed & (progress >= ON_PLAN * elapsed[:, None, None])
    shares = [closed.mean(axis=(0, -1)), on_plan.mean(axis=(0, -1))]
    shares.append(1.0 - shares[0] - shares[1])
    apart = sum(abs(model - counted) for model, counted in zip(shares, STATUS, strict=True))
    return np.asarray(apart / 2.0, dtype=np.float64)


def law_distance(context: Context) -> Floats:
    """Expected number of recommendations through law or budget that are implemented by mid-2019."""
    sample = context.sample(SPREAD)
    done = _happened(sample, "implemented_at", sample.month(MID_2019))
    return _count(done, sample.world.recommendations.gated)


def submissions_distance(context: Context, project: str, counted: float) -> Floats:
    """How far the number of times a project's mandate was vetted in 0–24 is from what was counted."""
    end = _of_project(context.sample(TARGETED), project)
    return abs(mean_known(end["mandate_rounds"] + (end["mandated_at"] != NEVER)) - counted)


def mandate_months_distance(context: Context, project: str, counted: float) -> Floats:
    """How far the months from a project's start to its mandate are; never: the whole run."""
    sample = context.sample(TARGETED)
    end = _of_project(sample, project)
    start, passed = (
        np.where(end[name] == NEVER, sample.months, end[name]) for name in ("begun_at", "mandated_at")
    )
    return abs(mean_known((passed - start).astype(np.float64)) - counted)


def _of_project(sample: Sample, project: str) -> Mapping[str, Array]:
    row = sample.world.projects.names.index(project)
    return {name: sample.at_end[name][row] for name in ("begun_at", "mandated_at", "mandate_rounds")}


def implemented_short(context: Context, scenario: str, date: str, chosen: str, least: float) -> Floats:
    """How far the share implemented by a date, of recommendations with such names, is too small."""
    return np.maximum(0.0, least - _implemented(context.sample(scenario), date, chosen))


def implemented_more(context: Context, scenario: str, date: str, first: str, second: str) -> Floats:
    """Share implemented by a date: recommendations with names of one pattern less those of another."""
    sample = context.sample(scenario)
    return _implemented(sample, date, first) - _implemented(sample, date, second)


def _implemented(sample: Sample, date: str, chosen: str) -> Floats:
    rows = [re.fullmatch(chosen, name) is not None for name in sample.world.recommendations.names]
    return np.asarray(_happened(sample, "implemented_at", sample.month(date))[rows].mean(axis=(0, -1)))


def letters_distance(context: Context) -> Floats:
    """How far the number of recommendations that a letter takes up by January 2024 is below one."""
    sample = context.sample(COOPERATION)
    named = _happened(sample, "letter_at", sample.month("2024-01"))
    starts = sample.world.recommendations.first_duty
    taken_up: Floats = np.logical_or.reduceat(named, starts).sum(axis=0).mean(axis=-1)
    return np.maximum(0.0, 1.0 - taken_up)


def _happened(sample: Sample, transition: str, month: int) -> Array:
    """Whether each transition had happened by the end of a month."""
    at = sample.at_end[transition]
    return np.asarray((at != NEVER) & (at <= month))


def _count(happened: Array, chosen: Flags) -> Floats:
    """Mean over runs of how many of the chosen."""
    return np.asarray(happened[chosen].sum(axis=0).mean(axis=-1), dtype=np.float64)


# --- bands from published follow-ups of audit recommendations, outside the five sources

BAND_MONTHS = 84
"""Length of run that leaves four years after drafting for the recommendations of the first years."""


def implemented_within(sample: Sample, months: int) -> Floats:
    """Of the recommendations drafted early enough to be followed so long, the share implemented in time."""
    drafted, done = sample.at_end["drafted_at"], sample.at_end["implemented_at"]
    followed = (drafted != NEVER) & (drafted <= sample.months - 1 - months)
    in_time = followed & (done != NEVER) & (done - drafted <= months)
    return pooled(in_time, followed)


def band_distance(context: Context, owners: str, months: int, low: float, high: float) -> Floats:
    """Distance of the share implemented within some months from a band, in the arrangement of 2018.

    The follow-ups behind the bands ask what the audited agencies did themselves, so there is no municipal
    chain.

    Args:
        context: parameter sets, and ensembles over them.
        owners: variation that says how many duty-holders each recommendation has.
        months: after drafting.
        low: lower end of the band; within the band, the distance is 0.
        high: upper end.
    """
    sample = context.sample(TARGETED, owners, "no-municipal-chain", months=BAND_MONTHS)
    rate = implemented_within(sample, months)
    return np.maximum(0.0, low - rate) + np.maximum(0.0, rate - high)
