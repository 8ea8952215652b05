"""History matching, the stored sets, comparisons over sets, and where an ordering flips."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tverretatlig_sim import simulate
from tverretatlig_sim.scenario import load_scenario, parameter_specs
from tverretatlig_sim.scenario.evidence import entries_of, named
from tverretatlig_sim.scenario.load import with_levers
from tverretatlig_sim.show.files import write_folder
from tverretatlig_sim.show.robust import flip_sentence
from tverretatlig_sim.study.explain import explain
from tverretatlig_sim.study.history_matching import (
    HistoryMatch,
    criteria,
    implausibility,
    manifest_of,
    match_history,
    read_stored,
    stored_files,
    stored_sets,
)
from tverretatlig_sim.study.patterns import patterns
from tverretatlig_sim.study.robust import compare_robustly, screened, splits_of
from tverretatlig_sim.study.sampling import (
    BLOCKS,
    ParameterSets,
    draw_sets,
    numbers_by_run,
    values_by_run,
    with_entries,
)

PAIR = [load_scenario(name) for name in ("0-24-2018", "pure-network")]


def history(values: np.ndarray, noise: float = 0.0) -> HistoryMatch:
    """Two criteria that hold in every set, with made-up statistics instead."""
    held = tuple(patterns(["a-and-b-team", "no-law-2019"]))
    sets = draw_sets(len(values))
    return HistoryMatch(sets, held, values, np.array([noise, noise]), 4, 1, (len(values),))


def test_implausibility() -> None:
    assert {(it.kind, it.evidence) for it in criteria()} == {("emergent", "observed")}
    held, anchor = patterns(["a-and-b-team", "no-law-2019"])
    values = np.array([0.2, 0.0, -0.1, -0.3, np.nan])
    for tolerance, noise, expected in (
        (0.1, 0.0, [0, 0, 1, 3, 0]), (0.0, 0.05, [0, 0, 1, 3, 0]), (0.0, 0.0, [0, 0, np.inf, np.inf, 0]),
    ):  # fmt: skip
        found = implausibility(replace(held, tolerance=tolerance), values, noise)
        assert found.tolist() == pytest.approx(expected)
    counted = implausibility(replace(anchor, tolerance=3.0), np.array([0.0, 3.0, 10.0]), 2.0)
    assert counted.tolist() == pytest.approx([0, 0.6, 2])


def test_kept_are_the_sets_that_nothing_rules_out() -> None:
    found = history(np.array([[1.0, 0.0], [-1.0, 0.0], [1.0, 9.0], [-1.0, 9.0]]))
    assert found.kept.tolist() == [0]
    table = found.leave_one_out()[["passed", "others", "share", "alone"]]
    assert table.to_numpy().tolist() == [[0.5, 2, 0.5, 1]] * 2


def test_where_hardly_any_set_agrees_with_all_those_that_miss_one_are_kept_and_it_is_said_which() -> None:
    """Below 1 %: one in 101 that agrees is too few, one in 100 is not."""
    rows = [[1.0, 0.0], *[[-1.0, 0.0]] * 40, [1.0, 9.0], *[[-1.0, 9.0]] * 58]
    enough, too_few = history(np.array(rows)), history(np.array([*rows, [-1.0, 9.0]]))
    assert (enough.kept.tolist(), enough.conflicts) == ([0], {})
    assert too_few.kept.tolist() == list(range(42))
    assert too_few.conflicts == pytest.approx({"a-and-b-team": 40 / 42, "no-law-2019": 1 / 42})
    assert manifest_of(too_few, "")["conflicts"] == too_few.conflicts
    assert history(np.full((5, 2), [-1.0, 9.0])).conflicts == {}


def test_regions_show_where_sets_were_ruled_out() -> None:
    sets = draw_sets(300)
    spec = parameter_specs()["friction"]
    high = sets.values[:, sets.names.index("friction")] > (spec.low + 2 * spec.high) / 3
    found = history(np.column_stack([np.where(high, 1.0, -1.0), np.zeros(300)]))
    first = found.regions().iloc[0]
    assert first["parameter"] == "friction"
    assert (first["kept_low"], first["kept_middle"], first["kept_high"]) == pytest.approx((0, 0, 1), abs=0.02)


def test_stages_continue_until_enough_are_kept_or_the_most_is_reached() -> None:
    easy = replace(patterns(["core-gives-more"])[0], statistic=lambda context: np.ones(len(context.sets)))
    hard = replace(easy, statistic=lambda context: -np.ones(len(context.sets)))
    enough = match_history(4, 2, want=3, most=100, chosen=[easy])
    assert (enough.stages, len(enough.kept)) == ((4,), 4)
    first = replace(easy, statistic=lambda context: -1.0 - abs(context.sets.values[:, 0]))
    drawn = match_history(4, 2, want=1, most=10, chosen=[first, hard])
    np.testing.assert_array_equal(drawn.values[:, 0], -1.0 - abs(drawn.sets.values[:, 0]))
    never = match_history(4, 2, want=1, most=10, chosen=[hard, hard])
    assert (never.stages, len(never.kept)) == ((4, 8), 0)
    np.testing.assert_array_equal(never.sets.values, draw_sets(8).values)
    with pytest.raises(ValueError, match="at least 2"):
        match_history(4, 1)


@pytest.mark.slow
def test_workers_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tverretatlig_sim.workers.PAYS", 0.0)
    chosen = patterns(["meetings-2025", "core-gives-more"])
    alone, together = (
        match_history(4, 2, want=1, most=4, chosen=chosen, workers=workers) for workers in (1, 2)
    )
    np.testing.assert_array_equal(alone.values, together.values)
    np.testing.assert_allclose(alone.noise, together.noise)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    found = history(np.array([[1.0, 0.0], [-1.0, 0.0], [1.0, 0.0]]))
    write_folder(tmp_path / "mine", stored_files(found, "tverretatlig retain"))
    stored = read_stored(tmp_path / "mine")
    np.testing.assert_allclose(stored.sets.values, found.retained.values, rtol=1e-5)
    assert stored.stale == ()
    assert (stored.manifest["drawn"], stored.manifest["kept"]) == (3, 2)
    with pytest.raises(ValueError, match="retain"):
        read_stored(tmp_path / "none")


def test_sets_made_for_other_parameters_are_stale_but_usable(tmp_path: Path) -> None:
    found = history(np.array([[1.0, 0.0]]))
    write_folder(tmp_path, stored_files(found, "tverretatlig retain"))
    text = (tmp_path / "sets.csv").read_text(encoding="utf-8")
    (tmp_path / "sets.csv").write_text(text.replace("friction", "viscosity"), encoding="utf-8")
    stored = read_stored(tmp_path)
    assert stored.stale == ("friction", "viscosity")
    assert "friction" not in stored.sets.names


def test_the_shipped_sets_lie_within_the_hard_bounds_and_say_how_they_were_made() -> None:
    stored = read_stored()
    assert len(stored.sets) == stored.manifest["kept"] > 5
    np.testing.assert_array_equal(stored_sets(5).values, stored.sets.values[:5])
    assert {"command", "seed", "drawn", "versions"} <= set(stored.manifest)
    specs = parameter_specs()
    for name, column in zip(stored.sets.names, stored.sets.values.T, strict=True):
        assert specs[name].bounds.holds(column.min())
        assert specs[name].bounds.holds(column.max())


def test_comparing_over_sets_pairs_sets_and_luck() -> None:
    sets = draw_sets(12)
    found = compare_robustly(PAIR, sets, runs=2, months=40, scenario_numbers="fixed")
    table = found.table(["drafted", "trust_mean"]).set_index("outcome")
    difference = found.outcomes["0-24-2018"]["drafted"] - found.outcomes["pure-network"]["drafted"]
    assert table.loc["drafted", "mean"] == pytest.approx(difference.mean())
    answers = table[["better", "no_matter", "worse"]].sum(axis=1)
    np.testing.assert_allclose(answers, 1.0)
    drawn = values_by_run(PAIR[0], sets, 2)
    alone = simulate(PAIR[0], 24, 1, 40, drawn, series="none").outcomes["trust_mean"].to_numpy()
    np.testing.assert_array_equal(found.outcomes["0-24-2018"]["trust_mean"].reshape(-1), alone)
    again = compare_robustly(PAIR, sets, runs=2, months=40, scenario_numbers="fixed")
    assert found.table().equals(again.table())


def test_a_single_run_a_set_shows_no_noise_and_is_refused() -> None:
    for bad, said in (
        ({"runs": 1}, "runs = 1: at least 2"),
        ({"smallest": -0.1}, "from 0 to below 1"),
        ({"smallest": 5}, "smallest = 5: must be a number from 0 to below 1"),
    ):
        with pytest.raises(ValueError, match=said):
            compare_robustly(PAIR, draw_sets(2), months=40, **bad)  # type: ignore[arg-type]


def test_names_that_stand_for_nothing_are_refused() -> None:
    found = compare_robustly(PAIR, draw_sets(2), runs=2, months=3)
    no_outcome, no_scenario = "no outcome .*; allowed: implemented_rate", "no scenario .*; allowed: 0-24-2018"
    for ask, said in (
        (lambda: found.table(["x"]), no_outcome),
        (lambda: found.table("drafted"), "outcomes: must be a list of names"),
        (lambda: found.table(5), "outcomes: must be a list of names"),  # type: ignore[arg-type]
        (lambda: found.flips("x"), no_outcome),
        (lambda: found.flips(["drafted"]), no_outcome),  # type: ignore[arg-type]
        (lambda: found.difference("0-24-2018", "x", "drafted"), no_scenario),
        (lambda: found.expected(["x"], "0-24-2018", "drafted"), no_scenario),  # type: ignore[arg-type]
        (lambda: explain(*PAIR, outcome=["drafted"], runs=2, known=[]), no_outcome),  # type: ignore[arg-type]
        (lambda: patterns("no-law-2019"), "ids: must be a list of names"),
    ):
        with pytest.raises((ValueError, TypeError), match=said):
            ask()


def test_what_a_user_sets_holds_in_every_set() -> None:
    found = compare_robustly(PAIR, draw_sets(4), runs=2, months=60, parameters={"look_pace": 0.0})
    assert (found.outcomes["0-24-2018"]["implemented"] == 0).all()


def made_up(n: int = 400) -> ParameterSets:
    values = np.random.default_rng(3).random((n, 3))
    return ParameterSets(("x", "y", "z"), values)


@pytest.mark.parametrize("ordered", [False, True])
def test_the_split_that_tells_where_an_ordering_flips_is_found(ordered: bool) -> None:
    """Also where every second set is of one kind: halves are drawn at random."""
    sets = made_up()
    if ordered:
        order = np.argsort(sets.values[:, 1]).reshape(2, -1).T.reshape(-1)
        sets = sets.chosen(order)
    (split,) = splits_of(sets, np.where(sets.values[:, 1] > 0.7, -1.0, 1.0)[:, None] + np.zeros(2), 0.0)
    assert split.parameter == "y"
    assert split.threshold == pytest.approx(0.7, abs=0.06)
    assert split.separates
    assert split.turns
    assert split.below > 0.9
    assert split.above < 0.2


def test_no_split_where_there_is_nothing_to_separate() -> None:
    """Of 40 tables of three numbers in noise, two are expected to name one, more than six in 1 of 200."""
    sets, rng = made_up(), np.random.default_rng(5)
    for nothing in (np.ones((len(sets), 2)), np.full((len(sets), 2), np.nan), np.zeros((len(sets), 2))):
        assert splits_of(sets, nothing, 0.0) == ()
    assert sum(bool(splits_of(sets, rng.normal(size=(len(sets), 2)), 0.0)) for _ in range(40)) <= 6


@pytest.mark.parametrize("number", [0, 1, 2, 3, 5, 12])
def test_a_side_without_sets_is_no_split(number: int) -> None:
    """Few sets, or a parameter that hardly varies: the half that checks a threshold may lie on one side."""
    sets = made_up(number)
    sets.values[:, 0] = np.arange(number) == 0
    for seed in range(4):
        found = splits_of(sets, np.where(sets.values[:, 0] > 0, 1.0, -1.0)[:, None] + np.zeros(2), 0.0, seed)
        assert all(not it.separates or min(it.below_sets, it.above_sets) > 0 for it in found)
        assert found or "No single parameter" in flip_sentence("A", "B", found)


def test_the_screen_controls_false_discoveries_within_groups() -> None:
    """30 true numbers of 60 in one of four groups: at most 5 % of those named are expected to be false."""
    rng, groups = np.random.default_rng(2), [f"g{k}" for k in range(4) for _ in range(60)]
    false, true = list[float](), list[int]()
    for _ in range(100):
        chances = rng.random(240)
        chances[:30] = rng.random(30) * 1e-3
        named = np.array(screened(chances, groups))
        false.append((named >= 30).sum() / max(len(named), 1))
        true.append((named < 30).sum())
    assert np.mean(false) < 0.05
    assert min(true) > 20
    assert screened(np.array([]), []) == []


# --- numbers of scenarios


def test_what_two_arrangements_share_has_one_draw_and_never_turns_their_order() -> None:
    """The same scenario twice is the same in every run; with files of their own, their draws differ."""
    twin = replace(PAIR[0], name="twin")
    found = compare_robustly([PAIR[0], twin], draw_sets(6), 2, months=36)
    assert found.sets.entries
    for name in ("drafted", "trust_mean", "implemented"):
        assert not np.nan_to_num(found.differences("0-24-2018", "twin", name)).any()
    assert found.flips("drafted") == {("0-24-2018", "twin"): ()}


def test_an_entry_is_what_one_file_says_of_one_field_for_one_reason() -> None:
    entries = entries_of(PAIR[0])
    of_capacity = {it.file: numbers for it, numbers in entries.items() if it.field == "agency.capacity"}
    assert {*of_capacity} >= {"actors/agencies"}
    assert len(of_capacity["actors/agencies"]) > 3
    for entry, numbers in entries.items():
        assert all(it.file == entry.file and it.span[0] < it.span[1] for it in numbers.values())
    assert len({*named(entries).values()}) == len(entries)
    lifted = with_levers(PAIR[0], "stronger-secretariat")
    assert len(entries.keys() & entries_of(lifted).keys()) >= len(entries) - 2


def test_draws_of_an_entry_are_even_together_and_its_own() -> None:
    sets = with_entries(draw_sets(60), PAIR)
    alone = with_entries(draw_sets(60), PAIR[:1])
    for entry in entries_of(PAIR[0]):
        place, beside = (it.entries.index(entry) - len(it.entries) for it in (sets, alone))
        column, name = sets.values[:, place], sets.names[place]
        np.testing.assert_array_equal(column, alone.values[:, beside])
        number = BLOCKS if name in sets.by_block else 60
        parts = np.floor(np.unique(column) * number)
        assert parts.tolist() == list(range(number))
        drawn = numbers_by_run(PAIR[0], sets, 3)
        for address, number_of in entries_of(PAIR[0])[entry].items():
            values = drawn[str(address)]
            assert (values >= number_of.span[0]).all()
            assert (values <= number_of.span[1]).all()
            assert (np.diff(values.reshape(60, 3), axis=1) == 0).all()
            assert (np.diff(values[::3][np.argsort(column)]) >= 0).all()


def test_numbers_can_be_held_fixed() -> None:
    fixed = compare_robustly(PAIR, draw_sets(4), 2, months=24, scenario_numbers="fixed")
    assert fixed.sets.entries == ()
    assert fixed.numbers_fixed == ("0-24-2018", "pure-network")
    assert compare_robustly(PAIR, draw_sets(4), 2, months=24).numbers_fixed == ()
    with pytest.raises(ValueError, match="drawn"):
        compare_robustly(PAIR, draw_sets(2), scenario_numbers="x")  # type: ignore[arg-type]


def test_a_pair_hangs_on_its_own_numbers_only() -> None:
    names = ("pure-network", "pure-hierarchy", "k-plus-2010")
    one, other, third = map(load_scenario, names)
    sets = with_entries(stored_sets(8), [one, other, third])
    pair = sets.about(one, other)
    assert pair.values.tolist() == sets.values[:, [sets.names.index(name) for name in pair.names]].tolist()
    assert {*pair.entries} == {*entries_of(one), *entries_of(other)} < {*sets.entries}
    assert sets.about(one, other, third).names == sets.names
