"""Every shipped scenario runs five years and says something; what is missing or constant has a reason."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tverretatlig_sim import list_scenarios, load_scenario, simulate

pytestmark = pytest.mark.slow
MONTHS, RUNS = 60, 40
RATES = ("implemented_rate", "implemented_rate_horizon")

CORE_TRUST = {"trust_core", "trust_core_to_periphery", "trust_periphery_to_core"}
NO_FORUM = {"structure_share", "service_quality", "attendance_core", "attendance_periphery"}
NOT_VETTED = {"mandate_rounds", "months_to_mandate"}
NO_RUNG_3, NO_RUNG_4 = {"negative_coordination"}, {"positive_coordination"}
NO_CHAIN = {"reached_municipalities", "municipal_link"}
NO_LAW, NO_MONEY = {"implemented_legal"}, {"implemented_economic"}
# In some runs only: nothing was implemented, or handed to municipalities, or drafted that takes law or money.
NOTHING_DONE = {"fte_per_implemented", "months_from_draft", "months_to_implement"}
NOTHING_FOR_MUNICIPALITIES = {"municipal_link"}
COOPERATION = NO_RUNG_3 | NOT_VETTED | NOTHING_FOR_MUNICIPALITIES
MISSING: Mapping[str, set[str]] = {
    "0-24-2015": NO_RUNG_4 | NOT_VETTED | NOTHING_FOR_MUNICIPALITIES | NOTHING_DONE | NO_LAW | NO_MONEY,
    "0-24-2018": NO_RUNG_3 | NOTHING_FOR_MUNICIPALITIES,
    "dfo-project-groups": COOPERATION | NO_LAW,
    "dfo-simplified": NO_RUNG_3 | NO_LAW | NOT_VETTED,
    "etatssamarbeidet-2022": COOPERATION,
    "etatssamarbeidet-2023": COOPERATION,
    "etatssamarbeidet-2025": NO_RUNG_3 | NOT_VETTED | NOTHING_DONE | NO_LAW,
    "etatssamarbeidet-history": COOPERATION,
    "grorud-valley-2007": NO_RUNG_3 | NO_CHAIN | NO_LAW | NO_MONEY,
    # One core agency trusts nobody within the core.
    "housing-for-welfare-2014": NO_RUNG_4 | NO_CHAIN | NOT_VETTED | {"trust_core"},
    "integration-goals-2006": NO_FORUM | NOT_VETTED | NO_RUNG_4 | NO_CHAIN | NO_LAW | {"trust_core"},
    # The star names no core agency.
    "k-plus-2010": NO_RUNG_3 | NO_CHAIN | NO_LAW | NO_MONEY | NOT_VETTED | CORE_TRUST | {"attendance_core"},
    "labour-crime-2015": NO_CHAIN,
    "ny-giv-2010": NO_RUNG_3 | NO_CHAIN | NO_MONEY | NOT_VETTED,
    # Neither forums nor project groups, hence no ties.
    "pure-hierarchy": NO_FORUM | COOPERATION | NOTHING_DONE | CORE_TRUST | {"trust_mean"},
    "pure-network": NO_RUNG_3 | NOT_VETTED,
}
"""Outcomes that do not apply, by scenario."""

NOBODY_DECIDES_BELOW_ITS_RANK, NO_LOSS_BY_CHAIN = {"round_trips"}, {"lost_municipalities"}
NONE_LOST_IN_BUDGET, SERVED, ALL_DRAFTED = {"lost_ministries"}, {"service_quality"}, {"not_drafted"}
NOTHING_BY_LAW, NOTHING_BY_MONEY = {"implemented_legal"}, {"implemented_economic"}
NOBODY_OUTSIDE, ALL_AGREE = {"inclusion_periphery"}, {"lost_disagreement"}
CONSTANT: Mapping[str, set[str]] = {
    # By mid-2019 neither law nor budget had changed (DEL19 5.1.3); what is for county governors begins late.
    "0-24-2015": NOBODY_OUTSIDE | NOTHING_BY_LAW | NOTHING_BY_MONEY | NO_CHAIN,
    # Law and budget take longer than the projects leave of five years, there and in the assignments of 2022.
    "0-24-2018": NOBODY_OUTSIDE | SERVED | NOTHING_BY_LAW | NOTHING_BY_MONEY,
    # No body that meets: the lead's line decides, and the ministries' secretariat serves their college.
    "dfo-project-groups": ALL_DRAFTED
    | ALL_AGREE
    | NOBODY_DECIDES_BELOW_ITS_RANK
    | SERVED
    | NOBODY_OUTSIDE
    | {"meetings"},
    "dfo-simplified": ALL_DRAFTED | SERVED | ALL_AGREE,
    "etatssamarbeidet-2022": ALL_DRAFTED | NOTHING_BY_MONEY,
    "etatssamarbeidet-2023": ALL_DRAFTED | NOTHING_BY_MONEY,
    "etatssamarbeidet-2025": ALL_DRAFTED | ALL_AGREE,
    "etatssamarbeidet-history": ALL_DRAFTED | NOTHING_BY_MONEY,
    "grorud-valley-2007": ALL_DRAFTED | SERVED | NONE_LOST_IN_BUDGET | NO_LOSS_BY_CHAIN | NOBODY_OUTSIDE,
    "housing-for-welfare-2014": ALL_DRAFTED
    | SERVED
    | NO_LOSS_BY_CHAIN
    | NOBODY_DECIDES_BELOW_ITS_RANK
    | NOBODY_OUTSIDE
    | NOTHING_BY_LAW,
    # Agencies have contact and do not come to see things alike: rung 1.
    "integration-goals-2006": ALL_DRAFTED
    | NO_LOSS_BY_CHAIN
    | NOBODY_DECIDES_BELOW_ITS_RANK
    | NOBODY_OUTSIDE
    | NOTHING_BY_MONEY
    | {"meetings", "ladder_rung"},
    "k-plus-2010": ALL_DRAFTED | NONE_LOST_IN_BUDGET | NO_LOSS_BY_CHAIN | NOBODY_OUTSIDE,
    "labour-crime-2015": ALL_DRAFTED
    | NO_LOSS_BY_CHAIN
    | NOBODY_DECIDES_BELOW_ITS_RANK
    | NOBODY_OUTSIDE
    | ALL_AGREE
    | NOTHING_BY_LAW
    | {"ladder_rung"},
    "ny-giv-2010": ALL_DRAFTED | SERVED | ALL_AGREE | NO_LOSS_BY_CHAIN | NOBODY_OUTSIDE,
    "pure-hierarchy": ALL_DRAFTED
    | NOBODY_DECIDES_BELOW_ITS_RANK
    | NOBODY_OUTSIDE
    | NOTHING_BY_MONEY
    | {"meetings", "ladder_rung"},
    # Ministries give no attention there, so they consent to neither law nor budget.
    "pure-network": ALL_DRAFTED | NOTHING_BY_LAW | NOTHING_BY_MONEY,
}
"""Outcomes that are 0, or 1, in every run in which they are defined, at the default parameters."""

STRAINED = {
    "will_intercept": -3.0, "friction": 1.2, "group_drag": 0.4, "work_per_seat": 0.06,
    "work_per_project": 0.15, "backlog_abandonment": 0.1, "turnover": 0.04, "turnover_loss": 0.5,
}  # fmt: skip
"""An end of the evidence ranges at which work is slow and secretariats have most to do."""


def run(name: str, parameters: Mapping[str, float] | None = None) -> pd.DataFrame:
    made = simulate(load_scenario(name), RUNS, 1, MONTHS, parameters=dict(parameters or {}), series="none")
    return made.outcomes


@pytest.fixture(scope="module")
def outcomes() -> dict[str, pd.DataFrame]:
    return {name: run(name) for name in list_scenarios()}


def test_every_scenario_is_looked_at() -> None:
    assert set(MISSING) == set(CONSTANT) == set(list_scenarios())


def test_the_model_description_says_what_can_be_missing() -> None:
    text = (Path(__file__).parents[2] / "docs" / "odd.md").read_text(encoding="utf-8")
    section = text.partition("### Where an outcome is missing")[2].partition("\n### ")[0]
    assert {name for name in set().union(*MISSING.values()) if f"`{name}`" not in section} == set()


@pytest.mark.parametrize("name", list_scenarios())
def test_missing_is_what_does_not_apply(name: str, outcomes: dict[str, pd.DataFrame]) -> None:
    table = outcomes[name]
    assert {column for column in table if table[column].isna().any()} == MISSING[name]
    assert np.isfinite(table.drop(columns=sorted(MISSING[name]))).all(axis=None)


@pytest.mark.parametrize("name", list_scenarios())
def test_what_never_moves_is_known(name: str, outcomes: dict[str, pd.DataFrame]) -> None:
    table = outcomes[name]
    stuck = {column for column in table if set(table[column].dropna()) in ({0.0}, {1.0})}
    assert stuck == CONSTANT[name]


@pytest.mark.parametrize("name", list_scenarios())
def test_no_rate_is_all_or_nothing(name: str, outcomes: dict[str, pd.DataFrame]) -> None:
    """Away from 0 and 1 by four standard errors; no line alone gets much done in time in pure-hierarchy."""
    for rate in RATES:
        mean, spread = outcomes[name][rate].mean(), outcomes[name][rate].std()
        assert 0 < 4 * spread / np.sqrt(RUNS) < min(mean, 1 - mean)


def test_what_is_full_or_empty_at_default_moves_within_the_ranges() -> None:
    served = [name for name, stuck in CONSTANT.items() if stuck >= SERVED]
    strained = {name: run(name, STRAINED) for name in {*served, "0-24-2018"}}
    assert all(strained[name]["service_quality"].mean() < 1 for name in served)
    assert strained["0-24-2018"]["not_drafted"].mean() > 0
