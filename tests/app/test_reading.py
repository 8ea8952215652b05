"""Query strings: whatever they say, there is something to show."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speaking import norwegian
from tverretatlig_sim.app.accepted import preferred
from tverretatlig_sim.app.choice import PARTS, Choice, months
from tverretatlig_sim.app.lesson import SET_UP, set_up
from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.reading import LIMITS, LONGEST, MOST_LEVERS, read
from tverretatlig_sim.i18n import label

LIBRARY = Library()


def test_nothing_asked_for_gives_the_default_without_a_word() -> None:
    choice, notices = read("", LIBRARY)
    assert choice == Choice(Arrangement("0-24-2018"), Arrangement("etatssamarbeidet-2022"))
    assert notices == []


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_the_lesson_can_be_set_up(part: str) -> None:
    asked = set_up(part, read("lang=nb&theme=dark", LIBRARY)[0])
    choice, notices = read(asked.query(), LIBRARY)
    assert (choice, notices) == (asked, [])
    assert (choice.language, choice.theme, choice.part) == ("nb", "dark", part)


def test_the_lesson_has_a_set_up_and_a_question_for_every_part() -> None:
    assert tuple(SET_UP) == PARTS
    assert all(
        norwegian(label, f"lesson.{part}.ask").endswith("?") or "." in label(f"lesson.{part}.ask")
        for part in PARTS
    )


def test_levers_are_sorted_and_taken_once() -> None:
    choice, notices = read("with_a=specific-mandate,line-calibration,specific-mandate", LIBRARY)
    assert choice.a.levers == ("line-calibration", "specific-mandate")
    assert notices == []


def test_a_lever_that_cannot_be_pulled_is_left_out_and_said_why() -> None:
    choice, notices = read("a=pure-hierarchy&with_a=roles-in-secretariat,line-calibration", LIBRARY)
    assert choice.a.levers == ("line-calibration",)
    assert [notice.partition(": ")[2] for notice in notices] == [
        "cannot be pulled: there is no forum[secretariat] here."
    ]


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        ("seed=99999999999999999999999999", "seed", 2**64 - 1),
        ("run=-5", "run", 0),
        ("runs=1000000", "runs", LIMITS["runs"][1]),
        ("runs=0", "runs", LIMITS["runs"][0]),
        ("month=599", "month", 67),
    ],
)
def test_numbers_out_of_range_are_held_within_it(query: str, field: str, value: int) -> None:
    choice, notices = read(query, LIBRARY)
    assert getattr(choice, field) == value
    assert len(notices) == 1
    assert str(value) in notices[0]


def test_dials_are_set_within_their_limits_and_once() -> None:
    choice, notices = read("with_a=rung=3.4,matrix=0.8,line-calibration,matrix=0.2&with_b=matrix=7", LIBRARY)
    assert choice.a.levers == ("line-calibration", "matrix=0.8", "rung=3")
    assert choice.b.levers == ("matrix=1",)
    assert notices == ["“matrix” must be from 0 to 1; 1 is used."]
    assert LIBRARY.compose(choice.a) == LIBRARY.scenarios["0-24-2018"].with_levers(*choice.a.levers)


@pytest.mark.parametrize(
    "setting",
    ["matrix=nan", "matrix=1e3", "matrix=", "=0.5", "matrix=0.5=0.5", "matrx=0.5", "matrix=" + "9" * 50],
)
def test_what_sets_no_dial_is_left_out_and_said(setting: str) -> None:
    choice, notices = read(f"with_a={setting}", LIBRARY)
    assert choice.a.levers == ()
    assert [notice.split(" ")[:3] for notice in notices] == [["There", "is", "no"]]


def test_all_levers_and_dials_at_once_give_those_that_go_together() -> None:
    everything = ",".join([*LIBRARY.levers, *(f"{name}=1" for name in LIBRARY.dials)])
    choice, notices = read(f"with_a={everything}", LIBRARY)
    assert len(choice.a.levers) + len(notices) == MOST_LEVERS + 1
    assert notices[0].startswith(f"A has at most {MOST_LEVERS} levers and dials at once; the last ")
    assert any("kan ha høyst" in notice for notice in read(f"with_b={everything}&lang=nb", LIBRARY)[1])
    assert read(choice.query(), LIBRARY) == (choice, [])


def test_a_dial_that_has_no_meaning_here_is_left_out_and_said_why() -> None:
    choice, notices = read("a=pure-hierarchy&with_a=matrix=0.5&lang=nb", LIBRARY)
    assert choice.a.levers == ()
    assert notices[0].startswith('"matrix=0.5" utelates her: kan ikke brukes')


@pytest.mark.parametrize("number", ["1e9", "nan", "1.5", "२", "9" * 5000, "--1", "0x10", "<b>"])
def test_what_is_no_number_gives_the_default(number: str) -> None:
    choice, notices = read(f"seed={number[:41]}", LIBRARY)
    assert choice.seed == 1
    assert len(notices) == 1


def test_unknown_names_are_answered_with_the_nearest() -> None:
    choice, notices = read("a=pure-netwrk&lang=nb", LIBRARY)
    assert choice.a.scenario == "0-24-2018"
    assert notices == ['«a» kan ikke være "pure-netwrk"; "0-24-2018" vises. Mente du «pure-network»?']


def test_a_name_is_never_a_path(tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in ("../scenarios/0-24-2018.toml", "/etc/passwd", "scenarios/0-24-2018.toml"):
        choice, notices = read(f"a={name}&with_b={name}", LIBRARY)
        assert (choice.a.scenario, choice.b.levers) == ("0-24-2018", ())
        assert len(notices) == 2


def test_an_endless_query_is_cut() -> None:
    choice, notices = read("a=pure-network&" + "x=" + "y" * 10 * LONGEST, LIBRARY)
    assert choice.a.scenario == "pure-network"
    assert len(notices) == 1


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "en"),
        ("nb-NO", "nb"),
        ("nn", "nb"),
        ("no;q=0.4,en;q=0.3", "nb"),
        ("en-GB,en;q=0.9,nb;q=0.8", "en"),
        ("se,NB;q=0.9,en;q=0.8", "nb"),
        ("de, fr;q=0.5, *;q=0.1", "en"),
        ("nb;q=0, en;q=0.1", "en"),
        ("nb;q=x,\x00,;;;q=", "en"),
        ("nb" * 9999, "en"),
    ],
)
def test_the_first_language_is_the_browsers(header: str, lang: str) -> None:
    assert preferred(header) == lang


def test_a_named_language_holds_against_the_browsers() -> None:
    assert read("lang=en", LIBRARY, "nb")[0].language == "en"
    assert read("", LIBRARY, "nb")[0].language == "nb"
    assert "lang=en" in read("", LIBRARY, "en")[0].query()
    choice, notices = read("lang=xx", LIBRARY, "nb")
    assert choice.language == "nb"
    assert notices == ['«lang» kan ikke være "xx"; "nb" vises.']


@given(
    st.dictionaries(
        st.sampled_from(
            ["a", "b", "with_a", "with_b", "seed", "run", "runs", "month", "series", "rec", "lang", "zz"]
        ),
        st.one_of(
            st.text(max_size=60),
            st.integers().map(str),
            st.sampled_from(["pure-network", "line-calibration", "nb"]),
        ),
    ).map(lambda fields: "&".join(f"{key}={value}" for key, value in fields.items()))
)
@settings(max_examples=60, deadline=None)
def test_any_query_gives_a_choice_that_its_own_query_gives_again(query: str) -> None:
    choice, _ = read(query, LIBRARY)
    assert choice.month is None or 1 <= choice.month <= months(choice, LIBRARY)
    again, notices = read(choice.query(), LIBRARY)
    assert again == choice
    assert notices == []


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_a_choice(query: str) -> None:
    read(query, LIBRARY)
