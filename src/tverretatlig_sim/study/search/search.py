"""Structures on the edge between what joint work achieves and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from tverretatlig_sim.ensemble.ensemble import ParameterValue, check_size, simulate
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.errors import no_outcome
from tverretatlig_sim.study.robust import stored_sets
from tverretatlig_sim.study.robust.compare import drawn_for
from tverretatlig_sim.study.search.dials import Dial, Settings, dials_of, turned
from tverretatlig_sim.study.search.optimise import optimise
from tverretatlig_sim.study.search.pareto import nondominated, rivals
from tverretatlig_sim.study.search.store import Evaluation, Evaluations
from tverretatlig_sim.study.task import SerialisedScenario, digest_of
from tverretatlig_sim.version import __version__
from tverretatlig_sim.world.sparse import Floats

GAIN, COST = "implemented_rate", "fte_spent"
FRESH = 2**63
"""Distance from the seed of the search to that of the fresh draws."""

Runs = tuple[Floats, Floats]
"""Gain and cost of every run."""


@dataclass(frozen=True)
class Job:
    """How settings are evaluated: what is simulated, and what is read off."""

    scenario: Scenario
    runs: int
    seed: int
    months: int
    parameters: Mapping[str, ParameterValue]
    robust: bool
    dials: tuple[Dial, ...]
    gain: str
    cost: str

    def run(self, settings: Settings, seed: int, runs: int) -> Runs:
        """Gain and cost of every run at some settings, on the draws of a seed."""
        scenario = turned(self.scenario, settings)
        drawn = drawn_for(scenario, stored_sets(runs), 1) if self.robust else {}
        values = {**drawn, **self.parameters}
        table = simulate(scenario, runs, seed, self.months, values, series="none").outcomes
        return table[self.gain].to_numpy(dtype=np.float64), table[self.cost].to_numpy(dtype=np.float64)

    @property
    def key(self) -> str:
        """What the results hang on, apart from settings."""
        said = [__version__, SerialisedScenario.of(self.scenario).digest, self.runs, self.seed, self.months]
        return digest_of([*said, sorted(self.parameters.items()), self.robust, self.gain, self.cost])


@dataclass(frozen=True)
class Search:
    """Everything that was tried, and its front tried again on fresh draws.

    Attributes:
        job: how it was evaluated.
        tried: settings with gain and cost on the draws of the search, in order.
        fresh_runs: runs of each point of the front on fresh draws.
        fresh: gain and cost of every run on fresh draws, for points of the front by position in ``tried``.
        as_it_is: gain and cost of the scenario as it is, on the same fresh draws.
        as_it_was: the same on the draws of the search.
    """

    job: Job
    tried: Sequence[tuple[Settings, Evaluation]]
    fresh_runs: int
    fresh: Mapping[int, Runs]
    as_it_is: Evaluation
    as_it_was: Evaluation

    @property
    def fresh_seed(self) -> int:
        """Seed of the fresh draws."""
        return fresh_seed(self.job.seed)

    def table(self) -> pd.DataFrame:
        """One row for all settings tried: dials, gain and cost with intervals, whether on the front."""
        rows = [{**settings, **_columns(evaluation)} for settings, evaluation in self.tried]
        table = pd.DataFrame(rows).rename_axis("point")
        table["front"] = np.isin(np.arange(len(rows)), list(self.fresh))
        return table

    @cached_property
    def front(self) -> pd.DataFrame:
        """One row a point of the front, cheapest first.

        Returns:
            The dials; ``gain``, ``cost`` and their intervals on the draws of the search, which chose the
            points and so flatter them; the same with the prefix ``fresh_`` on draws that did not; ``holds``,
            whether no other point of the front beats it there; ``rivals``, how many others may beat it for
            all that the fresh runs say; and ``clear``, whether none may.
        """
        points = list(self.fresh)
        gains, costs = ([self.fresh[point][side] for point in points] for side in (0, 1))
        evaluations = [(mean_interval(g), mean_interval(c)) for g, c in zip(gains, costs, strict=True)]
        again = pd.DataFrame([_columns(e, "fresh_") for e in evaluations], index=points)
        table = self.table().drop(columns="front").loc[points].join(again)
        table["holds"] = nondominated(
            table["fresh_gain"].to_numpy(dtype=float), table["fresh_cost"].to_numpy(dtype=float)
        )
        table["rivals"] = [len(others) for others in rivals(gains, costs)]
        table["clear"] = table["rivals"] == 0
        return table.sort_values(["fresh_cost", "fresh_gain"], kind="stable")

    @property
    def flattery(self) -> float:
        """How much better the draws that chose the front make it look than fresh draws, on average.

        Gains are counted from that of the scenario as it is, so that draws that are kind to everyone do not
        count.
        """
        kindness = self.as_it_was[0].mean - self.as_it_is[0].mean
        return float((self.front["gain"] - self.front["fresh_gain"]).mean() - kindness)


def fresh_seed(seed: int) -> int:
    """A seed whose draws have nothing to do with those of another."""
    return (seed + FRESH) % 2**64


def _columns(evaluation: Evaluation, prefix: str = "") -> dict[str, float]:
    sides = zip(("gain", "cost"), evaluation, strict=True)
    return {
        f"{prefix}{name}{end}": value
        for name, interval in sides
        for end, value in (("", interval.mean), ("_low", interval.low), ("_high", interval.high))
    }


def search(
    scenario: Scenario,
    trials: int = 200,
    runs: int = 100,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    fresh_runs: int | None = None,
    robust: bool = False,
    dials: Sequence[str] = (),
    gain: str = GAIN,
    cost: str = COST,
    folder: Path | None = None,
    report: Callable[[int], None] | None = None,
) -> Search:
    """Search the dials of a scenario for the best gain at every cost.

    All settings are tried on the same draws, so that they differ by structure and not by luck. The points
    that come out best are tried again on fresh draws: to be the best of many is partly luck, and only fresh
    draws show how much.

    Args:
        scenario: whose structure to vary; see ``dials_of`` for what can be turned.
        trials: settings to ask for; 2 or more.
        runs: of each, at least 2.
        seed: of draws and algorithm; the same seed gives the same search.
        months: length of a run; default: the scenario's.
        parameters: values that replace the defaults.
        fresh_runs: runs of the front on fresh draws; default: five times ``runs``.
        robust: give every run a parameter set of its own, of those that agree with the evidence; so gains are
            means over what is not known. Runs are then limited to the number of sets.
        dials: names of those to turn, the others stay as they are; default: all.
        gain: outcome to be made large.
        cost: outcome to be made small.
        folder: where evaluations are kept as they are made; a search that was stopped goes on from there.
        report: called with the number of trials and points of the front finished since the last call.

    Raises:
        ValueError: if a number is out of range, a dial or an outcome unknown, or no trial has a gain.
        ScenarioError: if a parameter is not valid.
    """
    length = scenario.default_months if months is None else months
    again = 5 * runs if fresh_runs is None else fresh_runs
    for name, number in (("trials", trials), ("runs", runs), ("fresh_runs", again)):
        if number < 2:
            raise ValueError(_("{name} = {number}: must be at least 2", name=name, number=number))
    check_size(runs, seed, length)
    limit = len(stored_sets()) if robust else max(runs, again)
    chosen = _chosen(scenario, dials)
    job = Job(scenario, min(runs, limit), seed, length, dict(parameters or {}), robust, chosen, gain, cost)
    again = min(again, limit)
    plain = _summarised(_checked(job).run({}, fresh_seed(seed), again))
    before = _summarised(job.run({}, seed, job.runs))
    tried = _tried(job, trials, Evaluations(folder, job.key), report or (lambda finished: None))
    gains, costs = (np.array([evaluation[side].mean for __, evaluation in tried]) for side in (0, 1))
    points = np.flatnonzero(nondominated(gains, costs)).tolist()
    if not points:
        raise ValueError(_("{gain} is undefined in every trial; try more months", gain=gain))
    fresh = {point: job.run(tried[point][0], fresh_seed(seed), again) for point in points}
    return Search(job, tried, again, fresh, plain, before)


def _chosen(scenario: Scenario, names: Sequence[str]) -> tuple[Dial, ...]:
    known = dials_of(scenario)
    if unknown := sorted(set(names) - {dial.name for dial in known}):
        allowed = ", ".join(dial.name for dial in known)
        raise ValueError(
            _(
                "{scenario} has no dial {names}; allowed: {allowed}",
                scenario=scenario.name,
                names=", ".join(unknown),
                allowed=allowed,
            )
        )
    return tuple(dial for dial in known if not names or dial.name in names)


def _checked(job: Job) -> Job:
    """The job, if there are such outcomes."""
    known = [str(name) for name in simulate(job.scenario, 1, 1, 1, series="none").outcomes]
    for name in (job.gain, job.cost):
        if name not in known:
            raise ValueError(no_outcome(name, known))
    return job


def _tried(
    job: Job, trials: int, kept: Evaluations, report: Callable[[int], None]
) -> list[tuple[Settings, Evaluation]]:
    """Settings the algorithm asked for, evaluated or remembered."""

    def evaluation(settings: Settings) -> Evaluation:
        found = kept.get(settings)
        if found is None:
            found = _summarised(job.run(settings, job.seed, job.runs))
            kept.put(settings, found)
        return found

    def evaluate(settings: Settings) -> tuple[float, float]:
        gain, cost = evaluation(settings)
        report(1)
        return gain.mean, cost.mean

    space = {dial.name: dial.levels for dial in job.dials}
    return [(settings, evaluation(settings)) for settings in optimise(space, evaluate, trials, job.seed)]


def _summarised(runs: Runs) -> Evaluation:
    return mean_interval(runs[0]), mean_interval(runs[1])
