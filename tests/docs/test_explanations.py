"""The tables of explanations and hazards run at small size, and say what the numbers say."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

import tverretatlig_sim as ts
from tverretatlig_sim.study.history_matching import stored_sets

from .conftest import Loaded
from .documents import ROOT

GRORUD = "grorud-valley-2007"


@pytest.fixture
def experiment(load: Loaded) -> ModuleType:
    return load("explanations")


def test_the_page_has_a_place_for_every_table(experiment: ModuleType) -> None:
    import generated

    page = ROOT / "docs" / "explanations.md"
    for name in ("made", "", "chain"):
        assert generated.stored(page, "-".join(filter(None, ("explanations", name)))) is not None
    for name in ("levels", "differences"):
        assert generated.stored(page, f"hazards-{name}") is not None


@pytest.mark.slow
def test_it_writes_every_table(
    experiment: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiment, "PAIRS", (("etatssamarbeidet-2023", "etatssamarbeidet-2022"),))
    asked = ["--sets", "2", "--runs", "2", "--arrangements", GRORUD, "--hazards", "line_drop"]
    experiment.main([*asked, "--out", str(tmp_path)])
    made = {path.stem: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.md")}
    assert made["explanations-made"] == "2 evidence-consistent parameter sets × 2 runs, seed 1.\n"
    assert f"| Exclusion | `{GRORUD}` | I | – | – | – |" in made["explanations"]
    assert "inclusion_periphery" in made["explanations-chain"]
    assert f"| `{GRORUD}` | `line_drop` |" in made["hazards-levels"]
    assert (
        "| `etatssamarbeidet-2023` − `etatssamarbeidet-2022` | `line_drop` |" in made["hazards-differences"]
    )
    found = pd.read_csv(tmp_path / "barriers.csv")
    assert {*found["scenario"]} == {GRORUD}
    assert {*found["outcome"]} == {*experiment.TOLD, *experiment.CHAIN}


def test_both_arrangements_of_a_pair_have_the_work_of_the_second(experiment: ModuleType) -> None:
    for a, b, pair in experiment.same_work():
        theirs = {project.name for project in ts.load_scenario(b).portfolio.project}
        assert {project.name for project in pair[a].portfolio.project} <= theirs
        assert pair[a].arrangement.name == ts.load_scenario(a).arrangement.name
        assert pair[b] == ts.load_scenario(b)


def test_a_hazard_is_run_at_its_default_and_its_ends(experiment: ModuleType) -> None:
    hazard = experiment.HAZARDS[-1]
    scenario = ts.load_scenario("pure-network")
    found = experiment.hazards({"x": scenario}, [hazard], stored_sets(2), 2, 1)
    assert [key[2] for key in found] == ["default", "low", "high"]
    rates = [found["x", hazard, end]["implemented_of_planned"].mean() for end in ("low", "default", "high")]
    assert rates[0] > rates[2]  # the more the line drops, the less is implemented


def test_a_hazard_that_is_gone_is_named_with_the_place(experiment: ModuleType) -> None:
    with pytest.raises(SystemExit, match=r"experiments/explanations.py: nope is not a parameter"):
        experiment.main(["--hazards", "nope"])
    assert len(experiment.HAZARDS) == 2
    assert "line_drop" in experiment.HAZARDS


@pytest.mark.parametrize(
    ("outcome", "mean", "low", "high", "moved"),
    [
        ("structure_share", 0.02, 0.01, 0.03, True),
        ("structure_share", 0.005, 0.004, 0.006, False),
        ("structure_share", -0.02, -0.05, 0.01, False),
        ("lost_line", -0.6, -0.8, -0.4, True),
        ("lost_line", -0.3, -0.4, -0.2, False),
    ],
)
def test_a_link_moves_clearly_and_by_what_matters(
    experiment: ModuleType, outcome: str, mean: float, low: float, high: float, *, moved: bool
) -> None:
    row = pd.Series({"mean": mean, "low": low, "high": high}, name=outcome)
    assert experiment.moves(row) is moved


def test_only_small_effects_are_followed_along_the_chain(experiment: ModuleType) -> None:
    def rows(explanation: str, effect: float) -> list[dict[str, object]]:
        told = dict.fromkeys(experiment.TOLD, effect) | dict.fromkeys(experiment.CHAIN, 0.0)
        told |= {"structure_share": -0.1}
        head = {"title": explanation, "scenario": "x", "dose": "wholly"}
        return [
            {**head, "outcome": name, "mean": it, "low": it - 1e-3, "high": it + 1e-3}
            for name, it in told.items()
        ]

    table = experiment.chain_table(pd.DataFrame([*rows("large", 0.05), *rows("small", 0.01)]))
    assert table["explanation"].tolist() == ["small"]
    assert table["what moves"].tolist() == ["structure_share -10.0"]
    assert "trust_mean" in table["what does not"].item()
