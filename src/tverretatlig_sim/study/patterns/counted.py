"""What was counted: quantitative anchors from the sources."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.kernel.state import NEVER
from tverretatlig_sim.study.patterns import changes
from tverretatlig_sim.study.patterns.context import Context
from tverretatlig_sim.study.patterns.pattern import Pattern, Text, switch
from tverretatlig_sim.study.patterns.sample import Sample
from tverretatlig_sim.study.patterns.shipped import ASSIGNMENTS, EAGER, FAST, SPREAD, TARGETED, WITH_THE_FEW

MEETINGS = {"directors-group": 12.0, "managers-group": 14.0, "secretariat": 34.0}
"""Meetings from January 2022 to 1 July 2025 (DFO25 4.4); about 60 in all is their sum."""
MID_2025 = "2025-06"
NAMED, PROPOSALS = 2.0, 2.0
"""Reports named as finished, and joint budget proposals, by mid-2025 (DFO25 2.3, 4.2, 5.1)."""
NONE_SEEN = 3.0
"""An expected number that still leaves a chance of 5 % of seeing none."""
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
    by_end, before = (
        _happened(sample, "delivered_at", sample.month(date)).mean(axis=(0, -1))
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


def _happened(sample: Sample, transition: str, month: int) -> np.ndarray:
    """Whether each transition had happened by the end of a month."""
    at = sample.at_end[transition]
    return np.asarray((at != NEVER) & (at <= month))


def _count(happened: np.ndarray, chosen: np.ndarray) -> Floats:
    """Mean over runs of how many of the chosen. Shape (set,)."""
    return np.asarray(happened[chosen].sum(axis=0).mean(axis=-1), dtype=np.float64)


CALENDAR = switch(
    "forums meet half as often as counted",
    "foraene møtes halvparten så ofte som talt",
    lambda scenario: changes.with_forums(
        scenario, lambda forum: {"cadence": changes.quantity(2.0 * float(forum.cadence))}
    ),
)
NO_PLANS = switch(
    "projects have no plan to keep to",
    "prosjektene har ingen plan å holde",
    lambda scenario: changes.with_projects(scenario, lambda project: {"deadline": None}),
)
HASTE = switch(
    "projects have no plan to keep to, everyone works and accepts, lines carry out at once whatever they get",
    "prosjektene har ingen plan å holde, alle arbeider og godtar, linjene gjennomfører straks alt de får",
    lambda scenario: changes.with_projects(
        scenario, lambda project: {"deadline": None, "line_work": changes.quantity(0.01)}
    ),
    FAST,
)
PATTERNS = (
    Pattern(
        id="meetings-2025",
        claim=Text(
            "By 1 July 2025: 12 directors', 14 managers' and about 34 secretariat meetings.",
            "Per 1. juli 2025: 12 direktørmøter, 14 ledermøter og om lag 34 sekretariatsmøter.",
        ),
        source="DFO25 4.4",
        evidence="observed",
        statistic=meetings_distance,
        measure=Text("largest relative deviation", "største relative avvik"),
        direction=0,
        tolerance=0.1,
        switch=CALENDAR,
        remark=Text(
            "Automatic: the cadences are derived from these counts.",
            "Automatisk: møtefrekvensene er avledet av disse tallene.",
        ),
        automatic=True,
    ),
    Pattern(
        id="deliveries-2025",
        claim=Text(
            "By mid-2025: several reports of nine assignments, two of them named, two budget proposals, "
            "nothing named as implemented.",
            "Per midten av 2025: flere rapporter fra ni oppdrag, to av dem nevnt, to budsjettforslag, "
            "ingenting nevnt som gjennomført.",
        ),
        source="DFO25 2.3, 4.2, 5.1",
        evidence="observed",
        statistic=deliveries_distance,
        measure=Text("worst of three deviations", "verste av tre avvik"),
        direction=0,
        tolerance=1.0,
        switch=EAGER,
        remark=Text(
            "1 means one report or proposal off, or three recommendations of the assignments implemented.",
            "1 betyr én rapport eller ett forslag feil, eller tre av oppdragenes anbefalinger gjennomført.",
        ),
    ),
    Pattern(
        id="reports-2018",
        claim=Text(
            "Most of the 25 measures of 2015 delivered their final report in the course of 2018.",
            "De fleste av de 25 tiltakene fra 2015 leverte sluttrapport i løpet av 2018.",
        ),
        source="DEL19 3.2.4",
        evidence="observed",
        statistic=reports_distance,
        measure=Text("share of measures short of one half", "andel tiltak under en halv"),
        direction=0,
        tolerance=0.1,
        switch=switch(
            "measures have no deadline, and agencies give nothing",
            "tiltakene har ingen frist, og etatene gir ingenting",
            lambda scenario: changes.with_projects(scenario, lambda project: {"deadline": None}),
            {"effort_intercept": -40.0},
        ),
        remark=Text(
            "Close to automatic: deadlines in the portfolio are set after this count.",
            "Nesten automatisk: fristene i porteføljen er satt etter dette tallet.",
        ),
        automatic=True,
    ),
    Pattern(
        id="status-2019",
        claim=Text(
            "Mid-2019: of 24 rows 6 closed, 15 on plan, 2 delayed, 1 not begun.",
            "Midten av 2019: av 24 rader 6 avsluttet, 15 etter planen, 2 forsinket, 1 ikke påbegynt.",
        ),
        source="DEL19 annex 1",
        evidence="observed",
        statistic=status_distance,
        measure=Text("share of rows with another status", "andel rader med annen status"),
        direction=0,
        tolerance=0.2,
        switch=NO_PLANS,
        remark=Text(
            "Close to automatic: plans are set after these rows. On plan means at least three quarters of "
            "the progress that time and deadline ask for.",
            "Nesten automatisk: planene er satt etter disse radene. Etter planen betyr minst tre firedeler "
            "av framdriften som tid og frist tilsier.",
        ),
        automatic=True,
    ),
    Pattern(
        id="no-law-2019",
        claim=Text(
            "By mid-2019 nothing that needs law or the state budget had been implemented.",
            "Per midten av 2019 var ingenting som krever lov eller statsbudsjett, gjennomført.",
        ),
        source="DEL19 5.1.3",
        evidence="observed",
        statistic=law_distance,
        measure=Text("expected number implemented", "forventet antall gjennomført"),
        direction=0,
        tolerance=NONE_SEEN,
        switch=HASTE,
        remark=Text(
            "Close to automatic: the two projects concerned are due too late for the budget round of 2018. "
            "An expected number of 3 still leaves a chance of 5 % of seeing none.",
            "Nesten automatisk: fristene i de to prosjektene det gjelder, er for sene til budsjettrunden i "
            "2018. Et forventet antall på 3 gir fortsatt 5 % sjanse for å se null.",
        ),
        automatic=True,
    ),
)
