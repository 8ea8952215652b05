"""The findings page says what its numbers say, and would say otherwise if they did."""

from __future__ import annotations

import re
from types import ModuleType

import pandas as pd
import pytest

from tverretatlig_sim.study.history_matching import stored_sets
from tverretatlig_sim.study.sampling import outcomes_over, with_entries

from .conftest import Loaded
from .documents import ROOT


@pytest.fixture
def findings(load: Loaded) -> ModuleType:
    return load("findings")


@pytest.mark.parametrize("language", ["en", "nb"])
def test_pages_are_made_from_the_stored_numbers(findings: ModuleType, language: str) -> None:
    stored = (ROOT / "docs" / findings.PAGES[language]).read_text(encoding="utf-8")
    assert findings.page(*findings.stored(), language) == stored


def test_every_claim_has_its_trials(findings: ModuleType) -> None:
    found, _how = findings.stored()
    asked = findings.ASKED
    trials = len(asked["tasks"]) * len(asked["months"])
    assert found["claim"].value_counts().to_dict() == {claim["id"]: trials for claim in asked["claim"]}


def test_numbers_in_sentences_are_those_of_the_table(findings: ModuleType) -> None:
    found, _how = findings.stored()
    for _claim, own in found.groupby("claim"):
        said = findings.sentences(own, "en")
        least, most = re.findall(r"[+−]\d+\.\d", said[0])[:2]
        assert float(least.replace("−", "-")) == pytest.approx(own["mean"].min(), abs=0.051)
        assert float(most.replace("−", "-")) == pytest.approx(own["mean"].max(), abs=0.051)
        fewest, largest = map(int, re.search(r"in (\d+) to (\d+) per cent", said[0]).groups())
        assert (fewest, largest) == (round(own["better"].min()), round(own["better"].max()))


def test_levers_act_on_the_work_of_the_task(findings: ModuleType) -> None:
    plain, pulled = (
        findings.with_task(f"0-24-2018{lever}", "0-24-2018") for lever in ("", "+agile-delivery")
    )
    assert pulled.portfolio != plain.portfolio


def rows(mean: list[float], better: list[float], worse: list[float], wide: float = 0.5) -> pd.DataFrame:
    table = pd.DataFrame({"mean": mean, "better": better, "worse": worse})
    return table.assign(
        low=table["mean"] - wide, high=table["mean"] + wide, no_matter=100 - table["better"] - table["worse"]
    )


def test_verdicts_turn_with_the_numbers(findings: ModuleType) -> None:
    favour = rows([5.0, 4.0], [95.0, 90.0], [1.0, 2.0])
    against = rows([-5.0, -4.0], [1.0, 2.0], [95.0, 90.0])
    assert findings.verdict(favour) == "holds"
    assert findings.verdict(against) == "reversed"
    assert findings.verdict(pd.concat([favour, against])) == "depends"
    assert findings.verdict(rows([0.1, -0.1], [2.0, 1.0], [1.0, 2.0])) == "nothing"
    assert findings.verdict(rows([5.0, 0.9], [95.0, 50.0], [1.0, 2.0])) == "leans"
    assert findings.verdict(rows([5.0, -0.9], [95.0, 50.0], [1.0, 45.0])) == "open"


def test_a_turned_number_turns_the_page(findings: ModuleType) -> None:
    found, how = findings.stored()
    turned = found.assign(
        mean=-found["mean"], low=-found["high"], high=-found["low"],
        better=found["worse"], worse=found["better"],
    )  # fmt: skip
    holding = [claim for claim, own in found.groupby("claim") if findings.verdict(own) == "holds"]
    for claim in holding:
        assert findings.verdict(turned[turned["claim"] == claim]) == "reversed"
    assert findings.page(turned, how, "en") != findings.page(found, how, "en")


@pytest.mark.slow
def test_a_trial_is_the_robust_comparison_on_that_task(
    findings: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = [it for it in findings.ASKED["claim"] if it["id"] in {"secretariat", "fewer-initiatives"}]
    small = {**findings.ASKED, "claim": claims, "tasks": ["0-24-2018"], "months": [60]}
    monkeypatch.setattr(findings, "ASKED", small)
    sets = stored_sets(12)
    found = findings.trials(sets, 2, 1)
    assert found["claim"].tolist() == [it["id"] for it in claims]
    assert (found[["better", "no_matter", "worse"]].sum(axis=1)).tolist() == pytest.approx([100, 100])
    a, b = (findings.with_task(claims[0][side], "0-24-2018") for side in "ab")
    others = [findings.with_task(it["a"], "0-24-2018") for it in claims if it["b"] == claims[0]["b"]]
    drawn = with_entries(sets, [*others, b], 1)
    found_a, found_b = (outcomes_over(it, drawn, 2, 1, 60)["implemented_of_planned"] for it in (a, b))
    assert found.loc[0, "mean"] == pytest.approx(100 * (found_a - found_b).mean(), abs=1e-3)
