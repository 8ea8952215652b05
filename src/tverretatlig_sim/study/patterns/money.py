"""Patterns of fresh money (DIFI14), tried in the 13-agency cooperation."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.study.patterns import changes
from tverretatlig_sim.study.patterns.context import Context
from tverretatlig_sim.study.patterns.pattern import Pattern, Text, switch
from tverretatlig_sim.study.patterns.sample import Sample, pooled, share
from tverretatlig_sim.study.patterns.shipped import COOPERATION, FREE_ATTENDANCE

FRESH = 1.0
"""Fresh money, in full-time equivalents an agency."""


def attendance_gained(context: Context) -> Floats:
    """Share of meetings attended with fresh money less without: mean over agencies."""
    return np.asarray(_gained(context).mean(axis=0))


def attendance_by_slack(context: Context) -> Floats:
    """The same on the third with least capacity less on the third with most."""
    agencies = context.sample(COOPERATION).world.agencies
    gained, capacity = _gained(context), agencies.capacity[agencies.participant]
    order, third = np.argsort(capacity, kind="stable"), max(1, len(capacity) // 3)
    return np.asarray(gained[order[:third]].mean(axis=0) - gained[order[-third:]].mean(axis=0))


def _gained(context: Context) -> Floats:
    """Effect of fresh money on the share of meetings attended, by participant. Shape (agency, set)."""
    more, less = (_attended(sample) for sample in _rich_and_poor(context))
    return more - less


def _attended(sample: Sample) -> Floats:
    by = sample.by_agency
    attended = np.nan_to_num(share(by["taken"], by["invited"])).mean(axis=-1)
    return np.asarray(attended[sample.world.agencies.participant], dtype=np.float64)


def adoption_gained(context: Context) -> Floats:
    """Duties carried out with fresh money less without, of all settled."""
    rich, poor = (sample.by_agency for sample in _rich_and_poor(context))
    more, less = (pooled(by["kept"], by["kept"] + by["broken"]) for by in (rich, poor))
    return more - less


def _rich_and_poor(context: Context) -> tuple[Sample, Sample]:
    return context.sample(COOPERATION, changes.fresh_money(FRESH)), context.sample(COOPERATION)


PATTERNS = (
    Pattern(
        id="money-lubricates",
        claim=Text(
            "Fresh money raises participation.",
            "Friske penger øker deltakelsen.",
        ),
        source="DIFI14 1.4.2",
        evidence="impression",
        statistic=attendance_gained,
        measure=Text("attendance, with less without", "oppmøte, med minus uten"),
        direction=1,
        switch=FREE_ATTENDANCE,
    ),
    Pattern(
        id="money-lubricates-adoption",
        claim=Text(
            "Fresh money raises adoption in the line.",
            "Friske penger øker opptaket i linjen.",
        ),
        source="DIFI14 1.4.2",
        evidence="impression",
        statistic=adoption_gained,
        measure=Text("share of duties carried out, difference", "andel plikter utført, forskjell"),
        direction=1,
        switch=switch(
            "projects cost nothing that money could carry; joint work moves neither trust nor ownership",
            "prosjekter koster ingenting som penger kan dekke; "
            "felles arbeid flytter verken tillit eller eierskap",
            lambda scenario: changes.with_projects(scenario, lambda project: {"cost": changes.quantity(0.0)}),
            {
                "trust_growth": 0.0,
                "ownership_process": 0.0,
                "ownership_result": 0.0,
                "trust_promise": 0.0,
            },
        ),
    ),
    Pattern(
        id="money-lubricates-least-slack",
        claim=Text(
            "Fresh money helps most those with least slack.",
            "Friske penger hjelper mest dem med minst slakk.",
        ),
        source="DIFI14 1.4.2",
        evidence="impression",
        statistic=attendance_by_slack,
        measure=Text(
            "effect on attendance, least less most capacity",
            "virkning på oppmøte, minst minus mest kapasitet",
        ),
        direction=1,
        switch=switch(
            "meetings cost nothing, so no one is short of time for them",
            "møter koster ingenting, så ingen mangler tid til dem",
            parameters={"meeting_cost": 0.0},
        ),
    ),
)
