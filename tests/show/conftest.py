"""Small results to show, simulated once."""

from __future__ import annotations

import pytest

from tverretatlig_sim import Comparison, Ensemble, compare, simulate


@pytest.fixture(scope="session")
def ensemble() -> Ensemble:
    return simulate("0-24-2018", runs=4, months=40)


@pytest.fixture(scope="session")
def comparison() -> Comparison:
    return compare(["0-24-2018", "dfo-simplified"], runs=4, months=40, series="none")


@pytest.fixture(scope="session")
def many() -> Comparison:
    return compare(["0-24-2018", "dfo-simplified", "pure-hierarchy"], runs=2, months=30, series="none")
