"""The commands ``patterns`` and ``retain``, and ``compare --robust``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Command

SMALL = ("--sets", "4", "--runs", "2")
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


def test_patterns_prints_a_table_with_verdicts(command: Command) -> None:
    result = command("patterns", "core-gives-more", "no-law-2019", *SMALL, "--lang", "nb")
    assert result.status == 0, result.err
    words = ("core-gives-more", "no-law-2019", "DEL19", "Dom", "(observert)")
    assert all(word in result.out for word in words)
    assert "4 parametersett" in result.out


def test_patterns_as_json_and_files(command: Command, tmp_path: Path) -> None:
    result = command("patterns", "core-gives-more", "a-and-b-team", *SMALL, "--json", "--out", "out")
    document = result.json
    assert (document["sets"], document["runs"], document["seed"]) == (4, 2, 1)
    assert [row["id"] for row in document["patterns"]] == ["core-gives-more", "a-and-b-team"]
    keys = {"mean", "low", "high", "share", "sets", "verdict", "evidence", "source", "claim", "switch"}
    assert all(keys <= set(row) for row in document["patterns"])
    names = {"patterns.csv", "values.csv", "patterns.json"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names
    assert json.loads((tmp_path / "out" / "patterns.json").read_text(encoding="utf-8")) == document
    assert len((tmp_path / "out" / "values.csv").read_text(encoding="utf-8").splitlines()) == 5


def test_a_pattern_of_ones_own(process: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    result = process("patterns", "networks-meet", *SMALL, "--module", "mine.py", "--json")
    (row,) = result.json["patterns"]
    assert (row["id"], row["verdict"]) == ("networks-meet", "holds")


def test_a_pattern_vanishes_when_what_it_rests_on_is_taken_away(command: Command) -> None:
    (row,) = command("patterns", "turnover-costs-trust", *SMALL, "--switched", "--json").json["patterns"]
    assert row["mean"] == 0
    assert row["verdict"] == "fails"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("core-gives-mor",), "did you mean 'core-gives-more'"),
        (("--module", "none.py"), "no such Python file"),
        (("--sets", "1"), "1 is not in the range"),
    ],
)
def test_refusals(command: Command, arguments: tuple[str, ...], said: str) -> None:
    result = command("patterns", *arguments)
    assert (result.status, result.out) == (2, "")
    assert said in result.err


def test_compare_in_all_evidence_consistent_sets(command: Command, tmp_path: Path) -> None:
    arguments = ("compare", "0-24-2018", "pure-network", "--robust", "--runs", "4", "--months", "48")
    document = command(*arguments, "--json").json
    assert document["runs"] == 1
    assert document["sets"] == document["retained"]["kept"]
    keys = {"a", "b", "outcome", "sets", "share_a_above_b", "share_low", "share_high", "mean", "low", "high"}
    assert all(keys <= set(row) for row in document["differences"])
    assert [flip["outcome"] for flip in document["flips"]] == ["implemented_rate"]
    assert len(document["findings"]) == 1
    assert list(tmp_path.iterdir()) == []
    said = command(*arguments, "--lang", "nb")
    assert said.status == 0, said.err
    assert "parametersettene" in said.out
    folder = tmp_path / "results" / "compare-0-24-2018-pure-network"
    assert {path.name for path in folder.iterdir()} == {"robust.csv", "robust-sets.csv", "robust.json"}


def test_retain_reports_and_stores(command: Command, tmp_path: Path) -> None:
    arguments = ("retain", "--sets", "4", "--runs", "2", "--most", "4", "--want", "5", "--out", "kept")
    result = command(*arguments)
    assert result.status == 0, result.err
    assert "of 4 parameter sets agree" in result.out
    assert "No tolerance was loosened" in result.out
    names = {"sets.csv", "manifest.json", "criteria.csv", "regions.csv"}
    assert {path.name for path in (tmp_path / "kept").iterdir()} == names
    manifest = json.loads((tmp_path / "kept" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == "tverretatlig retain --sets 4 --runs 2 --seed 1 --want 5 --most 4"
    assert manifest["drawn"] == 4
