"""Search: structures on the edge between what joint work achieves and what it costs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from pathlib import Path

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.batch import ParameterValue, rules_of, sizes_of
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.ensemble.statistics import MeanInterval, mean_interval, nondominated, rivals
from tverretatlig_sim.i18n import _
from tverretatlig_sim.inputs import Whole, given_names, whole
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.own import OWN
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.errors import check_named
from tverretatlig_sim.scenario.load import ScenarioLike
from tverretatlig_sim.study.dials import Dial, Level, Settings, dials_of, turned
from tverretatlig_sim.study.history_matching import stored_sets
from tverretatlig_sim.study.robust_shares import ANSWERS, means_of, robust_shares, smallest_of
from tverretatlig_sim.study.sampling import DEFAULTS, Progress, outcomes_of
from tverretatlig_sim.study.task import SerialisedScenario, digest_of, own_digest
from tverretatlig_sim.version import __version__
from tverretatlig_sim.workers import sharing

COST = "fte_spent"
A_SET = 2
"""Runs of each parameter set in a robust search."""
FRESH = 2**63
"""Distance from the seed of the search to that of the fresh draws."""
SMALLEST, LARGEST = 8, 50
"""Population of a generation: a fifth of the trials within these limits."""
TOGETHER = 16
"""Settings evaluated together, and lost together when a search is stopped."""
FILE = "evaluations.jsonl"

Runs = tuple[Floats, Floats]
"""Gain and cost of every run."""
Evaluation = tuple[MeanInterval, MeanInterval]


# --- the algorithm


def optimise(
    space: Mapping[str, Sequence[Level]],
    evaluate: Callable[[Sequence[Settings]], Sequence[tuple[float, float]]],
    trials: int,
    seed: int,
) -> list[Settings]:
    """Settings tried by a multi-objective genetic algorithm (NSGA-II, by Optuna), each once, in order.

    Args:
        space: levels of each dial.
        evaluate: gives gain (to be large) and cost (to be small) of each of some settings, NaN where there is
            none; called with those of a generation that were not tried before.
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
    for first in range(0, trials, population):
        asking = [study.ask(asked) for _trial in range(first, min(first + population, trials))]
        keys = [tuple(levels[it.params[name]] for name, levels in space.items()) for it in asking]
        new = [key for key in dict.fromkeys(keys) if key not in known]
        found = evaluate([dict(zip(space, key, strict=True)) for key in new])
        known.update(zip(new, found, strict=True))
        for trial, key in zip(asking, keys, strict=True):
            if all(map(isfinite, known[key])):
                study.tell(trial, known[key])
            else:
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
    return [dict(zip(space, key, strict=True)) for key in known]


# --- evaluations


@dataclass
class Evaluations:
    """Gain and cost by settings; written down line by line if there is a folder.

    The algorithm is run anew each time and asks for the same settings in the same order, so that a search
    that was stopped and goes on gives the same as one that was not.

    Attributes:
        folder: where; None keeps them in memory only.
        job: what they were made with; lines of another job are left alone and not used.
    """

    folder: Path | None
    job: str
    known: dict[str, Evaluation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read what is there."""
        path = self.folder / FILE if self.folder else None
        if path is not None and path.is_file():
            text = path.read_text(encoding="utf-8")
            for line in text.splitlines():
                self._take(line)
            if not text.endswith("\n"):
                path.write_text(text + "\n", encoding="utf-8")  # what follows must not join a line cut off

    def _take(self, line: str) -> None:
        try:
            entry = json.loads(line)
            if entry["job"] == self.job:
                self.known[entry["settings"]] = (MeanInterval(*entry["gain"]), MeanInterval(*entry["cost"]))
        except (ValueError, TypeError, KeyError):
            return  # cut off when the program was stopped

    def of(
        self,
        asked: Sequence[Settings],
        make: Callable[[Sequence[Settings]], Sequence[Runs]],
        progress: Progress | None = None,
    ) -> list[Evaluation]:
        """What is known about some settings, made and kept, a few at a time, if nothing is."""
        keys = [json.dumps(dict(settings), sort_keys=True) for settings in asked]
        missing = [(key, it) for key, it in zip(keys, asked, strict=True) if key not in self.known]
        progress = progress or (lambda number: None)
        progress(len(keys) - len(missing))
        for first in range(0, len(missing), TOGETHER):
            some = missing[first : first + TOGETHER]
            for (key, _it), runs in zip(some, make([it for _key, it in some]), strict=True):
                self._keep(key, _summarised(runs))
                progress(1)
        return [self.known[key] for key in keys]

    def _keep(self, key: str, evaluation: Evaluation) -> None:
        self.known[key] = evaluation
        if self.folder is not None:
            entry = {"job": self.job, "settings": key, "gain": evaluation[0], "cost": evaluation[1]}
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / FILE).open("a", encoding="utf-8") as file:
                print(json.dumps(entry), file=file)


@dataclass(frozen=True)
class Job:
    """How settings are evaluated: what is simulated, and what is read off; see ``search``."""

    scenario: Scenario
    runs: int
    seed: int
    months: int
    parameters: Mapping[str, ParameterValue]
    robust: bool
    dials: tuple[Dial, ...]
    gain: str
    cost: str
    rules: RuleSet

    def run(self, asked: Sequence[Settings], seed: int, runs: int) -> list[Runs]:
        """Gain and cost of every run at each of some settings, on the draws of a seed."""
        cases = [(turned(self.scenario, settings), self.parameters) for settings in asked]
        sets, of_each = (stored_sets(runs // A_SET), A_SET) if self.robust else (DEFAULTS, runs)
        read = (self.gain, self.cost)
        found = outcomes_of(cases, sets, of_each, seed, self.months, outcomes=read, rules=self.rules)
        return [(it[self.gain].reshape(-1), it[self.cost].reshape(-1)) for it in found]

    @property
    def key(self) -> str:
        """What the results hang on, apart from settings."""
        made = [__version__, SerialisedScenario.of(self.scenario).digest, self.runs, self.seed, self.months]
        told = [dial for dial in self.dials if dial.name in OWN["search dial"]]
        own = own_digest(self.rules, (self.gain, self.cost), [self.scenario], told)
        asked = [sorted(self.parameters.items()), self.robust, self.gain, self.cost]
        return digest_of([*made, *asked, *([own] if own else [])])


@dataclass(frozen=True, eq=False)
class Search:
    """Everything that was tried, and its front tried again on fresh draws.

    Attributes:
        job: how it was evaluated.
        tried: settings with gain and cost on the draws of the search, in order.
        fresh_runs: runs of each point of the front on fresh draws.
        fresh: gain and cost of every run on fresh draws, for points of the front by position in ``tried``.
        as_it_is, fresh_as_it_is: gain and cost of the scenario as it is, and of its runs, on the fresh draws.
        as_it_was: gain and cost on the draws of the search.
    """

    job: Job
    tried: Sequence[tuple[Settings, Evaluation]]
    fresh_runs: int
    fresh: Mapping[int, Runs]
    as_it_is: Evaluation
    as_it_was: Evaluation
    fresh_as_it_is: Runs

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
            all that the fresh runs say; and ``clear``, whether none may. If ``robust``, also those of
            ``robust_shares`` from ``better`` to ``undecided``: of the gain against the scenario as it is.
        """
        points = list(self.fresh)
        again = pd.DataFrame(
            [_columns(_summarised(runs), "fresh_") for runs in self.fresh.values()], index=points
        )
        table = self.table().drop(columns="front").loc[points].join(again)
        table["holds"] = nondominated(
            table["fresh_gain"].to_numpy(dtype=float), table["fresh_cost"].to_numpy(dtype=float)
        )
        gains, costs = ([runs[side] for runs in self.fresh.values()] for side in (0, 1))
        table["rivals"] = [len(others) for others in rivals(gains, costs)]
        table["clear"] = table["rivals"] == 0
        if self.job.robust:
            table = table.join(pd.DataFrame([self._over_sets(gain) for gain in gains], index=points))
        return table.sort_values(["fresh_cost", "fresh_gain"], kind="stable")

    def _over_sets(self, gain: Floats) -> dict[str, float]:
        """In which share of the sets a point is better than the scenario as it is."""
        sets = stored_sets(self.fresh_runs // A_SET).values
        difference = (gain - self.fresh_as_it_is[0]).reshape(-1, A_SET)
        found = robust_shares(*means_of(difference), sets, smallest_of(self.job.gain))
        return {key: found[key] for key in found if key.startswith((*ANSWERS, "undecided"))}

    @property
    def flattery(self) -> float:
        """How much better the draws that chose the front make it look than fresh draws, on average.

        Gains are counted from the scenario as it is, so draws that are kind to everyone do not count.
        """
        kindness = self.as_it_was[0].mean - self.as_it_is[0].mean
        return float((self.front["gain"] - self.front["fresh_gain"]).mean() - kindness)


def fresh_seed(seed: int) -> int:
    """A seed whose draws have nothing to do with those of another."""
    return (seed + FRESH) % 2**64


def _columns(evaluation: Evaluation, prefix: str = "") -> dict[str, float]:
    return {
        f"{prefix}{name}{end}": value
        for name, interval in zip(("gain", "cost"), evaluation, strict=True)
        for end, value in (("", interval.mean), ("_low", interval.low), ("_high", interval.high))
    }


def _summarised(runs: Runs) -> Evaluation:
    return mean_interval(runs[0]), mean_interval(runs[1])


# --- the search


@sharing
def search(
    scenario: ScenarioLike,
    trials: Whole = 200,
    runs: Whole = 100,
    seed: Whole = 1,
    months: Whole | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    fresh_runs: Whole | None = None,
    robust: bool = False,
    dials: Iterable[str] = (),
    gain: str = HEADLINE,
    cost: str = COST,
    folder: str | Path | None = None,
    rules: RuleSet | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
) -> Search:
    """Search the dials of a scenario for the best gain at every cost.

    All settings are tried on the same draws, so that they differ by structure and not by chance. The best
    are tried again on fresh draws, which show how much of being the best of many is chance.

    Args:
        scenario: whose structure to vary; see ``dials_of`` for what can be turned.
        trials: settings to ask for; 2 or more.
        runs: of each, at least 2.
        seed: of draws and algorithm; the same seed gives the same search.
        months: length of a run; default: the scenario's.
        parameters: values that replace the defaults.
        fresh_runs: runs of the front on fresh draws; default: five times ``runs``.
        robust: run parameter sets that agree with the evidence, two runs each; so gains are means over what
            is not known. Runs are then limited to twice the number of sets.
        dials: names of those to turn, the others stay as they are; default: all.
        gain: outcome to be made large.
        cost: outcome to be made small.
        folder: where evaluations are kept as they are made; a search that was stopped goes on from there.
        rules: what happens in a month, as for ``simulate``.
        progress: called with the number of trials finished since the last call.
        workers: processes, as for ``simulate``.

    Raises:
        ValueError: if a number is out of range, a dial or an outcome unknown, or no trial has a gain.
        ScenarioError: if a parameter is not valid.
    """
    scenario = load_scenario(scenario)
    length = scenario.default_months if months is None else months
    trials = whole("trials", trials, 2, 10**9)
    runs, seed, length, _size = sizes_of(whole("runs", runs, 2, 10**9), seed, length)
    again = whole("fresh_runs", 5 * runs if fresh_runs is None else fresh_runs, 2, 10**9)
    check_named("outcome", gain, OUTCOMES)
    check_named("outcome", cost, OUTCOMES)
    limit = A_SET * len(stored_sets()) if robust else max(runs, again)
    block = A_SET if robust else 1  # sets are run as a whole
    chosen = _chosen(scenario, given_names("dials", dials, "portfolio"))
    fewer, again = (min(n, limit) // block * block for n in (runs, again))
    job = Job(
        scenario, fewer, seed, length, dict(parameters or {}), robust, chosen, gain, cost, rules_of(rules)
    )
    (plain,), (before,) = job.run([{}], fresh_seed(seed), again), job.run([{}], seed, fewer)
    tried = _tried(job, trials, Evaluations(None if folder is None else Path(folder), job.key), progress)
    gains, costs = (np.array([evaluation[side].mean for _settings, evaluation in tried]) for side in (0, 1))
    points = np.flatnonzero(nondominated(gains, costs)).tolist()
    if not points:
        raise ValueError(_("{gain} is undefined in every trial; try more months", gain=gain))
    again_run = job.run([tried[point][0] for point in points], fresh_seed(seed), again)
    fresh = dict(zip(points, again_run, strict=True))
    return Search(job, tried, again, fresh, _summarised(plain), _summarised(before), plain)


def _chosen(scenario: Scenario, names: Sequence[str]) -> tuple[Dial, ...]:
    known = dials_of(scenario)
    if unknown := sorted(set(names) - {dial.name for dial in known}):
        raise ValueError(
            _(
                "{scenario} has no dial {names}; allowed: {allowed}",
                scenario=scenario.name,
                names=", ".join(unknown),
                allowed=", ".join(dial.name for dial in known),
            )
        )
    return tuple(dial for dial in known if not names or dial.name in names)


def _tried(
    job: Job, trials: int, kept: Evaluations, progress: Progress | None
) -> list[tuple[Settings, Evaluation]]:
    """Settings the algorithm asked for, evaluated or remembered."""

    def evaluations(asked: Sequence[Settings], progress: Progress | None = None) -> list[Evaluation]:
        return kept.of(asked, lambda some: job.run(some, job.seed, job.runs), progress)

    def evaluate(asked: Sequence[Settings]) -> list[tuple[float, float]]:
        return [(gain.mean, cost.mean) for gain, cost in evaluations(asked, progress)]

    tried = optimise({it.name: it.levels for it in job.dials}, evaluate, trials, job.seed)
    return list(zip(tried, evaluations(tried), strict=True))
