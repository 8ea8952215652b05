"""What an ensemble keeps: all outcomes or some, and series that do not grow with the runs."""

from __future__ import annotations

import numpy as np
import pytest

from tverretatlig_sim.ensemble.simulate import simulate

RUNS = {"runs": 30, "seed": 1, "months": 36, "batch_size": 10}


def test_some_outcomes_are_the_same_numbers_and_the_headline_is_always_there() -> None:
    everything, some = (
        simulate("pure-network", **RUNS),
        simulate("pure-network", outcomes=["drafted"], **RUNS),
    )
    assert list(some.outcomes) == ["implemented_rate", "drafted"]
    assert some.outcomes.equals(everything.outcomes[list(some.outcomes)])
    assert some.series.identical(everything.series)


def test_moments_of_blocks_are_those_of_every_run() -> None:
    moments, runs = (simulate("pure-network", series=kind, **RUNS).series for kind in ("moments", "runs"))
    mean, every = moments["ownership_mean"].sel(statistic="mean"), runs["ownership_mean"]
    np.testing.assert_allclose(mean, every.mean("run"), rtol=1e-12)


@pytest.mark.parametrize("view", ["funnel", "frameworks"])
def test_views_of_all_outcomes_say_that_they_need_them(view: str) -> None:
    ensemble = simulate("pure-network", outcomes=["drafted"], **RUNS)
    with pytest.raises(ValueError, match="needs all outcomes"):
        getattr(ensemble, view)()


def test_an_unknown_outcome_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(ValueError, match="no outcome 'implemented_rates'; allowed: implemented_rate, "):
        simulate("pure-network", outcomes=["implemented_rates"], **RUNS)
