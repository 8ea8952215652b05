"""Sampling, contexts and verdicts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tverretatlig_sim import simulate
from tverretatlig_sim.scenario import load_scenario
from tverretatlig_sim.study.patterns import (
    Context,
    Finding,
    Pattern,
    Text,
    evaluate,
    load_module,
    parts,
    patterns,
    register,
    registry,
    switch,
    variation,
)
from tverretatlig_sim.study.sampling import wilson
from tverretatlig_sim.study.patterns.sample import mean_known, pooled
from tverretatlig_sim.study.sampling import draw_sets, scaled, uncertain_parameters

SCENARIO = "pure-network"


def pattern(
    statistic: Callable[[Context], np.ndarray], direction: int = 1, tolerance: float = 0.0
) -> Pattern:
    return Pattern(
        id="made-up",
        claim=Text("More is more.", "Mer er mer."),
        source="a test",
        evidence="observed",
        statistic=statistic,
        measure=Text("number", "tall"),
        direction=direction,  # type: ignore[arg-type]
        switch=switch("nothing", "ingenting"),
        tolerance=tolerance,
    )


def finding(values: np.ndarray, direction: int = 1, tolerance: float = 0.0) -> Finding:
    return Finding(pattern(lambda context: values, direction, tolerance), values)


def test_sets_fill_the_evidence_ranges_and_nothing_else() -> None:
    sets = draw_sets(512, seed=3)
    specs = uncertain_parameters()
    assert sets.names == tuple(specs)
    for name, column in zip(sets.names, sets.values.T, strict=True):
        spec = specs[name]
        assert spec.low <= column.min() < column.max() <= spec.high
        if spec.whole:
            assert set(column) == set(np.arange(spec.low, spec.high + 1))
        else:
            middle = (spec.low + spec.high) / 2
            assert abs(np.mean(column < middle) - 0.5) < 0.05


def test_whole_numbers_are_equally_likely() -> None:
    spec = uncertain_parameters()["max_rounds"]
    shares = (np.arange(1000) + 0.5) / 1000
    _, counts = np.unique(scaled(shares, spec), return_counts=True)
    assert counts.max() - counts.min() <= 1


def test_the_same_seed_gives_the_same_sets_and_more_continue_fewer() -> None:
    many, few, rest = draw_sets(64, seed=5), draw_sets(16, seed=5), draw_sets(48, seed=5, skip=16)
    np.testing.assert_array_equal(many.values[:16], few.values)
    np.testing.assert_array_equal(many.values[16:], rest.values)
    assert rest.first == 16
    assert not np.array_equal(draw_sets(16, seed=6).values, few.values)


@pytest.mark.parametrize(("number", "skip"), [(0, 0), (4, -1)])
def test_impossible_numbers_of_sets_are_refused(number: int, skip: int) -> None:
    with pytest.raises(ValueError, match="at least"):
        draw_sets(number, skip=skip)


def test_a_context_simulates_what_simulate_does() -> None:
    sets, runs = draw_sets(5, seed=2), 3
    context = Context(sets, runs, seed=9)
    own = load_scenario(SCENARIO).parameters
    vectors = {name: values for name, values in sets.by_run(runs).items() if name not in own}
    ensemble = simulate(SCENARIO, 15, 9, parameters=vectors, series="none")
    sample = context.sample(SCENARIO)
    for name, column in ensemble.outcomes.items():
        np.testing.assert_array_equal(sample.outcomes[str(name)].reshape(-1), column.to_numpy())
    assert context.sample(SCENARIO).outcomes is sample.outcomes


def test_a_part_of_the_sets_gives_what_the_whole_does() -> None:
    sets = draw_sets(6, seed=2)
    whole, part = (Context(drawn, 2).sample(SCENARIO) for drawn in (sets, sets.part(4, 6)))
    for name, values in whole.outcomes.items():
        np.testing.assert_array_equal(values[4:], part.outcomes[name])


def test_halves_are_every_second_run() -> None:
    context = Context(draw_sets(2), 4)
    whole = context.sample(SCENARIO).outcomes["meetings"]
    for which in (0, 1):
        half = context.half(which).sample(SCENARIO).outcomes["meetings"]
        np.testing.assert_array_equal(half, whole[:, which::2])


def test_a_variation_changes_what_it_says_and_a_switch_comes_last() -> None:
    context = Context(draw_sets(3), 2)
    lost = variation("lines drop at once", parameters={"line_drop": 1.0, "adoption_pace": 0.0})
    kept = variation("lines never drop", parameters={"line_drop": 0.0})
    name = "0-24-2018"
    dropped = context.sample(name, lost).outcome("lost_line")
    assert (dropped > context.switched(kept).sample(name, lost).outcome("lost_line")).all()
    assert (context.switched(kept).sample(name, lost).outcome("lost_line") == 0).all()


def test_means_and_pooled_shares_leave_out_what_is_not_known() -> None:
    np.testing.assert_array_equal(mean_known(np.array([[1.0, np.nan], [np.nan, np.nan]])), [1.0, np.nan])
    part, whole = np.ones((3, 2, 4)), np.array([2.0, 0.0])[None, :, None] * np.ones((3, 2, 4))
    np.testing.assert_array_equal(pooled(part, whole), [0.5, np.nan])


def test_verdicts_of_orderings() -> None:
    rng = np.random.default_rng(1)
    clear = 1.0 + 0.1 * rng.normal(size=100)
    few_large = np.where(np.arange(100) < 10, 50.0, -0.1)
    many_small = np.where(np.arange(100) < 80, 0.01, -50.0)
    assert finding(clear).verdict == "holds"
    assert finding(-clear, direction=-1).verdict == "holds"
    assert finding(-clear).verdict == "fails"
    assert finding(few_large).verdict == "fails"
    assert finding(many_small).verdict == "fails"
    assert finding(np.where(np.arange(100) < 53, 1.0, -1.0)).verdict == "leans"
    assert finding(np.zeros(100)).verdict == "fails"
    assert finding(np.full(100, np.nan)).verdict == "unknown"


def test_verdicts_of_distances() -> None:
    near = np.linspace(0.0, 1.0, 100)
    verdicts = [finding(near, 0, tolerance).verdict for tolerance in (0.9, 0.52, 0.1)]
    assert verdicts == ["holds", "leans", "fails"]


def test_noise_is_what_luck_does_to_a_value() -> None:
    def statistic(context: Context) -> np.ndarray:
        return context.sample(SCENARIO).outcome("fte_spent")

    sets = draw_sets(200, seed=4)
    (found,) = evaluate([pattern(statistic)], sets, 4)
    again = [statistic(Context(sets, 4, seed)) for seed in (11, 12)]
    assert found.noise == pytest.approx(np.std(again[0] - again[1]) / np.sqrt(2), rel=0.25)


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sets = draw_sets(10)
    chosen = patterns(["core-gives-more"])
    (whole,) = evaluate(chosen, sets, 2)
    monkeypatch.setattr("tverretatlig_sim.study.patterns.evaluation.CHUNK", 3)
    (parts,) = evaluate(chosen, sets, 2)
    np.testing.assert_array_equal(whole.values, parts.values)
    assert whole.noise == pytest.approx(parts.noise)


def test_a_statistic_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="one number a set"):
        evaluate([pattern(lambda context: np.zeros(1))], draw_sets(3), 2)


def test_the_wilson_interval() -> None:
    low, high = wilson(50, 100)
    assert (low, high) == pytest.approx((0.4038, 0.5962), abs=1e-4)
    assert all(np.isnan(end) for end in wilson(0, 0))


def test_own_patterns_are_registered_by_code_or_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_OWN", {})
    mine = register(pattern(lambda context: np.zeros(len(context.sets))))
    assert patterns(["made-up"]) == [mine]
    file = tmp_path / "mine.py"
    file.write_text(
        "from dataclasses import replace\n"
        "from tverretatlig_sim.study.patterns import patterns, register\n"
        "register(replace(patterns(['a-and-b-team'])[0], id='from-a-file'))\n",
        encoding="utf-8",
    )
    load_module(file)
    assert patterns(["from-a-file"])[0].claim == patterns(["a-and-b-team"])[0].claim


def test_unknown_taken_and_missing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="did you mean 'a-and-b-team'"):
        patterns(["a-and-b-teem"])
    with pytest.raises(ValueError, match="comes with the package"):
        register(patterns(["a-and-b-team"])[0])
    with pytest.raises(ValueError, match="no such Python file"):
        load_module(tmp_path / "none.py")


def test_swapped_arrangements_and_portfolios_are_runnable_and_keep_what_is_ones_own() -> None:
    own = load_scenario("etatssamarbeidet-2022")
    moved = parts.arrangement_of("dfo-simplified").change(own)
    assert moved.portfolio == own.portfolio
    members = {agency.name for agency in moved.agencies}
    assert all(set(letter.to) <= members for letter in moved.letters.letter)
    later = parts.portfolio_of("0-24-2015").change(load_scenario("0-24-2018"))
    assert min(project.start for project in later.portfolio.project) >= "2018-05"
    for scenario in (moved, later):
        assert simulate(scenario, 2, series="none").outcomes["drafted"].sum() > 0
