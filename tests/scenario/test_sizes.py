"""The size of every shipped project is that of its kind of work, by the table of the passages (O)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tverretatlig_sim.scenario.files import shipped_folder

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs" / "passages.md").read_text(encoding="utf-8").partition("## O.")[2]
KINDS = {
    kind: float(size)
    for kind, size in re.findall(r"^\| (\w+) \| (\d+) \| [\d.]+–\d+ \|", TABLE, re.MULTILINE)
}
TIMES = {
    "under way": 0.5, "a part": 0.5, "two assignments": 2.0,
    "five measures": 5.0, "four years of reporting": 4.0,
}  # fmt: skip
"""A part or a remainder counts half; what was put together adds; a bundle counts its measures."""
PORTFOLIOS = sorted((shipped_folder() / "portfolios").glob("*.toml"))


@pytest.mark.parametrize("path", PORTFOLIOS, ids=lambda path: path.stem)
def test_sizes_go_by_kind_of_work(path: Path) -> None:
    assert len(KINDS) == 5
    text = path.read_text(encoding="utf-8")
    sizes = re.findall(r"^size = ([\d.]+) # (\w+)(?:, (.*))?$", text, re.MULTILINE)
    assert len(sizes) == text.count("[[project]]")
    for size, kind, more in sizes:
        expected = KINDS[kind]
        for word in filter(None, more.split(", ")):
            expected *= TIMES[word]
        assert float(size) == expected
