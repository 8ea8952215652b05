"""The headline study and the ablation run at small size, and their tables follow from the numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from tverretatlig_sim import simulate
from tverretatlig_sim.scenario import load_scenario
from tverretatlig_sim.study.history_matching import stored_sets

from .conftest import Loaded


@pytest.fixture
def headline(load: Loaded, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    found = load("headline")
    monkeypatch.setattr(found, "STRUCTURES", ("0-24-2015", "etatssamarbeidet-2022"))
    monkeypatch.setattr(found, "TASKS", ("0-24-2015", "0-24-2018"))
    monkeypatch.setattr(found, "MONTHS", 60)
    return found


@pytest.fixture
def ablation(load: Loaded, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    found = load("ablation")
    monkeypatch.setattr(found, "list_scenarios", lambda: ["pure-network", "0-24-2018"])
    return found


@pytest.mark.slow
def test_the_headline_study_writes_tables_and_figures(headline: ModuleType, tmp_path: Path) -> None:
    size = ["--sets", "3", "--runs", "2", "--lever-sets", "2", "--lever-runs", "2", "--workers", "1"]
    headline.main([*size, "--levers", "stronger-secretariat", "--out", str(tmp_path)])
    structures = pd.read_csv(tmp_path / "structures.csv")
    assert len(structures) == 4
    own = structures[structures["structure"] == headline.REFERENCE]
    assert (own["against"] == 0).all()
    levers = pd.read_csv(tmp_path / "levers.csv")
    assert levers["lever"].tolist() == ["stronger-secretariat"]
    assert levers.loc[0, "lowest"] <= levers.loc[0, "effect"] <= levers.loc[0, "highest"]
    shares = pd.read_csv(tmp_path / "variance.csv")["share"]
    assert shares.sum() == pytest.approx(100, abs=1e-3), "six digits of each are kept"
    assert "3 evidence-consistent parameter sets × 2 runs" in (tmp_path / "headline.md").read_text("utf-8")
    assert (tmp_path / "headline-structures.png").stat().st_size > 10_000


def rates(headline: ModuleType, value: dict[tuple[str, str, str, int], float]) -> pd.DataFrame:
    rows = [(*key, rate) for key, rate in value.items()]
    return pd.DataFrame(rows, columns=["structure", "task", "lever", "set", "rate"])


def test_variance_is_shared_out_to_what_it_hangs_on(headline: ModuleType) -> None:
    a, b = headline.STRUCTURES
    x, y = headline.TASKS
    offset = {a: 0.0, b: 0.2, x: 0.0, y: 0.1}
    found = rates(
        headline,
        {(s, t, "", k): 0.3 + offset[s] + offset[t] for s in (a, b) for t in (x, y) for k in range(3)},
    )
    shares = headline.shares_of_variance(found).set_index("part")["share"]
    assert shares["structure"] == pytest.approx(80)
    assert shares["task"] == pytest.approx(20)
    assert shares["parameter set"] == pytest.approx(0, abs=1e-9)


def test_a_lever_is_held_against_the_same_structure_task_and_set(headline: ModuleType) -> None:
    a, b = headline.STRUCTURES
    x, y = headline.TASKS
    base = {(s, t, "", k): 0.1 * k + 0.05 * (s == a) for s in (a, b) for t in (x, y) for k in range(4)}
    pulled = {(s, t, "help", k): base[s, t, "", k] + (0.06 if s == a else -0.02) for s, t, _, k in base}
    row = headline.levers_table(rates(headline, {**base, **pulled})).iloc[0]
    assert row["effect"] == pytest.approx(2.0)
    assert row["above"] == 100
    assert (row["lowest"], row["highest"]) == pytest.approx((-2.0, 6.0))
    assert row["highest_in"].startswith(a)


@pytest.mark.slow
def test_the_ablation_writes_its_report(ablation: ModuleType, tmp_path: Path, monkeypatch) -> None:
    chosen = ablation.patterns(["core-gives-more", "nobody-wants-to-be-coordinated"])
    monkeypatch.setattr(ablation, "patterns", lambda: chosen)
    size = ["--sets", "3", "--runs", "1", "--drawn", "4", "--pattern-runs", "2"]
    ablation.main([*size, "--mechanisms", "round_trip", "municipal_chain", "--out", str(tmp_path)])
    report = pd.read_csv(tmp_path / "ablation.csv").set_index("mechanism")
    assert report.loc["municipal_chain", "matters"] in {"yes", "no"}
    effects = pd.read_csv(tmp_path / "effects.csv")
    assert set(effects["mechanism"]) == {"round_trip", "municipal_chain"}
    assert "3 evidence-consistent sets" in (tmp_path / "ablation.md").read_text("utf-8")


@pytest.mark.slow
def test_an_effect_is_the_difference_a_switch_makes(ablation: ModuleType) -> None:
    sets = stored_sets(2)
    size = ablation.Size(sets, 3, sets, 1, 1)
    off = ablation.MECHANISMS["wait_and_see"]
    found = ablation.effects(ablation.outcomes_without(size, None), ablation.outcomes_without(size, off))
    row = found[(found["scenario"] == "pure-network") & (found["outcome"] == "trust_mean")].iloc[0]
    values = sets.by_run(3)
    usual, without = (
        simulate("pure-network", 6, 1, parameters=given, series="none").outcomes["trust_mean"].mean()
        for given in (values, {**values, "wait_and_see": 0.0})
    )
    assert row["mean"] == pytest.approx(usual - without)
    assert row["mean"] != 0


def test_orders_count_clear_changes_only(ablation: ModuleType) -> None:
    rng = np.random.default_rng(1)
    near, far = rng.normal(0.5, 0.01, 50), rng.normal(0.2, 0.01, 50)

    def means(**values: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
        return {name: {ablation.HEADLINE: value} for name, value in values.items()}

    usual = means(a=near, b=far, c=near.copy())
    assert ablation.orders(usual, usual) == (0, 0, 3)
    assert ablation.orders(usual, means(a=far, b=near, c=near.copy()))[0] == 1


def test_switches_change_scenarios(ablation: ModuleType) -> None:
    plain = load_scenario("0-24-2018")
    given = plain.arrangement.programme_resources.model_copy(update={"value": 0.3})
    more = {"programme_resources": given, "municipal_chain": ["udir"]}
    scenario = replace(plain, arrangement=plain.arrangement.model_copy(update=more))
    resources, chain = (
        ablation.MECHANISMS[name].change for name in ("programme_resources", "municipal_chain")
    )
    assert float(resources(scenario).arrangement.programme_resources) == 0
    assert chain(scenario).arrangement.municipal_chain == []
    assert resources(chain(scenario)).arrangement == chain(resources(scenario)).arrangement
