"""Bands from published follow-ups of audit recommendations, outside the five sources."""

from __future__ import annotations

import numpy as np

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.kernel.state import NEVER
from tverretatlig_sim.study.patterns import changes
from tverretatlig_sim.study.patterns.context import Context
from tverretatlig_sim.study.patterns.pattern import Pattern, Statistic, Switch, Text, switch
from tverretatlig_sim.study.patterns.sample import Sample, pooled
from tverretatlig_sim.study.patterns.shipped import EAGER, TARGETED

FOUR_YEARS, ONE_YEAR = 48, 12
BAND_MONTHS = 84
"""Length of run that leaves four years after drafting for the recommendations of the first years."""
IDLE = switch("lines take up nothing", "linjene tar ikke inn noe", parameters={"adoption_pace": 0.0})


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
