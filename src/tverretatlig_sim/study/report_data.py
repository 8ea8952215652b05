"""Everything a report on two scenarios rests on, computed with the same seed, months and parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass

from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.compare import Comparison, compare
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.levers import Lever, load_lever, sound_levers
from tverretatlig_sim.study.explain import Explanation, ProgressOfTotal, explain
from tverretatlig_sim.study.history_matching import Stored
from tverretatlig_sim.study.levers import Case, LeverEffects, lever_effects, variants_of
from tverretatlig_sim.study.robust import RobustComparison, compare_robustly
from tverretatlig_sim.study.sampling import Progress

PART_RUNS = 200
"""Most runs of each hybrid and of each scenario with a lever: there are many of them."""
SET_RUNS = 8
"""Runs of each evidence-consistent parameter set."""

ShowProgress = Callable[[int, str], AbstractContextManager[Progress]]
"""Shows how far one step has come, given how many runs it takes and what it does: ``compare``, ``explain``,
``levers`` or ``robust``."""


@dataclass(frozen=True, eq=False)
class ReportData:
    """Results on two scenarios, each simulated once.

    Attributes:
        cases: the two, with the levers pulled in them.
        comparison: on the same draws.
        explanation: the difference in the headline, shared out among the parts.
        levers: tried on both.
        effects: of each of these on each.
        robust: the comparison in the evidence-consistent parameter sets, if asked for.
        stored: these sets.
        parameters: values that replace the defaults.
    """

    cases: tuple[Case, Case]
    comparison: Comparison
    explanation: Explanation
    levers: tuple[Lever, ...]
    effects: LeverEffects
    robust: RobustComparison | None
    stored: Stored | None
    parameters: Mapping[str, float]

    @property
    def scenarios(self) -> tuple[Scenario, Scenario]:
        """The two scenarios."""
        first, second = (ensemble.scenario for ensemble in self.comparison.ensembles.values())
        return first, second


def _silent(total: int, what: str) -> AbstractContextManager[Progress]:
    return nullcontext(lambda finished: None)


def gather(
    cases: tuple[Case, Case],
    runs: int = 1000,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    stored: Stored | None = None,
    levers: Sequence[str] | None = None,
    progress: ShowProgress = _silent,
) -> ReportData:
    """Compare two scenarios, explain the difference, try all levers, and repeat over parameter sets.

    Args:
        cases: the two scenarios, with different names.
        runs: of each scenario; hybrids and levers get at most ``PART_RUNS``.
        seed: of the draws.
        months: length of all runs; default: the longer of the scenarios' own.
        parameters: values that replace the defaults.
        stored: evidence-consistent parameter sets; without them nothing is said about robustness.
        levers: names of levers to try; default: all that come with the package and can be read.
        progress: shows how far each step has come.

    Raises:
        ScenarioError, ValueError: as ``compare``.
    """
    given = dict(parameters or {})
    first, second = scenarios = tuple(case.scenario for case in cases)
    length = max(scenario.default_months for scenario in scenarios) if months is None else months
    few = min(runs, PART_RUNS)
    with progress(runs * 2, "compare") as finished:
        comparison = compare(scenarios, runs, seed, length, given, progress=finished)
    with _unknown_total(progress, "explain") as of_total:
        known = comparison.ensembles.values()
        explanation = explain(
            first, second, HEADLINE, few, seed, length, given, known=known, progress=of_total
        )
    tried = tuple(sound_levers()[0] if levers is None else map(load_lever, levers))
    variants = variants_of(cases, tried)
    count = sum(isinstance(variant, Scenario) for variant in variants.values())
    with progress(max(few * count, 1), "levers") as finished:
        effects = lever_effects(comparison.ensembles, variants, few, progress=finished)
    robust = None
    if stored is not None:
        with progress(SET_RUNS * len(stored.sets) * 2, "robust") as finished:
            robust = compare_robustly(
                scenarios, stored.sets, SET_RUNS, seed, length, given, progress=finished
            )
    return ReportData(cases, comparison, explanation, tried, effects, robust, stored, given)


@contextmanager
def _unknown_total(show: ShowProgress, what: str) -> Iterator[ProgressOfTotal]:
    """Progress of runs whose number is known only when the first are finished."""
    with ExitStack() as stack:
        bars: list[Progress] = []

        def finished(number: int, total: int) -> None:
            if not bars:
                bars.append(stack.enter_context(show(total, what)))
            bars[0](number)

        yield finished
