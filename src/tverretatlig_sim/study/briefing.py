"""Everything a brief or a report on a base and its change rests on: same seed, months and parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass

import pandas as pd

from tverretatlig_sim.ensemble import HEADLINE, OF_PLANNED
from tverretatlig_sim.ensemble.compare import Comparison, compare
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.ensemble.simulate import simulate
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.levers import load_lever, sound_levers
from tverretatlig_sim.scenario.load import ScenarioLike
from tverretatlig_sim.scenario.overlay import Line
from tverretatlig_sim.study.barriers import Barriers, barriers, evaluators
from tverretatlig_sim.study.effects import Effects, at_same_load, effects
from tverretatlig_sim.study.explain import ProgressOfTotal
from tverretatlig_sim.study.history_matching import Stored
from tverretatlig_sim.study.levers import LeverEffects, lever_effects, variants_of
from tverretatlig_sim.study.robust import RobustComparison, compare_robustly
from tverretatlig_sim.study.sampling import Progress
from tverretatlig_sim.workers import sharing, start_workers

PART_RUNS = 128
"""Most runs of each combination of changes, without each barrier, and with each lever: there are many."""
SETS, SET_RUNS = 256, 4
"""Evidence-consistent parameter sets that are tried, the first ones, and runs of each."""

ShowProgress = Callable[[int, str], AbstractContextManager[Progress]]
"""Shows how far one step has come, given how many runs it takes and what it does: ``compare``, ``explain``,
``barriers``, ``levers`` or ``robust``."""


@dataclass(frozen=True, eq=False)
class Briefing:
    """Results on a base and its change.

    Attributes:
        comparison: of the two on the same draws, the base first.
        effects: what each change does, alone and together.
        same_load: the change with the work on each full-time equivalent that the base has; None if it has.
        barriers: what holds the change back, of all that evaluators report anywhere.
        robust: the comparison in evidence-consistent parameter sets, if asked for.
        stored: all these sets.
        levers: what each lever would add to the change, if asked for.
        parameters: values that replace the defaults.
    """

    comparison: Comparison
    effects: Effects
    same_load: Ensemble | None
    barriers: Barriers
    robust: RobustComparison | None
    stored: Stored | None
    levers: LeverEffects | None
    parameters: Mapping[str, float]

    @property
    def base(self) -> Scenario:
        """What was changed."""
        return self.effects.base

    @property
    def change(self) -> Scenario:
        """What it was changed into."""
        return self.effects.change


def glance(comparison: Comparison, lines: Sequence[Line]) -> Briefing:
    """What a comparison of a base with its change tells by itself: nothing of each change alone, or barriers.

    Args:
        comparison: of the two on the same draws, the base first.
        lines: that make the change.
    """
    base, change = (ensemble.scenario for ensemble in comparison.ensembles.values())
    how = (comparison.seed, comparison.runs, comparison.months)
    idle = tuple(not (line.changes or line.lever) for line in lines)
    nothing = Effects(base, change, tuple(lines), tuple(line.key for line in lines), idle, {}, (), *how)
    left = Barriers(pd.DataFrame(columns=["outcome", "source"]), change, "", 0, 0, *how[::2], 0.0)
    return Briefing(comparison, nothing, None, left, None, None, None, {})


def _silent(total: int, what: str) -> AbstractContextManager[Progress]:
    return nullcontext(lambda finished: None)


@sharing
def gather(
    base: ScenarioLike,
    change: ScenarioLike,
    runs: int = 500,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    stored: Stored | None = None,
    levers: Sequence[str] | None = (),
    progress: ShowProgress = _silent,
    workers: int | None = None,
) -> Briefing:
    """Compare a base with its change, tell what each change does, and try how far the answer holds.

    Args:
        base: as for ``load_scenario``.
        change: what ``edit`` made of it, or any other scenario of another name.
        runs: of both; combinations of changes, barriers and levers get at most 128.
        seed: of the draws.
        months: length of all runs; default: the longer of the scenarios' own.
        parameters: values that replace the defaults.
        stored: evidence-consistent parameter sets, ``read_stored()``; the first 256 are tried.
        levers: names of levers to try on the change; None for all that come with the package.
        progress: shows how far each step has come.
        workers: processes, as for ``simulate``.

    Raises:
        ScenarioError, ValueError: as ``compare``.
    """
    given, few = dict(parameters or {}), min(runs, PART_RUNS)
    one, other = pair = load_scenario(base), load_scenario(change)
    length = max(it.default_months for it in pair) if months is None else months
    how = (seed, length, given)
    if stored is not None or levers is None:
        start_workers("tverretatlig_sim.ensemble.simulate")
    with progress(2 * runs, "compare") as finished:
        comparison = compare(pair, runs, *how, progress=finished)
    known = [*comparison.ensembles.values()]
    with _unknown_total(progress, "explain") as of_total:
        found = effects(one, other, few, *how, known=known, progress=of_total)
    same = at_same_load(one, other)
    alike = None if same is None else simulate(same, few, *how, series="none")
    with progress(few * (1 + len(evaluators().explanation)), "barriers") as finished:
        left = barriers(
            other, few, *how, outcomes=(HEADLINE, OF_PLANNED), kinds=True, already=known, progress=finished
        )
    tried = [*(sound_levers()[0] if levers is None else map(load_lever, levers))]
    helped = None
    if tried:
        variants = variants_of([other], tried)
        count = sum(isinstance(variant, Scenario) for variant in variants.values())
        with progress(max(few * count, 1), "levers") as finished:
            helped = lever_effects(comparison.ensembles, variants, few, progress=finished)
    robust = None
    if stored is not None:
        sets = stored.sets.part(0, min(SETS, len(stored.sets)))
        with progress(SET_RUNS * len(sets) * 2, "robust") as finished:
            robust = compare_robustly(pair, sets, SET_RUNS, *how, progress=finished)
    return Briefing(comparison, found, alike, left, robust, stored, helped, given)


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
