"""Patterns of who takes part: the core and the periphery, and what a secretariat does for them (DFO25)."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.study.patterns import changes
from tverretatlig_sim.study.patterns.context import Context
from tverretatlig_sim.study.patterns.pattern import Pattern, Text, switch
from tverretatlig_sim.study.patterns.sample import Sample
from tverretatlig_sim.study.patterns.shipped import COOPERATION, FREE_ATTENDANCE, WITH_THE_FEW

SCARCE, AMPLE = 0.5, 2.0
"""Staff of the secretariat, times as given."""
NO_SECRETARIAT_WORK = switch(
    "meetings and projects make no work for the secretariat",
    "møter og prosjekter gir ikke sekretariatet arbeid",
    parameters={"work_per_seat": 0.0, "work_per_project": 0.0},
)


def attendance_gap(context: Context) -> Floats:
    """Attendance of core agencies less that of the others, while there is a group of the few."""
    return _attendance_gap(context.sample(WITH_THE_FEW), *_few(context))


def trust_gap(context: Context) -> Floats:
    """Trust within the core less trust of the others in the core, at the end."""
    sample = context.sample(WITH_THE_FEW)
    return sample.outcome("trust_core") - sample.outcome("trust_periphery_to_core")


def attendance_gap_grows(context: Context) -> Floats:
    """Attendance gap with a group of the few less without, over its life."""
    begins, ends = _few(context)
    with_few, without = (
        _attendance_gap(context.sample(name), begins, ends) for name in (WITH_THE_FEW, COOPERATION)
    )
    return with_few - without


def _few(context: Context) -> tuple[int, int]:
    """First month and month after the last of the exclusive forums' life."""
    sample = context.sample(WITH_THE_FEW)
    outside = [
        month for month in range(sample.months) if sample.world.calendar[month].standing.outside.max() > 1
    ]
    return (outside[0], outside[-1] + 1) if outside else (0, sample.months)


def _attendance_gap(sample: Sample, begins: int, ends: int) -> Floats:
    core, others = (
        np.nanmean(sample.by_month[name][begins:ends], axis=(0, 2))
        for name in ("attendance_core", "attendance_periphery")
    )
    return np.asarray(core - others, dtype=np.float64)


def service_by_staff(context: Context) -> Floats:
    """Service quality with ample less with scarce staff."""
    return _by_staff(context, "service_quality")


def periphery_by_staff(context: Context) -> Floats:
    """Attendance of peripheral agencies with ample less with scarce staff."""
    return _by_staff(context, "attendance_periphery")


def _by_staff(context: Context, outcome: str) -> Floats:
    ample, scarce = (
        context.sample(COOPERATION, changes.secretariat_staff(times)).outcome(outcome)
        for times in (AMPLE, SCARCE)
    )
    return ample - scarce


PATTERNS = (
    Pattern(
        id="a-and-b-team",
        claim=Text(
            "Peripheral agencies attend less than the core does.",
            "Perifere etater møter mindre enn kjernen.",
        ),
        source="DFO25 4.6, 5.5",
        evidence="observed",
        statistic=attendance_gap,
        measure=Text("attendance, core less others", "oppmøte, kjernen minus øvrige"),
        direction=1,
        switch=FREE_ATTENDANCE,
    ),
    Pattern(
        id="a-and-b-team-trust",
        claim=Text(
            "Peripheral agencies trust the core less than the core trusts itself.",
            "Perifere etater har mindre tillit til kjernen enn kjernen har innad.",
        ),
        source="DFO25 4.6, 5.5",
        evidence="impression",
        statistic=trust_gap,
        measure=Text("trust in the core, core less others", "tillit til kjernen, kjernen minus øvrige"),
        direction=1,
        switch=switch(
            "nothing moves trust",
            "ingenting flytter tillit",
            parameters={"trust_growth": 0.0, "trust_promise": 0.0, "turnover_loss": 0.0},
        ),
    ),
    Pattern(
        id="a-and-b-team-grows",
        claim=Text(
            "The gap in attendance is wider while a forum of the few exists.",
            "Forskjellen i oppmøte er større mens det finnes et forum for de få.",
        ),
        source="DFO25 4.6, 5.5",
        evidence="impression",
        statistic=attendance_gap_grows,
        measure=Text("attendance gap, with less without", "oppmøteforskjell, med minus uten"),
        direction=1,
        switch=switch(
            "standing outside costs no inclusion",
            "å stå utenfor koster ikke inkludering",
            parameters={"exclusion": 0.0},
        ),
        remark=Text("The growth is inferred from the sources.", "Økningen er utledet av kildene."),
    ),
    Pattern(
        id="starved-secretariat",
        claim=Text(
            "Too little secretariat capacity means worse preparation.",
            "For liten sekretariatskapasitet gir dårligere forberedelse.",
        ),
        source="DFO25 4.5",
        evidence="observed",
        statistic=service_by_staff,
        measure=Text(
            "service quality, twice less half the staff",
            "tjenestekvalitet, dobbel minus halv bemanning",
        ),
        direction=1,
        switch=NO_SECRETARIAT_WORK,
        remark=Text(
            "Close to automatic: less staff serves less, unless there is nothing to serve.",
            "Nesten automatisk: mindre bemanning betjener mindre, om det er noe å betjene.",
        ),
        automatic=True,
    ),
    Pattern(
        id="starved-secretariat-periphery",
        claim=Text(
            "Too little secretariat capacity lowers peripheral participation.",
            "For liten sekretariatskapasitet senker periferiens deltakelse.",
        ),
        source="DFO25 4.5",
        evidence="impression",
        statistic=periphery_by_staff,
        measure=Text(
            "peripheral attendance, twice less half the staff",
            "oppmøte i periferien, dobbel minus halv bemanning",
        ),
        direction=1,
        switch=NO_SECRETARIAT_WORK,
        remark=Text("Inferred from the sources.", "Utledet av kildene."),
    ),
)
