"""Sentences on two arrangements in each of the sources' frameworks: what the numbers support, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

import pandas as pd

from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.ensemble.frameworks import LINKS, Setting, reached
from tverretatlig_sim.ensemble.statistics import paired_difference
from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.numbers import DECIMALS, enough_decimals, number, scaled, unit_of
from tverretatlig_sim.show.report.sentences import listed, side

ROLES = ("driver", "interest_balancer", "system_steward")
SAME = 1e-9
"""Roles for which a coordinator is equipped so nearly alike are told together."""
BOTH = {
    "ladder": ("ladder.reached",),
    "distances": ("distance.cognitive_closed",),
    "mechanisms": ("hierarchy.strength", "voluntary.end"),
    "instruments": ("instrument.lost_at_ministries",),
    "chain": ("chain.whole", "chain.capacity"),
}
"""Measures by framework in which the two are held against each other."""


@dataclass(frozen=True)
class Reading:
    """An arrangement in terms of the frameworks.

    Attributes:
        title: what it is called.
        means: mean of each measure.
        runs: what each run reached, one column a measure that runs can reach; others are given.
    """

    title: str
    means: Mapping[str, float]
    runs: pd.DataFrame

    @classmethod
    def of(cls, ensemble: Ensemble, title: str) -> Reading:
        """The reading of runs.

        Args:
            ensemble: runs of one scenario.
            title: what it is called.
        """
        setting = Setting.of(ensemble.scenario, ensemble.months, ensemble.parameters)
        runs = pd.DataFrame(reached(ensemble.values, setting))
        means = {str(name): float(mean) for name, mean in ensemble.frameworks()["mean"].items()}
        return cls(title, means, runs)

    def shown(self, measure: str, decimals: int | None = None) -> str:
        """The mean of a measure, as readers see it."""
        unit = unit_of(measure)
        return number(scaled(self.means[measure], unit), DECIMALS[unit] if decimals is None else decimals)

    def difference(self, first: str, second: str, other: Reading) -> dict[str, float]:
        """Mean and interval of one measure minus another, in runs on the same draws."""
        one, two = self.runs[first].to_numpy(dtype=float), other.runs[second].to_numpy(dtype=float)
        return paired_difference(one, two)


def sentences(pair: tuple[Reading, Reading]) -> dict[str, list[str]]:
    """What can be said in each framework, of each arrangement and of both together.

    Args:
        pair: the two arrangements, their runs on the same draws.
    """
    one, other = map(_alone, pair)
    return {
        framework: [
            said
            for said in (
                *(alone[framework] for alone in (one, other)),
                *(_compared(pair, measure) for measure in BOTH.get(framework, ())),
            )
            if said
        ]
        for framework in one
    }


def _alone(reading: Reading) -> dict[str, str]:
    """What is said of an arrangement by itself, by framework."""
    means, shown = reading.means, reading.shown
    equipped = {role: means[f"role.{role}"] for role in ROLES}
    most = max((value for value in equipped.values() if isfinite(value)), default=float("nan"))
    best = [label(f"said.role.{role}") for role in ROLES if equipped[role] >= most - SAME]
    heavy = 100 * (means["instrument.legal"] + means["instrument.economic"])
    start, end = (shown(f"distance.cognitive_{key}") for key in ("start", "end"))
    aimed, rung = shown("ladder.aimed", 1), shown("ladder.reached", 1)
    lost = shown("instrument.lost_at_ministries")

    def said(key: str, **values: str) -> str:
        return label(key, title=reading.title, **values)

    return {
        "ladder": said("said.ladder", aimed=aimed, reached=rung)
        if isfinite(means["ladder.aimed"])
        else said("said.ladder.nothing"),
        "distances": said("said.distances", start=start, end=end),
        "matrix": said("said.matrix", position=shown("matrix.position"))
        if isfinite(means["matrix.position"])
        else said("said.matrix.none"),
        "mechanisms": "",
        "roles": said("said.roles", role=listed(best), value=number(most, 2))
        if best
        else said("said.roles.none"),
        "instruments": said("said.instruments", share=number(heavy, 0), lost=lost),
        "chain": _chain(reading),
    }


def _chain(reading: Reading) -> str:
    """Where the chain breaks, if one link is clearly weaker than every other."""
    means, said = reading.means, {"title": reading.title}
    known = sorted((link for link in LINKS if isfinite(means[link])), key=lambda link: means[link])
    if not known:
        return label("said.chain.nothing", **said)
    if len(reading.runs) < 2:
        return label("said.chain.single", **said)
    first, *others = known
    if means[first] >= 1:
        return label("said.chain.whole", **said)
    near = [link for link in others if not reading.difference(link, first, reading)["low"] > 0]
    if near:
        links = "; ".join(label("quoted", name=label(link)) for link in (first, *near))
        return label("said.chain.unclear", **said, links=links)
    return label("said.chain", **said, link=label(first), share=reading.shown(first))


def _compared(pair: tuple[Reading, Reading], measure: str) -> str:
    """Which of two is given more of something; of what runs reach, which clearly reaches more."""
    one, other = pair
    said = {"measure": label(measure)}
    if measure not in one.runs:
        low, high = sorted(pair, key=lambda reading: reading.means[measure])
        most, least = high.shown(measure), low.shown(measure)
        kind = "alike" if most == least else "given"
        known = isfinite(low.means[measure]) and isfinite(high.means[measure])
        shown = {"high": high.title, "most": most, "least": least}
        return label(f"said.framework.{kind}", **said, **shown) if known else ""
    found, unit = one.difference(measure, measure, other), unit_of(measure)
    higher = side(found)
    if higher == "unknown":
        return label("said.framework.unknown", **said)
    ends = [scaled(found[key], unit) for key in ("mean", "low", "high")]
    if not any(ends):  # the same in every run
        return label("said.framework.alike", **said, most=one.shown(measure))
    if higher == "b":
        ends = [-ends[0], -ends[2], -ends[1]]
    decimals = enough_decimals(*ends, least=DECIMALS[unit])
    difference, bottom, top = (number(end, decimals) for end in ends)
    return label(
        f"said.framework.{'unclear' if higher == 'unclear' else 'higher'}",
        **said,
        high=(other if higher == "b" else one).title,
        difference=label("said.framework.points", number=difference) if unit == "share" else difference,
        low=bottom,
        top=top,
    )
