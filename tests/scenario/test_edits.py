"""Edits reach everything, say what they change, and what they leave behind is settled by one rule each."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from choosing import shipped
from properties.worlds import Row, steady
from tverretatlig_sim import Scenario, ScenarioError, build, list_scenarios, load_scenario, simulate
from tverretatlig_sim.scenario import Quantity
from tverretatlig_sim.scenario.combine import combined, hybrid
from tverretatlig_sim.scenario.edits import Add, Edit, Remove, Set, differences, edited
from tverretatlig_sim.scenario.fit import RULES, by_rule, fit
from tverretatlig_sim.scenario.operations import joint_letter
from tverretatlig_sim.scenario.schema import Period
from tverretatlig_sim.scenario.whole import named

NAMES = list_scenarios()


@cache
def everybody() -> tuple[str, ...]:
    return tuple(sorted({agency.name for name in NAMES for agency in shipped(name).agencies}))


# --- any edit of any arrangement


@st.composite
def edits(draw: st.DrawFn) -> tuple[Scenario, list[Edit]]:
    """A shipped scenario and up to three edits of it, drawn from all that change who takes part and where."""
    base = shipped(draw(st.sampled_from(NAMES)))
    members = [agency.name for agency in base.agencies]
    forums = [forum.name for forum in base.arrangement.forum]
    projects = [project.name for project in base.portfolio.project]
    letters = [letter.name for letter in base.letters.letter]
    some = st.lists(st.sampled_from(members), min_size=1, max_size=4, unique=True)
    kinds = [
        st.sampled_from(members).map(lambda name: Remove(address=f"member.{name}")),
        st.sampled_from([name for name in everybody() if name not in members]).map(
            lambda name: Add(kind="member", entry={"agency": name})
        ),
        st.tuples(st.sampled_from(projects), st.sampled_from(members)).map(
            lambda pair: Set(address=f"project.{pair[0]}.lead", value=pair[1])
        ),
        st.tuples(st.sampled_from(projects), some).map(
            lambda pair: Set(address=f"project.{pair[0]}.members", value=pair[1])
        ),
        some.map(lambda seats: Add(kind="forum", entry=forum("new", seats))),
        st.sampled_from(projects).map(lambda name: Remove(address=f"project.{name}")),
    ]
    if forums:
        kinds.append(st.sampled_from(forums).map(lambda name: Remove(address=f"forum.{name}")))
        kinds.append(
            st.tuples(st.sampled_from(forums), some).map(
                lambda pair: Set(address=f"forum.{pair[0]}.seats", value=pair[1])
            )
        )
    if letters:
        kinds.append(st.sampled_from(letters).map(lambda name: Remove(address=f"letter.{name}")))
    return base, draw(st.lists(st.one_of(kinds), min_size=1, max_size=3))


@steady(30)
@given(edits())
def test_any_edits_end_valid_or_with_a_sentence(case: tuple[Scenario, list[Edit]]) -> None:
    base, asked = case
    try:
        made, steps = vars(edited(base, asked)).values()
    except ScenarioError as refusal:
        # An entry or agency that an earlier edit removed, or the last member.
        reasons = (
            "there is no number", "nobody would be left", "is there already", "is not a member of",
            "is neither a member",
        )  # fmt: skip
        assert any(reason in str(refusal) for reason in reasons)  # noqa: PT017
        return
    assert made.problems() == ()
    assert {agency.ministry for agency in made.agencies} == {m.name for m in made.ministries}
    assert {row.agency for row in made.arrangement.member} == {agency.name for agency in made.agencies}
    assert fit(made, made) == (made, ())
    for step in steps:
        assert step.changes or not step.fittings
        assert all(str(item.text) for item in (*step.changes, *step.fittings))
    if len(asked) == 3:
        simulate(made, runs=1, months=6, series="none")


@pytest.mark.parametrize("name", ["0-24-2018", "ny-giv-2010"])
def test_each_member_can_leave_and_each_forum_be_dropped_as_an_overlay(name: str) -> None:
    base = shipped(name)
    for agency in base.agencies:
        rest = tuple(it for it in base.agencies if it != agency)
        made, fittings = fit(replace(base, agencies=rest), base)
        assert made.problems() == ()
        assert agency.name not in str([made.arrangement.member, made.letters.letter, made.core])
        assert made == edited(base, [Remove(address=f"member.{agency.name}")]).scenario
        assert fittings
    stranger = base.arrangement.forum[0].model_copy(update={"seats": ["Nobody"]})
    odd = replace(base, arrangement=base.arrangement.model_copy(update={"forum": [stranger]}))
    assert any("Nobody" in str(problem) for problem in fit(odd, base).scenario.problems())


# --- what edits say


def test_edits_reach_numbers_names_and_entries_and_say_so() -> None:
    base = shipped("0-24-2018")
    project = base.portfolio.project[0]
    other = next(name for name in project.members if name != project.lead)
    made, steps = vars(
        edited(
            base,
            [
                Set(address="forum.steering-group.cadence", value=3),
                Set(address="arrangement.turnover", value=2.0),
                Set(address="parameter.turnover", value=0.02),
                Set(address=f"project.{project.name}.lead", value=other),
                Set(address="arrangement.coordinator", value=None),
                Add(kind="letter", entry=letter("extra", [base.ministries[0].name])),
                Remove(address="forum.secretariat"),
            ],
        )
    ).values()
    said = [str(change.text) for step in steps for change in step.changes]
    assert said[0].startswith("forum.steering-group.cadence: ")
    assert said[0].endswith("→ 3")
    assert f"project.{project.name}.lead: {project.lead} → {other}" in said
    assert "letter.extra is added" in said
    assert "forum.secretariat is left out" in said
    assert {fitting.code for fitting in steps[-1].fittings} == {"unserved"}
    assert float(made.parameters["turnover"]) == 0.02
    assert float(made.arrangement.turnover) == 2.0
    assert made.arrangement.coordinator is None
    assert made.letters.letter[-1].ends == "2020-12"
    assert list(differences(base, base)) == []


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Set(address="forum.steering-grup.cadence", value=1), 'did you mean "forum.steering-group.cadence"'),
        (Set(address="arrangement.mandate_clarity", value=2), "a number from 0 to 1"),
        (Set(address="forum.steering-group.rule", value="dice"), "consensus"),
        (Set(address="forum.steering-group.name", value="x"), "names stay"),
        (Set(address="forum.steering-group.chair", value="Nobody"), "is neither a member"),
        (Add(kind="member", entry={"agency": "Udir"}), "is there already"),
        (Add(kind="member", entry={"agency": "Nobody"}), '"Nobody" is not a known agency'),
        (Add(kind="forum", entry={"name": "x"}), "is missing"),
        (Remove(address="forum.council"), "there is no number"),
    ],
)
def test_what_cannot_be_edited_says_why(edit: Edit, said: str) -> None:
    with pytest.raises(ScenarioError) as refusal:
        edited(shipped("0-24-2018"), [edit])
    assert said in str(refusal.value)


# --- the rules, one by one


def small(
    agencies: dict[str, str], forums: list[Row], projects: list[Row], letters: list[Row], **more: Any
) -> Scenario:
    """A scenario of agencies by ministry, each near the theme of its own name."""
    members = [
        {"name": name, "ministry": ministry, "capacity": 2.0, "core_tasks": {name: 1.0}}
        for name, ministry in agencies.items()
    ]
    return build("small", members, projects, forums, letters=letters, start="2020-01", **more)


def forum(name: str, seats: Any = "all", **more: Any) -> Row:
    return {"name": name, "function": "steer", "seats": seats, "cadence": 2, **more}


def project(name: str, lead: str, members: Any = "all", **more: Any) -> Row:
    usual = {"themes": {"y": 1.0}, "origin": "commissioned", "size": 3, "start": "2020-03"}
    count = {} if "recommendation" in more else {"recommendations": 2}
    return {"name": name, "lead": lead, "members": members, **usual, **count, **more}


def letter(name: str, ministries: list[str], to: Any = "all", **more: Any) -> Row:
    return {"name": name, "ministries": ministries, "to": to, "begins": "2020-01", "strength": 0.5, **more}


@pytest.fixture(scope="module")
def two() -> tuple[Scenario, Scenario]:
    listed = {"name": "r", "duties": ["w"]}
    first = small(
        {"w": "M", "x": "M", "y": "N"},
        [
            forum("board", chair="w", rule="authority"),
            forum("staff", ["w", "x"], function="prepare", secretariat_fte=2.0),
            forum("few", ["w"]),
        ],
        [
            project("joint", "w"),
            project("lonely", "w", ["w"]),
            project("listed", "x", ["w", "x"], recommendation=[listed], gains={"w": 0.5}, gives_up={"w": 1}),
        ],
        [
            letter("general", ["M", "N"]),
            letter("to-w", ["M"], ["w"]),
            letter("joint", ["M"], projects=["joint"]),
        ],
        coordinator="w", facilitator="staff", route=["board", "few"], tie=[
            {"source_agency": "w", "target_agency": "x", "trust": 0.9}
        ],
    )  # fmt: skip
    second = small(
        {"x": "M", "y": "N", "z": "N"},
        [forum("council", served_by="office"), forum("office", ["x"], function="draft", secretariat_fte=1.0)],
        [project("other", "z", route=["council", "office", "line"])],
        [letter("only-other", ["M", "N"], projects=["other"]), letter("mild", ["N"])],
        facilitator="council", route=["council"],
    )  # fmt: skip
    return first, second


def made_by(base: Scenario, *asked: Edit) -> tuple[Scenario, dict[str, tuple[str, ...]]]:
    """The edited scenario and what each rule was used on."""
    found = edited(base, asked)
    return found.scenario, by_rule(fitting for step in found.steps for fitting in step.fittings)


def test_every_rule_is_used_by_a_hybrid_or_an_edit(two: tuple[Scenario, Scenario]) -> None:
    first, second = two
    used = {"served", "unstaffed"}  # below
    for parts in ({"membership"}, {"portfolio"}, {"steering"}, {"secretariat"}, {"forums"}):
        used |= {it.code for pair in (two, two[::-1]) for it in combined(*pair, parts).fittings}  # type: ignore[arg-type]
    event = {"name": "budget", "ministries": ["M"], "month": "2020-05", "strength": 0.5}
    chained = edited(first, [Add(kind="event", entry=event)]).scenario
    period = Period.model_validate(
        {"begins": "2020-02", "ends": "2020-05", "agencies": ["x"], "turnover": 2.0}
    )
    more = {"municipal_chain": ["w"], "unstable": [period]}
    chained = replace(chained, arrangement=chained.arrangement.model_copy(update=more))
    used |= made_by(chained, Remove(address="member.w"), Remove(address="member.x"))[1].keys()
    used |= made_by(first, Remove(address="member.y"), Remove(address="forum.staff"))[1].keys()
    used |= made_by(second, Remove(address="forum.office"))[1].keys()
    assert used == set(RULES)


def test_who_does_not_take_part_is_dropped(two: tuple[Scenario, Scenario]) -> None:
    made, fittings = combined(*two, {"membership"})
    assert named(made.arrangement.forum, "board").seats == ["x", "y", "z"]  # everyone is everyone again
    assert named(made.arrangement.forum, "board").rule == "consensus"  # the coordinator is gone as well
    assert named(made.arrangement.forum, "staff").seats == ["x"]
    assert named(made.arrangement.forum, "few") is None
    assert made.arrangement.route == ["board", "staff"]
    assert (made.arrangement.coordinator, made.arrangement.tie) == (None, [])
    assert named(made.portfolio.project, "lonely") is None
    assert named(made.portfolio.project, "joint").lead == "y"  # nearest to the theme
    assert float(named(made.portfolio.project, "listed").parties) == 1.0
    assert named(made.portfolio.project, "listed").recommendation[0].duties == ["x"]
    assert named(made.portfolio.project, "listed").gains == {}
    assert named(made.portfolio.project, "listed").gives_up == {}
    assert [item.name for item in made.letters.letter] == ["general", "joint"]
    assert named(made.letters.letter, "general").to == ["x", "y", "z"]
    lead = next(it for it in fittings if it.code == "lead" and it.name == "joint")
    assert (lead.place, lead.before, lead.after) == ("project.joint.lead", ("w",), ("y",))
    assert str(lead.text).endswith('now: "y"')


def test_an_edit_settles_conflicts_as_a_hybrid_does(two: tuple[Scenario, Scenario]) -> None:
    first = two[0]
    made, rules = made_by(first, Remove(address="member.w"))
    assert named(made.arrangement.forum, "board").seats == ["x", "y"]
    assert (named(made.arrangement.forum, "board").rule, made.arrangement.coordinator) == ("consensus", None)
    assert made.arrangement.route == ["board", "staff"]
    assert named(made.portfolio.project, "joint").lead == "y"
    assert rules["project"] == ("lonely",)
    assert rules["letter"] == ("to-w",)
    assert rules["ties"] == ("w – x",)
    gone, rules = made_by(first, Remove(address="project.joint"))
    assert [item.name for item in gone.letters.letter] == ["general", "to-w"]
    assert rules == {"assignment": ("joint",)}
    grown, rules = made_by(first, Add(kind="member", entry={"agency": "Udir"}))
    assert named(grown.arrangement.forum, "board").seats == ["Udir", "w", "x", "y"]
    assert named(grown.portfolio.project, "joint").members == ["Udir", "w", "x", "y"]
    assert named(grown.arrangement.forum, "staff").seats == ["w", "x"]
    led = made_by(first, Set(address="project.lonely.lead", value="y"))[0].portfolio.project
    assert (named(led, "lonely").lead, named(led, "lonely").members) == ("y", ["w", "y"])


def test_routes_lead_to_the_facilitator_of_the_structure(two: tuple[Scenario, Scenario]) -> None:
    first, second = two
    made, fittings = combined(first, second, {"portfolio"})
    assert named(made.portfolio.project, "other").route == ["staff", "line"]  # two in a row count once
    assert by_rule(fittings)["route"] == ("other",)
    bare = replace(first, arrangement=first.arrangement.model_copy(update={"facilitator": None}))
    assert named(hybrid(bare, second, {"portfolio"}).portfolio.project, "other").route == ["line"]


def test_a_letter_about_missing_projects_does_not_become_a_general_one(
    two: tuple[Scenario, Scenario],
) -> None:
    made, fittings = combined(*two, {"steering"})
    assert [item.name for item in made.letters.letter] == ["mild"]
    assert by_rule(fittings)["assignment"] == ("only-other",)


def test_a_secretariat_finds_a_home(two: tuple[Scenario, Scenario]) -> None:
    first, second = two
    made = hybrid(first, second, {"secretariat"})
    fte = {item.name: float(item.secretariat_fte) for item in made.arrangement.forum}
    assert fte == {"board": 0.0, "staff": 1.0, "few": 0.0}  # a forum that prepares
    assert named(made.arrangement.forum, "board").served_by == "staff"  # as the council, which steers, is
    assert made.arrangement.facilitator == "board"  # steers, as the council does
    back = hybrid(second, first, {"secretariat"})
    fte = {item.name: float(item.secretariat_fte) for item in back.arrangement.forum}
    assert fte == {"council": 2.0, "office": 0.0}  # nothing prepares there: the facilitator
    assert back.arrangement.facilitator == "council"
    bare = replace(second, arrangement=second.arrangement.model_copy(update={"forum": [], "route": ["line"]}))
    lost, fittings = combined(bare, first, {"secretariat"})
    assert (lost.arrangement.facilitator, by_rule(fittings)["unstaffed"]) == (None, ("staff",))
    seated = made_by(first, Remove(address="member.w"), Remove(address="member.x"))[0].arrangement
    assert {item.name: float(item.secretariat_fte) for item in seated.forum} == {"board": 2.0}


def test_staffing_reaches_members_of_both_only(two: tuple[Scenario, Scenario]) -> None:
    first, second = two
    richer = tuple(a.model_copy(update={"capacity": Quantity(value=9.0)}) for a in second.agencies)
    made = hybrid(first, replace(second, agencies=richer), {"staffing"})
    assert {a.name: float(a.capacity) for a in made.agencies} == {"w": 2.0, "x": 9.0, "y": 9.0}


def test_a_joint_letter_that_says_nothing_new_changes_nothing() -> None:
    """Also where the letter that says it already has no end."""

    def again(scenario: Scenario) -> Scenario:
        return joint_letter(scenario, "all", strength=Quantity(value=0.9))

    once = again(load_scenario("0-24-2018"))
    *others, own = once.letters.letter
    assert again(once) is once
    quieter, shorter, endless = {"strength": Quantity(value=0.8)}, {"ends": own.begins}, {"ends": None}
    for change, nothing_new in ((endless, True), (shorter, False), (quieter, False)):
        letters = once.letters.model_copy(update={"letter": [*others, own.model_copy(update=change)]})
        before = replace(once, letters=letters)
        assert (again(before) is before) == nothing_new, change
