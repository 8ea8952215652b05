"""A revision holds what has changed, and leaves the state it started from as it was."""

from __future__ import annotations

import numpy as np

import tverretatlig_sim as ts
from tverretatlig_sim.ensemble.batch import resolve_parameters
from tverretatlig_sim.kernel import Draws, initial_state
from tverretatlig_sim.kernel.revision import Revision
from tverretatlig_sim.world import build_world


def test_only_what_changes_is_copied() -> None:
    scenario = ts.load_scenario("0-24-2018")
    world, parameters = build_world(scenario, 1), resolve_parameters(scenario, None, 2)
    state = initial_state(world, parameters, Draws(1, np.arange(2)), 2)
    new, at = Revision(state), np.array([1])
    assert new.now("stage") is state.stage
    new.put("stage", at[:0], 3)
    assert not new
    new.put("stage", at, 3)
    assert list(new) == ["stage"]
    assert new.take("stage", at) == 3
    assert (state.stage == 0).all()
    assert state.evolve(new).stage is new["stage"]
