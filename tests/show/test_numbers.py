"""Numbers as readers see them."""

from __future__ import annotations

from math import inf, nan

import pytest

from speaking import norwegian
from tverretatlig_sim.show.rows import enough_decimals, mean_with_interval, number, plain


@pytest.mark.parametrize(
    ("value", "decimals", "lang", "text"),
    [
        (1.25, 1, "en", "1.2"),
        (-1.5, 1, "en", "−1.5"),
        (1234.5, 1, "nb", "1234,5"),
        (-0.01, 1, "en", "0.0"),
        (nan, 1, "en", "–"),
        (inf, 1, "nb", "–"),
    ],
)
def test_number(value: float, decimals: int, text: str, lang: str) -> None:
    assert number(value, decimals) == text  # type: ignore[arg-type]


def test_shares_are_shown_in_per_cent() -> None:
    assert mean_with_interval(0.5, 0.48, 0.52, "share") == "50.0 ± 2.0"


def test_an_interval_that_is_not_zero_is_not_shown_as_zero() -> None:
    assert norwegian(mean_with_interval, 0.6231, 0.6221, 0.6241, "level") == "0,623 ± 0,001"


def test_what_is_the_same_in_every_run_has_no_interval() -> None:
    assert mean_with_interval(65.0, 65.0, 65.0, "count") == "65.0"


def test_a_missing_interval_leaves_the_mean() -> None:
    assert mean_with_interval(65.0, nan, nan, "count") == "65.0"
    assert mean_with_interval(nan, nan, nan, "share") == "–"


def test_differences_carry_their_sign() -> None:
    assert mean_with_interval(0.1, 0.09, 0.11, "share", sign=True) == "+10.0 ± 1.0"


def test_enough_decimals() -> None:
    assert enough_decimals(0.0, 12.0) == 1
    assert enough_decimals(0.004, 12.0) == 3


def test_plain() -> None:
    assert norwegian(plain, 3.5) == "3,5"
    assert plain(-4.0) == "−4"
