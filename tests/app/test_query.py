"""Query strings: whatever they say, there is something to show, and a notice about what there is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tverretatlig_sim as ts
from speaking import norwegian
from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.page import LESSON, lesson_part
from tverretatlig_sim.app.query import (
    LIMITS,
    MOST_LEVERS,
    PARTS,
    Choice,
    accepted_language,
    page_language,
    read,
)  # fmt: skip
from tverretatlig_sim.i18n import label

LIBRARY = Library()
A, B = Arrangement("0-24-2018"), Arrangement("etatssamarbeidet-2022")
KEYS = ("a", "b", "with_a", "with_b", "seed", "run", "runs", "month", "series", "rec", "lang", "zz")
TEXTS = st.one_of(st.text(max_size=60), st.integers().map(str), st.sampled_from(["pure-network", "rung=2"]))
FIELDS = st.dictionaries(st.sampled_from(KEYS), TEXTS).map(
    lambda fields: "&".join(f"{key}={value}" for key, value in fields.items())
)


def test_an_empty_query_gives_the_defaults_without_a_notice() -> None:
    assert read("", LIBRARY) == (Choice(A, B), [])


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_the_lesson_has_an_address_and_a_question(part: str) -> None:
    current = norwegian(read, "theme=dark", LIBRARY)[0]
    asked = lesson_part(part, current)
    assert norwegian(read, asked.query(), LIBRARY) == (asked, [])
    assert (asked.lang, asked.theme, asked.part) == ("nb", "dark", part)
    assert tuple(LESSON) == PARTS
    assert norwegian(label, f"lesson.{part}.ask") != label(f"lesson.{part}.ask") != f"lesson.{part}.ask"


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        ("seed=99999999999999999999999999", "seed", 2**64 - 1),
        ("run=-5", "run", 0),
        ("runs=1000000", "runs", LIMITS["runs"][1]),
        ("runs=0", "runs", LIMITS["runs"][0]),
        ("month=599", "month", LIBRARY.months(A, B)),
        *((f"seed={text}", "seed", 1) for text in ("1e9", "nan", "1.5", "२", "9" * 41, "--1", "0x10", "<b>")),
        ("month=soon", "month", 0),
    ],
)
def test_numbers_are_held_within_their_limits_and_anything_else_is_the_default(
    query: str, field: str, value: int
) -> None:
    choice, notices = read(query, LIBRARY)
    assert getattr(choice, field) == value
    assert len(notices) == 1
    assert str(value) in notices[0]


def test_levers_and_dials_are_sorted_taken_once_and_held_within_their_bounds() -> None:
    levers = "rung=3.4,matrix=0.8,line-calibration,matrix=0.2,line-calibration"
    choice, notices = read(f"with_a={levers}&with_b=matrix=7", LIBRARY)
    assert choice.a.levers == ("line-calibration", "matrix=0.8", "rung=3")
    assert choice.b.levers == ("matrix=1",)
    assert notices == ["“matrix” must be from 0 to 1; 1 is used."]
    assert LIBRARY.scenario(choice.a) == ts.with_levers(ts.load_scenario("0-24-2018"), *choice.a.levers)


@pytest.mark.parametrize(
    "text", ["matrix=nan", "matrix=1e3", "matrix=", "=0.5", "matrix=0.5=0.5", "matrx=0.5", "x" * 50]
)
def test_what_is_no_lever_and_sets_no_dial_is_left_out(text: str) -> None:
    choice, notices = read(f"with_a={text}", LIBRARY)
    assert choice.a.levers == ()
    assert [notice.split(" ")[:3] for notice in notices] == [["There", "is", "no"]]


@pytest.mark.slow
def test_of_all_levers_and_dials_at_once_those_stay_that_go_together() -> None:
    everything = ",".join([*LIBRARY.levers, *(f"{name}=1" for name in LIBRARY.dials)])
    choice, notices = read(f"with_a={everything}", LIBRARY)
    assert len(choice.a.levers) + len(notices) == MOST_LEVERS + 1
    assert notices[0].startswith(f"A has at most {MOST_LEVERS} levers and dials at once; the last ")
    assert any("kan ha høyst" in notice for notice in norwegian(read, f"with_b={everything}", LIBRARY)[1])
    assert read(choice.query(), LIBRARY) == (choice, [])


def test_levers_that_cannot_be_applied_are_left_out_with_the_reason() -> None:
    choice, notices = read("a=pure-hierarchy&with_a=roles-in-secretariat,line-calibration", LIBRARY)
    assert choice.a.levers == ("line-calibration",)
    assert len(notices) == 1
    assert "cannot be pulled: there is no secretariat here" in notices[0]
    choice, notices = norwegian(read, "a=pure-hierarchy&with_a=matrix=0.5", LIBRARY)
    assert choice.a.levers == ()
    assert notices[0].startswith('"matrix=0.5" utelates her: kan ikke brukes')


def test_unknown_names_are_answered_with_the_nearest_and_never_become_paths() -> None:
    choice, notices = norwegian(read, "a=pure-netwrk", LIBRARY)
    assert choice.a == A
    assert notices == ['«a» kan ikke være "pure-netwrk"; "0-24-2018" vises. Mente du «pure-network»?']
    assert norwegian(read, "lang=xx", LIBRARY)[1] == ['«lang» kan ikke være "xx"; "nb" vises.']
    for name in ("../scenarios/0-24-2018.toml", "/etc/passwd", "scenarios/0-24-2018.toml"):
        choice, notices = read(f"a={name}&with_b={name}", LIBRARY)
        assert (choice.a, choice.b, len(notices)) == (A, B, 2)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "en"),
        ("nb-NO", "nb"),
        ("no;q=0.4,en;q=0.3", "nb"),
        ("en-GB,en;q=0.9,nb;q=0.8", "en"),
        ("se,NB;q=0.9,en;q=0.8", "nb"),
        ("de, fr;q=0.5, *;q=0.1", "en"),
        ("nb;q=0, en;q=0.1", "en"),
        ("nb;q=x,\x00,;;;q=," + "nb" * 9999, "en"),
    ],
)
def test_the_language_is_the_browsers_unless_the_address_names_one(header: str, code: str) -> None:
    assert accepted_language(header) == page_language("lang=xx", header) == code
    assert page_language("a=x&lang=en", header) == "en"
    assert page_language("lang=nb", header) == "nb"


@given(st.one_of(st.text(max_size=300), FIELDS))
@settings(max_examples=40, deadline=None)
def test_any_query_gives_a_choice_that_its_own_query_gives_again(query: str) -> None:
    choice, _ = read(query, LIBRARY)
    assert choice.month is None or 0 <= choice.month <= LIBRARY.months(choice.a, choice.b)
    assert "lang=en" in choice.query()
    assert read(choice.query(), LIBRARY) == (choice, [])
