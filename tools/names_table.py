"""Scenarios, ministries and agencies in both languages as Markdown tables: the names of the glossary.

Run ``python tools/names_table.py`` to see them, with ``--write`` to put them into the document.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generated import command, markdown_table

from tverretatlig_sim.scenario import list_scenarios
from tverretatlig_sim.scenario.files import shipped_folder

DOCUMENT, NAME = "docs/glossary.md", "names"
HEADING = ("in the files", "Norwegian", "English")
KINDS = {"ministry": "Ministries, and councils that steer like one", "agency": "Agencies and other members"}


def table() -> str:
    """A table of scenarios, then one of ministries and one of agencies, each in order of name."""
    scenarios = [_row(_read(shipped_folder() / f"{name}.toml")) for name in list_scenarios()]
    parts = [("Scenarios", scenarios)]
    parts += [(heading, sorted(_actors(kind))) for kind, heading in KINDS.items()]
    return "\n\n".join(_part(heading, rows) for heading, rows in parts)


def _part(heading: str, rows: list[list[str]]) -> str:
    return f"**{heading}**\n\n{markdown_table(HEADING, rows)}"


def _actors(kind: str) -> Iterator[list[str]]:
    for path in (shipped_folder() / "actors").glob("*.toml"):
        for actor in _read(path).get(kind, []):
            yield _row(actor)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _row(table: dict[str, Any]) -> list[str]:
    title = table.get("title", dict.fromkeys(("nb", "en"), table["name"]))
    return [f"`{table['name']}`", title["nb"], title["en"]]


if __name__ == "__main__":
    command(DOCUMENT, NAME, table())
