"""Our scenarios in the tools of others give our numbers, and a failed run is never another one's result."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import mesa
import numpy as np
import optuna
import pytest
from SALib import ProblemSpec

from tverretatlig_sim import ScenarioError, simulate
from tverretatlig_sim.study import ecosystem

NAMES = ("line_drop", "max_rounds", "turnover")
A, B = "0-24-2018", "dfo-simplified"
MONTHS = 40


def mean(name: str, outcome: str = "drafted", **parameters: float) -> float:
    return float(simulate(name, 3, 1, MONTHS, parameters, series="none").outcomes[outcome].mean())


def test_salib_sees_the_evidence_ranges_and_our_numbers() -> None:
    problem = ecosystem.salib_problem(NAMES)
    assert problem["names"] == list(NAMES)
    run = ecosystem.salib_function(A, NAMES, "fte_spent", runs=2, months=MONTHS)
    spec = ProblemSpec(problem).sample_sobol(2, calc_second_order=False, seed=1).evaluate(run)
    assert spec.results.shape == (10,)
    first = dict(zip(NAMES, spec.samples[0], strict=True))
    first["max_rounds"] = round(first["max_rounds"])
    alone = simulate(A, 2, 1, MONTHS, first, series="none").outcomes["fte_spent"]
    assert spec.results[0] == pytest.approx(alone.mean())
    spec.analyze_sobol(calc_second_order=False, seed=1)
    assert np.isfinite(spec.analysis["ST"]).all()


def test_salib_is_told_of_what_is_undefined() -> None:
    run = ecosystem.salib_function(A, ("turnover",), runs=2, months=6)
    with pytest.raises(ValueError, match="undefined in every run"):
        run(np.array([[0.01]]))


@pytest.mark.parametrize("ask", [ecosystem.salib_problem, lambda names: ecosystem.ema_model([A], names)])
def test_unknown_parameters_are_refused(ask: Any) -> None:
    with pytest.raises(ScenarioError, match="line_drops"):
        ask(["line_drops"])


def test_ema_workbench_gives_our_numbers() -> None:
    model = ecosystem.ema_model([A, B], NAMES, ("drafted", "fte_spent"), runs=3, months=MONTHS)
    from ema_workbench import perform_experiments

    experiments, outcomes = perform_experiments(model, scenarios=2, policies=2)
    assert len(experiments) == 4
    for place, row in experiments.reset_index(drop=True).iterrows():
        given = {name: float(row[name]) for name in NAMES}
        assert outcomes["fte_spent"][place] == pytest.approx(mean(row["arrangement"], "fte_spent", **given))


def test_a_failed_experiment_is_an_error_and_not_the_last_result(monkeypatch: pytest.MonkeyPatch) -> None:
    model = ecosystem.ema_model([A], ("turnover",), ("drafted",), runs=2, months=8)
    from ema_workbench import perform_experiments
    from ema_workbench.util import EMAError
    from ema_workbench.util.ema_exceptions import CaseError

    real, calls = ecosystem.means, []

    def fails_the_second_time(*given: Any) -> dict[str, float]:
        calls.append(given)
        if len(calls) == 2:
            raise CaseError("no luck", {})
        return real(*given)

    monkeypatch.setattr(ecosystem, "means", fails_the_second_time)
    with pytest.raises(EMAError, match="no luck"):
        perform_experiments(model, scenarios=3)


def test_optuna_minimises_and_maximises_our_means() -> None:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    objective = ecosystem.optuna_objective(
        A, ("drafted", "fte_spent"), ("stop_points", "cadence"), runs=3, months=MONTHS
    )
    study = optuna.create_study(
        directions=["maximize", "minimize"], sampler=optuna.samplers.NSGAIISampler(seed=1)
    )
    study.optimize(objective, n_trials=4)
    assert all(set(trial.params) == {"stop_points", "cadence"} for trial in study.trials)
    single = ecosystem.optuna_objective(A, ("drafted",), ("rule",), runs=3, months=MONTHS)
    assert single(optuna.trial.FixedTrial({"rule": "majority"})) > 0
    with pytest.raises(ValueError, match="no dial colour"):
        ecosystem.optuna_objective(A, dials=("colour",))


def test_mesa_shows_the_state_after_the_months_asked_for() -> None:
    rows = mesa.batch_run(**ecosystem.mesa_batch([A, B], [1, 2], 12, line_drop=0.1))
    models = {(row["scenario"], row["rng"], row["Step"]): row for row in rows}
    assert {step for _, _, step in models} == {12}
    for name in (A, B):
        ours = simulate(name, 1, 2, 12, {"line_drop": 0.1}).series["trust_mean"]
        assert models[name, 2, 12]["trust_mean"] == float(ours.sel(statistic="mean")[-1])
    with pytest.raises(ValueError, match="must be a whole number from 1"):
        ecosystem.mesa_batch([A], [1], 0)


def test_nothing_of_theirs_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys, tverretatlig_sim.study.ecosystem, tverretatlig_sim.study.search; "
        "print(sorted({'optuna', 'SALib', 'ema_workbench', 'mesa'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
