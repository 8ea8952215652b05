"""Patterns of 0–24 and of the other programmes (DEL19, DIFI14, DIFI17)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tverretatlig_sim.kernel.state import NEVER
from tverretatlig_sim.study.patterns import changes
from tverretatlig_sim.study.patterns.context import Context
from tverretatlig_sim.study.patterns.pattern import Pattern, Text, switch
from tverretatlig_sim.study.patterns.sample import Sample, mean_known, pooled
from tverretatlig_sim.world.sparse import Floats

SPREAD, TARGETED = "0-24-2015", "0-24-2018"
NEAR, PERIPHERAL = ("Udir", "Hdir"), ("IMDi", "AVdir")
HOUSING, INTEGRATION = "housing-for-welfare-2014", "integration-goals-2006"
MANY_STOPS = 3
NEARER, COMMON = 0.8, 0.6
"""Start distance of the nearer variation, and the gap that counts as common understanding, in shares of the
start gap of the scenario as it is."""
END_OF_UNREST = "2017-12"


def effort_near_less_peripheral(context: Context) -> Floats:
    """Share of capacity given to joint work: agencies near the core task less peripheral ones."""
    sample = context.sample(TARGETED)
    given = sample.by_agency["effort"] / (sample.months * sample.world.agencies.capacity[:, None, None])
    near, peripheral = (given[sample.agency(*names)].mean(axis=0) for names in (NEAR, PERIPHERAL))
    return mean_known(near - peripheral)


def adoption_near_less_peripheral(context: Context) -> Floats:
    """Share of settled duties that the line carried out: near agencies less peripheral ones."""
    sample = context.sample(TARGETED)
    near, peripheral = (_carried_out(sample, sample.agency(*names)) for names in (NEAR, PERIPHERAL))
    return near - peripheral


def _carried_out(sample: Sample, agencies: np.ndarray) -> Floats:
    kept, broken = (sample.by_agency[name][agencies] for name in ("kept", "broken"))
    return pooled(kept, kept + broken)


def targeted_less_spread(context: Context) -> Floats:
    """Implemented rate of the portfolio of 2018 less that of 2015, in the arrangement of 2018.

    As far as the agencies' lines: no source names the measures of 2015, so it is not known which of them
    worked through municipalities.
    """
    months = max(context.sample(name).months for name in (SPREAD, TARGETED))
    lines = changes.no_municipal_chain()
    targeted = context.sample(TARGETED, changes.letters_name_nothing(), lines, months=months)
    spread = context.sample(TARGETED, changes.portfolio_of(SPREAD), lines, months=months)
    return mean_known(targeted.outcomes["implemented_rate"] - spread.outcomes["implemented_rate"])


def lost_in_line(context: Context) -> Floats:
    """Share of lost recommendations that are lost in the line, less one half."""
    sample = context.sample(SPREAD)
    return pooled(sample.outcomes["lost_line"], sample.outcomes["dropped"]) - 0.5


def line_loss_by_stop_points(context: Context) -> Floats:
    """Share of handed-over recommendations lost in the line: without stop points less with three."""
    none, many = (context.sample(SPREAD, changes.stop_points(number)).outcomes for number in (0, MANY_STOPS))
    return pooled(none["lost_line"], none["handed_over"]) - pooled(many["lost_line"], many["handed_over"])


def trust_by_stability(context: Context) -> Floats:
    """Mean trust at the end of 2017: had people stayed, less as it was."""
    stable, unstable = (
        context.sample(SPREAD, *variations) for variations in ((changes.stable_people(),), ())
    )
    month = stable.month(END_OF_UNREST)
    return mean_known(stable.by_month["trust_mean"][month] - unstable.by_month["trust_mean"][month])


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


NO_CORE = switch("agencies differ in nothing", "etatene er like i alt", changes.same_agencies().change)

ACCEPTED = {"acceptance_intercept": 40.0, "bystander_consent": 1.0, "ministry_consent": 1.0}
DRAFTING = Text(
    "Close to automatic: what a project plans is drafted unless a deadline cuts it short.",
    "Nesten automatisk: det et prosjekt planlegger, blir utarbeidet om ikke en frist stanser det.",
)

PATTERNS = (
    Pattern(
        id="core-gives-more",
        claim=Text(
            "Agencies near the core task give more capacity (Udir, Hdir against IMDi, AVdir).",
            "Etater nær kjerneoppgaven gir mer kapasitet (Udir, Hdir mot IMDi, AVdir).",
        ),
        source="DEL19 5.2",
        evidence="observed",
        statistic=effort_near_less_peripheral,
        measure=Text("share of capacity given, difference", "andel kapasitet gitt, forskjell"),
        direction=1,
        switch=NO_CORE,
    ),
    Pattern(
        id="core-adopts-more",
        claim=Text(
            "Agencies near the core task adopt more of what is handed to them.",
            "Etater nær kjerneoppgaven tar inn mer av det de får overlevert.",
        ),
        source="DEL19 5.2",
        evidence="impression",
        statistic=adoption_near_less_peripheral,
        measure=Text("share of duties carried out, difference", "andel plikter utført, forskjell"),
        direction=1,
        switch=NO_CORE,
    ),
    Pattern(
        id="fewer-implement-more",
        claim=Text(
            "The targeted portfolio of 2018 implements a larger share than the spread one of 2015.",
            "Den målrettede porteføljen fra 2018 gjennomfører en større del enn den spredte fra 2015.",
        ),
        source="DEL19 3, 4.3",
        evidence="advice",
        statistic=targeted_less_spread,
        measure=Text("implemented rate, difference", "gjennomføringsgrad, forskjell"),
        direction=1,
        switch=switch(
            "nearness to core tasks and work that waits count for nothing",
            "nærhet til kjerneoppgaver og ventende arbeid teller ikke",
            changes.same_agencies().change,
            {"will_load": 0.0},
        ),
        remark=Text(
            "Both portfolios run in the arrangement of 2018. No rates were measured.",
            "Begge porteføljene kjøres i ordningen fra 2018. Ingen rater ble målt.",
        ),
    ),
    Pattern(
        id="unanchored-is-dropped",
        claim=Text(
            "Most recommendations that are lost are lost at hand-over to the line.",
            "De fleste anbefalinger som faller bort, faller bort ved overlevering til linjen.",
        ),
        source="DEL19 4.3, 6",
        evidence="observed",
        statistic=lost_in_line,
        measure=Text("share of losses in the line, above one half", "andel tap i linjen, over en halv"),
        direction=1,
        switch=switch(
            "a line never drops what waits",
            "en linje lar aldri noe som venter, falle",
            parameters={"line_drop": 0.0},
        ),
    ),
    Pattern(
        id="stop-points-cut-loss",
        claim=Text(
            "Stop points with the line cut the loss at hand-over.",
            "Stoppunkter med linjen minsker tapet ved overlevering.",
        ),
        source="DEL19 4.3, 6",
        evidence="advice",
        statistic=line_loss_by_stop_points,
        measure=Text("share lost in the line, none less three", "andel tapt i linjen, ingen minus tre"),
        direction=1,
        switch=switch(
            "stop points anchor nothing", "stoppunkter forankrer ikke", parameters={"anchoring_gain": 0.0}
        ),
    ),
    Pattern(
        id="turnover-costs-trust",
        claim=Text(
            "The unstable years 2016–17 hold trust back.",
            "De ustabile årene 2016–17 holder tilliten nede.",
        ),
        source="DEL19 3.2, 3.3",
        evidence="impression",
        statistic=trust_by_stability,
        measure=Text("trust, stable less as it was", "tillit, stabil minus slik det var"),
        direction=1,
        switch=switch(
            "people who leave take no trust with them",
            "de som slutter, tar ikke tilliten med seg",
            parameters={"turnover_loss": 0.0},
        ),
    ),
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
        id="nobody-wants-to-be-coordinated",
        claim=Text(
            "Acceptance falls with the instruments a proposal asks agencies to give up.",
            "Oppslutningen faller med de virkemidlene et forslag ber etatene gi fra seg.",
        ),
        source="DEL19 5.1",
        evidence="observed",
        statistic=acceptance_by_ask,
        measure=Text("accepted a ballot, least less most asked", "godtatt per votering, minst minus mest"),
        direction=1,
        switch=switch(
            "what must be given up counts for nothing, and all gain alike",
            "det som må oppgis, teller ikke, og alle vinner like mye",
            changes.same_agencies().change,
            {"ask_weight": 0.0},
        ),
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
