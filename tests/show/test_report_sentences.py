"""What the report says is what the numbers support: both ways, and when they support nothing."""

from __future__ import annotations

from typing import Any

import pytest

from speaking import norwegian
from tverretatlig_sim import list_levers, list_scenarios, load_scenario
from tverretatlig_sim.scenario import ScenarioError
from tverretatlig_sim.scenario.levers import load_lever
from tverretatlig_sim.show.report.grids import reason
from tverretatlig_sim.show.report.sentences import (
    headline,
    robust_sentence,
    robust_side,
    side,
    split_sentence,
    verdict,
)
from tverretatlig_sim.show.report.sentences import levers, losses, parts
from tverretatlig_sim.study.levers import Case, pulled
from tverretatlig_sim.study.robust.flips import Split

from .report_cases import NAMES, effects, explanation, outcomes, over_sets, paired

NAN = float("nan")
TITLES = {"one": "Lever one", "two": "Lever two", "three": "Lever three"}


def test_the_headline_names_the_higher_one_both_ways() -> None:
    first, second, neither = (headline(paired(mean, 0.02), 100, NAMES) for mean in (0.1, -0.1, 0.01))
    assert "“Left” has a higher implemented rate than “Right”" in first
    assert "“Right” has a higher implemented rate than “Left”" in second
    assert "no clear difference" in neither
    assert "har «Right» høyere gjennomføringsgrad" in norwegian(headline, paired(-0.1, 0.02), 100, NAMES)
    assert [side(paired(m, 0.02)) for m in (0.1, -0.1, 0.01, NAN)] == ["a", "b", "unclear", "unknown"]


@pytest.mark.parametrize(
    ("row", "expected", "said"),
    [
        (over_sets(0.8, 0.76, 0.84), "a", "“Left” has the higher implemented rate in 80 per cent of 400"),
        (over_sets(0.2, 0.16, 0.24), "b", "“Right” has the higher implemented rate in 80 per cent of 400"),
        (over_sets(0.52, 0.47, 0.57), "unclear", "do not settle the ordering"),
        (over_sets(0.1, 0.07, 0.13, equal=0.8), "unclear", "do not settle the ordering"),
        (over_sets(NAN, NAN, NAN, sets=0), "unknown", "nothing can be said"),
    ],
)
def test_robustness_says_in_which_share_of_the_sets(row: Any, expected: str, said: str) -> None:
    assert robust_side(row) == expected
    assert said in robust_sentence(row, NAMES)


VERDICTS = {
    ("a", "a"): "same way",
    ("b", "b"): "same way",
    ("a", "b"): "with the parameter values used, “Left” is higher, over the sets mostly “Right”",
    ("b", "a"): "with the parameter values used, “Right” is higher, over the sets mostly “Left”",
    ("unclear", "b"): "no clear difference, but over the sets “Right” is higher",
    ("a", "unclear"): "not confirmed",
    ("unclear", "unclear"): "does not say which",
    ("unknown", "a"): "",
    ("a", "unknown"): "",
}


@pytest.mark.parametrize("sides", VERDICTS)
def test_the_verdict_joins_both_answers(sides: Any) -> None:
    said = verdict(*sides, NAMES)
    assert VERDICTS[sides] in said
    assert bool(said) == ("unknown" not in sides)


def test_a_split_is_told_only_if_it_separates() -> None:
    split = Split("will_core", 1.5, 0.9, 0.3, (0.85, 0.95), (0.25, 0.35), 100, 100)
    assert "til og med 1,50 ligger «Left» høyest i 90 prosent av settene" in norwegian(
        split_sentence, split, NAMES
    )
    vague = Split("will_core", 1.5, 0.6, 0.5, (0.45, 0.7), (0.4, 0.6), 100, 100)
    assert norwegian(split_sentence, vague, NAMES) == norwegian(split_sentence, None, NAMES)


def test_the_most_frequent_reason_is_named_both_ways() -> None:
    said = norwegian(losses, outcomes(lost_line=6, lost_disagreement=2, pending=1.5), "T")
    assert "grunnen til bortfall er at linjen ikke tar dem inn" in said
    assert "1,5 fortsatt underveis" in said
    swapped = norwegian(losses, outcomes(lost_line=2, lost_disagreement=6), "T")
    assert "grunnen til bortfall er at partene ikke blir enige" in swapped
    assert "underveis" not in swapped


def test_two_reasons_are_named_when_neither_is_clearly_larger() -> None:
    said = losses(outcomes(lost_line=4, lost_ministries=4.001), "T")
    assert "the line does not take them up" in said
    assert "the ministries stop them" in said
    assert "not clear" in said


def test_no_reason_is_named_without_loss_plan_or_interval() -> None:
    assert "None is lost" in losses(outcomes(), "T")
    assert "no recommendation is planned" in losses(outcomes().assign(planned=0.0), "T")
    assert "One run" in losses(outcomes(runs=1, lost_line=3), "T")


def test_parts_favour_the_side_their_sign_says() -> None:
    said = " ".join(parts(explanation(secretariat=0.05, forums=-0.02), NAMES))
    assert "in favour of “Left”, in percentage points: secretariat 5.0" in said
    assert "in favour of “Right”, in percentage points: forums 2.0" in said
    assert "opposite directions" in said
    assert "largest contribution is that of the part “secretariat”" in said
    swapped = " ".join(parts(explanation(secretariat=-0.05, forums=0.02), NAMES))
    assert "in favour of “Right”, in percentage points: secretariat 5.0" in swapped


def test_the_largest_part_is_named_only_if_clearly_larger() -> None:
    # Opposite signs, so that the noise of the two does not cancel.
    close = parts(explanation(secretariat=0.05, forums=-0.0499), NAMES)
    assert "not clear which contribution is largest" in close[-1]


def test_parts_that_say_nothing() -> None:
    assert "ikke i noe modellen leser" in norwegian(parts, explanation(), NAMES)[0]
    assert "Bare delen «mandat»" in norwegian(parts, explanation(mandate=0.1), NAMES)[0]
    assert "No single part" in parts(explanation(mandate=0.0, forums=0.0), NAMES)[0]
    few = parts(explanation(runs=20, missing=19, mandate=0.1, forums=0.1), NAMES)
    assert "in only 1 of 20 runs" in few[0]


def test_levers_are_counted_and_the_first_named() -> None:
    table = effects(one=(0.05, 0.01), two=(0.02, 0.01), three=(-0.04, 0.01))
    said = levers(table, "T", TITLES)
    assert "clearly rises with 2 of them, clearly falls with 1, and does not clearly change with 0" in said
    assert "“Lever one”: +5.0 percentage points." in said
    swapped = effects(one=(0.02, 0.01), two=(0.05, 0.01), three=(0.0, 0.01))
    assert "“Lever two”: +5.0" in levers(swapped, "T", TITLES)


def test_a_lever_is_not_put_ahead_of_one_it_overlaps() -> None:
    said = norwegian(levers, effects(one=(0.05, 0.02), two=(0.06, 0.07)), "T", TITLES)
    assert "«Lever one»: +5,0 prosentpoeng, men ikke klart foran «Lever two»" in said


def test_no_lever_is_named_where_none_clearly_helps() -> None:
    assert "largest" not in levers(effects(one=(0.01, 0.02), two="no forum"), "T", TITLES)
    assert "no lever could be tried" in levers(effects(one="no forum"), "T", TITLES)


def test_every_refusal_of_a_shipped_lever_has_words() -> None:
    shipped = [load_lever(name) for name in list_levers()]
    refusals = {
        problem.what
        for name in list_scenarios()
        for variant in pulled([Case(load_scenario(name))], shipped).values()
        if isinstance(variant, ScenarioError)
        for problem in variant.problems
    }
    assert refusals
    assert [what for what in refusals if "egne ord" in norwegian(reason, what)] == []
    assert norwegian(reason, "something new") == "med programmets egne ord: something new"
