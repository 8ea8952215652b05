"""Patterns of the 13-agency cooperation (DFO25)."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.study.patterns import changes
from tverretatlig_sim.study.patterns.context import Context
from tverretatlig_sim.study.patterns.pattern import Pattern, Text, switch
from tverretatlig_sim.study.patterns.sample import Sample, mean_known, pooled
from tverretatlig_sim.world.sparse import Floats

COOPERATION, WITH_THE_FEW, OF_FIVE = "etatssamarbeidet-2022", "etatssamarbeidet-2023", "0-24-2018"
SIMPLIFIED = "dfo-simplified"
AGE = 18
"""Months after its start at which a project's progress is read."""
SCARCE, AMPLE = 0.5, 2.0
"""Staff of the secretariat, times as given."""
FRESH = 1.0
"""Fresh money, in full-time equivalents an agency."""


def progress_by_origin(context: Context) -> Floats:
    """Progress after 18 months of the self-initiated projects: had they been commissioned, less as they are.

    Projects with a deadline, and those too late in the run to get that old, are left out.
    """
    sample = context.sample(COOPERATION)
    ordered = context.sample(COOPERATION, changes.all_commissioned())
    projects = sample.world.projects
    read = projects.start + AGE
    open_ended = projects.deadline - projects.start > sample.months
    chosen = np.flatnonzero(_self_initiated(sample) & open_ended & (read < sample.months))
    if not len(chosen):
        return np.full(len(context.sets), np.nan)
    gain = ordered.by_month["progress"] - sample.by_month["progress"]
    return mean_known(gain[read[chosen], chosen].mean(axis=0))


def _self_initiated(sample: Sample) -> np.ndarray:
    stakes = sample.world.stakes
    flags = np.zeros(len(sample.world.projects.names), dtype=bool)
    flags[stakes.project] = ~stakes.commissioned
    return flags


def substance_in_groups(context: Context) -> Floats:
    """Of time on substance, the share in project groups less the share in standing forums."""
    sample = context.sample(COOPERATION)
    by = sample.by_agency
    hours = by["meeting_time"] * _ratio(by["taken"] - by["structure"], by["invited"])
    return pooled(by["work"], by["work"] + hours) - pooled(hours, by["work"] + hours)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def structure_thirteen_less_five(context: Context) -> Floats:
    """Share of meeting time on structure: thirteen agencies less five."""
    thirteen, five = (context.sample(name).outcome("structure_share") for name in (COOPERATION, OF_FIVE))
    return thirteen - five


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


def simplified_less_thirteen(context: Context) -> Floats:
    """Implemented rate of the simplified structure less that of 2022, both with the portfolio of 2022."""
    simple = context.sample(COOPERATION, changes.arrangement_of(SIMPLIFIED))
    usual = context.sample(COOPERATION)
    return mean_known(simple.outcomes["implemented_rate"] - usual.outcomes["implemented_rate"])


def money_effect(context: Context) -> Floats:
    """Participation with fresh money less without: mean over agencies of meetings and adopted duties."""
    participant = context.sample(COOPERATION).world.agencies.participant
    return np.asarray(_money(context)[participant].mean(axis=0))


def money_by_slack(context: Context) -> Floats:
    """The same effect on the third with least capacity less that on the third with most."""
    agencies = context.sample(COOPERATION).world.agencies
    effect, capacity = _money(context)[agencies.participant], agencies.capacity[agencies.participant]
    order, third = np.argsort(capacity, kind="stable"), max(1, len(capacity) // 3)
    return np.asarray(effect[order[:third]].mean(axis=0) - effect[order[-third:]].mean(axis=0))


def _money(context: Context) -> Floats:
    """Effect of fresh money on the share of meetings attended, by agency. Shape (agency, set)."""
    rich, poor = (
        context.sample(COOPERATION, *money).by_agency for money in ((changes.fresh_money(FRESH),), ())
    )
    more, less = (_ratio(by["taken"], by["invited"]).mean(axis=-1) for by in (rich, poor))
    return np.asarray(more - less)


def money_and_adoption(context: Context) -> Floats:
    """Duties carried out with fresh money less without, of all settled."""
    rich, poor = (
        context.sample(COOPERATION, *money).by_agency for money in ((changes.fresh_money(FRESH),), ())
    )
    more, less = (pooled(by["kept"], by["kept"] + by["broken"]) for by in (rich, poor))
    return more - less


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
            "progress after 18 months, commissioned less own",
            "framdrift etter 18 måneder, bestilt minus eget",
        ),
        direction=1,
        switch=switch(
            "a commission carries no signal of its own",
            "en bestilling gir ikke noe eget styringssignal",
            changes.letters_name_nothing().change,
            {"commissioned_signal": 0.0, "self_initiated_signal": 1.0},
        ),
        remark=Text(
            "The same projects are compared with themselves: the sources give neither sizes nor leads, so "
            "a plain mean by origin would compare assumptions about content.",
            "De samme prosjektene sammenlignes med seg selv: kildene gir verken størrelse eller leder, så "
            "et rent gjennomsnitt etter opphav ville sammenligne antakelser om innhold.",
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
        switch=switch(
            "whether an agency attends depends on nothing",
            "om en etat møter, avhenger ikke av noe",
            parameters={"attendance_commitment": 0.0, "meeting_cost": 0.0},
        ),
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
        switch=switch(
            "meetings and projects make no work for the secretariat",
            "møter og prosjekter gir ikke sekretariatet arbeid",
            parameters={"work_per_seat": 0.0, "work_per_project": 0.0},
        ),
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
        switch=switch(
            "meetings and projects make no work for the secretariat",
            "møter og prosjekter gir ikke sekretariatet arbeid",
            parameters={"work_per_seat": 0.0, "work_per_project": 0.0},
        ),
        remark=Text("Inferred from the sources.", "Utledet av kildene."),
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
    Pattern(
        id="money-lubricates",
        claim=Text(
            "Fresh money raises participation.",
            "Friske penger øker deltakelsen.",
        ),
        source="DIFI14 1.4.2",
        evidence="impression",
        statistic=money_effect,
        measure=Text("attendance, with less without", "oppmøte, med minus uten"),
        direction=1,
        switch=switch(
            "whether an agency attends depends on nothing",
            "om en etat møter, avhenger ikke av noe",
            parameters={"attendance_commitment": 0.0, "meeting_cost": 0.0},
        ),
    ),
    Pattern(
        id="money-lubricates-adoption",
        claim=Text(
            "Fresh money raises adoption in the line.",
            "Friske penger øker opptaket i linjen.",
        ),
        source="DIFI14 1.4.2",
        evidence="impression",
        statistic=money_and_adoption,
        measure=Text("share of duties carried out, difference", "andel plikter utført, forskjell"),
        direction=1,
        switch=switch(
            "joint work moves neither trust nor ownership",
            "felles arbeid flytter verken tillit eller eierskap",
            parameters={
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
        statistic=money_by_slack,
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
