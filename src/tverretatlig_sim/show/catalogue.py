"""What comes with the package: scenarios and parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tverretatlig_sim.i18n import current_language, label
from tverretatlig_sim.scenario.errors import ScenarioError
from tverretatlig_sim.scenario.files import list_scenarios, read_table, shipped_folder
from tverretatlig_sim.show.numbers import plain

if TYPE_CHECKING:
    from rich.table import Table


def scenarios_document() -> list[dict[str, Any]]:
    """Name, title and start of each scenario; only its own file is read, so this is fast.

    A file that cannot be read has no title and no start, but says its ``problem``.
    """
    return [_described(name) for name in list_scenarios()]


def _described(name: str) -> dict[str, Any]:
    try:
        raw = read_table(shipped_folder() / f"{name}.toml")
    except ScenarioError as error:
        return {"name": name, "title": None, "start": None, "problem": str(error)}
    return {"name": name, "title": raw.get("title"), "start": raw.get("start")}


def scenarios_table() -> Table:
    """The same as a table."""
    from tverretatlig_sim.show.tables import table

    headings = {"name": "left", "start": "left", "title": "fold"}
    made = table("", {label(key): stands for key, stands in headings.items()})
    for scenario in scenarios_document():
        titles = scenario["title"] or {}
        title = titles.get(current_language(), titles.get("en", ""))
        made.add_row(scenario["name"], scenario["start"], scenario.get("problem", title))
    return made


def parameters_document() -> list[dict[str, Any]]:
    """Everything that is known about each parameter."""
    from tverretatlig_sim.scenario.parameters import parameter_specs

    return [
        {
            "name": spec.name,
            "value": spec.value,
            "low": spec.low,
            "high": spec.high,
            "minimum": spec.minimum,
            "maximum": spec.maximum,
            **spec.model_dump(include={"unit", "grade", "source", "meaning", "whole", "phases"}),
        }
        for spec in parameter_specs().values()
    ]


def parameters_table() -> Table:
    """Default, evidence range, hard bounds and meaning of each parameter."""
    from tverretatlig_sim.scenario.parameters import parameter_specs
    from tverretatlig_sim.show.tables import table

    headings = {
        "parameter": "left",
        "default": "right",
        "range": "left",
        "allowed": "left",
        "grade": "left",
        "meaning": "fold",
    }
    made = table("", {label(key): stands for key, stands in headings.items()})
    for name, spec in parameter_specs().items():
        span, bounds = (
            " … ".join(plain(end) for end in ends)
            for ends in ((spec.low, spec.high), (spec.minimum, spec.maximum))
        )
        meaning = f"{spec.meaning!s} ({label(f'unit.{spec.unit}').removeprefix('unit.')})"
        made.add_row(name, plain(spec.value), span, bounds, label(spec.grade), meaning)
    return made
