"""The commands that say where numbers are from, and what a difference is made of."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from speaking import labels
from tverretatlig_sim.scenario.evidence import PARTS as NUMBERS
from tverretatlig_sim.scenario.fit import RULES
from tverretatlig_sim.study import PARTS

from .conftest import Command

FEW = ("--runs", "4", "--months", "40")
ALIKE = ("etatssamarbeidet-2022", "etatssamarbeidet-2023")


def test_evidence_prints_shares_and_groups(command: Command) -> None:
    result = command("evidence", "0-24-2018")
    assert result.status == 0
    assert all(
        text in result.out for text in ("Where the numbers are from", "sourced", "forum.cadence", "DEL19 4.1")
    )
    assert "kildebelagt" in command("evidence", "0-24-2018", "--lang", "nb").out


def test_evidence_as_json_lists_every_number(command: Command) -> None:
    document = command("evidence", "0-24-2018", "--json").json
    assert list(document["counts"]) == list(NUMBERS)
    assert sum(count["n"] for count in document["counts"].values()) == len(document["numbers"])
    for count in document["counts"].values():
        assert count["n"] == count["sourced"] + count["derived"] + count["assumed"]
    assert {"part", "entity", "field", "value", "low", "high", "unit", "grade", "source", "note"} == set(
        document["numbers"][0]
    )


def test_evidence_of_one_grade_and_as_a_file(command: Command, tmp_path: Path) -> None:
    document = command("evidence", "0-24-2018", "--grade", "sourced", "--json", "--out", "out").json
    assert {number["grade"] for number in document["numbers"]} == {"sourced"}
    with (tmp_path / "out" / "evidence.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["field"] for row in rows] == [number["field"] for number in document["numbers"]]
    assert "out" in command("evidence", "0-24-2018", "--out", "out").out


def test_explain_prints_a_table_a_sentence_and_its_rules(command: Command) -> None:
    result = command("explain", *ALIKE, *FEW, "--outcome", "trust_mean")
    assert result.status == 0
    words = (
        "A = etatssamarbeidet-2022",
        "forums",
        "all parts together",
        "The same in both: portfolio",
        "In the model",
    )
    assert all(word in result.out for word in words)
    assert "Simulated 16 of 16 runs" in result.err
    assert "I modellen" in command("explain", *ALIKE, *FEW, "--outcome", "trust_mean", "--lang", "nb").out


def test_explain_as_json_adds_up(command: Command) -> None:
    document = command("explain", *ALIKE, *FEW, "--outcome", "trust_mean", "--json", "--seed", "5").json
    assert (document["seed"], document["runs"], document["months"], document["hybrids"]) == (5, 4, 40, 4)
    assert {part["part"] for part in document["parts"]} == set(PARTS)
    assert sum(part["mean"] for part in document["parts"]) == pytest.approx(
        document["total"]["mean"], abs=1e-9
    )
    assert document["finding"].startswith("In the model")
    assert set(document["rules"]) <= set(RULES)


def test_a_lever_is_explained_by_the_part_it_changes(command: Command) -> None:
    name = "etatssamarbeidet-2022"
    document = command("explain", f"{name}+line-calibration", name, *FEW, "--json").json
    assert [part["part"] for part in document["parts"] if part["differs"]] == ["mandate"]


def test_explain_says_when_there_is_nothing_to_say(command: Command) -> None:
    result = command("explain", *ALIKE, "--runs", "2", "--months", "20")
    assert result.status == 0
    assert "Nothing is said" in result.out
    document = command("explain", *ALIKE, "--runs", "2", "--months", "20", "--json").json
    assert (document["missing"], document["total"]["mean"]) == (2, None)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("explain", "0-24-2018"), "Missing argument 'B'"),
        (("explain", "0-24-2018", "0-24-2018"), "given more than once"),
        (("explain", *ALIKE, "--outcome", "trust"), "did you mean"),
        (("explain", *ALIKE, "--set", "nothing=1"), "unknown parameter"),
        (("evidence", "0-24-2081"), "did you mean"),
        (("evidence", "0-24-2018", "--out", ""), "the name of the folder is empty"),
    ],
)
def test_refusals(command: Command, arguments: tuple[str, ...], says: str) -> None:
    result = command(*arguments)
    assert (result.status, result.out) == (2, "")
    assert says in result.err
    assert "Traceback" not in result.err


def test_every_part_has_a_label() -> None:
    assert {f"part.{part}" for part in PARTS} | {f"evidence.{part}" for part in NUMBERS} <= set(labels())


def test_explain_over_the_evidence_consistent_sets(command: Command) -> None:
    asked = ("explain", *ALIKE, "--robust", "--months", "6", "--outcome", "trust_mean")
    document = command(*asked, "--json").json
    assert document["sets"] == document["retained"]["kept"]
    assert document["runs"] == 1
    parts = {part["part"]: part for part in document["parts"] if part["differs"]}
    assert sum(part["mean"] for part in parts.values()) == pytest.approx(document["total"]["mean"])
    printed = command(*asked, "--lang", "nb").out
    assert "evidenskonsistente" in printed
    assert "% av settene" in printed
