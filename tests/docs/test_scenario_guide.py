"""The how-to on scenarios: its table of fields is complete, its error messages are those of the loader."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from tverretatlig_sim import ScenarioError, load_scenario
from tverretatlig_sim.scenario.json_schema import MODELS

from .documents import ROOT, save_files

GUIDE = ROOT / "docs" / "how-to" / "scenarios.md"
EXAMPLE = "school-return.toml"

FAULTS = {
    "write numbers with a decimal point: 1.5": ("secretariat_fte = 1.5", "secretariat_fte = 1,5"),
    'write months in quotation marks: "2026-03"': ('start = "2026-03"', "start = 2026-03"),
    'did you mean "cadence"?': ("cadence = 2", "cadense = 2"),
    '"Kystverket" is not a known agency': ('agency = "Statped"', 'agency = "Kystverket"'),
    '"FHI" is neither a member of the arrangement nor a known ministry': (
        'seats = ["Udir", "Hdir"]',
        'seats = ["Udir", "FHI"]',
    ),
    'route: "board" is neither a forum of the arrangement nor the line': (
        'route = ["steering-group"',
        'route = ["board"',
    ),
    'served_by: "steering-group" is not a secretariat': (
        "secretariat_fte = 1.5",
        'served_by = "steering-group"',
    ),
    "is 30; allowed: a number from 0 to 1": ("follow_up = 0.3", "follow_up = 30"),
    "2 entries have this name": ('name = "shared-health-data"', 'name = "absence-guide"'),
    "ends (2025-12) before it begins": ('ends = "2027-12"', 'ends = "2025-12"'),
}
"""What a row of the guide's table says, and a fault in its example that makes the loader say it."""


def models() -> set[type[BaseModel]]:
    """All models of the schema, from the files down."""
    found: set[type[BaseModel]] = set()
    waiting: list[object] = list(MODELS.values())
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in found:
            found.add(kind)
            waiting += [field.annotation for field in kind.model_fields.values()]
        waiting += get_args(kind)
    return found


def message_cells() -> str:
    """The first column of the table of error messages."""
    _, _, rest = GUIDE.read_text(encoding="utf-8").partition("## When validation complains")
    return "\n".join(re.findall(r"^\| (`.*?`) \|", rest.partition("\n## ")[0], re.MULTILINE))


def test_field_table_is_that_of_the_schema() -> None:
    import field_table
    import generated

    assert generated.stored(GUIDE, field_table.NAME) == field_table.table()


def test_every_field_of_every_model_is_in_the_table() -> None:
    import field_table

    assert models() - set(field_table.TABLES) == {MODELS["actors"]}, "its two tables stand by themselves"
    sections = field_table.table().split("\n\n**")
    for model, text in zip(field_table.TABLES, sections, strict=True):
        for field in model.model_fields:
            row = re.search(rf"^\| `{field}` \| (.+) \| (.+) \| (.+) \|$", text, re.MULTILINE)
            assert row, f"{model.__name__}.{field}"


@pytest.mark.parametrize("message", FAULTS)
def test_messages_are_those_of_the_loader(message: str, tmp_path: Path) -> None:
    save_files(GUIDE, tmp_path)
    path, (old, new) = tmp_path / EXAMPLE, FAULTS[message]
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert message in str(caught.value)
    assert f"`{message}`" in message_cells()


def test_every_row_of_messages_is_tried() -> None:
    assert len(message_cells().splitlines()) == len(FAULTS)
