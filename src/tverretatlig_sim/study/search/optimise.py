"""NSGA-II over the levels of some dials, by Optuna."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite

from tverretatlig_sim.study.search.dials import Level, Settings

Evaluate = Callable[[Settings], tuple[float, float]]
"""Gain (to be large) and cost (to be small) of some settings; NaN where there is none."""

SMALLEST, LARGEST = 8, 50
"""Population of a generation: a fifth of the trials within these limits."""


def optimise(
    space: Mapping[str, Sequence[Level]], evaluate: Evaluate, trials: int, seed: int
) -> list[Settings]:
    """Settings tried by a multi-objective genetic algorithm, each once, in order.

    Args:
        space: levels of each dial.
        evaluate: called once for each settings tried; must give the same for the same settings.
        trials: how many evaluations the algorithm may ask for; settings asked for again count too.
        seed: of the algorithm; the same seed and evaluations give the same settings.
    """
    import optuna  # slow to import

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    population = max(SMALLEST, min(LARGEST, trials // 5))
    sampler = optuna.samplers.NSGAIISampler(population_size=population, seed=seed % 2**32)
    study = optuna.create_study(directions=["maximize", "minimize"], sampler=sampler)
    asked: dict[str, optuna.distributions.BaseDistribution] = {
        name: optuna.distributions.IntDistribution(0, len(levels) - 1) for name, levels in space.items()
    }
    known: dict[tuple[Level, ...], tuple[float, float]] = {}
    for _ in range(trials):
        trial = study.ask(asked)
        settings = {name: levels[trial.params[name]] for name, levels in space.items()}
        key = tuple(settings.values())
        if key not in known:
            known[key] = evaluate(settings)
        if all(map(isfinite, known[key])):
            study.tell(trial, known[key])
        else:
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
    return [dict(zip(space, key, strict=True)) for key in known]
