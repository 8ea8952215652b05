"""The glossary has everyone in the catalogue, and every scenario, under the names of the files."""

from __future__ import annotations

from .documents import ROOT


def test_names_are_those_of_the_files() -> None:
    import generated
    import names_table

    assert generated.stored(ROOT / "docs" / "glossary.md", names_table.NAME) == names_table.table()
