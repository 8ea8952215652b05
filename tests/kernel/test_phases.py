"""What a phase of one's own returns is checked where it is taken in."""

from __future__ import annotations

import numpy as np
import pytest

from tverretatlig_sim import PHASES, simulate

ONE_SHAPE = r"ownership of shape \(2,\); allowed: \(7, 2\)"


@pytest.mark.parametrize(
    ("returned", "error", "said"),
    [
        (None, TypeError, "None; allowed: a dict of changed variables"),
        ([], TypeError, r"\[\]; allowed: a dict"),
        ({"ownershp": np.zeros((7, 2))}, KeyError, "what are not state variables: ownershp"),
        ({"ownership": np.zeros(2)}, ValueError, ONE_SHAPE),
        ({"ownership": 0.5}, ValueError, r"ownership of shape \(\)"),
        ({"ownership": None}, ValueError, r"ownership of shape \(\)"),
    ],
)
def test_a_wrong_result_is_refused_with_the_name_of_the_phase(
    returned: object, error: type[Exception], said: str
) -> None:
    def of_my_own(*given: object) -> object:
        return returned

    with pytest.raises(error, match="of_my_own returned " + said):
        simulate("0-24-2018", 2, months=2, rules=(*PHASES, of_my_own))  # type: ignore[arg-type]
