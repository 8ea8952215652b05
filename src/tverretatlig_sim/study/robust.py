"""Comparisons and explanations over all parameter sets that agree with the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import stats

from tverretatlig_sim.arrays import Flags, Floats
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.batch import ParameterValue
from tverretatlig_sim.ensemble.compare import parameters_of, told_apart
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.i18n import _
from tverretatlig_sim.inputs import given_names
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.errors import at_least, check_named
from tverretatlig_sim.scenario.evidence import HOLDING, PARTS, entries_of
from tverretatlig_sim.scenario.load import ScenarioLike
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.study.discovery import dealt
from tverretatlig_sim.study.explain import ProgressOfTotal, SharedOut, shared_out
from tverretatlig_sim.study.robust_shares import Expected, expected, means_of, robust_shares, smallest_of
from tverretatlig_sim.study.sampling import (
    BLOCKS,
    ParameterSets,
    Progress,
    mean_known,
    outcomes_of,
    with_entries,
)
from tverretatlig_sim.workers import sharing

THRESHOLDS = np.arange(1, 20) / 20
"""Candidate thresholds of a parameter: its quantiles in steps of 5 %."""
SMALLEST_SIDE = 0.1
"""Smallest side of a split, as a share of the sets."""
FALSE = 0.05
"""Share of what the screen names that may be expected to be chance."""
MOST = 8
"""Numbers of which a threshold is sought; each takes about a second."""
FEW_BLOCKS = 12
"""Draws of numbers that change what there is in a world, where many hybrids have few runs a set."""
FEWEST = 8
"""Sets, or blocks of sets, without which no number is said to matter."""
ScenarioNumbers = Literal["drawn", "fixed"]
LEAST_RUNS = 2
"""Runs of each set without which noise cannot be told from what sets disagree on."""


# --- does one arrangement beat another?


@dataclass(frozen=True, eq=False)
class RobustComparison:
    """Outcomes of several scenarios in the same parameter sets, on the same draws.

    Attributes:
        outcomes: by scenario and outcome, shape (set, run); NaN where undefined.
        sets: the parameter sets.
        scenarios: as asked for, in order.
        seed, runs, months: how: runs of each set.
        smallest: smallest difference of interest in outcomes with the unit of the headline; see
            ``smallest_of``.
    """

    outcomes: Mapping[str, Mapping[str, Floats]]
    sets: ParameterSets
    scenarios: tuple[Scenario, ...]
    seed: int
    runs: int
    months: int
    smallest: float | None = None

    def differences(self, a: str, b: str, outcome: str) -> Floats:
        """Paired differences a − b. Shape (set, run).

        Raises:
            ValueError: there is no such scenario or outcome, with what is allowed.
        """
        for name in (a, b):
            check_named("scenario", name, self.outcomes)
        check_named("outcome", outcome, self.outcomes[a])
        return self.outcomes[a][outcome] - self.outcomes[b][outcome]

    @property
    def numbers_fixed(self) -> tuple[str, ...]:
        """Scenarios whose own numbers are the same in every set."""
        drawn = set(self.sets.entries)
        return tuple(it.name for it in self.scenarios if not drawn & entries_of(it).keys())

    def difference(self, a: str, b: str, outcome: str) -> Floats:
        """Mean paired difference a − b of each set, with the noise of its runs. Shape (set,)."""
        return mean_known(self.differences(a, b, outcome))

    def expected(self, a: str, b: str, outcome: str) -> Expected:
        """What is known of the expected difference a − b in each set."""
        return expected(*means_of(self.differences(a, b, outcome)), self._of_pair(a, b).values)

    def table(self, outcomes: Sequence[str] | None = None, level: float = 0.95) -> pd.DataFrame:
        """Over sets, for every pair of scenarios and every outcome.

        Args:
            outcomes: those to tell of; default: all.
            level: of each interval.

        Returns:
            Columns ``a``, ``b``, ``outcome``, ``smallest`` (difference of interest), and those of
            ``robust_shares`` for the expected difference a − b: *better* is that a is above b.
        """
        kept = next(iter(self.outcomes.values())) if outcomes is None else outcomes
        names = given_names("outcomes", kept, HEADLINE)
        return pd.DataFrame(
            [
                {"a": a, "b": b, "outcome": name, **self._row(a, b, name, level)}
                for a, b in combinations(self.outcomes, 2)
                for name in names
            ]
        )

    def _row(self, a: str, b: str, outcome: str, level: float) -> dict[str, float]:
        found = means_of(self.differences(a, b, outcome))
        smallest = smallest_of(outcome, self.smallest)
        return {"smallest": smallest, **_shares(self._of_pair(a, b), *found, smallest, level)}

    def _of_pair(self, a: str, b: str) -> ParameterSets:
        return self.sets.about(*(scenario for scenario in self.scenarios if scenario.name in {a, b}))

    def flips(self, outcome: str) -> dict[tuple[str, str], tuple[Split, ...]]:
        """For every pair, the numbers on which it hangs that the first is above the second."""
        apart = {(a, b): self.differences(a, b, outcome) for a, b in combinations(self.outcomes, 2)}
        smallest = smallest_of(outcome, self.smallest)
        return {
            pair: splits_of(self._of_pair(*pair), values, smallest, self.seed)
            for pair, values in apart.items()
        }


@sharing
def compare_robustly(
    scenarios: Iterable[ScenarioLike] | Mapping[str, ScenarioLike],
    sets: ParameterSets,
    runs: int = 8,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, ParameterValue] | Mapping[str, Mapping[str, ParameterValue]] | None = None,
    *,
    smallest: float | None = None,
    scenario_numbers: ScenarioNumbers = "drawn",
    outcomes: Iterable[str] | None = None,
    rules: RuleSet | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
) -> RobustComparison:
    """Simulate several scenarios in every parameter set, one ensemble a scenario.

    Args:
        scenarios: two or more, with different names; or a table that names them.
        sets: parameter sets.
        runs: of each set, at least 2.
        seed: of the draws, the same for all.
        months: common length; default: the longest of the scenarios' own.
        parameters: values that replace those of every set; or such values by name of scenario.
        smallest: smallest difference of interest in shares such as the headline; default 0.01, one percentage
            point.
        scenario_numbers: whether the scenarios' own numbers are drawn within their ranges in every set, one
            draw an evidence entry (see ``with_entries``), or ``fixed``.
        outcomes: names of the outcomes to keep; default: all.
        rules: what happens in a month, as for ``simulate``.
        progress: called as runs finish.
        workers: processes, as for ``simulate``.

    Raises:
        ScenarioError, ValueError: as ``simulate``; also for a single run a set.
    """
    check_robust(runs, smallest)
    loaded = told_apart(scenarios)
    sets = _drawn(sets, loaded, seed, scenario_numbers)
    common = max(scenario.default_months for scenario in loaded) if months is None else months
    kept = None if outcomes is None else given_names("outcomes", outcomes, HEADLINE)
    cases = list(zip(loaded, parameters_of(parameters, loaded), strict=True))
    values = outcomes_of(
        [(it, own or {}) for it, own in cases],
        sets,
        runs,
        seed,
        common,
        outcomes=kept,
        rules=rules,
        progress=progress,
    )
    found = {it.name: each for it, each in zip(loaded, values, strict=True)}
    return RobustComparison(found, sets, tuple(loaded), seed, runs, common, smallest)


def _drawn(
    sets: ParameterSets,
    scenarios: Iterable[Scenario],
    seed: int,
    scenario_numbers: ScenarioNumbers,
    most: int = BLOCKS,
) -> ParameterSets:
    known = get_args(ScenarioNumbers)
    if scenario_numbers not in known:
        raise ValueError(
            _(
                "scenario_numbers = {given!r}; allowed: {known}",
                given=scenario_numbers,
                known=", ".join(known),
            )
        )
    return with_entries(sets, scenarios, seed, most) if scenario_numbers == "drawn" else sets


def check_robust(runs: int, smallest: float | None) -> None:
    """Refuse runs that show no noise, and a smallest difference that is none."""
    if runs < LEAST_RUNS:
        raise ValueError(at_least("runs", runs, LEAST_RUNS))
    smallest_of(HEADLINE, smallest)


# --- what is the difference made of?


@dataclass(frozen=True, eq=False)
class RobustExplanation(SharedOut):
    """A difference shared out in every parameter set; index ``set``, ``run``. See ``SharedOut``.

    Attributes:
        sets: the parameter sets.
        smallest: smallest contribution of interest, in the unit of the outcome.
    """

    sets: ParameterSets
    smallest: float

    def total(self) -> dict[str, float]:
        """The difference over sets, as a row of ``table``."""
        return self._over_sets(self.difference.to_numpy(dtype=np.float64))

    def table(self) -> pd.DataFrame:
        """One row a part, the largest mean contribution first.

        Returns:
            Columns ``part``, ``differs``, and those of ``robust_shares`` for the expected contribution:
            *better* is that the part favours a.
        """
        return self.by_part(self._over_sets)

    def _over_sets(self, values: Floats) -> dict[str, float]:
        by_set = np.full((len(self.sets), self.runs), np.nan)
        by_set[tuple(map(self.difference.index.get_level_values, ("set", "run")))] = values
        return _shares(self.sets, *means_of(by_set), self.smallest)


@sharing
def explain_robustly(
    a: ScenarioLike,
    b: ScenarioLike,
    sets: ParameterSets,
    outcome: str = HEADLINE,
    runs: int = 2,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
    *,
    smallest: float | None = None,
    scenario_numbers: ScenarioNumbers = "drawn",
    rules: RuleSet | None = None,
    progress: ProgressOfTotal | None = None,
    workers: int | None = None,
) -> RobustExplanation:
    """Share out the difference in an outcome among the parts of two scenarios, in every parameter set.

    Args:
        a: a scenario.
        b: the other.
        sets: parameter sets.
        outcome: name of the outcome.
        runs: of each set and hybrid, at least 2; there are up to 2ᵏ hybrids, k being the number of differing
            parts.
        seed: of the draws.
        months: length of all runs; default: the longer of the scenarios' own.
        parameters: values that replace those of every set.
        smallest: smallest contribution of interest, if the outcome has the unit of the headline; see
            ``smallest_of``.
        scenario_numbers: ``drawn`` or ``fixed``; see ``compare_robustly``.
        rules: what happens in a month, as for ``simulate``.
        progress: called as runs finish.
        workers: processes, as for ``simulate``.

    Raises:
        ScenarioError, ValueError: as ``explain``; also for a single run a set.
    """
    check_named("outcome", outcome, OUTCOMES)
    check_robust(runs, smallest)
    both = load_scenario(a), load_scenario(b)
    sets = _drawn(sets, both, seed, scenario_numbers, FEW_BLOCKS)
    shared = shared_out(*both, sets, outcome, runs, seed, months, parameters, progress, rules=rules)
    return RobustExplanation(sets=sets, smallest=smallest_of(outcome, smallest), **shared)


# --- where does an ordering flip?


@dataclass(frozen=True)
class Split:
    """The threshold on one number that best tells where a is above b, of a number that the order hangs on.

    Shares are of the half of the sets that the threshold was not chosen on.

    Attributes:
        parameter, threshold: the rule: sets at or below the threshold against sets above it. Of an evidence
            entry, how far its numbers lie from the low (0) to the high end (1) of their ranges.
        group: phase of the month that uses the parameter, or part of the scenario that holds the entry.
        grade, source: the evidence of the number.
        chance: probability that a number on which nothing hangs goes as closely with the difference.
        below, above: share of the sets on each side in which a is expected above b by more than the smallest
            difference of interest; NaN of a side without sets.
        below_interval, above_interval: their intervals; see ``robust_shares``.
        below_worse, above_worse: shares in which it is expected below b by more than that.
        below_sets, above_sets: sets on each side.
    """

    parameter: str
    threshold: float
    group: str
    grade: str
    source: str
    chance: float
    below: float
    above: float
    below_interval: tuple[float, float]
    above_interval: tuple[float, float]
    below_worse: float
    above_worse: float
    below_sets: int
    above_sets: int

    @property
    def entry(self) -> bool:
        """Whether it is an evidence entry of the scenarios, and no parameter."""
        return self.group in PARTS

    @property
    def separates(self) -> bool:
        """Whether the two sides differ beyond their intervals."""
        (low, high), (other_low, other_high) = self.below_interval, self.above_interval
        return high < other_low or other_high < low

    @property
    def turns(self) -> bool:
        """Whether more sets favour a on one side, and more favour b on the other."""
        return (self.below - self.below_worse) * (self.above - self.above_worse) < 0


def splits_of(sets: ParameterSets, differences: Floats, smallest: float, seed: int = 1) -> tuple[Split, ...]:
    """Numbers that a difference hangs on, and the threshold of each that best tells where it matters.

    All parameters and evidence entries are screened by group, so that of those named at most ``FALSE`` are
    expected to be false. A threshold is found on one half of the sets, drawn at random with the same share of
    positive means as the other, and checked on the other. Either half is estimated without the other.

    Args:
        sets: parameter sets.
        differences: a − b, NaN where undefined; shape (set, run).
        smallest: difference of interest.
        seed: of the halves.

    Returns:
        One for each of the ``MOST`` that go most closely with the difference, those that tell most first.
    """
    means, variances = means_of(differences)
    known = np.flatnonzero(~np.isnan(means))
    sets, means, variances = sets.chosen(known), means[known], variances[known]
    about = [_about(sets, name) for name in sets.names]
    chances = np.array([_chance(sets, name, means) for name in sets.names])
    columns = screened(chances, [group for group, _grade, _source in about])
    if not columns:
        return ()
    first, second = dealt(means > 0, (1, 1), seed)
    above = expected(means[first], variances[first], sets.values[first]).mean > smallest
    found = []
    for column in sorted(columns, key=lambda it: chances[it])[:MOST]:
        values = sets.values[first, column]
        gain, threshold = max(
            (_gain(values <= it, above), float(it))
            for it in np.unique(np.quantile(values, THRESHOLDS, method="lower"))
        )
        if gain <= 0:
            continue
        side = sets.values[second, column] <= threshold
        low, high = (
            _shares(sets.chosen(half), means[half], variances[half], smallest)
            for half in (second[side], second[~side])
        )
        split = Split(
            sets.names[column],
            threshold,
            *about[column],
            float(chances[column]),
            low["better"],
            high["better"],
            (low["better_low"], low["better_high"]),
            (high["better_low"], high["better_high"]),
            low["worse"],
            high["worse"],
            int(low["sets"]),
            int(high["sets"]),
        )
        found.append((gain, split))
    return tuple(split for _gain, split in sorted(found, key=lambda it: -it[0]))


def _shares(
    sets: ParameterSets, means: Floats, variances: Floats, smallest: float, level: float = 0.95
) -> dict[str, float]:
    return robust_shares(means, variances, sets.values, smallest, level, sets.blocks)


def _about(sets: ParameterSets, name: str) -> tuple[str, str, str]:
    """Group, grade and source of a column."""
    place = sets.names.index(name) - len(sets.names) + len(sets.entries)
    if place >= 0:
        entry = sets.entries[place]
        kind = entry.field.partition(".")[0]
        return HOLDING.get(kind, kind), entry.grade, entry.source
    spec = parameter_specs().get(name)
    return ("", "", "") if spec is None else (spec.phases[0], spec.grade, spec.source)


def _chance(sets: ParameterSets, name: str, means: Floats) -> float:
    """How often a rank correlation as strong comes about by chance; of blocks, where these are drawn."""
    column = sets.values[:, sets.names.index(name)]
    if sets.blocks is not None and name in sets.by_block:
        _block, first, block = np.unique(sets.blocks, return_index=True, return_inverse=True)
        column, means = column[first], np.bincount(block, means) / np.bincount(block)
    if len(means) < FEWEST or np.ptp(column) == 0 or np.ptp(means) == 0:
        return 1.0
    return float(stats.spearmanr(column, means).pvalue)


def screened(chances: Floats, groups: Sequence[str]) -> list[int]:
    """Positions of what is hardly chance: a share of ``FALSE`` may be expected to be, in each group.

    Groups are screened first (Simes 1986; Benjamini and Hochberg 1995), then what is in those that are left,
    the more strictly the fewer they are (Benjamini and Bogomolov 2014).

    Args:
        chances: probabilities by chance, shape (number,).
        groups: group of each.
    """
    if not len(chances):
        return []
    rows = {group: np.flatnonzero([it == group for it in groups]) for group in dict.fromkeys(groups)}
    adjusted = {group: stats.false_discovery_control(chances[own]) for group, own in rows.items()}
    of_groups: Floats = stats.false_discovery_control([own.min() for own in adjusted.values()])
    left = [group for group, chance in zip(rows, of_groups, strict=True) if chance <= FALSE]
    most = FALSE * len(left) / max(len(rows), 1)
    return sorted(int(row) for group in left for row in rows[group][adjusted[group] <= most])


def _gain(side: Flags, above: Flags) -> float:
    """Drop in Gini impurity; nothing for sides that are too small."""
    share = side.mean()
    if not SMALLEST_SIDE <= share <= 1 - SMALLEST_SIDE:
        return 0.0
    return _gini(above) - float(share * _gini(above[side]) + (1 - share) * _gini(above[~side]))


def _gini(above: Flags) -> float:
    share = float(above.mean())
    return 2.0 * share * (1.0 - share)
