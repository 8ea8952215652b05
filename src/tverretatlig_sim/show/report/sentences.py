"""What the numbers of a report support, in sentences: which of two is higher, why, and what would change it.

``names`` are what arrangements ``a`` and ``b`` are called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
import pandas as pd

from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.ensemble.frameworks import LINKS, Setting, reached
from tverretatlig_sim.ensemble.statistics import mean_interval, paired_difference
from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import parameter_specs
from tverretatlig_sim.show.robust import threshold_words
from tverretatlig_sim.show.rows import (
    DECIMALS,
    Row,
    enough_decimals,
    number,
    percent,
    plain,
    rows_of,
    scaled,
    unit_of,
)
from tverretatlig_sim.show.simulations import Side, apart, finding, side
from tverretatlig_sim.study import Explanation
from tverretatlig_sim.study.robust import Split

Names = Mapping[str, str]

LOST = {
    "not_drafted": "not_drafted",
    "disagreement": "lost_disagreement",
    "ministries": "lost_ministries",
    "line": "lost_line",
    "municipalities": "lost_municipalities",
}
"""Outcome that counts the recommendations lost for each reason."""


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence."""
    if len(words) < 2:
        return "".join(words)
    return label("said.and", first=", ".join(words[:-1]), last=words[-1])


def headline(row: Row, runs: int, names: Names) -> str:
    """The finding on the paired difference, with titles for names."""
    return finding({**row, **names}, runs)


def robust_side(row: Row) -> Side:
    """Which is higher, by more than the smallest difference, in more than half of the sets, with interval."""
    if row["sets"] == 0:
        return "unknown"
    return "a" if row["better_low"] > 0.5 else "b" if row["worse_low"] > 0.5 else "unclear"


def robust_sentence(row: Row, names: Names) -> str:
    """In what share of the parameter sets which of the two is higher."""
    higher = robust_side(row)
    if higher == "unknown":
        return label("said.robust.undefined")
    key = "worse" if higher == "b" else "better"
    share, low, top = (percent(row[f"{key}{end}"]) for end in ("", "_low", "_high"))
    shares = {"share": share, "low": low, "top": top, "sets": row["sets"]}
    rest = {name: percent(row[name]) for name in ("no_matter", "undecided")}
    other = percent(row["better" if higher == "b" else "worse"])
    smallest = number(100 * row["smallest"], enough_decimals(100 * row["smallest"], least=0))
    kind = "undecided" if higher == "unclear" else "above"
    return label(
        f"said.robust.{kind}", **names, **shares, **rest, other=other, smallest=smallest,
        high=names.get(higher, ""), low_one=names.get("a" if higher == "b" else "b", ""),
    )  # fmt: skip


def verdict(here: Side, there: Side, names: Names) -> str:
    """How the answer with the values used and the answer over parameter sets go together; may be empty.

    Args:
        here: which is higher with the parameter values used.
        there: which is higher over the parameter sets.
        names: of ``a`` and ``b``.
    """
    if "unknown" in (here, there):
        return ""
    if here == "unclear":
        kind = "neither" if there == "unclear" else "only_sets"
    elif there == "unclear":
        kind = "only_here"
    else:
        kind = "agree" if here == there else "opposite"
    return label(f"said.verdict.{kind}", here=names.get(here, ""), there=names.get(there, ""))


def split_sentence(split: Split | None, names: Names) -> str:
    """Where over the parameter sets the ordering shifts."""
    if split is None or not split.separates:
        return label("said.no_split")
    spec = parameter_specs().get(split.parameter)
    return label(
        "said.split",
        meaning=spec.meaning if spec else split.parameter,
        parameter=split.parameter,
        threshold=threshold_words(split),
        a=names["a"],
        below=percent(split.below),
        above=percent(split.above),
    )


def losses(outcomes: pd.DataFrame, title: str) -> str:
    """How many recommendations get through, why most of the others do not, and how many are on the way."""
    means = outcomes.mean()
    if not means["planned"] > 0:
        return label("said.nothing_planned", title=title)
    implemented, pending = (number(means[key], 1) for key in ("implemented", "pending"))
    planned = plain(round(means["planned"], 1))
    return " ".join(
        [
            label("said.reached", title=title, implemented=implemented, pending=pending, planned=planned),
            _most_lost(outcomes),
            *([label("said.waiting", count=pending)] if means["pending"] > 0 else []),
        ]
    )


def _most_lost(outcomes: pd.DataFrame) -> str:
    """The most frequent reason; two, where the difference between them is not clear."""
    lost = outcomes[list(LOST.values())].set_axis(list(LOST), axis="columns")
    means = lost.mean().sort_values(ascending=False, kind="stable")
    first, second = means.index[:2]
    if means[first] == 0:
        return label("said.loss.none")
    if len(outcomes) < 2:
        return label("said.loss.single")
    clear = paired_difference(lost[first].to_numpy(float), lost[second].to_numpy(float))["low"] > 0
    return label(
        "said.loss.one" if clear else "said.loss.two",
        reason=label(f"loss.{first}"),
        count=number(means[first], 1),
        other=label(f"loss.{second}"),
        count2=number(means[second], 1),
    )


def parts(explanation: Explanation, names: Names) -> list[str]:
    """Which parts clearly favour which arrangement, and which weighs most if that is clear."""
    differing = [row for row in rows_of(explanation.table()) if row["differs"]]
    if not differing:
        return [label("said.parts.identical")]
    total = explanation.total()
    if not isfinite(total.low):
        return [label("said.parts.undefined", n=total.n, runs=explanation.runs)]
    if len(differing) == 1:
        return [label("said.parts.only", part=_part(differing[0]))]
    clear = {key: [_sized(row) for row in differing if side(row) == key] for key in names}
    said = [
        label("said.parts.for", title=names[key], parts=listed(clear[key])) for key in names if clear[key]
    ]
    if not said:
        return [label("said.parts.none")]
    opposed = [label("said.parts.opposed")] if len(said) == 2 else []
    # The largest contribution is named only if it is clearly larger than the next.
    one, other = (
        np.sign(row["mean"]) * explanation.contributions[row["part"]].to_numpy(dtype=float)
        for row in differing[:2]
    )
    kind = "largest" if mean_interval(one - other).low > 0 else "close"
    return [*said, *opposed, label(f"said.parts.{kind}", part=_part(differing[0]))]


def _part(row: Row) -> str:
    return label(f"part.{row['part']}")


def _sized(row: Row) -> str:
    size = 100 * abs(row["mean"])
    return f"{_part(row)} {number(size, enough_decimals(size))}"


def levers(effects: pd.DataFrame, title: str, lever_titles: Names) -> str:
    """How many levers clearly raise or lower the implemented rate, and which raises it most.

    Args:
        effects: rows of one scenario of ``LeverEffects.table``.
        title: of the scenario.
        lever_titles: by lever name.
    """
    known = [row for row in rows_of(effects) if side(row) != "unknown"]
    if not known:
        none = (effects["reason"] != "").all()
        return label(f"said.levers.{'none' if none else 'undefined'}", title=title)
    up = sorted((row for row in known if side(row) == "a"), key=lambda row: -row["mean"])
    down = sum(side(row) == "b" for row in known)
    counts = {"n": len(known), "up": len(up), "down": down, "rest": len(known) - len(up) - down}
    said = label("said.levers.count", title=title, **counts)
    if not up:
        return said
    # The lever with the largest clear rise, and another it is not clearly ahead of.
    first, rise = up[0], 100 * up[0]["mean"]
    near = [row for row in known if row is not first and row["high"] >= first["low"]]
    other = max(near, key=lambda row: float(row["mean"]), default=first)
    told = label(
        f"said.levers.{'unsure' if near else 'first'}",
        lever=lever_titles[first["lever"]],
        points=number(rise, enough_decimals(rise), sign=True),
        other=lever_titles[other["lever"]],
    )
    return f"{said} {told}"


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


@dataclass(frozen=True, eq=False)
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


def frameworks(pair: tuple[Reading, Reading]) -> dict[str, list[str]]:
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
    if not any(found[end] for end in ("mean", "low", "high")):  # the same in every run
        return label("said.framework.alike", **said, most=one.shown(measure))
    difference, bottom, top = apart(found, unit, DECIMALS[unit]).values()
    return label(
        f"said.framework.{'unclear' if higher == 'unclear' else 'higher'}",
        **said,
        high=(other if higher == "b" else one).title,
        difference=label("said.framework.points", number=difference) if unit == "share" else difference,
        low=bottom,
        top=top,
    )
