"""What there is, and scenarios of one's own: list, show, levers, dials, evidence, validate, init and more."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from choosing import KINDS
from tverretatlig_sim import edit, generate, list_levers, list_scenarios, load_scenario, simulate
from tverretatlig_sim.scenario.levers import list_dials
from tverretatlig_sim.show.changes import overlay_text

from .conftest import Command

NAME, LEVER = "0-24-2018", "line-calibration"
SUGGESTION = re.compile(r"^# (?=(\"[^\"]+\"|(?!since)\w+) = )", re.MULTILINE)
"""The comment sign before a line that a reader may want to try."""
OWN = """
name = "trust"
title = { en = "More trust", nb = "Mer tillit" }
source = "test"
evidence = "advice"
meaning = { en = "More trust.", nb = "Mer tillit." }
change = [{ what = "start.trust", how = "add", amount = 0.1 }]
"""


def test_alone_it_greets_and_says_what_can_be_done(command: Command) -> None:
    assert command().out.count("  tverretatlig ") == 3
    assert "et eget scenario" in command("--lang", "nb").out
    names = ("list", "show", "validate", "run", "compare", "explain", "report", "study", "app")
    assert all(f"  {name} " in command("--help").out for name in names)


def test_lists_are_whole_for_readers_and_machines(command: Command) -> None:
    for names, asked in ((list_scenarios(), "list"), (list_levers(), "levers"), (list_dials(), "dials")):
        shown = command(asked, "--lang", "nb")
        assert shown.status == 0
        assert all(name in shown.out for name in names)
        assert [row["name"] for row in command(asked, "--json").json] == names
    assert "Hvert prosjekt stopper tre ganger" in command("levers", "--lang", "nb").words
    assert "Svak og sterk matrise" in command("dials", "--lang", "nb").out
    keys = {"name", "value", "low", "high", "grade", "source"}
    assert keys <= set(command("list", "--parameters", "--json").json[0])
    assert "attention_level" in command("list", "--parameters").out


def test_levers_and_dials_are_shown_with_the_evidence_of_their_numbers(command: Command) -> None:
    shown = command("levers", "simpler-structure", LEVER).out
    assert all(word in shown for word in ("fewer-seats", "at least", "assumed", "DFO25 6.4", "2 … 4"))
    assert "forum[all].authority" in command("dials", "matrix").out


def test_show_has_what_is_given_and_nothing_that_runs_would_have_to_reach(command: Command) -> None:
    shown = command("show", "etatssamarbeidet-2022", "--lang", "nb").out
    assert all(word in shown for word in ("Bufdir *", "Direktørgruppen"))
    shown = command("show", NAME).out
    assert "Rung aimed at" in shown
    assert "Rung reached" not in shown
    document = command("show", NAME, "--json").json
    assert document["core"] is not None
    assert document["frameworks"]["ladder.aimed"]["mean"] == 4


def test_a_lever_file_of_one_s_own(command: Command, tmp_path: Path) -> None:
    (tmp_path / "own+trust.toml").write_text(OWN, encoding="utf-8")
    made = command("show", NAME, "--with", "own+trust.toml", "--agencies", "dfo-simplified", "--json").json
    assert made["name"] == f"{NAME}/agencies=dfo-simplified+trust"
    assert made["levers"] == ["trust"]
    assert made["arrangement"]["start"]["trust"]["value"] == 0.6


def test_evidence_counts_and_lists_every_number(command: Command, tmp_path: Path) -> None:
    shown = command("evidence", NAME).out
    assert all(word in shown for word in ("sourced", "forum.cadence", "DEL19 4.1"))
    document = command("evidence", NAME, "--json").json
    assert sum(count["n"] for count in document["counts"].values()) == len(document["numbers"])
    for count in document["counts"].values():
        assert count["n"] == count["sourced"] + count["derived"] + count["assumed"]
    some = command("evidence", NAME, "--grade", "sourced", "--json", "--out", "out").json["numbers"]
    assert {number["grade"] for number in some} == {"sourced"}
    with (tmp_path / "out" / "evidence.csv").open(encoding="utf-8") as file:
        assert [row["field"] for row in csv.DictReader(file)] == [number["field"] for number in some]


def test_validate_says_whether_a_file_is_valid_and_its_notes(command: Command, tmp_path: Path) -> None:
    assert command("validate", NAME).out == f"{NAME}: valid\n"
    expected = {"file": NAME, "valid": True, "problems": [], "notes": []}
    assert command("validate", NAME, "--json").json == expected
    (tmp_path / "bad.toml").write_text("start = 2022-01\n", encoding="utf-8")
    faulty = command("validate", "bad.toml")
    assert (faulty.status, faulty.out) == (2, "")
    assert "quotation marks" in faulty.err
    faulty = command("validate", "bad.toml", "--json")
    assert faulty.status == 2
    assert set(faulty.json["problems"][0]) == {"file", "place", "what", "allowed", "hint"}
    command("init", "mine")
    file = tmp_path / "mine" / "mine.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[change]", '[change]\n"scenario.months" = 1'), encoding="utf-8")
    checked, shown = command("validate", "mine/mine.toml"), command("show", "mine/mine.toml")
    notes = [line.partition(": ")[2] for line in checked.err.splitlines()]
    assert notes
    assert notes == [line.partition(": ")[2] for line in shown.err.splitlines()]
    assert command("validate", "mine/mine.toml", "--json").json["notes"] == notes


def test_init_writes_a_scenario_that_runs(command: Command, tmp_path: Path) -> None:
    result = command("init", "my-study", "--lang", "nb")
    assert "tverretatlig brief etatssamarbeidet-2025" in result.out
    pair = ("etatssamarbeidet-2025", "my-study/my-study.toml")
    assert command("compare", *pair, "--runs", "3", "--months", "30", "--json").status == 0
    base, own = (load_scenario(place).arrangement.follow_up for place in (pair[0], tmp_path / pair[1]))
    assert base.value != own.value
    command("init", "whole", "--from", "ny-giv-2010", "--full")
    assert load_scenario(tmp_path / "whole" / "whole.toml").arrangement.forum


@pytest.mark.slow
@pytest.mark.parametrize("base", KINDS)
def test_every_suggestion_of_a_new_file_can_be_tried(base: str, tmp_path: Path) -> None:
    loaded = load_scenario(base)
    text = overlay_text(loaded, edit(loaded, {"arrangement.follow_up": 0.7}).changes, "mine", suggest=True)
    tried, count = SUGGESTION.subn("", text)
    assert count >= 4
    for version in (text, tried):
        (tmp_path / "mine.toml").write_text(version, encoding="utf-8")
        scenario = load_scenario(tmp_path / "mine.toml")
        assert scenario.default_months == loaded.default_months
    assert scenario.arrangement.stop_points.value == 3
    assert simulate(scenario, runs=1, months=3, series="none").outcomes["planned"].size == 1


def test_edit_says_and_writes_what_it_changes(command: Command, tmp_path: Path) -> None:
    lines = ("member.UDI=false", "letter[all].strength=0.8", "forum.managers-group.rule=majority")
    told = command("edit", "etatssamarbeidet-2025", *lines, "--out", "own.toml", "--lang", "nb").out
    assert "1. Uten Utlendingsdirektoratet" in told
    assert "flertall i stedet for konsensus" in told
    made = edit("etatssamarbeidet-2025", {"member.UDI": False, "letter[all].strength": 0.8,
                                          "forum.managers-group.rule": "majority"}, name="own")  # fmt: skip
    assert load_scenario(tmp_path / "own.toml") == made
    command("edit", "etatssamarbeidet-2025", *lines, "--out", "own.toml", "--full")
    assert load_scenario(tmp_path / "own.toml") == made
    members = command("edit", "etatssamarbeidet-2025", "members=Bufdir,Hdir", "--since", "2026-01")
    assert members.status == 0
    refusals = {
        "letter[all].strength=0,8": "decimal point",
        "member.UDI": "address=value",
        "member.UDO=false": 'did you mean "member.UDI"',
        "membrs=a": "members",
    }
    for wrong, why in refusals.items():
        refused = command("edit", "etatssamarbeidet-2025", wrong)
        assert refused.status == 2
        assert why in refused.err


def test_generate_writes_the_scenario_that_the_library_makes(command: Command, tmp_path: Path) -> None:
    result = command("generate", "big", "--agencies", "40", "--seed", "5", "--lang", "nb")
    assert "tverretatlig run" in result.out
    written, made = load_scenario(tmp_path / "big" / "big.toml"), generate(40, 5)
    assert written.name == "big"
    assert (written.agencies, written.letters) == (made.agencies, made.letters)
    assert written.arrangement.forum == made.arrangement.forum
    assert written.portfolio.project == made.portfolio.project


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("tverretatlig comp", "compare"),
        ("tverretatlig run 0-24", "0-24-2018"),
        ("tverretatlig run 0-24-2018+stronger", "0-24-2018+stronger-secretariat"),
        ("tverretatlig run x --with joint-reporting,stronger", "joint-reporting,stronger-secretariat"),
        ("tverretatlig run x --dial rung=2,matr", "rung=2,matrix="),
        ("tverretatlig compare 0-24-2018 --portfolio dfo", "dfo-simplified"),
    ],
)
def test_the_tab_key_completes(command: Command, words: str, found: str) -> None:
    last = str(len(words.split()) - 1)
    result = command(_TVERRETATLIG_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=last)
    assert f"plain,{found}" in result.out.splitlines()
