"""Limits of the ministries' forums: what an idle body does not do; authority and link at 0 and 1."""

from __future__ import annotations

import pandas as pd
import pytest

from tverretatlig_sim import Ensemble, load_scenario, simulate

from .laboratory import agency, forum, logit, project, world

RUNS, SEED = 200, 4


def lives(*bodies: dict[str, object], accept: float = 0.5, months: int = 26) -> Ensemble:
    """Two agencies of two ministries on one report; what is handed over waits, so that letters can come."""
    members = [agency("A"), agency("B", ministry="N")]
    tables = world(
        members,
        months=months,
        projects=[project(recommendations=6, parties=2)],
        ministries=[{"name": "M"}, {"name": "N"}],
        route=["line"],
        ministry_forum=list(bodies),
        parameters={"look_pace": 0.0, "letter_uptake": 1.0, "acceptance_intercept": logit(accept)},
    )
    tables["portfolio"]["project"][0]["lead"] = "A"
    tables["parameters"]["max_rounds"] = 1000
    return simulate(load_scenario(tables), runs=RUNS, seed=SEED)


def joint(**fields: object) -> dict[str, object]:
    return forum("joint", seats=["M", "N"], chair="M", **fields)


def test_a_body_that_never_meets_changes_nothing() -> None:
    without, idle = lives(), lives(joint(authority=1.0, cadence=400))
    pd.testing.assert_frame_equal(without.outcomes, idle.outcomes)
    for found in (without, idle):
        assert not {*found.steps()["step"]} & {"reported", "heard", "tabled", "settled", "known", "in_letter"}


@pytest.mark.parametrize("link", [0.0, 1.0])
def test_the_link_says_who_writes_letters(link: float) -> None:
    """With none, only the lead's own ministry; with a full one, every ministry what was settled."""
    steps = lives(joint(authority=1.0, link=link), accept=0.99).steps(3)
    written = steps[steps["step"] == "in_letter"].groupby("who").size()
    assert written.to_dict() == ({"A": 6, "B": 6} if link else {"A": 6})
    assert (steps["step"] == "settled").sum() == 6


@pytest.mark.slow
def test_authority_settles_what_consensus_does_not() -> None:
    """Consensus of two takes 1 / p² meetings in the mean, a chair with full authority 1 / p."""

    def wait(authority: float) -> float:
        found = lives(joint(authority=authority), months=120)
        steps = pd.concat([found.steps(run) for run in range(12)])
        months = steps.groupby("step")["month"]
        return float(months.get_group("settled").mean() - months.get_group("tabled").mean())

    assert wait(0.0) == pytest.approx(3.0, abs=1.6)  # 1 / 0.25 − 1; 72 cases, four standard errors
    assert wait(1.0) == pytest.approx(1.0, abs=0.7)
