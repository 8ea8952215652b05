"""The glossary names everyone in the catalogue as the catalogue does."""

from __future__ import annotations

import tomllib

import pytest

from tverretatlig_sim import list_scenarios
from tverretatlig_sim.scenario.files import shipped_folder

from .documents import ROOT

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ACTORS = [
    actor
    for path in sorted((shipped_folder() / "actors").glob("*.toml"))
    for actors in tomllib.loads(path.read_text(encoding="utf-8")).values()
    if isinstance(actors, list)
    for actor in actors
]


@pytest.mark.parametrize("actor", ACTORS, ids=[actor["name"] for actor in ACTORS])
def test_everyone_is_named(actor: dict[str, dict[str, str]]) -> None:
    row = next(line for line in GLOSSARY.splitlines() if line.startswith(f"| {actor['name']} |"))
    assert actor["title"]["nb"] in row
    assert actor["title"]["en"] in row


@pytest.mark.parametrize("scenario", list_scenarios())
def test_every_scenario_is_named(scenario: str) -> None:
    assert f"`{scenario}`" in GLOSSARY
