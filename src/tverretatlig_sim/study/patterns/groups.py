"""Patterns of project groups and of the structure above them, in the 13-agency cooperation (DFO25)."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.study.patterns import changes, parts
from tverretatlig_sim.study.patterns.context import Context
from tverretatlig_sim.study.patterns.pattern import Pattern, Text, switch
from tverretatlig_sim.study.patterns.sample import Sample, mean_known, pooled, share
from tverretatlig_sim.study.patterns.shipped import ASSIGNMENTS, COOPERATION, OF_FIVE, SIMPLIFIED

AGE = 18
"""Months after its start at which a project's progress is read."""
NO_SIGNAL = {"commissioned_signal": 0.0, "self_initiated_signal": 1.0}
NO_COMMISSION = switch(
    "a commission carries no signal of its own",
    "en bestilling gir ikke noe eget styringssignal",
    changes.letters_name_nothing().change,
    NO_SIGNAL,
)
ALIKE = switch(
    "a commission carries no signal of its own, and assignments and agencies are alike",
    "en bestilling gir ikke noe eget styringssignal, og oppdrag og etater er like",
    changes.chained(changes.letters_name_nothing(), changes.one_size(), changes.same_agencies()),
    NO_SIGNAL,
)


def progress_by_origin(context: Context) -> Floats:
    """Mean progress of the assignments 18 months after their start: commissioned less self-initiated.

    Assignments are those the source lists; assignments too late in the run to get that old are left out.
    """
    sample = context.sample(COOPERATION)
    own, read = _self_initiated(sample), _old_enough(sample)
    commissioned, initiated = (_progress(sample, read[chosen]) for chosen in (~own[read], own[read]))
    return commissioned - initiated


def progress_gained(context: Context) -> Floats:
    """Progress of self-initiated assignments at 18 months: had they been commissioned, less as they are."""
    sample = context.sample(COOPERATION)
    ordered = context.sample(COOPERATION, changes.all_commissioned())
    read = _old_enough(sample)
    initiated = read[_self_initiated(sample)[read]]
    return _progress(ordered, initiated) - _progress(sample, initiated)


def _self_initiated(sample: Sample) -> np.ndarray:
    stakes = sample.world.stakes
    flags = np.zeros(len(sample.world.projects.names), dtype=bool)
    flags[stakes.project] = ~stakes.commissioned
    return flags


def _old_enough(sample: Sample) -> np.ndarray:
    """Assignments that get 18 months old in the run."""
    projects = sample.world.projects
    return np.flatnonzero(np.isin(projects.names, ASSIGNMENTS) & (projects.start + AGE < sample.months))


def _progress(sample: Sample, projects: np.ndarray) -> Floats:
    """Mean progress of projects at 18 months; NaN without projects. Shape (set,)."""
    if not len(projects):
        return np.full(sample.by_month["progress"].shape[2], np.nan)
    months = sample.world.projects.start[projects] + AGE
    return mean_known(sample.by_month["progress"][months, projects].mean(axis=0))


def substance_in_groups(context: Context) -> Floats:
    """Of time on substance, the share in project groups less the share in standing forums."""
    by = context.sample(COOPERATION).by_agency
    hours = by["meeting_time"] * np.nan_to_num(share(by["taken"] - by["structure"], by["invited"]))
    return pooled(by["work"], by["work"] + hours) - pooled(hours, by["work"] + hours)


def structure_thirteen_less_five(context: Context) -> Floats:
    """Share of meeting time on structure: thirteen agencies less five."""
    thirteen, five = (context.sample(name).outcome("structure_share") for name in (COOPERATION, OF_FIVE))
    return thirteen - five


def simplified_less_thirteen(context: Context) -> Floats:
    """Implemented rate of the simplified structure less that of 2022, both with the portfolio of 2022."""
    simple = context.sample(COOPERATION, parts.arrangement_of(SIMPLIFIED))
    usual = context.sample(COOPERATION)
    return mean_known(simple.outcomes["implemented_rate"] - usual.outcomes["implemented_rate"])


PATTERNS = (
    Pattern(
        id="commissioned-beats-own",
        claim=Text(
            "Commissioned, line-anchored projects get further than self-initiated ones.",
            "Bestilte prosjekter, forankret i linjen, kommer lenger enn egeninitierte.",
        ),
        source="DFO25 4.2",
        evidence="observed",
        statistic=progress_by_origin,
        measure=Text(
            "mean progress after 18 months, commissioned less own",
            "gjennomsnittlig framdrift etter 18 måneder, bestilt minus eget",
        ),
        direction=1,
        switch=ALIKE,
        remark=Text(
            "Plain means over the nine assignments of the source. Which are self-initiated, sizes and "
            "members are assumed and make about half of the difference; the commission makes the rest.",
            "Rene gjennomsnitt over kildens ni oppdrag. Hvilke som er egeninitierte, størrelser og medlemmer "
            "er antatt og gir om lag halve forskjellen; bestillingen selv gir resten.",
        ),
    ),
    Pattern(
        id="commission-speeds",
        claim=Text(
            "Being self-initiated has meant lower priority and less progress.",
            "At oppdrag er egeninitierte, har ført til lavere prioritet og redusert framdrift.",
        ),
        source="DFO25 4.2",
        evidence="impression",
        statistic=progress_gained,
        measure=Text(
            "progress after 18 months of own assignments, had they been commissioned",
            "framdrift etter 18 måneder for egne oppdrag, om de var bestilt",
        ),
        direction=1,
        switch=NO_COMMISSION,
        remark=Text(
            "The same assignments are compared with themselves; informants name the reason.",
            "De samme oppdragene sammenlignes med seg selv; informanter oppgir årsaken.",
        ),
    ),
    Pattern(
        id="project-groups-deliver",
        claim=Text(
            "Work on substance is done in project groups; the superstructure's time goes to structure.",
            "Det faglige arbeidet skjer i prosjektgrupper; overbygningens tid går til struktur.",
        ),
        source="DFO25 4.2–4.3, 5.1",
        evidence="observed",
        statistic=substance_in_groups,
        measure=Text("share of substance time, groups less forums", "andel faglig tid, grupper minus fora"),
        direction=1,
        switch=switch(
            "meetings eat the time for project work and talk about nothing but substance",
            "møtene spiser prosjekttiden og handler bare om fag",
            changes.clear_mandates().change,
            {"meeting_cost": 5.0},
        ),
        remark=Text(
            "Close to automatic: only project groups draft, and only forums talk about structure.",
            "Nesten automatisk: bare prosjektgrupper utarbeider, og bare fora snakker om struktur.",
        ),
        automatic=True,
    ),
    Pattern(
        id="thirteen-talk-structure",
        claim=Text(
            "A larger share of meeting time goes to structure among thirteen than among five.",
            "En større del av møtetiden går til struktur blant tretten enn blant fem.",
        ),
        source="DFO25 4.3, 5.7",
        evidence="impression",
        statistic=structure_thirteen_less_five,
        measure=Text(
            "share of meeting time on structure, difference", "andel møtetid på struktur, forskjell"
        ),
        direction=1,
        switch=switch("mandates are fully clear", "mandatene er helt klare", changes.clear_mandates().change),
        remark=Text(
            "Close to automatic: structure talk grows with seats by construction. The source compares "
            "nothing; 0–24 too was called heavy.",
            "Nesten automatisk: prat om struktur vokser med antall plasser. Kilden sammenligner ikke; også "
            "0–24 ble kalt tungt.",
        ),
        automatic=True,
    ),
    Pattern(
        id="dfo-advice-helps",
        claim=Text(
            "DFØ's simplified structure implements a larger share of the same agencies' portfolio.",
            "DFØs forenklede struktur gjennomfører en større del av de samme etatenes portefølje.",
        ),
        source="DFO25 5.7, 6.4",
        evidence="advice",
        statistic=simplified_less_thirteen,
        measure=Text("implemented rate, difference", "gjennomføringsgrad, forskjell"),
        direction=1,
        switch=switch(
            "support from structure reaches no line: nothing is anchored underway, follow-up counts for "
            "nothing",
            "støtte fra strukturen når ingen linje: ingenting forankres underveis, oppfølging teller ikke",
            parameters={"anchoring_gain": 0.0, "priority_support": 0.0},
        ),
    ),
)
