"""Patterns of cooperation in general, tried in several programmes (DIFI14, DIFI17, DEL19 2)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.study.patterns import changes
from tverretatlig_sim.study.patterns.context import Context
from tverretatlig_sim.study.patterns.pattern import Pattern, Text, switch
from tverretatlig_sim.study.patterns.sample import Sample, mean_known, pooled
from tverretatlig_sim.study.patterns.shipped import HOUSING, INTEGRATION, SPREAD, TARGETED

NEARER, COMMON = 0.8, 0.6
"""Start distance of the nearer variation, and the gap that counts as common understanding, in shares of the
start gap of the scenario as it is."""
ACCEPTED = {"acceptance_intercept": 40.0, "bystander_consent": 1.0, "ministry_consent": 1.0}
DRAFTING = Text(
    "Close to automatic: what a project plans is drafted unless a deadline cuts it short.",
    "Nesten automatisk: det et prosjekt planlegger, blir utarbeidet om ikke en frist stanser det.",
)


def ownership_falls(context: Context) -> Floats:
    """Ownership in the first month less in the last, without results and renewal."""
    ownership = context.sample(SPREAD, changes.no_renewal()).by_month["ownership_mean"]
    return mean_known(ownership[0] - ownership[-1])


def both_less_either(context: Context) -> Floats:
    """Implemented rate with both mechanisms less that of the better one alone."""
    both, hierarchy, voluntary = (
        context.sample(TARGETED, *variations).outcome("implemented_rate")
        for variations in ((), (changes.hierarchy_alone(),), (changes.voluntary_alone(),))
    )
    return both - np.maximum(hierarchy, voluntary)


def planning_less_decision(context: Context) -> Floats:
    """Survival of drafting less that of decision, the ministries' budget round with it."""
    out = context.sample(INTEGRATION).outcomes
    lost = out["lost_disagreement"] + out["lost_ministries"]
    return _drafting(out) - pooled(out["handed_over"], out["handed_over"] + lost)


def planning_less_implementation(context: Context) -> Floats:
    """Survival of drafting less that of implementation, of what is settled in the line."""
    out = context.sample(INTEGRATION).outcomes
    return _drafting(out) - pooled(out["implemented"], out["implemented"] + out["lost_line"])


def _drafting(out: Mapping[str, Floats]) -> Floats:
    return pooled(out["drafted"], out["drafted"] + out["not_drafted"])


def delay_by_distance(context: Context) -> Floats:
    """Months to a common understanding: as it was less had the agencies started nearer to each other."""
    far = context.sample(HOUSING)
    near = context.sample(HOUSING, changes.start_distance(NEARER))
    bar = COMMON * far.by_month["understanding_gap"][0].mean(axis=-1)
    return _months_to(far, bar) - _months_to(near, bar)


def _months_to(sample: Sample, bar: Floats) -> Floats:
    """Months until the gap is down to the bar, the length of the run if it never is."""
    reached = sample.by_month["understanding_gap"] <= bar[:, None]
    first = np.where(reached.any(axis=0), reached.argmax(axis=0), sample.months)
    return np.asarray(first.mean(axis=-1), dtype=np.float64)


PATTERNS = (
    Pattern(
        id="ownership-is-perishable",
        claim=Text(
            "Without results and renewal, ownership falls through the programme's life.",
            "Uten resultater og fornyelse faller eierskapet gjennom programmets levetid.",
        ),
        source="DIFI17 2.2",
        evidence="observed",
        statistic=ownership_falls,
        measure=Text("ownership, first less last month", "eierskap, første minus siste måned"),
        direction=1,
        switch=switch(
            "ownership does not fade, and neither process nor a dominant lead costs any",
            "eierskap svinner ikke, og verken prosess eller en dominerende leder koster eierskap",
            parameters={"ownership_half_life": 100_000.0, "ownership_process": 0.0, "dominance": 0.0},
        ),
    ),
    Pattern(
        id="both-mechanisms",
        claim=Text(
            "Hierarchy with voluntary adaptation beats either alone.",
            "Hierarki sammen med frivillig tilpasning er bedre enn hver for seg.",
        ),
        source="DIFI17 3 (point 4); DIFI14 2.6",
        evidence="advice",
        statistic=both_less_either,
        measure=Text(
            "implemented rate, both less the better one", "gjennomføringsgrad, begge minus den beste"
        ),
        direction=1,
        switch=switch(
            "neither signals nor commitment move anyone",
            "verken styringssignaler eller eierskap og tillit flytter noen",
            parameters={"will_signal": 0.0, "will_commitment": 0.0, "attendance_commitment": 0.0},
        ),
    ),
    Pattern(
        id="planning-beats-decision",
        claim=Text("More survives drafting than decision.", "Mer overlever utarbeiding enn beslutning."),
        source="DIFI14 1.4.1",
        evidence="impression",
        statistic=planning_less_decision,
        measure=Text("survival, drafting less decision", "overlevelse, utarbeiding minus beslutning"),
        direction=1,
        switch=switch(
            "everyone accepts, ministries too",
            "alle godtar, også departementene",
            parameters={**ACCEPTED, "max_rounds": 10_000.0},
        ),
        remark=DRAFTING,
        automatic=True,
    ),
    Pattern(
        id="planning-beats-implementation",
        claim=Text(
            "More survives drafting than implementation.", "Mer overlever utarbeiding enn gjennomføring."
        ),
        source="DIFI14 1.4.1",
        evidence="impression",
        statistic=planning_less_implementation,
        measure=Text(
            "survival, drafting less implementation", "overlevelse, utarbeiding minus gjennomføring"
        ),
        direction=1,
        switch=switch(
            "a line never drops what waits",
            "en linje lar aldri noe som venter, falle",
            parameters={"line_drop": 0.0},
        ),
        remark=DRAFTING,
        automatic=True,
    ),
    Pattern(
        id="distance-delays",
        claim=Text(
            "The farther apart the agencies start, the later they reach a common understanding.",
            "Jo lenger fra hverandre etatene starter, desto senere når de felles forståelse.",
        ),
        source="DEL19 2.2",
        evidence="observed",
        statistic=delay_by_distance,
        measure=Text(
            "months to common understanding, difference", "måneder til felles forståelse, forskjell"
        ),
        direction=1,
        switch=switch("no one learns from anyone", "ingen lærer av noen", parameters={"learning": 0.0}),
        remark=Text(
            "Close to automatic: whoever starts nearer has a shorter way.",
            "Nesten automatisk: den som starter nærmere, har kortere vei.",
        ),
        automatic=True,
    ),
)
