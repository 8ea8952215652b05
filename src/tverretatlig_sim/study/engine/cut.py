"""A study cut into tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.study.engine.task import Packed, Record, TaskSpec, digest_of, told
from tverretatlig_sim.world.numbers import Numbers
from tverretatlig_sim.world.sparse import Floats

SEGMENT = 1000
"""Runs of a point whose statistics are taken together. Fixed, so that results do not depend on the cut."""

RUN_MONTHS = 120_000
"""Run-months of a task, about: one to three seconds on one core in 2026."""


@dataclass(frozen=True)
class Work:
    """All that the results of a study depend on, but for the program itself.

    Attributes:
        scenarios: by arrangement.
        names: parameters that vary, in the order of the columns of ``points``.
        points: shape (point, parameter).
        fixed: parameters that are the same in all points, where not the default.
        runs: of each point and arrangement.
        months, seed: of each run.
        record: what to keep of each point.
        numbers: double or single precision.
    """

    scenarios: Mapping[str, Scenario]
    names: tuple[str, ...]
    points: Floats
    fixed: Mapping[str, float]
    runs: int
    months: int
    seed: int
    record: Record
    numbers: Numbers = "double"

    @cached_property
    def packed(self) -> dict[str, Packed]:
        """The scenarios, ready to travel."""
        return {name: Packed.of(scenario) for name, scenario in self.scenarios.items()}

    @cached_property
    def defaults(self) -> dict[str, dict[str, float]]:
        """Values of the parameters that do not vary, by arrangement."""
        usual = {name: spec.value for name, spec in parameter_specs().items()}
        return {name: self._fixed(scenario, usual) for name, scenario in self.scenarios.items()}

    def _fixed(self, scenario: Scenario, usual: Mapping[str, float]) -> dict[str, float]:
        own = {name: quantity.value for name, quantity in scenario.parameters.items()}
        return {k: float(v) for k, v in {**usual, **own, **self.fixed}.items() if k not in self.names}

    @cached_property
    def digest(self) -> str:
        """Hash of the whole."""
        return digest_of(
            {
                "scenarios": [(name, packed.digest) for name, packed in self.packed.items()],
                "parameters": list(self.defaults.values()),
                "names": self.names,
                "points": self.points.tolist(),
                "runs": [self.runs, self.months, self.seed],
                "record": [self.record.outcomes, self.record.quantiles, self.record.replicates],
                **told(self.numbers),
            }
        )

    @property
    def total(self) -> int:
        """Runs in all."""
        return len(self.scenarios) * len(self.points) * self.runs

    @property
    def kept(self) -> Record:
        """What parts hold: quantiles over several segments need every run."""
        several = self.runs > SEGMENT and bool(self.record.quantiles)
        replicates = self.record.replicates or several
        return Record(self.record.outcomes, () if replicates else self.record.quantiles, replicates)

    def task_runs(self) -> int:
        """Runs of a task, of all its points together, if nobody says otherwise."""
        return max(1, RUN_MONTHS // self.months)

    def tasks(self, task_runs: int) -> list[tuple[str, TaskSpec]]:
        """The tasks with their arrangements, in the order of the table: arrangements take turns.

        Args:
            task_runs: runs of a task, of all its points together. A task holds at least one point, and at
                most one segment of its runs.
        """
        together = max(1, task_runs // self.runs)
        return [
            (name, self._task(name, first, min(first + together, len(self.points)), runs))
            for first in range(0, len(self.points), together)
            for runs in segments(self.runs)
            for name in self.scenarios
        ]

    def _task(self, name: str, first: int, last: int, runs: tuple[int, int]) -> TaskSpec:
        return TaskSpec(
            self.packed[name], self.months, self.seed, first, self.names, self.points[first:last],
            self.defaults[name], *runs, self.kept, self.numbers,
        )  # fmt: skip


def segments(runs: int) -> Sequence[tuple[int, int]]:
    """First and last (excluded) run of each segment."""
    return [(first, min(first + SEGMENT, runs)) for first in range(0, runs, SEGMENT)]
