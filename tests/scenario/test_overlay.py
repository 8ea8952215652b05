"""What a user changes: line by line, with what it forces, in memory and in a file that names its base."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from choosing import KINDS
from tverretatlig_sim import ScenarioError, edit, list_scenarios, load_scenario, simulate, then
from tverretatlig_sim.scenario.overlay import lines_of, with_lines
from tverretatlig_sim.show.changes import changes_parts, forced, overlay_text, said

BASE = "etatssamarbeidet-2025"
SIX = ["Bufdir", "Hdir", "Husbanken", "IMDi", "POD", "Udir"]


def test_the_analysts_question_is_asked_in_one_call() -> None:
    base = load_scenario(BASE)
    group = {"function": "steer", "seats": "all", "cadence": 1}
    made = edit(base, members=SIX, forums={"strategic-group": group}, meetings=1, secretariat=6, letters=0.8)
    assert [agency.name for agency in made.agencies] == SIX
    assert {float(forum.cadence) for forum in made.arrangement.forum} == {1.0}
    assert sum(float(forum.secretariat_fte) for forum in made.arrangement.forum) == 6
    assert {float(letter.strength) for letter in made.letters.letter} == {0.8}
    assert [line.key for line in made.changes] == [
        "members", "forum.strategic-group", "forum[all].cadence", "secretariat", "letter[all].strength",
    ]  # fmt: skip
    assert said(made.changes[0], base) == f"6 members instead of 13 ({', '.join(SIX)})"
    sentences = [str(it) for it in forced(made.changes[0], base, made)]
    assert any("leads where the lead takes no part" in sentence for sentence in sentences)
    assert not any("core-2025" in sentence for sentence in sentences)
    assert base.changes == ()
    assert [str(note) for note in made.notes if "decide nothing" in str(note)] == [
        'forums that steer and are on no route decide nothing: "strategic-group"'
    ]


def test_members_leave_by_name_and_a_scenario_says_itself_shortly() -> None:
    made = edit(BASE, members={"UDI": False}, secretariat=6)
    assert made.changes == edit(BASE, {"member.UDI": False}, secretariat=6).changes[::-1]
    head, *lines = repr(made).splitlines()
    counts = "12 agencies, 7 ministries, 8 forums, 16 projects"
    assert head == f"<Scenario etatssamarbeidet-2025-changed, from 2025-02: {counts}>"
    assert lines == ["  member.UDI=false", "  secretariat=6"]
    first = repr(made.changes[0]).splitlines()
    assert first[0] == "<member.UDI=false"
    assert len(first) == 1 + len(made.changes[0].fittings)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    base = load_scenario(BASE)
    values = {
        "member.UDI": False, "member.Arbeidstilsynet": True, "project.best-interests.lead": "Udir",
        "forum.managers-group": {"rule": "majority", "cadence": {"value": 2.0, "range": [1.0, 3.0]}},
        "arrangement.coordinator": None, "lever.stable-staffing": True, "dial.matrix": 0.8,
    }  # fmt: skip
    for since in (None, "2026-01"):
        made = edit(base, values, since=since, name="own")
        (tmp_path / "own.toml").write_text(
            overlay_text(base, made.changes, "own", since=since, suggest=True), encoding="utf-8"
        )
        read = load_scenario(tmp_path / "own.toml")
        assert read == made
        assert read.notes == made.notes
        assert [line.key for line in read.changes] == [*values]
        assert load_scenario(made.to_dict()) == made
    nested = {"forum": {"managers-group": {"rule": "majority"}}, "arrangement": {"follow_up": 0.5}}
    assert [line.key for line in lines_of(nested)] == ["forum.managers-group", "arrangement.follow_up"]


def test_a_file_whose_base_changed_says_so(tmp_path: Path) -> None:
    base = load_scenario(BASE)
    text = overlay_text(base, edit(base, secretariat=3).changes, "own")
    (tmp_path / "own.toml").write_text(text.replace('base_hash = "', 'base_hash = "0'), encoding="utf-8")
    assert [str(note) for note in load_scenario(tmp_path / "own.toml").notes] == [
        f'"{BASE}" has changed since "own" was written'
    ]
    (tmp_path / "base.toml").write_text(base.to_toml(), encoding="utf-8")
    (tmp_path / "own.toml").write_text(text.replace(f'base = "{BASE}"', 'base = "base"'), encoding="utf-8")
    assert load_scenario(tmp_path / "own.toml").notes == ()


def test_since_a_date_nothing_differs_before_it() -> None:
    base = load_scenario(BASE)
    made = edit(base, {"member.UDI": False}, since="2026-01", letters=0.9)
    assert made.agencies == base.agencies
    assert {fitting.code for fitting in made.changes[-1].fittings} >= {"seats", "members"}
    one, other = (simulate(it, 3, months=11, series="none").outcomes for it in (base, made))
    assert one.equals(other)
    steps = [
        {"do": "set", "address": f"letter.{it.name}.strength", "value": 0.9} for it in base.letters.letter
    ]
    by_hand = then(base, "2026-01", [*steps, {"do": "remove", "address": "member.UDI"}])
    assert simulate(by_hand, 3, months=30).outcomes.equals(simulate(made, 3, months=30).outcomes)


def test_lines_that_cannot_stand_alone_are_left_out_of_what_others_do() -> None:
    base = load_scenario(BASE)
    lines = lines_of(
        {"forum.new": {"function": "steer", "seats": "all", "cadence": 2}, "forum.new.cadence": 1}
    )
    assert [line.key for line in with_lines(base, lines[1:]).changes] == []
    assert float(with_lines(base, lines).arrangement.forum[-1].cadence) == 1


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"members": "Bufdir"}, "a list of names of agencies"),
        ({"members": ["Nobody"]}, "Nobody"),
        ({"secretariat": -1}, "a number from 0"),
        ({"secretariat": 10**400}, "a number from 0 to 100000"),
        ({"tie": {"Udir": 1}}, "tie.Udir"),
        ({"letter[all].strength": 2}, "from 0 to 1"),
        ({"forum.managers-group.rule": "dice"}, "consensus"),
        ({"forum.new": {"function": "steer"}}, "seats"),
        ({"lever.no-such-lever": True}, "no such lever"),
        ({"memers": SIX}, 'did you mean "members"'),
        ({"project.none.lead": "Udir"}, "there is no number"),
        ({"dial.matrix": 7}, "from 0 to 1"),
    ],
)
def test_what_cannot_be_changed_is_refused_in_words(values: dict[str, object], why: str) -> None:
    with pytest.raises(ScenarioError, match=why) as refusal:
        edit(BASE, values)
    assert ".toml" not in str(refusal.value)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"values": 5}, "values: must map names to values"),
        ({"values": {5: 1}}, "values: must map names to values"),
        ({"forums": {5: {"cadence": 1}}}, "forum: must map names to values"),
        ({"levers": 5}, "levers: must be a list of names"),
        ({"levers": [5]}, "levers: must be a list of names"),
        ({"secretariat": 1, "since": 5}, "date: is 5"),
        ({"secretariat": 1, "since": "2026-13"}, "a month"),
    ],
)
def test_arguments_of_another_kind_are_refused_in_words(given: dict[str, Any], why: str) -> None:
    with pytest.raises((TypeError, ScenarioError), match=why):
        edit(BASE, **given)


@cache
def every_agency() -> frozenset[str]:
    return frozenset(it.name for name in list_scenarios() for it in load_scenario(name).agencies)


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_every_arrangement_can_be_changed_by_one_step(name: str) -> None:
    """Each member leaves, each other agency joins, each forum goes, each project gets another lead."""
    base = load_scenario(name)
    members = [agency.name for agency in base.agencies]
    projects = base.portfolio.project
    leads = {project.name: next((m for m in members if m != project.lead), None) for project in projects}
    steps: list[dict[str, object]] = [
        *({f"member.{member}": False} for member in members),
        *({f"member.{other}": True} for other in sorted(every_agency() - {*members})),
        *({f"forum.{forum.name}": False} for forum in base.arrangement.forum),
        *({f"project.{project}.lead": lead} for project, lead in leads.items() if lead),
    ]
    for step in steps:
        made = edit(base, step)
        assert made.problems() == ()
        (line,) = made.changes
        assert line.changes
        assert all(map(str, changes_parts(base, made)))
