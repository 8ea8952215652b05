"""The package still does what was last stored; ``freeze.py`` beside says what, and how to look closer."""

from __future__ import annotations

import pytest

from frozen import documents
from frozen.documents import Difference
from frozen.kernel import SCENARIOS, TOLERANCE, kernel_deviations


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_kernel(scenario: str) -> None:
    found = kernel_deviations((scenario,))
    assert {key: apart for key, apart in found.items() if not apart <= TOLERANCE} == {}


@pytest.fixture(scope="module", params=["json", "app"])
def differences(request: pytest.FixtureRequest) -> dict[str, Difference]:
    return documents.differences(request.param)


def test_documents_have_the_same_numbers(differences: dict[str, Difference]) -> None:
    assert {name: one.numbers for name, one in differences.items() if one.numbers} == {}


def test_documents_have_the_same_codes(differences: dict[str, Difference]) -> None:
    assert {name: one.codes for name, one in differences.items() if one.codes} == {}


def test_documents_have_the_same_sentences(differences: dict[str, Difference]) -> None:
    """If they are to be others: ``freeze.py --texts json app``."""
    assert {name: one.texts for name, one in differences.items() if one.texts} == {}
