"""The gallery shows every figure there is, small enough to load."""

from __future__ import annotations

import re

from tverretatlig_sim.show import plots

from .documents import ROOT, blocks

PAGE = ROOT / "docs" / "gallery.md"
MOST = 60 * 1024


def test_every_figure_has_its_lines_and_its_picture() -> None:
    code = [block.text for block in blocks(PAGE) if block.language == "python"]
    functions = [name for name in plots.__all__ if name.startswith("plot_")]
    assert [name for name in functions if not any(f"figure = plots.{name}(" in text for text in code)] == []
    pictures = re.findall(r"^!\[(.+)\]\((\S+)\)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(pictures) == len(functions)
    sizes = {name: (PAGE.parent / name).stat().st_size for _, name in pictures}
    assert {name: size for name, size in sizes.items() if not 0 < size <= MOST} == {}
