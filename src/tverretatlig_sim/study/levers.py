"""What each lever does to a scenario, alone and on the same draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.ensemble.statistics import paired_difference
from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.scenario import Problem, Scenario, ScenarioError
from tverretatlig_sim.scenario.levers import Lever, pulled
from tverretatlig_sim.study.sampling import DEFAULTS, Progress, outcomes_of

COLUMNS = ("scenario", "lever", "n", "mean", "low", "high", "reason")
NUMBERS = ("n", "mean", "low", "high")


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
"""Every scenario with every lever, or why that cannot be, by names of scenario and lever."""


def variants_of(scenarios: Sequence[Scenario], levers: Sequence[Lever]) -> Variants:
    """Pull every lever in every scenario, beside those that are pulled there already."""
    return {(it.name, lever.name): _with(it, lever) for it in scenarios for lever in levers}


def _with(scenario: Scenario, lever: Lever) -> Scenario | ScenarioError:
    if lever.name in scenario.levers:
        return ScenarioError([Problem(scenario.name, lever.name, _("is pulled already"))])
    try:
        return replace(pulled(replace(scenario, levers=()), lever), name=f"{scenario.name}+{lever.name}")
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
    effects = dict[tuple[str, str], dict[str, float]]()
    for name, base in ensembles.items():
        whose = {key: it for key, it in variants.items() if key[0] == name and isinstance(it, Scenario)}
        effects |= dict(zip(whose, _effects(base, [*whose.values()], runs, outcome, progress), strict=True))
    rows = []
    for (name, lever), variant in variants.items():
        row: dict[str, object] = {"scenario": name, "lever": lever, "reason": ""}
        if isinstance(variant, ScenarioError):
            reasons = dict.fromkeys(problem.what for problem in variant.problems)
            row |= {"n": 0, "reason": joined("; ", reasons)}
        else:
            row |= effects[name, lever]
        rows.append(row)
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(NUMBERS[1:], float))
    # As objects, messages stay messages.
    table["reason"] = pd.Series([row["reason"] for row in rows], dtype=object)
    return LeverEffects(table, outcome, runs)


def _effects(
    base: Ensemble, variants: Sequence[Scenario], runs: int, outcome: str, progress: Progress | None
) -> list[dict[str, float]]:
    parameters = {
        name: values[:runs] if isinstance(values, np.ndarray) and values.ndim else values
        for name, values in base.parameters.items()
    }
    afters = outcomes_of(
        [(variant, parameters) for variant in variants],
        DEFAULTS,
        runs,
        base.seed,
        base.months,
        outcomes=[outcome],
        rules=base.rules,
        known=[base],
        progress=progress,
    )
    # A run's draws belong to its number, so the first runs of the base are the pairs.
    pairs = (paired_difference(after[outcome][0], base.values[outcome][:runs]) for after in afters)
    return [{key: found[key] for key in NUMBERS} for found in pairs]
