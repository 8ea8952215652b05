"""What the signs of the model are read off: one number a run, of a scenario changed in one respect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tverretatlig_sim import Scenario
from tverretatlig_sim.ensemble.batch import months_of, resolve_parameters
from tverretatlig_sim.ensemble.series import ratio
from tverretatlig_sim.kernel.state import DONE, NEVER, WORKING
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.world import World, build_world
from tverretatlig_sim.world.tables import NO_DUTY

from .worlds import parameters_of

PATIENCE = 12
"""Months after hand-over within which a duty must be taken up to count."""

Numbers = np.ndarray
Values = Mapping[str, float | Numbers]


@dataclass(frozen=True)
class Observation:
    """One ensemble.

    Attributes:
        outcomes: as the package has them, arrays of shape (run,).
        effort: mean monthly effort of each agency, shape (agency, run).
        progress: mean over months and commissioned projects under way or done.
        due, taken: duties of each agency handed over PATIENCE months before the end, and how many of these
            were taken up within PATIENCE months; shape (agency, run).
        world: for names and positions.
    """

    outcomes: Mapping[str, Numbers]
    effort: Numbers
    progress: Numbers
    due: Numbers
    taken: Numbers
    world: World

    @property
    def adoption(self) -> Numbers:
        """Share of duties taken up in time, of all agencies."""
        return ratio(self.taken.sum(axis=0), self.due.sum(axis=0))

    def adoption_by(self, agency: str) -> Numbers:
        row = self.world.agencies.names.index(agency)
        return ratio(self.taken[row], self.due[row])

    def effort_of(self, agency: str) -> Numbers:
        return self.effort[self.world.agencies.names.index(agency)]

    @property
    def total_effort(self) -> Numbers:
        return self.effort.sum(axis=0)


def observe(scenario: Scenario, values: Values, runs: int, seed: int = 1) -> Observation:
    """Run a scenario to its default end.

    Args:
        scenario: changed or not.
        values: parameters, scalar or one value a run.
        runs: number of runs.
        seed: the same on both sides of a comparison, for common random numbers.
    """
    world = build_world(scenario, scenario.default_months)
    parameters = resolve_parameters(scenario, values, runs)
    taken_at = np.full((len(world.duties.agency), runs), NEVER)
    effort, progress, months = np.zeros((len(world.agencies.names), runs)), np.zeros(runs), np.zeros(runs)
    commissioned = np.unique(world.stakes.project[world.stakes.commissioned])
    for now in months_of(world, parameters, seed, np.arange(runs)):
        state = now.state
        effort += state.effort / world.months
        begun = commissioned[world.projects.start[commissioned] < now.months]
        progress += state.progress[begun].sum(axis=0)
        months += len(begun)
        took = np.isin(state.duty_status, (WORKING, DONE)) & (taken_at == NEVER)
        taken_at[took] = now.months - 1
    handed = state.handed_at[world.duties.recommendation]
    due = (state.bears != NO_DUTY) & (handed != NEVER) & (handed < world.months - PATIENCE)
    taken = due & (taken_at != NEVER) & (taken_at - handed <= PATIENCE)
    sums = world.duties.by_agency
    return Observation(
        now.outcomes(),
        effort,
        ratio(progress, months),
        sums @ due.astype(float),
        sums @ taken.astype(float),
        world,
    )


def sample(default: int, evidence: int, seed: int = 1) -> dict[str, Numbers]:
    """Parameters of runs with the default values, then of runs with an own vector from the evidence."""
    drawn = parameters_of(seed, "evidence", evidence)
    return {
        name: np.concatenate([np.full(default, spec.value), drawn[name]])
        for name, spec in parameter_specs().items()
    }


def t_statistic(differences: Numbers) -> float:
    """Mean over its standard error; infinite where all differences are equal and not 0, NaN without any."""
    known = differences[~np.isnan(differences)]
    if len(known) < 2:
        return np.nan
    mean, spread = float(known.mean()), float(known.std(ddof=1))
    if spread > 0:
        return mean / spread * np.sqrt(len(known))
    return float(np.sign(mean)) * np.inf if mean else 0.0
