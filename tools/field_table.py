"""Every field of a scenario's files as Markdown tables: the reference of the how-to on scenarios.

Run ``python tools/field_table.py`` to see it, with ``--write`` to put it into the document.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from generated import command, markdown_table
from pydantic import BaseModel

from tverretatlig_sim.scenario.json_schema import Kind, json_schema
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.schema import (
    Agency,
    Arrangement,
    Event,
    Forum,
    Letter,
    Letters,
    Member,
    Ministry,
    Period,
    Portfolio,
    Project,
    Recommendation,
    Start,
    Term,
    Tie,
    Title,
)
from tverretatlig_sim.scenario.whole import ScenarioFile, Then

DOCUMENT, NAME = "docs/how-to/scenarios.md", "fields"
HEADING = ("field", "allowed", "default", "meaning")

Schema = Mapping[str, Any]

TABLES: dict[type[BaseModel], tuple[str, Kind]] = {
    ScenarioFile: ("scenario file, top level", "scenario"),
    Then: ("`[[then]]` in a scenario file", "scenario"),
    Arrangement: ("`[arrangement]`, or a file in `arrangements/`", "arrangement"),
    Start: ("`[start]` in an arrangement", "arrangement"),
    Member: ("`[[member]]` in an arrangement", "arrangement"),
    Forum: ("`[[forum]]` in an arrangement", "arrangement"),
    Term: ("`[[forum.term]]` in an arrangement", "arrangement"),
    Tie: ("`[[tie]]` in an arrangement", "arrangement"),
    Period: ("`[[unstable]]` in an arrangement", "arrangement"),
    Portfolio: ("`[portfolio]`, or a file in `portfolios/`", "portfolio"),
    Project: ("`[[project]]` in a portfolio", "portfolio"),
    Recommendation: ("`[[project.recommendation]]` in a portfolio", "portfolio"),
    Letters: ("`[letters]`, or a file in `letters/`", "letters"),
    Letter: ("`[[letter]]` in letters", "letters"),
    Event: ("`[[event]]` in letters", "letters"),
    Ministry: ("`[[ministry]]` in a file in `actors/`, or `[[actors.ministry]]`", "actors"),
    Agency: ("`[[agency]]` in a file in `actors/`, or `[[actors.agency]]`", "actors"),
    Title: ("`title` and `summary`", "scenario"),
    Quantity: ("a number with its evidence", "scenario"),
}
"""Every model, the words for its table, and the kind of file whose JSON Schema has it."""

COMMON = {
    "name": "what it is called",
    "title": "heading in both languages",
    "source": "where the facts are from: source tag and chapter",
    "evidence": "grades bare numbers of this file by field: see “Say how sure you are”",
    "themes": "weight of each theme",
    "dependence": "how far the agency depends on others to reach its own goals, 0 to 1",
    "ambition": "rung of the coordination ladder the agency aims at in joint work",
}
OWN = {
    "ScenarioFile.summary": "what the scenario shows, in both languages",
    "ScenarioFile.arrangement": "name of a file in `arrangements/`, or the table itself",
    "ScenarioFile.portfolio": "name of a file in `portfolios/`, or the table itself",
    "ScenarioFile.letters": "name of a file in `letters/`, or the table itself",
    "Arrangement.extends": "arrangement it inherits from",
    "Arrangement.without": "inherited forums, members and ties to leave out",
    "Arrangement.start": "state of the cooperation in its first month",
    "Arrangement.member": "agencies that take part",
    "Arrangement.forum": "the bodies that meet",
    "Arrangement.tie": "start trust of one agency in another, where known",
    "Arrangement.unstable": "stretches of months with more or less turnover than usual",
    "Forum.begins": "first month of its life; default: the run's first",
    "Forum.ends": "last month of its life; default: the run's last",
    "Start.ownership": "ownership of agencies that have none of their own",
    "Start.trust": "trust on ties that have none of their own",
    "Member.capacity": "replaces the agency's own",
    "Member.line_capacity": "replaces the agency's own",
    "Member.staff": "replaces the agency's own, where its size in the period is another",
    "Member.internal_organisation": "replaces the agency's own",
    "Member.ownership": "replaces the agency's own",
    "Agency.function": "main function towards its field",
    "Agency.works": "whether it works mostly out in the field or at the desk",
    "Tie.source_agency": "who trusts",
    "Tie.target_agency": "who is trusted",
    "Tie.trust": "trust in the first month",
    "Period.begins": "first month",
    "Period.ends": "last month",
    "Period.turnover": "multiplies turnover in these months",
    "Portfolio.project": "the projects",
    "Project.benefit": "gain from a fully bold recommendation to an agency with full core-task overlap",
    "Project.cost": "what the same recommendation costs an agency",
    "Project.mandate_body": "forum that vets its mandate; replaces the arrangement's",
    "Project.clarity": "clarity of its mandate; replaces the arrangement's `project_clarity`",
    "Project.stop_points": "replaces the arrangement's",
    "Project.route": "replaces the arrangement's",
    "Project.recommendation": "its recommendations one by one, instead of `recommendations`",
    "Recommendation.duties": "agencies whose lines must carry it out; members of the project",
    "Recommendation.instrument": "replaces the project's",
    "Recommendation.instruments_given_up": "replaces the project's, and its `gives_up`",
    "Recommendation.gains": "net gain per agency, where it is not the project's",
    "Recommendation.gives_up": "what an agency must give up, where it is not what others do",
    "Letters.budget_month": "month in which law and budget come before the ministries",
    "Letter.begins": "first month in which it is in force",
    "Letter.ends": "last month in which it is in force; default: December of its first year",
    "Letters.letter": "the letters",
    "Letters.event": "the events",
    "Event.ministries": "ministries whose attention it renews",
    "Event.month": "the month it happens in",
    "Event.strength": "share of the way to full attention",
    "Title.en": "English",
    "Title.nb": "Norwegian bokmål",
    "Quantity.factor": "instead of `range`: from value ÷ factor to value × factor",
    "Quantity.spread": "instead of `range`: from value − spread to value + spread",
}
"""Meaning of fields that the docstrings do not describe, or describe together with others."""


def table() -> str:
    """One Markdown table a model, in the order in which one writes a scenario."""
    return "\n\n".join(_section(model) for model in TABLES)


def _section(model: type[BaseModel]) -> str:
    words, kind = TABLES[model]
    schema = _schema(model, kind)
    required = schema.get("required", [])
    rows = [
        [
            f"`{field}`",
            _allowed(its, schema.get("$defs", {})),
            "required" if field in required else _default(model, field, its),
            _meaning(model, field),
        ]
        for field, its in schema["properties"].items()
    ]
    summary = inspect.getdoc(model).splitlines()[0]  # type: ignore[union-attr]
    return f"**{words}** – {summary}\n\n{markdown_table(HEADING, rows)}"


def _schema(model: type[BaseModel], kind: Kind) -> Schema:
    whole = json_schema(kind)
    return whole if whole.get("title") == model.__name__ else whole["$defs"][model.__name__]


def _allowed(its: Schema, tables: Schema) -> str:
    return " or ".join(dict.fromkeys(word for branch in _branches(its) for word in _words(branch)))


def _branches(its: Schema) -> list[Schema]:
    """What a field may be, one by one."""
    either = its.get("anyOf") or its.get("oneOf") or its.get("allOf")  # older pydantic: allOf
    return [branch for one in either for branch in _branches(one)] if either else [its]


def _words(its: Schema) -> Iterator[str]:
    """What one branch of a field's schema allows; nothing for the branches that go without saying."""
    of = its.get("type")
    if "$ref" in its:
        if not its["$ref"].endswith("/Quantity"):
            yield "a table"
    elif str(its.get("description", "")).startswith(("a number", "a whole number")):
        yield str(its["description"])
    elif "const" in its or "enum" in its:
        yield ", ".join(f'`"{word}"`' for word in its.get("enum", [its.get("const")]))
    elif of == "array":
        yield _list(its)
    elif of == "object":
        yield _mapping(its)
    elif of == "string":
        yield "a month `YYYY-MM`" if r"\d\d-" in its.get("pattern", "") else "text"
    elif of != "null":
        yield {"boolean": "`true`, `false`", "number": "a number"}[of]


def _list(its: Schema) -> str:
    if "prefixItems" in its:
        return "two numbers"
    return "tables" if "$ref" in its["items"] else "a list of names"


def _mapping(its: Schema) -> str:
    values = its.get("additionalProperties") or next(iter(its.get("patternProperties", {}).values()), {})
    words = _allowed(values, {}) if isinstance(values, dict) and "anyOf" in values else ""
    return f"a table: name = {words}" if words and "e+12" not in words else "a table"


def _default(model: type[BaseModel], field: str, its: Schema) -> str:
    declared = model.model_fields.get(field)
    if declared is not None and declared.is_required():
        return "the file's name" if field == "name" else "required, unless inherited"
    default = its.get("default")
    if isinstance(default, dict) and "value" in default:
        return f"{default['value']:g}"
    if isinstance(default, bool):
        return str(default).lower()
    return f"`{default!r}`".replace("'", '"') if default and not isinstance(default, dict) else "–"


def _meaning(model: type[BaseModel], field: str) -> str:
    own = OWN.get(f"{model.__name__}.{field}")
    return (own or _documented(model).get(field) or COMMON[field]).replace("``", "`")


def _documented(model: type[BaseModel]) -> dict[str, str]:
    """The ``Attributes`` section of a docstring, by field."""
    _, _, section = (inspect.getdoc(model) or "").partition("Attributes:\n")
    entries = re.findall(r"^    ([\w, ]+): (.*(?:\n     .*)*)", section, re.MULTILINE)
    return {
        field.strip(): re.sub(r"\s+", " ", meaning).rstrip(".")
        for fields, meaning in entries
        for field in fields.split(",")
    }


if __name__ == "__main__":
    command(DOCUMENT, NAME, table())
