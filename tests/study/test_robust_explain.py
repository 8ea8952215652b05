"""What a difference is made of, over parameter sets."""

from __future__ import annotations

import numpy as np
import pytest

from tverretatlig_sim.scenario import load_scenario
from tverretatlig_sim.show.inference import robust_sentence
from tverretatlig_sim.study import explain
from tverretatlig_sim.study.patterns.evaluation import wilson
from tverretatlig_sim.study.robust import RobustExplanation, explain_robustly
from tverretatlig_sim.study.sampling import draw_sets, fixed_sets

A, B = load_scenario("etatssamarbeidet-2022"), load_scenario("etatssamarbeidet-2023")


@pytest.fixture(scope="module")
def found() -> RobustExplanation:
    return explain_robustly(A, B, draw_sets(6), "trust_mean", runs=2, months=30)


def test_contributions_add_up_in_every_set(found: RobustExplanation) -> None:
    assert found.contributions.shape == (6, 8)
    assert np.abs(found.contributions.sum(axis=1) - found.difference).max() < 1e-9
    differing = set(found.differing)
    assert differing
    assert (found.contributions.drop(columns=list(differing)) == 0).all(axis=None)


def test_shares_are_counted_over_sets(found: RobustExplanation) -> None:
    table = found.table().set_index("part")
    part = found.differing[0]
    values = found.contributions[part]
    assert table.loc[part, "sets"] == 6
    assert table.loc[part, "share_above"] == (values > 0).mean()
    assert table.loc[part, "share_below"] == pytest.approx((values < 0).mean())
    assert tuple(table.loc[part, ["share_low", "share_high"]]) == wilson(int((values > 0).sum()), 6)
    assert table.loc[part, "mean"] == pytest.approx(values.mean())
    assert found.total()["mean"] == pytest.approx(found.difference.mean())


def test_with_one_set_it_is_explain() -> None:
    alone = explain(A, B, "trust_mean", runs=4, months=30, parameters={"turnover": 0.02})
    found = explain_robustly(A, B, fixed_sets({"turnover": 0.02}), "trust_mean", runs=4, months=30)
    assert found.contributions.loc[0].to_numpy() == pytest.approx(alone.contributions.mean().to_numpy())


def test_the_sentence_follows_the_numbers(found: RobustExplanation) -> None:
    part = found.table().iloc[0]
    said = robust_sentence(found)
    assert f"“{A.name}” in {100 * part['share_above']:.0f} %" in said
    mirrored = explain_robustly(B, A, draw_sets(6), "trust_mean", runs=2, months=30)
    assert mirrored.contributions[part["part"]].to_numpy() == pytest.approx(
        -found.contributions[part["part"]].to_numpy()
    )
    same = explain_robustly(A, A, draw_sets(2), "trust_mean", runs=1, months=12)
    assert "do not differ" in robust_sentence(same)
    with pytest.raises(ValueError, match="did you mean"):
        explain_robustly(A, B, draw_sets(2), "trust_maen", runs=1, months=12)
