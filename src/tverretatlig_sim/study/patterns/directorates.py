"""Patterns of the five directorates of 0–24 and their portfolios (DEL19)."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.kernel.state import NEVER
from tverretatlig_sim.study.patterns import changes, parts
from tverretatlig_sim.study.patterns.context import Context
from tverretatlig_sim.study.patterns.pattern import Pattern, Text, switch
from tverretatlig_sim.study.patterns.sample import Sample, mean_known, pooled
from tverretatlig_sim.study.patterns.shipped import SPREAD, TARGETED

NEAR, PERIPHERAL = ("Udir", "Hdir"), ("IMDi", "AVdir")
MANY_STOPS = 3
END_OF_UNREST = "2017-12"
NO_CORE = switch("agencies differ in nothing", "etatene er like i alt", changes.same_agencies().change)


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
    spread = context.sample(TARGETED, parts.portfolio_of(SPREAD), lines, months=months)
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
)
