"""Every test begins in English, or in the language of its parameter ``lang``, and with nothing of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tverretatlig_sim.i18n import use_language
from tverretatlig_sim.own import OWN


def pytest_configure(config: pytest.Config) -> None:
    """Give a worker whole files, so that what tests of a file share is made once."""
    if getattr(config.option, "dist", "no") == "load":
        config.option.dist = "loadfile"


@pytest.fixture(autouse=True)
def _language(request: pytest.FixtureRequest) -> Iterator[None]:
    parameters = getattr(getattr(request.node, "callspec", None), "params", {})
    with use_language(str(parameters.get("lang", "en"))):
        yield
    for own in OWN.values():
        own.clear()
