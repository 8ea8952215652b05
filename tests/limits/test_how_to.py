"""The how-to on the laboratory has the switches of these tests, and leaves no parameter out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tverretatlig_sim.scenario import parameter_specs

from .laboratory import QUIET

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "laboratory.md"
BLOCK = re.compile(r"^```(toml|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_ALONE = {"structure_half"}
"""Has no neutral value: it matters only while a mandate is unclear."""


def blocks(page: str) -> Iterator[tuple[str, str]]:
    """Language and text of each block; code keeps its line numbers, so that errors point into the page."""
    for match in BLOCK.finditer(page):
        before = page[: match.start(2)].count("\n")
        yield match[1], match[2] if match[1] == "toml" else "\n" * before + match[2]


def test_its_quiet_world_is_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "how-to"}
    # The rest of the page runs with the other documents.
    for language, text in blocks(PAGE.read_text(encoding="utf-8")):
        if language == "toml":
            name = text.partition("\n")[0].removeprefix("# ")
            Path(name).write_text(text, encoding="utf-8")
        else:
            exec(compile(text, str(PAGE), "exec"), namespace)
        if "quiet" in namespace:
            break
    assert namespace["quiet"] == QUIET


def test_every_parameter_has_a_quiet_value() -> None:
    assert set(QUIET) | LEFT_ALONE == set(parameter_specs())


def test_every_parameter_is_among_the_switches() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("## 2. The switches")[2].partition("## 3.")[0]
    assert [name for name in parameter_specs() if not re.search(rf"`{name}[ `]", table)] == []
