"""What was counted: anchors from the sources, and bands from published follow-ups elsewhere."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.kernel.state import NEVER
from tverretatlig_sim.study.patterns import changes
from tverretatlig_sim.study.patterns.context import Context
from tverretatlig_sim.study.patterns.pattern import Pattern, Statistic, Switch, Text, switch
from tverretatlig_sim.study.patterns.sample import Sample, pooled
from tverretatlig_sim.world.sparse import Floats

COOPERATION, SPREAD, TARGETED = "etatssamarbeidet-2023", "0-24-2015", "0-24-2018"

MEETINGS = {"directors-group": 12.0, "managers-group": 14.0, "secretariat": 34.0}
"""Meetings from January 2022 to 1 July 2025 (DFO25 4.4); about 60 in all is their sum."""
MID_2025 = "2025-06"
REPORTS, BUDGETS = 2.0, 2.0
"""Finished by mid-2025 (DFO25 2.3, 5.1)."""
LONGEST_CYCLE = 12
"""Months within which yearly-cycle tasks must deliver."""
NAMED_SLACK = 0.25
"""Share of drafted recommendations that may be implemented without a source naming one."""
END_2017, END_2018, MID_2019 = "2017-12", "2018-12", "2019-06"
FEW = 0.25
STATUS = (6 / 24, 15 / 24, 2 / 24)
"""Closed, on plan, delayed of 24 rows (DEL19 annex 1); one row has no status."""
ON_PLAN = 0.75
"""Share of the planned progress from which a project counts as on plan."""
FOUR_YEARS, ONE_YEAR = 48, 12
BAND_MONTHS = 84
"""Length of run that leaves four years after drafting for the recommendations of the first years."""


def meetings_distance(context: Context) -> Floats:
    """Largest relative deviation of the meetings held by a kind of forum from those counted."""
    sample = context.sample(COOPERATION)
    held = np.zeros(len(sample.world.forums.names))
    for month in range(sample.month(MID_2025) + 1):
        held[sample.world.calendar[month].meeting.forums] += 1
    by_name = dict(zip(sample.world.forums.names, held, strict=True))
    worst = max(abs(by_name[name] / counted - 1.0) for name, counted in MEETINGS.items())
    return np.full(len(context.sets), worst)


def deliveries_distance(context: Context) -> Floats:
    """Largest of: reports and budget proposals off by two or more (1 each), implemented beyond a quarter."""
    sample = context.sample(COOPERATION)
    month, projects = sample.month(MID_2025), sample.world.projects
    delivered = _happened(sample, "delivered_at", month)
    yearly = projects.deadline - projects.start < LONGEST_CYCLE
    budget = yearly & np.array([name.startswith("budget") for name in projects.names])
    commissioned = np.zeros(len(projects.names), dtype=bool)
    commissioned[sample.world.stakes.project] = sample.world.stakes.commissioned
    reports = _count(delivered, commissioned & ~yearly)
    proposals = _count(delivered, budget)
    implemented = pooled(_happened(sample, "implemented_at", month), _happened(sample, "drafted_at", month))
    worst: Floats = np.maximum(abs(reports - REPORTS) / 2.0, abs(proposals - BUDGETS) / 2.0)
    return np.maximum(worst, implemented / NAMED_SLACK)


def reports_distance(context: Context) -> Floats:
    """How far the share of final reports is below one half by the end of 2018, or above a quarter before."""
    sample = context.sample(SPREAD)
    by_end, before = (
        _happened(sample, "delivered_at", sample.month(date)).mean(axis=(0, -1))
        for date in (END_2018, END_2017)
    )
    short, early = np.maximum(0.0, 0.5 - by_end), np.maximum(0.0, before - FEW)
    return np.asarray(short + early, dtype=np.float64)


def status_distance(context: Context) -> Floats:
    """Share of the rows that would have to change status to look as in mid-2019."""
    sample = context.sample(TARGETED)
    month, projects = sample.month(MID_2019), sample.world.projects
    closed = _happened(sample, "delivered_at", month)
    allowed = np.minimum(projects.deadline, sample.months) - projects.start + 1
    elapsed = np.clip((month + 1 - projects.start) / allowed, 0.0, 1.0)
    progress = sample.by_month["progress"][month]
    on_plan = ~closed & (progress >= ON_PLAN * elapsed[:, None, None])
    shares = [closed.mean(axis=(0, -1)), on_plan.mean(axis=(0, -1))]
    shares.append(1.0 - shares[0] - shares[1])
    observed = np.array(STATUS) / sum(STATUS)
    apart = sum(abs(model - counted) for model, counted in zip(shares, observed, strict=True))
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


def implemented_within(sample: Sample, months: int) -> Floats:
    """Of the recommendations drafted early enough to be followed so long, the share implemented in time."""
    drafted, done = sample.at_end["drafted_at"], sample.at_end["implemented_at"]
    followed = (drafted != NEVER) & (drafted <= sample.months - 1 - months)
    in_time = followed & (done != NEVER) & (done - drafted <= months)
    return pooled(in_time, followed)


def band(owners: int, months: int, low: float, high: float) -> Statistic:
    """Distance of the share implemented within some months from a band, in the arrangement of 2018.

    Args:
        owners: duty-holders of each recommendation.
        months: after drafting.
        low: lower end of the band; within the band, the distance is 0.
        high: upper end.
    """

    def distance(context: Context) -> Floats:
        # The follow-ups behind the bands ask what the audited agencies did themselves.
        alone = changes.no_municipal_chain()
        sample = context.sample(TARGETED, changes.parties(owners), alone, months=BAND_MONTHS)
        rate = implemented_within(sample, months)
        return np.maximum(0.0, low - rate) + np.maximum(0.0, rate - high)

    return distance


CALENDAR = switch(
    "forums meet half as often as counted",
    "foraene møtes halvparten så ofte som talt",
    lambda scenario: changes.with_forums(
        scenario, lambda forum: {"cadence": changes.quantity(2.0 * float(forum.cadence))}
    ),
)
NO_EFFORT = switch("agencies give nothing", "etatene gir ingenting", parameters={"effort_intercept": -40.0})
FAST: dict[str, float] = {
    "adoption_pace": 1.0, "priority_intercept": 40.0, "fit_intercept": 40.0, "ministry_consent": 1.0,
    "attention_level": 1.0, "acceptance_intercept": 40.0, "bystander_consent": 1.0, "effort_intercept": 40.0,
}  # fmt: skip
EAGER = switch(
    "everyone works and accepts, and lines carry out at once whatever they get",
    "alle arbeider og godtar, og linjene gjennomfører straks alt de får",
    changes.light_line_work().change,
    FAST,
)
IDLE = switch("lines take up nothing", "linjene tar ikke inn noe", parameters={"adoption_pace": 0.0})

OUTSIDE = "Published follow-ups of audits: GAO, ECA, Riksrevisionen"
BAND_REMARK = Text(
    "Not from the five sources. Audits carry parliamentary pressure; bands for cooperation are set lower.",
    "Ikke fra de fem kildene. Revisjoner har parlamentet i ryggen; spennene for samarbeid er satt lavere.",
)


def _band(id_: str, en: str, nb: str, statistic: Statistic, removed: Switch) -> Pattern:
    return Pattern(
        id=id_,
        claim=Text(en, nb),
        source=OUTSIDE,
        evidence="external",
        statistic=statistic,
        measure=Text("share implemented, distance from the band", "andel gjennomført, avstand fra spennet"),
        direction=0,
        tolerance=0.05,
        switch=removed,
        remark=BAND_REMARK,
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
            "By mid-2025: two commissioned reports, two budget proposals, nothing named as implemented.",
            "Per midten av 2025: to bestilte rapporter, to budsjettforslag, ingenting nevnt som gjennomført.",
        ),
        source="DFO25 2.3, 5.1",
        evidence="observed",
        statistic=deliveries_distance,
        measure=Text("worst of three deviations", "verste av tre avvik"),
        direction=0,
        tolerance=1.0,
        switch=EAGER,
        remark=Text(
            "1 means two reports or proposals off, or a quarter of what was drafted implemented.",
            "1 betyr to rapporter eller forslag feil, eller en firedel av det utarbeidede gjennomført.",
        ),
    ),
    Pattern(
        id="reports-2018",
        claim=Text(
            "Most of the 25 measures of 2015 delivered their final report by the end of 2018, few before.",
            "De fleste av de 25 tiltakene fra 2015 leverte sluttrapport innen utgangen av 2018, få før.",
        ),
        source="DEL19 3.2.4",
        evidence="observed",
        statistic=reports_distance,
        measure=Text("share of measures off", "andel tiltak feil"),
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
            "Mid-2019: of 24 rows 6 closed, 15 on plan, 2 delayed.",
            "Midten av 2019: av 24 rader 6 avsluttet, 15 etter planen, 2 forsinket.",
        ),
        source="DEL19 annex 1",
        evidence="observed",
        statistic=status_distance,
        measure=Text("share of rows with another status", "andel rader med annen status"),
        direction=0,
        tolerance=0.2,
        switch=NO_EFFORT,
        remark=Text(
            "On plan means at least three quarters of the progress that time and deadline ask for.",
            "Etter planen betyr minst tre firedeler av framdriften som tid og frist tilsier.",
        ),
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
        tolerance=3.0,
        switch=EAGER,
        remark=Text(
            "An expected number of 3 still leaves a chance of 5 % of seeing none.",
            "Et forventet antall på 3 gir fortsatt 5 % sjanse for å se null.",
        ),
    ),
    _band(
        "band-single-owner",
        "With one duty-holder, 60–85 % are implemented four years after drafting.",
        "Med én ansvarlig er 60–85 % gjennomført fire år etter utarbeiding.",
        band(1, FOUR_YEARS, 0.60, 0.85),
        IDLE,
    ),
    _band(
        "band-cross-agency",
        "With two duty-holders, 25–60 % are implemented four years after drafting.",
        "Med to ansvarlige er 25–60 % gjennomført fire år etter utarbeiding.",
        band(2, FOUR_YEARS, 0.25, 0.60),
        IDLE,
    ),
    _band(
        "band-cross-agency-early",
        "With two duty-holders, 5–25 % are implemented one year after drafting.",
        "Med to ansvarlige er 5–25 % gjennomført ett år etter utarbeiding.",
        band(2, ONE_YEAR, 0.05, 0.25),
        EAGER,
    ),
)
