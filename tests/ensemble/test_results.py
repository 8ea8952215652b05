"""Results at home in a notebook: short, drawn, computed once, and not to be spoilt."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

import tverretatlig_sim as ts
from tverretatlig_sim.display import Plotted
from tverretatlig_sim.ensemble import SHOWN
from tverretatlig_sim.ensemble import compare as module
from tverretatlig_sim.ensemble.outcomes import OUTCOMES

ALONE = "pure-network"


@pytest.fixture(scope="module")
def comparison() -> ts.Comparison:
    return ts.compare([ALONE, "0-24-2018"], runs=4, months=30)


def test_text_and_html_are_short(comparison: ts.Comparison) -> None:
    ensemble = comparison.ensembles[ALONE]
    assert repr(ensemble).startswith("Ensemble of pure-network: runs 4, months 30, seed 1\n")
    assert repr(comparison).startswith("Comparison of pure-network, 0-24-2018: runs 4, months 30, seed 1\n")
    for result in (ensemble, comparison):
        assert len(repr(result).splitlines()) <= 10
        html = result._repr_html_()
        assert html.startswith("<p>")
        assert html.count("<table") == 1
        assert len(html) < 10_000


def test_each_picture_is_drawn_by_name(comparison: ts.Comparison) -> None:
    ensemble = comparison.ensembles["0-24-2018"]
    for kind in ("series", "funnel", "frameworks", "meetings", "trust", "gantt"):
        assert isinstance(ensemble.plot(kind), Figure)
    assert isinstance(comparison.plot(), Figure)
    assert isinstance(comparison.plot("funnel"), Figure)
    for result in (ensemble, comparison):
        with pytest.raises(ValueError, match="no picture 'pie'; allowed: "):
            result.plot("pie")


def test_what_nobody_draws_says_so() -> None:
    class Unknown(Plotted):
        pass

    with pytest.raises(LookupError, match="Unknown"):
        Unknown().plot()


def test_tables_are_copies(comparison: ts.Comparison) -> None:
    ensemble = comparison.ensembles[ALONE]
    before = ensemble.summary()
    outcomes, summary, table = ensemble.outcomes, ensemble.summary(), comparison.table()
    outcomes.loc[:, "drafted"] = -1.0
    summary.loc[:, "mean"] = table.loc[:, "mean"] = -1.0
    ensemble.series["trust_mean"] = 0.0
    ensemble.parameters["turnover"] = 0.5
    assert ensemble.summary().equals(before)
    assert (ensemble.outcomes["drafted"] >= 0).all()
    assert ensemble.series["trust_mean"].ndim == 2
    assert ensemble.parameters == {}
    assert (comparison.table("drafted")["mean"] != -1.0).all()
    for values in (ensemble.values["drafted"], ensemble.series["trust_mean"].values):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 1.0


def test_results_are_computed_once(comparison: ts.Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, ensemble = comparison.table(), comparison.ensembles[ALONE]
    views = (ensemble.summary, ensemble.funnel, ensemble.frameworks)
    first = [view() for view in views]
    monkeypatch.setattr(module, "paired_difference", None)
    for name in ("summary", "funnel", "readouts"):
        monkeypatch.setattr(f"tverretatlig_sim.ensemble.ensemble.{name}", None)
    assert comparison.table().equals(whole)
    assert all(view().equals(table) for view, table in zip(views, first, strict=True))


def test_results_are_equal_if_they_are_the_same(comparison: ts.Comparison) -> None:
    again = ts.simulate(ALONE, 4, months=30)
    assert again == again  # noqa: PLR0124
    assert again != comparison.ensembles[ALONE]
    assert len({again, comparison, *comparison.ensembles.values()}) == 4


def test_summaries_of_a_comparison_stand_below_each_other(comparison: ts.Comparison) -> None:
    found = comparison.summary()
    assert found.index.names == ["scenario", "outcome"]
    for name, ensemble in comparison.ensembles.items():
        assert found.loc[name].equals(ensemble.summary())


def test_a_comparison_is_of_two_or_more_with_names_of_their_own() -> None:
    for alone in (ALONE, ts.load_scenario(ALONE), [ALONE], {"name": ALONE, "extends": ALONE}):
        with pytest.raises((ValueError, ts.ScenarioError), match=r"at least two scenarios; given: 1|extends"):
            ts.compare(alone, runs=2)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="given more than once: pure-network"):
        ts.compare([ALONE, ALONE])
    with pytest.raises(TypeError, match="a comparison is given a list of scenarios; given: 5"):
        ts.compare(5)  # type: ignore[arg-type]


@pytest.mark.parametrize("run", ["0", None, 0.5, True, -1, 4])
def test_a_run_that_there_is_not(run: Any, comparison: ts.Comparison) -> None:
    with pytest.raises(ValueError, match=f"run = {run!r}: must be a whole number from 0 to 3"):
        comparison.ensembles[ALONE].trace(run)


@pytest.mark.parametrize("level", [95, 0, 1.0, "0.95", None, True, [0.9]])
def test_a_level_that_is_none(level: Any, comparison: ts.Comparison) -> None:
    one = comparison.ensembles[ALONE]
    for view in (one.summary, one.funnel, one.frameworks, lambda it: comparison.table("drafted", it)):
        with pytest.raises(ValueError, match="must be a number between 0 and 1"):
            view(level)


def test_the_funnel_adds_up(comparison: ts.Comparison) -> None:
    """From stage to stage: what is there, less what is lost and what waits, gets on."""
    funnel, means = (
        comparison.ensembles["0-24-2018"].funnel(),
        comparison.ensembles["0-24-2018"].outcomes.mean(),
    )
    left = funnel["reached"] - funnel["lost"] - funnel["waiting"]
    np.testing.assert_allclose(left.iloc[:-1], funnel["reached"].iloc[1:])
    np.testing.assert_allclose(funnel["reached"], means[list(funnel.index)])
    assert funnel["lost"].sum() == pytest.approx(means["dropped"] + means["not_drafted"])


def test_every_outcome_has_a_unit_and_a_direction() -> None:
    assert set(SHOWN) <= set(OUTCOMES)
    assert {outcome.name for outcome in OUTCOMES.values()} == set(OUTCOMES)
    assert OUTCOMES["implemented_rate"].better == OUTCOMES["trust_mean"].better == "more"
    assert OUTCOMES["structure_share"].better == OUTCOMES["months_to_decide"].better == "less"
    assert all(o.unit == "count" and o.better == "less" for n, o in OUTCOMES.items() if n.startswith("lost_"))
    assert OUTCOMES["meetings"].better == "neither"
