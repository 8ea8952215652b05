"""A scenario as its reader sees it."""

from __future__ import annotations

from typing import Any

import pytest

from choosing import KINDS, mostly_slow
from tverretatlig_sim import load_scenario
from tverretatlig_sim.scenario.overlay import fingerprint
from tverretatlig_sim.show.catalogue import scenario_sheet
from tverretatlig_sim.show.render import terminal


@pytest.mark.parametrize("lang", ["en", "nb"])
@pytest.mark.parametrize("name", mostly_slow(KINDS))
def test_every_shipped_scenario_is_shown_whole(name: str, lang: str) -> None:
    scenario = load_scenario(name)
    sheet = scenario_sheet(scenario)
    document: Any = sheet.document
    said = terminal(*sheet.parts, width=100)
    assert said.startswith(str(scenario.title))
    for agency in scenario.agencies:
        assert agency.name + (" *" if agency.name in scenario.core else "") in said
    assert {"ministries", "agencies", "core", "arrangement", "portfolio", "letters"} <= set(document)


def test_a_fingerprint_is_that_of_the_content() -> None:
    first, second = load_scenario("dfo-simplified"), load_scenario("0-24-2018")
    assert fingerprint(first) == fingerprint(load_scenario("dfo-simplified"))
    assert fingerprint(first) != fingerprint(second)
