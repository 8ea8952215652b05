"""Sentences on two arrangements in each of the sources' frameworks: what the numbers support, and no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.numbers import DECIMALS, enough_decimals, number, scaled, unit_of
from tverretatlig_sim.show.report.names import listed

if TYPE_CHECKING:
    import pandas as pd

    from tverretatlig_sim.ensemble.ensemble import Ensemble

ROLES = ("driver", "interest_balancer", "system_steward")
SAME = 1e-9
"""Roles for which a coordinator is equipped so nearly alike are told together."""


@dataclass(frozen=True)
class Reading:
    """An arrangement in terms of the frameworks.

    Attributes:
        title: what it is called.
        means: mean of each measure.
        runs: what each run reached, one column a measure.
        anytime: whether intervals must hold at every look.
    """

    title: str
    means: Mapping[str, float]
    runs: pd.DataFrame
    anytime: bool = False

    @classmethod
    def of(cls, ensemble: Ensemble, title: str) -> Reading:
        """The reading of runs.

        Args:
            ensemble: runs of one scenario.
            title: what it is called.
        """
        import pandas as pd

        from tverretatlig_sim.ensemble.frameworks import Setting, reached

        setting = Setting.of(ensemble.scenario, ensemble.months, ensemble.parameters)
        runs = pd.DataFrame(reached(ensemble.values, setting))
        means = {str(measure): float(mean) for measure, mean in ensemble.frameworks()["mean"].items()}
        return cls(title, means, runs, ensemble.anytime)


Pair = tuple[Reading, Reading]


def sentences(pair: Pair) -> dict[str, list[str]]:
    """What can be said in each framework.

    Args:
        pair: the two arrangements, their runs on the same draws.
    """
    return {
        framework: list(filter(None, [*(one(reading) for reading in pair), *both(pair)]))
        for framework, (one, both) in SAID.items()
    }


def _ladder(reading: Reading) -> str:
    if not isfinite(reading.means["ladder.aimed"]):
        return label("said.ladder.nothing", title=reading.title)
    rungs = {key: number(reading.means[f"ladder.{key}"], 1) for key in ("aimed", "reached")}
    return label("said.ladder", title=reading.title, **rungs)


def _distances(reading: Reading) -> str:
    ends = {key: _shown(reading, f"distance.cognitive_{key}") for key in ("start", "end")}
    return label("said.distances", title=reading.title, **ends)


def _matrix(reading: Reading) -> str:
    if not isfinite(reading.means["matrix.position"]):
        return label("said.matrix.none", title=reading.title)
    position = _shown(reading, "matrix.position")
    return label("said.matrix", title=reading.title, position=position)


def _roles(reading: Reading) -> str:
    equipped = {role: reading.means[f"role.{role}"] for role in ROLES}
    most = max((value for value in equipped.values() if isfinite(value)), default=None)
    if most is None:
        return label("said.roles.none", title=reading.title)
    best = [label(f"said.role.{role}") for role in ROLES if equipped[role] >= most - SAME]
    value = number(most, 2)
    return label("said.roles", title=reading.title, role=listed(best), value=value)


def _instruments(reading: Reading) -> str:
    heavy = 100 * sum(reading.means[f"instrument.{kind}"] for kind in ("legal", "economic"))
    lost = _shown(reading, "instrument.lost_at_ministries")
    share = number(heavy, 0)
    return label("said.instruments", title=reading.title, share=share, lost=lost)


def _chain(reading: Reading) -> str:
    """Where the chain breaks, if one link is clearly weaker than every other."""
    from tverretatlig_sim.ensemble.frameworks import LINKS

    known = sorted(
        (link for link in LINKS if isfinite(reading.means[link])), key=lambda link: reading.means[link]
    )
    names = {link: label(link) for link in known}
    said: dict[str, str] = {"title": reading.title}
    if not known:
        return label("said.chain.nothing", **said)
    if len(reading.runs) < 2:
        return label("said.chain.single", **said)
    first, *others = known
    if reading.means[first] >= 1:
        return label("said.chain.whole", **said)
    near = [first, *(link for link in others if not _clearly_above(reading, link, first))]
    if len(near) > 1:
        links = "; ".join(label("quoted", name=names[link]) for link in near)
        return label("said.chain.unclear", **said, links=links)
    share = _shown(reading, first)
    return label("said.chain", **said, link=names[first], share=share)


def _clearly_above(reading: Reading, link: str, other: str) -> bool:
    from tverretatlig_sim.ensemble.statistics import paired_difference

    first, second = (reading.runs[name].to_numpy(dtype=float) for name in (link, other))
    return paired_difference(first, second, anytime=reading.anytime)["low"] > 0


def _silent(reading: Reading) -> str:
    return ""


def _given(measure: str) -> Callable[[Pair], str]:
    """Which of two is given more of something."""

    def said(pair: Pair) -> str:
        values = [reading.means[measure] for reading in pair]
        if not all(map(isfinite, values)):
            return ""
        high, low = (0, 1) if values[0] >= values[1] else (1, 0)
        most, least = (_shown(pair[place], measure) for place in (high, low))
        return label(
            f"said.framework.{'alike' if most == least else 'given'}",
            measure=label(measure),
            high=pair[high].title,
            most=most,
            least=least,
        )

    return said


def _reached(measure: str) -> Callable[[Pair], str]:
    """Which of two clearly reaches more of something, in runs on the same draws."""

    def said(pair: Pair) -> str:
        from tverretatlig_sim.ensemble.statistics import paired_difference

        first, second = (reading.runs[measure].to_numpy(dtype=float) for reading in pair)
        found = paired_difference(first, second, anytime=pair[0].anytime)
        named = {"measure": label(measure)}
        if not isfinite(found["low"]):
            return label("said.framework.unknown", **named)
        ends = tuple(scaled(found[key], unit_of(measure)) for key in ("mean", "low", "high"))
        if ends == (0, 0, 0):  # the same in every run
            return label("said.framework.alike", **named, most=_shown(pair[0], measure))
        clear = ends[1] > 0 or ends[2] < 0
        if ends[2] < 0:
            ends = (-ends[0], -ends[2], -ends[1])
        title = pair[0 if found["low"] > 0 else 1].title
        kind = "higher" if clear else "unclear"
        return label(f"said.framework.{kind}", **named, high=title, **_difference(ends, measure))

    return said


def _difference(ends: tuple[float, ...], measure: str) -> dict[str, str]:
    kind = unit_of(measure)
    decimals = enough_decimals(*ends, least=DECIMALS[kind])
    mean, low, top = (number(end, decimals) for end in ends)
    if kind == "share":
        mean = label("said.framework.points", number=mean)
    return {"difference": mean, "low": low, "top": top}


def _shown(reading: Reading, measure: str) -> str:
    kind = unit_of(measure)
    return number(scaled(reading.means[measure], kind), DECIMALS[kind])


def _all(*said: Callable[[Pair], str]) -> Callable[[Pair], list[str]]:
    return lambda pair: [made(pair) for made in said]


SAID: Mapping[str, tuple[Callable[[Reading], str], Callable[[Pair], list[str]]]] = {
    "ladder": (_ladder, _all(_reached("ladder.reached"))),
    "distances": (_distances, _all(_reached("distance.cognitive_closed"))),
    "matrix": (_matrix, _all()),
    "mechanisms": (_silent, _all(_given("hierarchy.strength"), _reached("voluntary.end"))),
    "roles": (_roles, _all()),
    "instruments": (_instruments, _all(_reached("instrument.lost_at_ministries"))),
    "chain": (_chain, _all(_reached("chain.whole"), _reached("chain.capacity"))),
}
"""What is said of each arrangement in a framework, and of both together."""
