"""JSON Schemas of the files a user writes, for completion and checks in editors."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from tverretatlig_sim.scenario.compose import Grading, evidence_keys
from tverretatlig_sim.scenario.schema import Arrangement, Letters, Portfolio, Without
from tverretatlig_sim.scenario.whole import Actors, ScenarioFile

Kind = Literal["scenario", "arrangement", "portfolio", "letters", "actors"]
MODELS: dict[Kind, type[BaseModel]] = {
    "scenario": ScenarioFile,
    "arrangement": Arrangement,
    "portfolio": Portfolio,
    "letters": Letters,
    "actors": Actors,
}
FILES = ("ScenarioFile", "Arrangement", "Portfolio", "Letters", "Actors")
FREE = {
    "ScenarioFile": {"name"},
    "Arrangement": {"name", "member"},
    "Portfolio": {"name"},
    "Letters": {"name"},
    "Forum": {"function", "seats", "cadence"},
    "Tie": {"trust"},
}
"""Required fields that may be left out: a file's name is a name, what is inherited need not be said again."""


def json_schema(kind: Kind = "scenario") -> dict[str, Any]:
    """The JSON Schema of one kind of file, with the keys that the loader consumes.

    Args:
        kind: which kind of file.
    """
    schema = MODELS[kind].model_json_schema()
    tables = {**schema.get("$defs", {}), MODELS[kind].__name__: schema}
    for name, table in tables.items():
        if name in FREE:
            table["required"] = [key for key in table.get("required", []) if key not in FREE[name]]
        if name in FILES:
            table["properties"]["evidence"] = _evidence_schema()
    if "Arrangement" in tables:
        tables["Arrangement"]["properties"]["without"] = Without.model_json_schema()
    for key in ("factor", "spread"):
        tables["Quantity"]["properties"][key] = {"type": "number", "minimum": 1 if key == "factor" else 0}
    return schema


def _evidence_schema() -> dict[str, Any]:
    grading = Grading.model_json_schema()
    return {
        "type": "object",
        "properties": dict.fromkeys(sorted(evidence_keys()), grading),
        "patternProperties": {r"^parameters\.": grading},
        "additionalProperties": False,
    }
