"""What the report says is what the numbers support: both ways, and when they support nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from speaking import labels, norwegian
from tverretatlig_sim.ensemble.frameworks import LINKS
from tverretatlig_sim.show.report import sentences
from tverretatlig_sim.show.simulations import side
from tverretatlig_sim.study.robust import Split

from .report_cases import explanation

NAMES = {"a": "Left", "b": "Right"}
TITLES = {"one": "Lever one", "two": "Lever two", "three": "Lever three"}
NAN = float("nan")
RUNS = 40


def paired(mean: float, half: float = 0.02, n: int = 100) -> dict[str, Any]:
    """A row of a paired comparison."""
    return {"a": "x", "b": "y", "n": n, "mean": mean, "low": mean - half, "high": mean + half}


def robust_shares(better: float, worse: float, half: float, sets: int = 400) -> dict[str, Any]:
    """A row of a comparison over parameter sets."""
    shares = {"better": better, "no_matter": 1 - better - worse, "worse": worse}
    ends = {
        f"{key}{end}": x + way * half
        for key, x in shares.items()
        for end, way in (("_low", -1), ("_high", 1))
    }
    return {"sets": sets, "smallest": 0.01, "undecided": 0.05, **shares, **ends}


def explained(runs: int = 200, missing: int = 0, **means: float) -> list[str]:
    """What is said of contributions with given means."""
    return sentences.parts(explanation(runs, missing, **means), NAMES)


def lost(runs: int = 50, planned: float = 20, pending: float = 0, **means: float) -> str:
    """What is said of runs in which some recommendations are lost, with noise in each reason apart."""
    random = np.random.default_rng(1)
    table = pd.DataFrame({"planned": np.full(runs, float(planned)), "implemented": 8.0, "pending": pending})
    for name in sentences.LOST.values():
        table[name] = means.get(name, 0.0) + (random.normal(0, 1, runs) if name in means else 0.0)
    return sentences.losses(table, "T")


def tried(**rows: tuple[float, float] | str) -> str:
    """What is said of levers with a mean effect and half its interval, or why they were not used."""
    found = []
    for name, row in rows.items():
        numbers = paired(NAN) if isinstance(row, str) else paired(*row)
        found.append({**numbers, "lever": name, "reason": row if isinstance(row, str) else ""})
    return sentences.levers(pd.DataFrame(found), "T", TITLES)


def test_the_higher_one_is_named_both_ways() -> None:
    first, second, neither = (sentences.headline(paired(mean), 100, NAMES) for mean in (0.1, -0.1, 0.01))
    assert "“Left” has a higher implemented rate than “Right”" in first
    assert "“Right” has a higher implemented rate than “Left”" in second
    assert "no clear difference" in neither
    assert [side(paired(m)) for m in (0.1, -0.1, 0.01, NAN)] == ["a", "b", "unclear", "unknown"]


@pytest.mark.parametrize(
    ("row", "expected", "said"),
    [
        (
            robust_shares(0.8, 0.1, 0.04),
            "a",
            "“Left” has an implemented rate higher by more than 1 percentage points",
        ),
        (
            robust_shares(0.8, 0.1, 0.04),
            "a",
            "in 80 per cent of 400 sets (95 % interval 76 to 84), a lower one in 10",
        ),
        (robust_shares(0.1, 0.8, 0.04), "b", "“Right” has an implemented rate higher"),
        (robust_shares(0.52, 0.3, 0.05), "unclear", "do not settle the ordering"),
        (robust_shares(0.1, 0.1, 0.03), "unclear", "in 80 per cent it does not matter"),
        (robust_shares(NAN, NAN, NAN, sets=0), "unknown", "nothing can be said"),
    ],
)
def test_robustness_says_in_which_share_of_the_sets(row: Any, expected: str, said: str) -> None:
    assert sentences.robust_side(row) == expected
    assert said in sentences.robust_sentence(row, NAMES)


VERDICTS = {
    ("a", "a"): "same way",
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
    said = sentences.verdict(*sides, NAMES)
    assert VERDICTS[sides] in said
    assert bool(said) == ("unknown" not in sides)


def test_a_split_is_told_only_if_it_separates() -> None:
    shares = (0.9, 0.3, (0.85, 0.95), (0.25, 0.35), 0.1, 0.7, 100, 100)
    split = Split("will_core", 1.5, "allocate", "assumed", "", 1e-9, *shares)
    said, none = (norwegian(sentences.split_sentence, one, NAMES) for one in (split, None))
    assert "til og med 1,50 ligger «Left» høyest i 90 prosent av settene" in said
    vague = replace(split, below_interval=(0.3, 0.95))
    assert norwegian(sentences.split_sentence, vague, NAMES) == none


SAID: Mapping[str, tuple[Callable[[], str | list[str]], str, str]] = {
    "line": (lambda: norwegian(lost, lost_line=6, lost_disagreement=2, pending=1.5),
             "grunnen til bortfall er at linjen ikke tar dem inn", "1,5 fortsatt underveis"),
    "disagreement": (lambda: norwegian(lost, lost_line=2, lost_disagreement=6),
                     "grunnen til bortfall er at partene ikke blir enige", ""),
    "two reasons": (lambda: lost(lost_line=4, lost_ministries=4.001), "the line does not take them up",
                    "not clear"),
    "no loss": (lost, "None is lost", ""),
    "no plan": (lambda: lost(planned=0), "no recommendation is planned", ""),
    "one run": (lambda: lost(runs=1, lost_line=3), "One run", ""),
    "part for left": (lambda: explained(secretariat=0.05, forums=-0.02),
                      "in favour of “Left”, in percentage points: secretariat 5.0", "opposite directions"),
    "part for right": (lambda: explained(secretariat=-0.05, forums=0.02),
                       "in favour of “Right”, in percentage points: secretariat 5.0",
                       "largest contribution is that of the part “secretariat”"),
    # Opposite signs, so that the noise of the two does not cancel.
    "close parts": (lambda: explained(secretariat=0.05, forums=-0.0499),
                    "not clear which contribution is largest", ""),
    "no part differs": (lambda: norwegian(explained), "ikke i noe modellen leser", ""),
    "one part": (lambda: norwegian(explained, mandate=0.1), "Bare delen «mandat»", ""),
    "no part is clear": (lambda: explained(mandate=0.0, forums=0.0), "No single part", ""),
    "too few runs": (lambda: explained(20, 19, mandate=0.1, forums=0.1), "in only 1 of 20 runs", ""),
    "levers": (lambda: tried(one=(0.05, 0.01), two=(0.02, 0.01), three=(-0.04, 0.01)),
               "clearly rises with 2 of them, clearly falls with 1, and does not clearly change with 0",
               "“Lever one”: +5.0 percentage points."),
    "levers swapped": (lambda: tried(one=(0.02, 0.01), two=(0.05, 0.01), three=(0.0, 0.01)),
                       "“Lever two”: +5.0", ""),
    "lever in doubt": (lambda: norwegian(tried, one=(0.05, 0.02), two=(0.06, 0.07)),
                       "«Lever one»: +5,0 prosentpoeng, men ikke klart foran «Lever two»", ""),
    "no lever helps": (lambda: tried(one=(0.01, 0.02), two="no forum"), "rises with 0", ""),
    "no lever tried": (lambda: tried(one="no forum"), "no lever could be tried", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", SAID)
def test_what_is_said(case: str) -> None:
    say, expected, also = SAID[case]
    found = say()
    said = found if isinstance(found, str) else " ".join(found)
    assert expected in said
    assert also in said
    assert ("underveis" in said) == (case == "line")
    assert ("“Lever" in said or "«Lever" in said) == (case.startswith("lever"))


def reading(title: str, runs: int = RUNS, **means: float) -> sentences.Reading:
    """An arrangement in which every measure is a half, but for some; each with a little noise."""
    known = dict.fromkeys(labels(), 0.5) | {key.replace("__", "."): mean for key, mean in means.items()}
    noise = np.resize([0.02, -0.02], RUNS)[:runs]
    noisy = {name: mean + noise * (-1) ** place for place, (name, mean) in enumerate(known.items())}
    return sentences.Reading(title, known, pd.DataFrame(noisy).drop(columns="hierarchy.strength"))


def told(one: sentences.Reading, other: sentences.Reading) -> dict[str, str]:
    return {name: " ".join(said) for name, said in sentences.frameworks((one, other)).items()}


def test_frameworks_call_clear_only_what_is() -> None:
    high, low = ({"ladder__reached": rung} for rung in (3.0, 2.0))
    said = told(reading("Left", **high), reading("Right", **low))
    assert "clearly higher in “Left”, by 1.00" in said["ladder"]
    assert "the same in both (50.0)" in said["distances"]
    assert (
        "clearly higher in “Right”, by 1.00"
        in told(reading("Left", **low), reading("Right", **high))["ladder"]
    )
    right = reading("Right")
    turned = replace(right, runs=right.runs.iloc[::-1].reset_index(drop=True))
    assert "Rung reached: no clear difference (0.00; 95 %" in told(reading("Left"), turned)["ladder"]


def test_the_chain_breaks_only_where_one_link_is_clearly_weakest() -> None:
    links = dict.fromkeys((link.replace(".", "__") for link in LINKS), 0.9)
    said = told(reading("Left", **links | {"chain__lasting": 0.4}), reading("Right", **links))["chain"]
    assert "In “Left” the chain breaks at “Carried out → lasting in the lines”: 40.0 per cent" in said
    assert "In “Right” it is not clear" in said
    single = told(reading("Left", runs=1), reading("Right", runs=1))
    assert "One run does not show" in single["chain"]
    assert "cannot be compared" in single["ladder"]
    assert "clear" not in " ".join(single.values())


def test_what_does_not_apply_is_said() -> None:
    measures = ["matrix__position", "ladder__aimed", *(link.replace(".", "__") for link in LINKS)]
    measures += [f"role__{role}" for role in sentences.ROLES]
    said = told(reading("Left", **dict.fromkeys(measures, NAN)), reading("Right"))
    assert "“Left” has no forum" in said["matrix"]
    assert "In “Left” nobody coordinates" in said["roles"]
    assert "driver, interest balancer and system steward (0.50 of 1)" in said["roles"]
    assert "nothing gets on its way" in said["chain"]
    assert "plans nothing" in said["ladder"]


def test_given_measures_are_higher_only_if_the_numbers_shown_differ() -> None:
    alike, apart = (
        told(reading("Left", hierarchy__strength=mean), reading("Right")) for mean in (0.501, 0.51)
    )
    assert "the same in both (0.50)" in alike["mechanisms"]
    assert "higher in “Left” (0.51 against 0.50)" in apart["mechanisms"]
    assert all("{" not in said for said in norwegian(told, reading("Left"), reading("Right")).values())
