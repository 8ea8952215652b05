"""Bad input: each fault is reported in plain words and in its place, with what is allowed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel

from choosing import mostly_slow
from tverretatlig_sim.scenario import Problem, ScenarioError, files
from tverretatlig_sim.scenario.schema import Table
from tverretatlig_sim.scenario.validate import _needed

from .small_world import FILES, World

FTE = "allowed: a number above 0 to 100000 full-time equivalents"
CAPACITY = 'agency "Udir", capacity'
PEOPLE = '"FHI", "Hdir", "Udir"'

NUMBERS = [
    ('"1,5"', f'{CAPACITY}: is the text "1,5"; {FTE}; write a decimal point and no quotation marks: 1.5'),
    ('"4"', f'{CAPACITY}: is the text "4"; {FTE}; write numbers without quotation marks'),
    ("1,5", "write numbers with a decimal point: 1.5"),
    ("0", f"{CAPACITY}: is 0; {FTE}"),
    ("-1", f"{CAPACITY}: is -1; {FTE}"),
    ("nan", f"{CAPACITY}: is nan; {FTE}"),
    ("inf", f"{CAPACITY}: is inf; {FTE}"),
    ("1e308", f"{CAPACITY}: is 1e+308; {FTE}"),
    ("9" * 400, f"{CAPACITY}: is a huge whole number; {FTE}"),
    ("9" * 5000, "actors/all.toml: holds a whole number with too many digits"),
    ("true", f"{CAPACITY}: is true; {FTE}"),
    ("[1]", f"{CAPACITY}: is a list; {FTE}"),
    ("2022-01-01", f"{CAPACITY}: is 2022-01-01; {FTE}"),
    ("{}", f"{CAPACITY}, value: is missing; allowed: a number"),
    ('{ value = "1,5" }', f'{CAPACITY}: is the text "1,5"; {FTE}; write a decimal point'),
    ("{ value = true }", f"{CAPACITY}: is true; {FTE}"),
    ("{ value = 1, rang = [0, 3] }", f"{CAPACITY}, rang: unknown key; allowed: "),
    ("{ value = 1, range = [2, 3] }", f"{CAPACITY}: lies outside its own range"),
    ("{ value = 1, range = [0, 3] }", f"{CAPACITY}: has a range beyond the limits; {FTE}"),
    ("{ value = 1, range = [nan, 3] }", f"{CAPACITY}, range number 1: is nan; allowed: a finite number"),
    ('{ value = 1, range = ["a", 3] }', f'{CAPACITY}, range number 1: is the text "a"; allowed: a number'),
    ("{ value = 1, factor = 0.5 }", f"{CAPACITY}: has a faulty factor; allowed: a number from 1"),
    ("{ value = 1, spread = -1 }", f"{CAPACITY}: has a faulty spread; allowed: a number from 0"),
    ("{ value = 1, factor = " + "9" * 400 + " }", f"{CAPACITY}: has a faulty factor"),
    ("{ value = 1, factor = 2, spread = 1 }", f"{CAPACITY}: gives its range twice: factor and spread"),
    (
        '{ value = 1, grade = "guess" }',
        'grade: is the text "guess"; allowed: "assumed", "derived", "sourced"',
    ),
]

FAULTS: dict[str, dict[str, list[tuple[str, str]]]] = {
    "actors": {
        "capacity = 4.0": [
            ("capasity = 4.0", f"{CAPACITY}: is missing; allowed: a number"),
            ("capasity = 4.0", 'capasity: unknown key; allowed: "ambition", "capacity", "core_tasks", '),
            ("capasity = 4.0", 'did you mean "capacity"?'),
        ],
        '"FHI"': [
            ('""', "agency number 3, name: is an empty name"),
            ('"  "', "agency number 3, name: is an empty name"),
            ("3", "agency number 3, name: is 3; allowed: text in quotation marks"),
            (r'"F\u0007I"', r'"F\x07I" holds control characters; allowed: printable text'),
            (r'"F\nI"', r'"F\nI" holds control characters'),
            (r'"F\u202eI"', r'"F\u202eI" holds control characters'),
            (f'"{"x" * 200}"', "is too long; allowed: at most 120 characters"),
        ],
        'name = "POD"': [('name = "Hdir"', 'agency "Hdir": is described twice, first in actors/all.toml')],
        'name = "JD"': [('name = "KD"', 'ministry "KD": is described twice')],
        'ministry = "KD"': [
            ("", 'agency "Udir", ministry: is missing; allowed: text in quotation marks'),
            ('ministry = "KDD"', 'agency "Udir", ministry: "KDD" is not a known ministry'),
            ('ministry = "KDD"', 'did you mean "KD"?'),
        ],
        "{ justice = 1.0 }": [
            ("{}", 'agency "POD", core_tasks: no theme has any weight'),
            ("{ a = 1 }\nframe = { a = 0 }", "frame: no theme has any weight"),
            ("{ a = 1 }\nframe = { a = 0.7, b = 0.7 }", "frame: weights sum to 1.4"),
            ("{ a = 1 }\nunderstanding = { a = 0.7, b = 0.7 }", "understanding: weights"),
            ('{ "" = 1 }', 'core_tasks, "": is an empty name'),
            ("3", 'agency "POD", core_tasks: is 3; allowed: a table'),
            ('{ a = 1 }\nfunction = "authorty"', 'did you mean "authority"?'),
        ],
    },
    "arrangement": {
        'seats = "all"': [
            ("", 'forum "directors", seats: is missing; allowed: a list of names, or "all"'),
            ("seats = []", 'forum "directors", seats: is empty'),
            ('seats = "al"', 'is the text "al"; allowed: a list of names, or "all"'),
            ("seats = 3", 'seats: is 3; allowed: a list of names, or "all"'),
            ('seats = ["Udir", 3]', "seats number 2: is 3; allowed: text"),
            (
                'seats = ["Udr"]',
                'seats: "Udr" is neither a member of the arrangement nor a known ministry; allowed: "FHI"',
            ),
            ('seats = ["Udir", "Udir"]', 'seats: "Udir" is listed twice; allowed: names used once'),
        ],
        "cadence = 2.0": [
            ("cadence = 0", "cadence: is 0; allowed: a number from 1 to 600 months"),
            ('cadence = 2\nbegins = "2023-01"\nends = "2022-12"', "ends (2022-12) before it begins"),
            ('cadence = 2\nbegins = "2023-13"', 'is the text "2023-13"; allowed: a month "YYYY-MM"'),
            ("cadence = 2\nends = 2023-02-01", 'allowed: a month in quotation marks: "2023-02"'),
            ("cadence = 2\nends = 2023-02", 'write months in quotation marks: "2023-02"'),
            ('cadence = 2\nexclusive = "yes"', 'is the text "yes"; allowed: true or false'),
        ],
        'chair = "Udir"': [
            ('chair = "POD"', 'chair: "POD" has no seat in the forum'),
            ('rule = "authority"', 'chair: is missing, but the rule "authority" needs one'),
        ],
        "secretariat_fte = 1.5": [("", 'served_by: "secretariat" is not a secretariat')],
        'served_by = "secretariat"': [
            ('served_by = "directors"', "served_by: a forum cannot serve itself"),
            ('served_by = "sekretariat"', 'did you mean "secretariat"?'),
        ],
        'facilitator = "secretariat"': [('facilitator = "x"', 'facilitator: "x" is not a forum')],
        '["directors", "line"]': [
            ('["director"]', 'route: "director" is neither a forum'),
            ('["line"]\nself_initiated_route = ["x"]', 'self_initiated_route: "x" is neither'),
        ],
        'coordinator = "Udir"': [
            ('coordinator = "POD"', 'coordinator: "POD" is not a member'),
            ("stop_points = 1.5", "is 1.5; allowed: a whole number from 0"),
        ],
        'agency = "FHI"': [
            ('agency = "Udir"', 'member "Udir": 2 entries have this name'),
            ('agency = "FHI"\nministry = "X"', 'member "FHI", ministry: "X" is not a known'),
        ],
        'agency = "Udir"\ncore': [('agency = "Udri"\ncore', 'member "Udri": "Udri" is not a known agency')],
        'name = "secretariat"': [('name = "directors"', 'forum "directors": 2 entries have this name')],
        'name = "directors"': [('name = "line"', 'forum "line": the name "line" is taken')],
        'target_agency = "Hdir"': [
            ('target_agency = "POD"', 'tie "Udir" to "POD": "POD" is not a member'),
            ('target_agency = "Udir"', "an agency has no tie to itself"),
        ],
        "": [
            (
                '[[tie]]\nsource_agency = "Udir"\ntarget_agency = "Hdir"\ntrust = 0',
                'tie "Udir" to "Hdir": 2 entries have this name',
            ),
            ("[[forum.agency]]\nx = 1", 'forum "secretariat", agency: unknown key'),
        ],
        "trust = 0.8": [("trust = 8", 'tie "Udir" to "Hdir", trust: is 8; allowed: a number from 0 to 1')],
        'ends = "2022-12"': [('ends = "2022-01"', "unstable number 1: ends (2022-01) before it begins")],
    },
    "portfolio": {
        'lead = "Udir"': [('lead = "POD"', f'lead: "POD" takes no part in the project; allowed: {PEOPLE}')],
        'members = "all"': [
            ('members = ["Udir", "POD"]', 'members: "POD" is not a member of the arrangement'),
            ('members = ["Udir", "Udir"]', 'members: "Udir" is listed twice'),
        ],
        "parties = 2": [
            ("parties = 4", "parties: 4 parties, but only 3 take part; allowed: at most 3"),
            ('after = ["x"]', 'project "absence", after: "x" is not a project of the'),
            (
                'after = ["absence"]',
                'project "absence", after: projects wait for each other in a circle: absence → absence',
            ),
            ('route = ["x"]', 'project "absence", route: "x" is neither a forum'),
        ],
        "recommendations = 3": [("", 'project "absence": plans no recommendations')],
        "": [
            ('[[project.recommendation]]\nname = "r"\nduties = ["Udir"]', "gives both recommendations and"),
            (
                '[[project.recommendation]]\nname = "r"\nduties = ["POD"]',
                'recommendation "r", duties: "POD" takes',
            ),
            ('[[project.recommendation]]\nname = "r"\nduties = []', 'recommendation "r", duties: is empty'),
            ('[[project.recommendation]]\nname = "r"\n' * 2, 'recommendation "r": 2 entries have this name'),
            ('[[project]]\nname = "absence"', 'project "absence": 2 entries have this name'),
        ],
        'start = "2022-03"': [
            ('start = "2021-12"', "2021-12 is before the scenario starts; allowed: 2022-01 or later")
        ],
        "{ Udir = 0.4 }": [
            ("{ POD = 0.4 }", 'gains: "POD" takes no part in the project'),
            ("{ Udir = 4 }", "gains, Udir: is 4; allowed: a number from -1 to 1"),
        ],
        "{ education = 1.0, health = 0.5 }": [("{ health = 0 }", "themes: no theme has any weight")],
    },
    "letters": {
        'to = "all"': [
            ('to = ["POD"]', 'letter "january", to: "POD" is not a member'),
            ('to = ["Udir", "Udir"]', 'to: "Udir" is listed twice'),
        ],
        '["KD", "HOD"]': [
            ('["KD", "KDD"]', 'letter "january", ministries: "KDD" is not a known ministry'),
            ('["KD", "JD"]', 'ministries: "JD" steers no member of the arrangement'),
        ],
        '["KD", "HOD"]\nto = "all"': [
            ('["KD"]\nto = ["FHI"]', '"FHI" is steered by "HOD", which does not send')
        ],
        'begins = "2022-01"': [
            ('begins = "2022-02"\nends = "2022-01"', 'letter "january": ends (2022-01) before')
        ],
        '["absence"]': [('["absense"]', 'projects: "absense" is not a project of the portfolio')],
        'name = "prize"': [('name = "prize"\nsource = 1', 'event "prize", source: is 1')],
        'ministries = "all"': [
            ('ministries = ["X"]', 'event "prize", ministries: "X" is not a known ministry')
        ],
        "strength = 0.5": [('[[agency]]\nname = "x"', "agency: unknown key")],
        "": [
            ('[[letter]]\nname = "january"', 'letter "january": 2 entries have this name'),
            ("budget_month = 13", 'event "prize", budget_month: unknown key'),
        ],
    },
    "head": {
        'arrangement = "flat"': [
            ("arrangement = 3", "arrangement: is 3; allowed: a name in quotation marks, or a table"),
            ("arrangement = flat", 'write text in quotation marks: "flat"'),
            ('arrangement = "falt"', 'there is no arrangement "falt"; allowed: "flat"; did you mean "flat"?'),
            ('arrangement = ""', "arrangement: is an empty name"),
            ("", "arrangement: is missing"),
            ('forum = "x"', "forum: unknown key"),
        ],
        'portfolio = "one"': [
            (
                'portfolio = "../portfolios/one"',
                '"../portfolios/one" is not a name; allowed: a name, not a path',
            ),
            ('portfolio = "/tmp/one"', '"/tmp/one" is not a name'),
            (r"portfolio = '..\one'", r'"..\one" is not a name'),
            ('portfolio = ".."', '".." is not a name'),
            ('portfolio = "' + "æ" * 200 + '"', "there is no portfolio"),
        ],
        "": [
            ("actors = 3", "actors: is 3; allowed: a table"),
            ("months = 2.5", "months: is 2.5; allowed: a whole number from 1 to 600 months"),
            ("parameters = 3", "parameters: is 3; allowed: a table"),
            (
                "[parameters]\nwill_cor = 1",
                'parameters, will_cor: unknown parameter; allowed: "rounds", "will_core"; did you',
            ),
            (
                "[parameters]\nwill_core = 41",
                "parameters, will_core: is 41; allowed: a number from -40 to 40 logit",
            ),
            (
                "[parameters]\nrounds = 2.5",
                "parameters, rounds: is 2.5; allowed: a whole number from 1 to 20 rounds",
            ),
            ("[parameters]\nrounds = nan", "parameters, rounds: is nan"),
            ("[parameters]\nrounds = true", "parameters, rounds: is true"),
        ],
        'en = "Small world", ': [("", "title, en: is missing")],
    },
}
"""What is wrong by part, old text, and new text with what is said to it."""


@pytest.mark.parametrize(("value", "fragment"), NUMBERS, ids=[value[:40] for value, _ in NUMBERS])
def test_faulty_numbers(world: World, value: str, fragment: str) -> None:
    world.change("actors", "capacity = 4.0", f"capacity = {value}")
    complaint = world.complaint()
    assert fragment in complaint
    assert len(complaint.splitlines()) == 1


@pytest.mark.parametrize(
    ("part", "old", "new", "fragment"),
    [(part, old, *row) for part, olds in FAULTS.items() for old, rows in olds.items() for row in rows],
)
def test_faulty_tables(world: World, part: str, old: str, new: str, fragment: str) -> None:
    world.change(part, old, new)
    complaint = world.complaint()
    assert fragment in complaint
    assert any(line.startswith(FILES[part][0]) for line in complaint.splitlines())
    assert "pydantic" not in complaint


def test_all_faults_of_all_files_are_reported_at_once(world: World) -> None:
    world.change("actors", "capacity = 4.0", "capacity = -1")
    world.change("arrangement", "cadence = 2.0", "cadence = 0")
    world.change("arrangement", 'coordinator = "Udir"', 'coordinator = "Udr"')
    world.change("portfolio", 'lead = "Udir"', 'lead = "POD"')
    world.change("portfolio", "size = 12.0", "size = 12.0\nboldness = 5")
    world.change("letters", '["absence"]', '["absense"]')
    world.change("head", "", "colour = 1")
    with pytest.raises(ScenarioError) as caught:
        world.load()
    found = {(str(problem.file), str(problem.place)) for problem in caught.value.problems}
    assert found == {
        ("small.toml", "colour"),
        ("actors/all.toml", 'agency "Udir", capacity'),
        ("arrangements/flat.toml", 'forum "directors", cadence'),
        ("arrangements/flat.toml", "coordinator"),
        ("portfolios/one.toml", 'project "absence", boldness'),
        ("portfolios/one.toml", 'project "absence", lead'),
        ("letters/yearly.toml", 'letter "january", projects'),
    }


def test_an_unreadable_part_does_not_hide_the_faults_of_others_nor_cause_any(world: World) -> None:
    world.write("actors/all.toml", "broken")
    world.change("letters", "strength = 0.5", "strength = 5")
    lines = world.complaint().splitlines()
    assert [line.split(":")[0] for line in lines] == ["actors/all.toml", "letters/yearly.toml"]


def test_a_problem_has_its_parts(world: World) -> None:
    world.change("head", 'arrangement = "flat"', 'arrangement = "falt"')
    with pytest.raises(ScenarioError) as caught:
        world.load()
    (problem,) = caught.value.problems
    assert (problem.file, str(problem.place), str(problem.allowed)) == ("small.toml", "arrangement", '"flat"')
    assert (str(problem.what), str(problem.hint)) == (
        'there is no arrangement "falt"',
        'did you mean "flat"?',
    )


JUNK: list[Any] = [
    3,
    "x",
    True,
    float("nan"),
    date(2022, 1, 1),
    [],
    [[1]],
    [{}],
    {},
    {"value": {}},
    {"x": [3]},
]


def _replaced(table: Any, junk: Any) -> list[Any]:
    """Copies of a table, each with one value replaced, and one key added."""
    if isinstance(table, list):
        return [
            [*table[:i], new, *table[i + 1 :]]
            for i, item in enumerate(table)
            for new in _replaced(item, junk)
        ]
    if not isinstance(table, dict):
        return [junk]
    inner = [{**table, key: new} for key, value in table.items() for new in [*_replaced(value, junk), junk]]
    return [*inner, {**table, "surprise": junk}]


@pytest.mark.parametrize("junk", JUNK, ids=repr)
@pytest.mark.parametrize("part", mostly_slow(FILES, list(FILES)[:1]))
def test_odd_values_in_any_place_give_messages(
    world: World, part: str, junk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse, target = files.tomllib.loads, (world.folder / FILES[part][0]).read_text()
    for odd in _replaced(parse(target), junk):
        monkeypatch.setattr(
            files.tomllib, "loads", lambda text, odd=odd: odd if text == target else parse(text)
        )
        assert all(problem.what and "\n" not in str(problem) for problem in problems_of(world))


def problems_of(world: World) -> tuple[Problem, ...]:
    try:
        world.load()
    except ScenarioError as error:
        return error.problems
    return ()


def every_model(model: type[BaseModel] = Table) -> list[type[BaseModel]]:
    return [model, *(found for part in model.__subclasses__() for found in every_model(part))]


def test_what_is_missing_is_said_with_what_is_allowed() -> None:
    needed = [
        (model.__name__, name, _needed(model, name))
        for model in every_model()
        if model.__module__ == Table.__module__
        for name, field in model.model_fields.items()
        if field.is_required()
    ]
    assert len(needed) > 40
    assert [(model, name) for model, name, allowed in needed if not allowed] == []
