"""Every test begins in English, or in the language that its parameter ``lang`` names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tverretatlig_sim.i18n import use_language


@pytest.fixture(autouse=True)
def _language(request: pytest.FixtureRequest) -> Iterator[None]:
    parameters = getattr(getattr(request.node, "callspec", None), "params", {})
    with use_language(str(parameters.get("lang", "en"))):
        yield
