"""The command ``search``, from the scenario to table, files and figure."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from tverretatlig_sim import load_scenario
from tverretatlig_sim.cli import search as search_command
from tverretatlig_sim.study.search import search

from .conftest import Command

SMALL = ("--trials", "10", "--runs", "3", "--months", "16", "--gain", "drafted")


def test_search_writes_what_the_library_finds(command: Command, tmp_path: Path) -> None:
    result = command("search", "0-24-2018", *SMALL, "--out", "found", "--json")
    assert result.status == 0
    document = json.loads(result.out)
    found = search(load_scenario("0-24-2018"), 10, 3, months=16, gain="drafted")
    front = found.front.reset_index()
    assert [row["fresh_gain"] for row in document["front"]] == front["fresh_gain"].tolist()
    assert document["tried"] == len(found.tried)
    folder = tmp_path / "found"
    files = {path.name for path in folder.iterdir()}
    assert files == {
        "search.csv",
        "front.csv",
        "search.json",
        "pareto.png",
        "pareto.svg",
        "evaluations.jsonl",
    }
    table = pd.read_csv(folder / "search.csv")
    assert table["front"].sum() == len(front)
    assert (table["gain_low"] <= table["gain_high"]).all()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert command("search", "0-24-2018", *SMALL, "--out", "found").status == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(("lang", "said"), [("en", "on fresh draws"), ("nb", "nye trekninger")])
def test_the_table_says_how_sure_it_is(command: Command, said: str, lang: str) -> None:
    asked = ("--turn", "cadence,rule", "--set", "line_drop=0.1", "--lang", lang)
    result = command("search", "etatssamarbeidet-2022", *SMALL, *asked)
    assert result.status == 0
    assert said in " ".join(result.out.split())
    assert "±" in result.out
    assert not re.search(r"(search|dial)\.\w", result.out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--turn", "colour"), "has no dial colour; allowed: portfolio"),
        (("--gain", "joy"), "no outcome 'joy'"),
        (("--set", "line_drop=9"), "line_drop"),
    ],
)
def test_search_refuses(command: Command, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    result = command("search", "0-24-2018", "--trials", "2", *arguments, "--out", "found")
    assert (result.status, result.out) == (2, "")
    assert message in result.err
    assert list(tmp_path.iterdir()) == []


def test_without_the_optimiser_it_says_what_to_install(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Exception, match="needs Optuna"):
        search_command._check_optimiser()
