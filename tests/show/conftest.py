"""Small results to show, simulated once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tverretatlig_sim import Comparison, Ensemble, compare, simulate
from tverretatlig_sim.scenario import Scenario


@pytest.fixture(scope="session")
def ensemble() -> Ensemble:
    return simulate("0-24-2018", runs=4, months=40)


@pytest.fixture(scope="session")
def comparison() -> Comparison:
    return compare(["0-24-2018", "dfo-simplified"], runs=4, months=40, series="none")


@pytest.fixture(scope="session")
def many() -> Comparison:
    return compare(["0-24-2018", "dfo-simplified", "pure-hierarchy"], runs=2, months=30, series="none")


def named_badly(scenario: Scenario) -> Scenario:
    """The same with a name and titles that carry everything that could be misread."""
    bad = '<script>alert("x")</script> =1+1 {{ 7*7 }} $x_1$ \\frac{ &lt; 漢字'
    title = scenario.title.model_copy(update={"en": bad, "nb": bad})
    forums = [forum.model_copy(update={"title": title}) for forum in scenario.arrangement.forum]
    projects = [project.model_copy(update={"title": title}) for project in scenario.portfolio.project]
    arrangement = scenario.arrangement.model_copy(update={"forum": forums})
    portfolio = scenario.portfolio.model_copy(update={"project": projects})
    return replace(scenario, name=bad, title=title, arrangement=arrangement, portfolio=portfolio)
