"""The JSON Schemas accept what the loader accepts."""

from __future__ import annotations

import tomllib

import pytest

from tverretatlig_sim.scenario.files import shipped_folder
from tverretatlig_sim.scenario.json_schema import Kind, json_schema

jsonschema = pytest.importorskip("jsonschema")
FOLDERS: dict[Kind, str] = {
    "scenario": ".",
    "arrangement": "arrangements",
    "portfolio": "portfolios",
    "letters": "letters",
    "actors": "actors",
}


@pytest.mark.parametrize("kind", FOLDERS)
def test_shipped_files_fit_their_schema(kind: Kind) -> None:
    validator = jsonschema.Draft202012Validator(json_schema(kind))
    for path in sorted((shipped_folder() / FOLDERS[kind]).glob("*.toml")):
        if path.name != "parameters.toml":
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            assert [error.message for error in validator.iter_errors(table)] == [], path.name


@pytest.mark.parametrize(
    "text",
    [
        "colour = 1",
        '[[agency]]\nname = "A"',
        '[[agency]]\nname = "A"\nministry = "M"\ncore_tasks = {}\ncapacity = 0',
        '[evidence]\n"agency.place" = { grade = "assumed" }',
    ],
)
def test_faults_do_not_fit(text: str) -> None:
    assert not jsonschema.Draft202012Validator(json_schema("actors")).is_valid(tomllib.loads(text))
