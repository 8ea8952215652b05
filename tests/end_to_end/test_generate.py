"""A made-up world from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tverretatlig_sim import generate, load_scenario

from .conftest import Command


def test_it_writes_a_scenario_that_runs(command: Command, tmp_path: Path) -> None:
    result = command("generate", "big", "--agencies", "40", "--seed", "5", "--lang", "nb")
    assert result.status == 0
    assert "tverretatlig run" in result.out
    written = load_scenario(tmp_path / "big" / "big.toml")
    made = generate(40, 5)
    assert written.name == "big"
    assert (written.agencies, written.letters) == (made.agencies, made.letters)
    assert written.arrangement.forum == made.arrangement.forum
    assert written.portfolio.project == made.portfolio.project


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("big", "--agencies", "3"), "must be a whole number from 13 to 1000000"),
        (("big", "--agencies", "1500"), "at most 1 MB can be read again"),
        (("..",), "cannot have this name"),
    ],
)
def test_it_refuses(command: Command, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    result = command("generate", *arguments)
    assert (result.status, result.out) == (2, "")
    assert message in result.err
    assert list(tmp_path.iterdir()) == []
