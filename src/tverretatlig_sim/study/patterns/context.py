"""What a pattern is evaluated in: ensembles over parameter sets, each simulated once and shared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.batch import BATCH_SIZE, months_of, resolve_parameters, world_of
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.study.patterns.sample import Recorder, Sample, joined
from tverretatlig_sim.study.patterns.variations import Variation
from tverretatlig_sim.study.sampling import ParameterSets

Key = tuple[str, tuple[Variation, ...], int | None]


@dataclass(frozen=True)
class Context:
    """Parameter sets, and ensembles over them.

    Attributes:
        sets: the parameter sets.
        runs: runs of each set; run k of a set has the same luck in every scenario.
        seed: of the draws.
        switches: variations that are applied to everything, after all others.
        halves: which of a set's runs are read: all, or every second from the first or the second.
        report: called with the number of runs finished since the last call.
    """

    sets: ParameterSets
    runs: int
    seed: int = 1
    switches: tuple[Variation, ...] = ()
    halves: slice = field(default_factory=lambda: slice(None))
    report: Callable[[int], None] | None = None
    _samples: dict[Key, Sample] = field(default_factory=dict, repr=False)

    def sample(self, scenario: str, *variations: Variation, months: int | None = None) -> Sample:
        """The ensemble of a shipped scenario, or a file, with variations.

        Args:
            scenario: name or path.
            *variations: changes, in order.
            months: length of a run; default: the scenario's.
        """
        key = (scenario, variations, months)
        if key not in self._samples:
            self._samples[key] = self._simulated(*key)
        return self._samples[key].only(self.halves)

    def switched(self, *switches: Variation) -> Context:
        """The same sets and draws, with mechanisms taken away."""
        return replace(self, switches=self.switches + switches, _samples={})

    def half(self, which: int) -> Context:
        """The same ensembles, read from every second run of each set: half 0 or 1."""
        return replace(self, halves=slice(which, None, 2))

    def _simulated(self, name: str, variations: tuple[Variation, ...], months: int | None) -> Sample:
        scenario, overrides = load_scenario(name), dict(self.sets.by_run(self.runs))
        # What a scenario sets itself is part of what it describes.
        overrides = {key: value for key, value in overrides.items() if key not in scenario.parameters}
        for variation in variations + self.switches:
            scenario = variation.change(scenario)
            overrides.update({key: np.array([value]) for key, value in variation.parameters.items()})
        return self._run(scenario, overrides, months or scenario.default_months)

    def _run(self, scenario: Scenario, overrides: dict[str, Floats], months: int) -> Sample:
        world, total = world_of(scenario, months), len(self.sets) * self.runs
        values = resolve_parameters(scenario, overrides, total)
        blocks = []
        for first in range(0, total, BATCH_SIZE):
            last = min(first + BATCH_SIZE, total)
            numbers = self.sets.first * self.runs + np.arange(first, last)
            recorder = Recorder(world)
            for progress in months_of(world, values.block(first, last), self.seed, numbers):
                recorder.add(progress)
            blocks.append(recorder.recorded())
            if self.report is not None:
                self.report(last - first)
        return joined(world, months, blocks, len(self.sets), self.runs)
