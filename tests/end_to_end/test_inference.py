"""Parameter sets and structures from the command line: patterns, retain, search."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from tverretatlig_sim import load_scenario
from tverretatlig_sim.study.search import search

from .conftest import Command

SMALL = ("--sets", "4", "--runs", "2")
STRUCTURES = ("--trials", "10", "--runs", "3", "--months", "16", "--gain", "drafted")
MINE = """\
from tverretatlig_sim.study.patterns import Pattern, Text, register, switch


def more_meetings(context):
    few, many = (context.sample(name).outcome("meetings") for name in ("pure-hierarchy", "pure-network"))
    return many - few


register(
    Pattern(
        id="networks-meet",
        claim=Text("Networks meet more.", "Nettverk møtes mer."),
        source="my own",
        evidence="impression",
        statistic=more_meetings,
        measure=Text("meetings, difference", "møter, forskjell"),
        direction=1,
        switch=switch("nothing is taken away", "ingenting tas bort"),
    )
)
"""


@pytest.mark.slow
def test_patterns_have_verdicts_for_readers_and_machines(command: Command, tmp_path: Path) -> None:
    shown = command("patterns", "core-gives-more", "no-law-2019", *SMALL, "--lang", "nb")
    assert shown.status == 0, shown.err
    words = ("core-gives-more", "no-law-2019", "DEL19 5.2", "Dom", "(inntrykk)", "4 parametersett")
    assert all(word in shown.words for word in words)
    asked = ("patterns", "core-gives-more", "a-and-b-team", *SMALL, "--json", "--out", "out")
    document = command(*asked).json
    assert (document["sets"], document["runs"], document["seed"]) == (4, 2, 1)
    assert [row["id"] for row in document["patterns"]] == ["core-gives-more", "a-and-b-team"]
    keys = {"mean", "low", "high", "share", "sets", "verdict", "evidence", "source", "claim", "switch"}
    assert all(keys <= set(row) for row in document["patterns"])
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == {
        "patterns.csv", "values.csv", "patterns.json", "contents.txt",
    }  # fmt: skip
    assert json.loads((out / "patterns.json").read_text(encoding="utf-8")) == document
    assert len((out / "values.csv").read_text(encoding="utf-8").splitlines()) == 5


@pytest.mark.slow
def test_a_pattern_of_ones_own(process: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    (row,) = process("patterns", "networks-meet", *SMALL, "--module", "mine.py", "--json").json["patterns"]
    assert row["id"] == "networks-meet"
    assert row["verdict"] in {"holds", "leans"}  # four sets are few


def test_a_pattern_vanishes_when_what_it_rests_on_is_taken_away(command: Command) -> None:
    (row,) = command("patterns", "turnover-costs-trust", *SMALL, "--switched", "--json").json["patterns"]
    assert (row["mean"], row["verdict"]) == (0, "fails")


@pytest.mark.slow
def test_retain_reports_and_stores(command: Command, tmp_path: Path) -> None:
    result = command("retain", *SMALL, "--most", "4", "--want", "5", "--out", "kept")
    assert result.status == 0, result.err
    assert "of 4 parameter sets agree" in result.out
    assert "No tolerance was loosened" in result.out
    names = {"sets.csv", "manifest.json", "criteria.csv", "regions.csv"}
    assert {path.name for path in (tmp_path / "kept").iterdir()} == names
    manifest = json.loads((tmp_path / "kept" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == "tverretatlig retain --sets 4 --runs 2 --seed 1 --want 5 --most 4"
    assert manifest["drawn"] == 4


@pytest.mark.slow
def test_search_writes_what_the_library_finds_and_goes_on_from_there(
    command: Command, tmp_path: Path
) -> None:
    asked = ("search", "0-24-2018", *STRUCTURES, "--out", "found")
    document = command(*asked, "--json").json
    found = search(load_scenario("0-24-2018"), 10, 3, months=16, gain="drafted")
    front = found.front.reset_index()
    assert [row["fresh_gain"] for row in document["front"]] == front["fresh_gain"].tolist()
    assert document["tried"] == len(found.tried)
    folder = tmp_path / "found"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    tables = {"search.csv", "front.csv", "search.json", "evaluations.jsonl"}
    assert set(before) == tables | {"pareto.png", "pareto.svg", "contents.txt"}
    table = pd.read_csv(folder / "search.csv")
    assert table["front"].sum() == len(front)
    assert (table["gain_low"] <= table["gain_high"]).all()
    shown = command(*asked, "--lang", "nb")
    assert "nye trekninger" in shown.words
    assert "±" in shown.out
    assert not re.search(r"(search|dial)\.\w", shown.out)
    command(*asked)  # words of files and figures are those of the last reader's language
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_without_the_optimiser_it_says_what_to_install(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tverretatlig_sim.cli.inference.find_spec", lambda name: None)
    result = command("search", "0-24-2018")
    assert result.status == 2
    assert 'needs Optuna, which is not installed.\npip install "tverretatlig-sim[search]"' in result.err
