"""The option ``--robust`` of ``compare`` and ``explain``: the same in all evidence-consistent sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from tverretatlig_sim.cli.options import refusals
from tverretatlig_sim.cli.output import give
from tverretatlig_sim.cli.progress import progress, progress_of_total

if TYPE_CHECKING:
    from tverretatlig_sim.cli.request import Request
    from tverretatlig_sim.scenario import Scenario

RUNS_A_SET = 4
"""Runs of each parameter set, unless --runs says how many in all."""


def compare_in_all_sets(scenarios: list[Scenario], request: Request) -> None:
    """Compare scenarios in the evidence-consistent sets, print what they say, and write it to --out."""
    from tverretatlig_sim.show.inference import robust_comparison_sheet
    from tverretatlig_sim.study.history_matching import read_stored
    from tverretatlig_sim.study.robust import compare_robustly

    parameters = request.parameters()
    with refusals():
        stored = read_stored()
        runs = _runs_a_set(request.runs, len(stored.sets))
        with progress(runs * len(stored.sets) * len(scenarios)) as report:
            comparison = compare_robustly(
                scenarios, stored.sets, runs, request.seed, request.months, parameters, progress=report
            )
    give(robust_comparison_sheet(comparison, stored), as_json=request.as_json, out=request.out)


def explain_in_all_sets(
    scenarios: list[Scenario],
    outcome: str,
    runs: int,
    seed: int,
    months: int | None,
    parameters: dict[str, float],
    *,
    as_json: bool,
) -> None:
    """Explain a difference in the evidence-consistent sets, and print what they say."""
    from tverretatlig_sim.show.inference import robust_explanation_sheet
    from tverretatlig_sim.study.history_matching import read_stored
    from tverretatlig_sim.study.robust import explain_robustly

    first, second = scenarios
    with refusals(), progress_of_total() as report:
        stored = read_stored()
        a_set = _runs_a_set(runs, len(stored.sets), usual=1)
        found = explain_robustly(
            first, second, stored.sets, outcome, a_set, seed, months, parameters, progress=report
        )
    give(robust_explanation_sheet(found, stored, scenarios), as_json=as_json)


def _runs_a_set(runs: int, sets: int, usual: int = RUNS_A_SET) -> int:
    """Runs of each set: a few, or as many as the user's runs in all suffice for."""
    given = click.get_current_context().get_parameter_source("runs") is not ParameterSource.DEFAULT
    return max(1, round(runs / sets)) if given else usual
