"""What evaluators say held an arrangement back: doses that follow from arrangements, and paired effects."""

from __future__ import annotations

import re
from math import isnan
from pathlib import Path

import pandas as pd
import pytest

import tverretatlig_sim as ts
from tverretatlig_sim.scenario import ScenarioError
from tverretatlig_sim.scenario.edits import differences
from tverretatlig_sim.scenario.history import phases
from tverretatlig_sim.study import barriers as study
from tverretatlig_sim.study.history_matching import stored_sets
from tverretatlig_sim.study.robust import compare_robustly
from tverretatlig_sim.study.sampling import outcomes_over

NAME = "0-24-2018"
FILE = study.evaluators()
ROOT = Path(__file__).parents[2]


IDEA = "dfo-project-groups"
"""Said to be worth considering, without a word on its numbers, so nothing is measured by it."""


def barrier(name: str, explanation: str) -> study.Barrier:
    return next(it for it in FILE.barrier if name in it.arrangements and it.explanation == explanation)


def row(found: study.Barriers, *key: str) -> pd.Series:
    """The row of an explanation, dose and outcome."""
    return found.table.set_index(["id", "dose", "outcome"]).loc[key]


def taken(name: str, explanation: str, dose: str) -> dict[str, object]:
    """What taking a barrier away changes, by address."""
    before = ts.load_scenario(name)
    after, _parameters, _reason = study.without(before, barrier(name, explanation), dose)
    return {change.address: change.after for change in differences(before, after)}


def test_a_barrier_is_taken_away_from_a_whole_history() -> None:
    history = ts.load_scenario("etatssamarbeidet-history")
    after, *_rest = study.without(history, barrier(history.arrangement.name, "vague-mandates"), "wholly")
    vague, clear = (
        [float(it.arrangement.mandate_clarity) for _date, it in phases(scenario)]
        for scenario in (history, after)
    )
    assert len(clear) == 3
    assert max(vague) < min(clear) == 1.0


def test_every_evaluated_arrangement_has_barriers_and_every_other_a_reason() -> None:
    listed = {name for it in FILE.barrier for name in it.arrangements}
    own = {ts.load_scenario(name).arrangement.name for name in ts.list_scenarios()}
    assert {*FILE.compared, IDEA} == {name for name in own if not name.startswith("pure-")}
    assert {*FILE.compared, IDEA} == listed | FILE.unevaluated.keys()
    assert not listed & FILE.unevaluated.keys()
    assert {it.explanation for it in FILE.barrier} == {it.id for it in FILE.explanation}
    pairs = [(name, it.explanation) for it in FILE.barrier for name in it.arrangements]
    assert len({*pairs}) == len(pairs)
    assert all(re.fullmatch("[FIET](/[FIET])*", it.grade) for it in FILE.barrier)


def test_they_are_those_of_the_passages() -> None:
    """Section K of the passages has a cell where the file has a barrier, and the grades agree."""
    section = (ROOT / "docs" / "passages.md").read_text(encoding="utf-8").partition("## K.")[2]
    heads, _line, *rows = [
        row.split("|")[1:-1] for row in re.findall(r"^\|.*\|$", section, re.MULTILINE)[:10]
    ]
    short = {"etatssamarbeidet-2022/-2023": "etatssamarbeidet-2022"}
    starts = [short.get(head.strip(), head.strip()) for head in heads[1:]]
    names = [next(name for name in FILE.compared if name.startswith(start)) for start in starts]
    found = {}
    for explanation, row in zip(FILE.explanation, rows, strict=True):
        for name, cell in zip(names, row[1:], strict=True):
            plain = re.sub(r"\(.*?\)", "", cell.replace("*", "")).strip()
            if not plain.startswith("–"):
                found[name, explanation.id] = {*re.findall(r"\b[FIET]\b", plain)} - {"K"}
    mine = {(name, it.explanation): {*it.grade.split("/")} for it in FILE.barrier for name in it.arrangements}
    assert {pair for pair in mine if pair[0] in names} == found.keys()
    assert all(mine[pair] <= grades for pair, grades in found.items())


@pytest.mark.parametrize(
    ("explanation", "what", "least"),
    [
        ("vague-mandates", "arrangement.project_clarity", True),
        pytest.param(
            "unlike-steering", "ministry_forum.kubu-college.authority", True, marks=pytest.mark.slow
        ),
        pytest.param(
            "sector-interest", "project.statistics.instruments_given_up", False, marks=pytest.mark.slow
        ),
    ],
)
def test_the_common_dose_is_the_best_of_the_arrangements(explanation: str, what: str, least: bool) -> None:
    def number(name: str) -> float:
        scenario = ts.load_scenario(name)
        if what.startswith("arrangement."):
            return float(getattr(scenario.arrangement, what.partition(".")[2]))
        if what.startswith("ministry_forum."):
            bodies = [it for it in scenario.arrangement.ministry_forum if it.function == "steer"]
            return sum(float(it.authority) for it in bodies) / len(bodies) if bodies else 0.0
        given = [float(it.instruments_given_up) for it in scenario.portfolio.project]
        return sum(given) / len(given)

    best = (max if least else min)(map(number, FILE.compared))
    changed = taken(NAME, explanation, "common")
    moved = [value for address, value in changed.items() if address.endswith(what.rpartition(".")[2])]
    assert moved
    assert all(float(value) == pytest.approx(best) for value in moved)


def test_what_is_left_of_the_gap_is_the_smallest_gap() -> None:
    before = ts.load_scenario(NAME)
    after, *_rest = study.without(before, barrier(NAME, "distance"), "common")
    gaps = [study.measured("understanding-gap", ts.load_scenario(name)) for name in FILE.compared]
    assert study.measured("understanding-gap", after) == pytest.approx(min(gaps))
    assert study.measured("understanding-gap", before) > min(gaps)


def test_one_level_and_as_few_seats_as_the_smallest() -> None:
    before = ts.load_scenario("etatssamarbeidet-2023")
    after, *_rest = study.without(before, barrier(before.name, "structure-talk"), "common")
    seats = [len(forum.seats) for forum in after.arrangement.forum]
    assert max(seats) == 5  # 0-24 and DFØ's own advice
    assert len(seats) < len(before.arrangement.forum)


def test_the_claim_says_what_stays() -> None:
    """DFO25 found the cooperation's mandate vague, not those of its projects."""
    assert taken("etatssamarbeidet-2022", "vague-mandates", "wholly").keys() == {
        "arrangement.mandate_clarity"
    }
    assert "arrangement.project_clarity" in taken("0-24-2015", "vague-mandates", "wholly")


def test_effects_are_those_of_a_comparison_by_hand() -> None:
    scenario = ts.load_scenario(NAME)
    found = ts.barriers(scenario, runs=12, seed=3, months=50)
    without, *_rest = study.without(scenario, barrier(NAME, "vague-mandates"), "wholly")
    paired = ts.compare([without, scenario], runs=12, seed=3, months=50, series="none")
    for outcome in study.TOLD:
        own, by_hand = row(found, "vague-mandates", "wholly", outcome), paired.table(outcome).iloc[0]
        assert [own[key] for key in ("mean", "low", "high")] == [
            by_hand[key] for key in ("mean", "low", "high")
        ]
        assert own["mean"] != 0
        assert isnan(own["share"])  # of one set


@pytest.mark.slow
def test_shares_are_those_of_a_robust_comparison_by_hand() -> None:
    scenario, sets = ts.load_scenario(NAME), stored_sets(8)
    found = ts.barriers(scenario, runs=2, months=50, sets=sets, smallest=0.02)
    without, *_rest = study.without(scenario, barrier(NAME, "vague-mandates"), "common")
    # Barriers keep the scenario's own numbers as its files give them.
    compared = compare_robustly([without, scenario], sets, 2, 1, 50, smallest=0.02, scenario_numbers="fixed")
    for by_hand in compared.table(study.TOLD).to_dict("records"):
        own = row(found, "vague-mandates", "common", by_hand["outcome"])
        keys = {"mean": "mean", "low": "low", "high": "high", **study.SHARES}
        assert [own[key] for key in keys] == pytest.approx(
            [by_hand[key] for key in keys.values()], nan_ok=True
        )
        assert 0 <= own["share_low"] <= own["share"] <= own["share_high"] <= 1


def test_a_parameter_takes_a_barrier_away_in_every_set() -> None:
    scenario, sets, outcome = ts.load_scenario("ny-giv-2010"), stored_sets(4), study.TOLD[0]
    found = ts.barriers(scenario, runs=2, months=60, sets=sets)
    anchored = {"anchoring_start": 1.0, "anchoring_drift": 0.0}
    on, off = (outcomes_over(scenario, sets, 2, 1, 60, given)[outcome] for given in ({}, anchored))
    assert row(found, "unanchored-proposals", "wholly", outcome)["mean"] == pytest.approx((off - on).mean())
    assert (off != on).any()


@pytest.mark.slow
def test_a_removal_that_changes_nothing_says_so_and_has_no_effect() -> None:
    found = ts.barriers(NAME, runs=3, months=40).table
    rows = found[found["reason"].astype(bool)]
    # nobody has more stop points or better structures, and one forum steers
    assert {*rows["id"]} == {"unanchored-proposals", "structure-talk"}
    assert {*rows["dose"]} == {"common"}
    assert (rows["mean"].dropna() == 0).all()
    for explanation, dose in {*zip(found["id"], found["dose"], strict=True)} - {
        *zip(rows["id"], rows["dose"], strict=True)
    }:
        scenario = ts.load_scenario(NAME)
        made, parameters, reason = study.without(scenario, barrier(NAME, explanation), dose)
        assert not reason
        assert parameters or [*differences(scenario, made)]


def test_no_barriers_are_listed_where_nobody_says_any() -> None:
    for name, said in {"dfo-simplified": "never tried", "pure-network": "No evaluation"}.items():
        found = ts.barriers(name)
        assert found.table.empty
        assert said in str(found.reason)


def test_levers_pulled_before_stay() -> None:
    scenario = ts.load_scenario(f"{NAME}+line-calibration")
    made, *_rest = study.without(scenario, barrier(NAME, "vague-mandates"), "common")
    assert float(made.arrangement.stop_points) == float(scenario.arrangement.stop_points) == 3


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("exclusion = 0.0", "exclusoin = 0.0", "exclusoin: unknown parameter"),
        ("exclusion = 0.0", "exclusion = 2.0", "exclusion: is 2"),
        ('grade = "F"', "grade = 1", "grade: is 1"),
        ("leave_out = ", "leaveout = ", "leaveout"),
    ],
)
def test_a_fault_names_the_file(old: str, new: str, said: str, tmp_path: Path) -> None:
    text = study.SHIPPED.read_text(encoding="utf-8")
    assert old in text
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        study.evaluators(mine)
    assert "mine.toml" in str(refused.value)
    assert said in str(refused.value)


def test_a_single_run_a_set_is_refused() -> None:
    with pytest.raises(ValueError, match="runs"):
        ts.barriers(NAME, runs=1, sets=stored_sets(2))
