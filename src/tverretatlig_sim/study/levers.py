"""What each lever does to a scenario, alone and on the same draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.ensemble.statistics import paired_difference
from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.scenario import Problem, Scenario, ScenarioError
from tverretatlig_sim.scenario.levers import Lever
from tverretatlig_sim.scenario.load import with_levers
from tverretatlig_sim.study.sampling import DEFAULTS, Progress, outcomes_over

COLUMNS = ("scenario", "lever", "n", "mean", "low", "high", "reason")
NUMBERS = ("n", "mean", "low", "high")


@dataclass(frozen=True)
class Case:
    """A scenario, and what it was made of, so that one more lever can be pulled in it.

    Attributes:
        base: the scenario before any lever was pulled.
        levers: those pulled in it.
    """

    base: Scenario
    levers: tuple[Lever, ...] = ()

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario with its levers pulled."""
        return with_levers(self.base, *self.levers)

    def with_lever(self, lever: Lever) -> Scenario:
        """The scenario with one more lever pulled, under its own name.

        Raises:
            ScenarioError: it cannot be pulled here, or is pulled already.
        """
        if lever.name in {own.name for own in self.levers}:
            raise ScenarioError([Problem(self.base.name, lever.name, _("is pulled already"))])
        pulled = with_levers(self.base, *self.levers, lever)
        return replace(pulled, name=f"{self.scenario.name}+{lever.name}")


@dataclass(frozen=True, eq=False)
class LeverEffects:
    """What each lever changes in each scenario.

    Attributes:
        table: columns ``scenario``, ``lever``, ``n`` (paired runs), ``mean``, ``low``, ``high`` (of the
            outcome with the lever minus without, 95 % interval; NaN where not pulled), ``reason`` (why a
            lever cannot be pulled; empty if it was).
        outcome: name of the outcome.
        runs: runs of each scenario with each lever.
    """

    table: pd.DataFrame
    outcome: str
    runs: int


Variants = Mapping[tuple[str, str], Scenario | ScenarioError]
"""Every case with every lever, or why that cannot be, by names of case and lever."""


def variants_of(cases: Sequence[Case], levers: Sequence[Lever]) -> Variants:
    """Pull every lever in every case."""
    return {(case.scenario.name, lever.name): _tried(case, lever) for case in cases for lever in levers}


def _tried(case: Case, lever: Lever) -> Scenario | ScenarioError:
    try:
        return case.with_lever(lever)
    except ScenarioError as refusal:
        return refusal


def lever_effects(
    ensembles: Mapping[str, Ensemble],
    variants: Variants,
    runs: int = 250,
    outcome: str = HEADLINE,
    *,
    progress: Progress | None = None,
) -> LeverEffects:
    """The paired effect of each lever on each scenario: same draws, same months, same parameters.

    Args:
        ensembles: the scenarios without the levers, by name, all of them with at least ``runs`` runs.
        variants: from ``variants_of``.
        runs: runs of each variant.
        outcome: name of the outcome.
        progress: called as runs finish.
    """
    rows = []
    for (name, lever), variant in variants.items():
        row: dict[str, object] = {"scenario": name, "lever": lever, "reason": ""}
        if isinstance(variant, ScenarioError):
            reasons = dict.fromkeys(problem.what for problem in variant.problems)
            row |= {"n": 0, "reason": joined("; ", reasons)}
        else:
            row |= _effect(ensembles[name], variant, runs, outcome, progress)
        rows.append(row)
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(NUMBERS[1:], float))
    # As objects, messages stay messages.
    table["reason"] = pd.Series([row["reason"] for row in rows], dtype=object)
    return LeverEffects(table, outcome, runs)


def _effect(
    base: Ensemble, variant: Scenario, runs: int, outcome: str, progress: Progress | None
) -> dict[str, float]:
    parameters = {
        name: values[:runs] if isinstance(values, np.ndarray) and values.ndim else values
        for name, values in base.parameters.items()
    }
    after = outcomes_over(
        variant,
        DEFAULTS,
        runs,
        base.seed,
        base.months,
        parameters,
        outcomes=[outcome],
        rules=base.rules,
        progress=progress,
    )
    # A run's draws belong to its number, so the first runs of the base are the pairs.
    found = paired_difference(after[outcome][0], base.values[outcome][:runs])
    return {key: found[key] for key in NUMBERS}
